import Diagnostics
import FEEL
import Values

/// Times expressions by kind: compiled once, evaluated on rows whose numbers change, one thread. Each line is `name value unit`; the
/// best of five rounds counts.
@main
struct FEELBench {
    private static let fields: [(String, ValueType)] = [
        ("quantity", .number), ("unit price", .number), ("hours to promise", .number), ("customer tier", .string), ("fragile", .boolean),
        ("ordered on", .date), ("promised at", .dateTime), ("reference", .string), ("lines", .list(.context(["price": .number, "item": .string]))),
    ]
    private static let layout = Layout(fields)
    private static let context = EvaluationContext(now: Instant(seconds: 1_795_000_000))

    private static let expressions: [(name: String, text: String)] = [
        ("comparison", "hours to promise < 24"), ("logic", "hours to promise < 24 and customer tier = \"gold\" and fragile"),
        ("arithmetic", "quantity * unit price * 1.19 + 4.90"), ("rounding", "decimal(quantity * unit price / 3, 2)"),
        ("conditional", "if hours to promise < 4 then \"rush\" else if hours to promise < 24 then \"day\" else \"later\""),
        ("membership", "customer tier in (\"gold\", \"silver\", \"bronze\")"), ("range", "hours to promise in [4..24)"),
        ("date", "ordered on + duration(\"P3D\")"), ("instants", "promised at - now()"), ("calendar", "day of week(ordered on)"),
        ("string", "upper case(substring(reference, 1, 3))"), ("pattern", "matches(reference, \"^[A-Z]{2}-[0-9]+$\")"),
        ("replacement", "replace(reference, \"([A-Z]+)-([0-9]+)\", \"$2/$1\")"), ("filter", "lines[price > 10]"),
        ("loop", "for line in lines return line.price * 2"), ("sum", "sum(lines.price)"), ("quantified", "some line in lines satisfies line.price > 90"),
        ("root", "sqrt(quantity)"), ("power", "quantity ** 0.5"), ("logarithm", "log(quantity)"),
    ]

    static func main() throws {
        let rows = (0..<256).map(row)
        for (name, text) in expressions {
            let compilation = FEEL.expression(text, layout: layout)
            guard let expression = compilation.product else {
                print("feel.\(name).finding 1 count")
                continue
            }
            try report(name, expression, rows)
        }
        try reportHostile()
    }

    private static func row(_ number: Int) -> [Value] {
        let lines = (0..<20).map { line in
            Value.context(ContextValue([("price", .number(ExactDecimal(coefficient: Int64((number * 7 + line * 13) % 100 * 100 + 90), scale: 2))), ("item", .string("NW-\(line)"))]))
        }
        return [
            .integer(number % 50 + 1), .number(ExactDecimal(coefficient: Int64(number * 97 % 10_000 + 1), scale: 2)), .integer(number % 48),
            .string(["gold", "silver", "none"][number % 3]), .boolean(number % 2 == 0), .date(CalendarDate(dayNumber: 20_000 + number)),
            .dateTime(Instant(seconds: 1_795_000_000 + Int64(number) * 3600).dateTime(in: .utc)), .string("NW-\(1000 + number)"), .list(lines),
        ]
    }

    private static func report(_ name: String, _ expression: CompiledExpression, _ rows: [[Value]]) throws {
        let clock = ContinuousClock()
        var best = Duration.seconds(3600)
        var repeats = 1
        for _ in 0..<5 {
            let start = clock.now
            for _ in 0..<repeats {
                for row in rows { _ = try expression.evaluate(row, context) }
            }
            let took = clock.now - start
            best = min(best, took / repeats)
            // About a fifth of a second a round.
            if took < .milliseconds(100) { repeats = max(repeats, min(10_000, Int(.milliseconds(200) / (took / repeats)))) }
        }
        let seconds = Double(best.components.seconds) + Double(best.components.attoseconds) / 1e18
        print("feel.\(name).speed \(Int(Double(rows.count) / seconds)) expressions/s")
    }

    /// How long texts that mean harm take until their budget ends them.
    private static func reportHostile() throws {
        let text = String(repeating: "a", count: 60) + "!"
        for (name, expression) in [
            ("backtracking", "matches(\"\(text)\", \"^(a+)+\\\\1$\")"), ("nested", "matches(\"\(text)\", \"^(a|a)*$\")"),
            ("repeated", "for i in 1..100000 return matches(\"\(text)\" + string(i), \"^(a+)+\\\\1$\")"),
            ("recursion", "{ f: function(n) f(n + 1), r: f(1) }.r"), ("forked", "{ f: function(n) f(n + 1) + f(n + 2), r: f(1) }.r"),
            ("range", "count(for i in 1..1e9 return i)"), ("product", "for i in 1..100000, j in 1..100000 return i * j"),
            ("doubling", "{ f: function(s, n) if n = 0 then s else f(s + s, n - 1), r: string length(f(\"ab\", 60)) }.r"),
            ("lists", "{ f: function(l, n) if n = 0 then l else f(concatenate(l, l), n - 1), r: count(f([1, 2], 60)) }.r"),
            ("large", "1" + String(repeating: "+1", count: 5_000_000)),
            ("brackets", String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000)),
            ("lists-nested", String(repeating: "[", count: 10_000) + "1" + String(repeating: "]", count: 10_000)),
            ("names", String(repeating: "a b c d ", count: 12_500)),
        ] {
            let clock = ContinuousClock()
            let start = clock.now
            let outcome: String
            if let compiled = FEEL.expression(expression, layout: layout).product {
                do {
                    _ = try compiled.evaluate(row(1), context)
                    outcome = "ends"
                } catch {
                    outcome = error.diagnostic.code.name == "FEEL-BUDGET" ? "budget" : "fails"
                }
            } else {
                outcome = "refused"
            }
            let took = clock.now - start
            let milliseconds = Double(took.components.seconds) * 1000 + Double(took.components.attoseconds) / 1e15
            print("feel.hostile.\(name).\(outcome) \(Int(milliseconds + 0.5)) ms")
        }
    }
}
