import Diagnostics
import FEEL
import Testing
import Values

/// The names that the cases use, with their values in one row.
enum Fixture {
    static let fields: [(String, ValueType, Value)] = [
        ("hours to promise", .number, .integer(20)),
        ("customer tier", .string, .string("gold")),
        ("fragile", .boolean, .boolean(true)),
        ("quantity", .number, .number(ExactDecimal("12.50")!)),
        ("hours", .number, .integer(3)),
        ("a-b", .number, .integer(7)),
        ("a", .number, .integer(10)),
        ("b", .number, .integer(4)),
        ("in stock", .number, .integer(99)),
        ("profit and loss", .number, .integer(5)),
        ("missing", .number, .null),
        ("nothing", .any, .null),
        ("text", .any, .string("word")),
        ("ordered on", .date, .date(CalendarDate("2026-11-21")!)),
        ("promised at", .dateTime, .dateTime(DateTime("2026-11-21T10:00:00Z")!)),
        ("tags", .list(.string), .list([.string("cold"), .string("rush")])),
        (
            "lines", .list(.context(["item no": .string, "price": .number])),
            .list([
                .context(ContextValue([("item no", .string("A")), ("price", .integer(5))])),
                .context(ContextValue([("item no", .string("B")), ("price", .integer(15))])),
                .context(ContextValue([("item no", .string("C")), ("price", .integer(25))])),
            ])
        ),
        ("open", .any, .list([.context(ContextValue([("price", .integer(1))])), .context(ContextValue([("price", .integer(9))]))])),
    ]
    static let layout = Layout(fields.map { ($0.0, $0.1) })
    static let row = fields.map(\.2)
    static let now = Instant("2026-11-21T09:38:42Z")!
    static let context = EvaluationContext(
        now: now, zone: ZoneRules(name: "Europe/Berlin", fixedOffset: 3600),
        zones: ["Asia/Dhaka": ZoneRules(name: "Asia/Dhaka", fixedOffset: 21_600)])

    /// The answer as canonical JSON, or the code of the first finding.
    static func answer(_ text: String, profile: FEELProfile = .strict, budget: EvaluationBudget = EvaluationBudget()) -> String {
        let compilation = FEEL.expression(text, layout: layout, profile: profile)
        guard let product = compilation.product else { return compilation.diagnostics.first?.code.name ?? "no product and no finding" }
        var context = context
        context.budget = budget
        do {
            return JSONText.write(try product.evaluate(row, context))
        } catch {
            return error.diagnostic.code.name
        }
    }

    static func findings(_ text: String, profile: FEELProfile = .strict) -> [Diagnostic] {
        FEEL.expression(text, layout: layout, profile: profile).diagnostics
    }

    /// Whether a cell holds, or the code of the first finding.
    static func holds(_ cell: String, _ input: Value, type: ValueType = .any, profile: FEELProfile = .strict) -> String {
        let compilation = FEEL.unaryTests(cell, input: type, layout: layout, profile: profile)
        guard let product = compilation.product else { return compilation.diagnostics.first?.code.name ?? "no product and no finding" }
        do {
            return try product.matches(input, row, context) ? "true" : "false"
        } catch {
            return error.diagnostic.code.name
        }
    }
}
