import Attributes
import Diagnostics
import FEEL
import Records
import Testing
import Values

/// Measures over columns are those of accumulators, digit for digit, with the same evidence and the same instants.
struct ColumnTests {
    private static let moments = [
        "2026-11-21T12:00:00Z", "2026-03-29T01:00:00Z", "2026-10-25T00:59:59Z", "2026-11-01T06:00:00Z", "1988-10-30T02:31:00Z", "1969-12-31T23:59:59Z",
    ]
    private static let zones = ["UTC", "Europe/Berlin", "America/New_York", "America/St_Johns", "Asia/Kathmandu", "Pacific/Apia"]

    /// A plan of some measures, of all aggregates and shapes.
    private static func plan(_ draw: inout Draw) throws -> AttributePlan {
        func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &draw)] }
        let lines = (0..<Int.random(in: 2...6, using: &draw)).map { number -> String in
            let aggregate = pick(Measure.Aggregate.allCases)
            var parts = ["\(aggregate.rawValue): \(pick(["salesLine", "salesLine", "salesLine", "returnLine"]))", "by: item"]
            let time = parts[0].hasSuffix("returnLine") ? "returnedAt" : "soldAt"
            let value = pick(["quantity", "quantity", "unitPrice", "unitPrice / 3", "quantity * 1000000000000"])
            let window = pick(["P1D", "P7D", "P30D", "P90D", "PT36H", "P6DT12H", "P364D"])
            let bucket = pick(["day", "week", "month"])
            var sample = [String]()
            switch aggregate {
            case .count: break
            case .since: parts.append("at: \(time)")
            case .any: parts.append("of: quantity > 3")
            case .last, .first: parts += ["of: \(pick([value, "item"]))", "at: \(time)"]
            case .distinct: parts.append("of: \(pick(["quantity", "customer"]))")
            case .share: parts += ["that: quantity > 2"] + (Bool.random(using: &draw) ? ["of: quantity"] : [])
            case .rate: parts += (Bool.random(using: &draw) ? ["of: \(value)"] : []) + ["at: \(time)", "window: \(pick(["P7D", "P28D"]))", "per: \(pick(["day", "week", "hour"]))"]
            case .concentration: parts += ["among: customer"] + (Bool.random(using: &draw) ? ["of: \(value)"] : [])
            case .trend, .smoothed, .interval, .sizeVariation, .series: sample = ["of: \(value)", "at: \(time)", "window: \(window)", "bucket: \(bucket)", "buckets: \(pick(["touched", "whole"]))"]
            case .sum: parts.append("of: \(value)")
            case .min, .max, .mean, .deviation, .variation, .quantile:
                switch Int.random(in: 0..<4, using: &draw) {
                case 0: parts.append("of: \(value)")
                case 1: sample = ["at: \(time)", "between: \(pick(["hour", "day"]))"]
                default: sample = ["of: \(value)", "at: \(time)", "window: \(window)", "bucket: \(bucket)", "buckets: \(pick(["touched", "whole"]))"]
                }
            }
            if aggregate == .quantile { parts.append("p: \(pick(["0", "0.25", "0.5", "0.9", "1"]))") }
            if aggregate == .smoothed { parts.append("halfLife: \(pick(["1", "2.5", "13"]))") }
            if [.deviation, .variation, .sizeVariation].contains(aggregate), Bool.random(using: &draw) { parts.append("divisor: sample") }
            if aggregate == .interval, Bool.random(using: &draw) { parts.append("form: interval") }
            if sample.isEmpty, aggregate != .rate, Bool.random(using: &draw) {
                if !parts.contains("at: \(time)") { parts.append("at: \(time)") }
                parts.append("window: \(window)")
            }
            if Int.random(in: 0..<4, using: &draw) == 0 { parts.append("where: \(pick(["quantity > 3", "customer = \"C1\"", "unitPrice < 0 or quantity > 100"]))") }
            if sample.isEmpty, Int.random(in: 0..<4, using: &draw) == 0 { parts.append("until: \(time)") }
            parts.append("scale: \(Int.random(in: 0...9, using: &draw))")
            return "m\(number): { \((parts + sample).map { $0.contains("\"") ? $0.replacingQuotes : $0 }.joined(separator: ", ")) }"
        }
        return try Desk.plan(.item, lines.joined(separator: "\n"))
    }

    /// Records of a kind around an instant: at the edges of windows, at one instant, in the future, without a time or a number, with digits
    /// that no 64 bits hold.
    private static func facts(_ kind: RecordKind, now: Instant, _ count: Int, isHard: Bool, _ draw: inout Draw) -> [Fact] {
        func pick<T>(_ items: [T]) -> T { items[Int.random(in: 0..<items.count, using: &draw)] }
        return (0..<count).map { row in
            var fields: [String: Value] = [
                "client": .string("ACME"), "item": .string("I\(Int.random(in: 0..<6, using: &draw))"), "customer": .string("C\(Int.random(in: 0..<3, using: &draw))"),
            ]
            let edge = Int64(pick([0, 1, 7, 30, 90, 364])) * 86_400 + Int64(pick([0, 0, 43_200]))
            let back = Bool.random(using: &draw) ? edge : Int64.random(in: -200_000..<9_000_000, using: &draw)
            let fraction = isHard ? Int32(pick([0, 0, -1, 1, 500_000_000])) : 0
            let instant = now.adding(DayTimeDuration(seconds: -back, nanoseconds: fraction))
            if Int.random(in: 0..<25, using: &draw) > 0 { fields[kind == .salesLine ? "soldAt" : "returnedAt"] = Desk.time(instant) }
            let quantity = pick([0, 1, 1, 2, 5, 12, -3, Int64.random(in: -9...3000, using: &draw)])
            if Int.random(in: 0..<15, using: &draw) > 0 { fields["quantity"] = .number(ExactDecimal(coefficient: quantity, scale: isHard ? pick([0, 0, 1, 3]) : 0)) }
            let price = Int64.random(in: -50...99_999, using: &draw)
            fields["unitPrice"] = .number(
                isHard && Int.random(in: 0..<40, using: &draw) == 0
                    ? pick(["1e19", "0.1234567890123456789", "9223372036854775807", "-9223372036854775808", "1234567890123456.123456789012345678"])
                    : ExactDecimal(coefficient: price, scale: 2))
            return Desk.fact(kind, row: Int64(row * 3 % 1000), fields)
        }
    }

    /// What a measure comes to, or why it does not, with all that is kept of it.
    private static func text(_ measured: () throws(EvaluationFailure) -> MeasuredValue) -> String {
        do throws(EvaluationFailure) {
            let found = try measured()
            return "\(found.value.text) \(found.value == .null) \(found.rows) \(found.windowChange?.description ?? "-")"
        } catch {
            return error.diagnostic.text
        }
    }

    @Test(arguments: 0..<8) func `columns say what accumulators say, for all plans and records`(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed) &* 77 &+ 5)
        var compared = 0, columnar = 0
        for _ in 0..<60 {
            let plan = try Self.plan(&draw)
            let now = Instant(written: Self.moments[Int.random(in: 0..<Self.moments.count, using: &draw)]).later(by: Int32.random(in: 0...1, using: &draw))
            let zone = try Desk.zone(Self.zones[Int.random(in: 0..<Self.zones.count, using: &draw)])
            let context = Desk.context(now, zone), isHard = Bool.random(using: &draw)
            var facts: [RecordKind: [Fact]] = [:]
            for kind in [RecordKind.salesLine, .returnLine] {
                facts[kind] = Self.facts(kind, now: now, Int.random(in: 0...120, using: &draw), isHard: isHard, &draw)
            }
            var records = PopulationRecords(plan, context: context)
            let keys = (0..<8).map { EntityKey(.item, client: "ACME", id: "I\($0)") }
            for key in keys { records.code(of: key) }
            for (group, shape) in records.groups.enumerated() {
                for fact in (facts[shape.over] ?? []).shuffled(using: &draw) { records.add(fact, to: group) }
            }
            let measured = records.measured()
            for key in keys {
                for (index, measure) in plan.measures.enumerated() {
                    var accumulator = MeasureAccumulator(measure, now: now, zone: zone)
                    var failure: String?
                    do throws(EvaluationFailure) {
                        for fact in facts[measure.over] ?? [] where measure.link.entity(in: fact.values) == key { try accumulator.add(fact, context) }
                    } catch {
                        failure = error.diagnostic.text
                    }
                    let wanted = failure ?? Self.text { () throws(EvaluationFailure) in try accumulator.measured() }
                    let found = Self.text { () throws(EvaluationFailure) in try measured.measured(index, of: key) }
                    if found != wanted { Issue.record("\(measure) of \(key) at \(now) in \(zone.name): \(found), not \(wanted)") }
                    compared += 1
                    if measure.isColumnar { columnar += 1 }
                }
            }
        }
        #expect(compared > 1000 && columnar * 2 > compared)
    }

    @Test func `a population that was read once is measured as of any instant`() throws {
        var draw = Draw(seed: 31)
        let now = Instant(written: "2026-11-21T12:00:00Z"), zone = try Desk.zone("Europe/Berlin")
        let plan = try Desk.plan(.item, """
            v: { variation: salesLine, by: item, of: quantity, at: soldAt, window: P30D, bucket: day, scale: 4 }
            n: { count: salesLine, by: item, at: soldAt, window: P7D }
            s: { sum: salesLine, by: item, of: unitPrice, at: soldAt, window: P30D, scale: 2 }
            d: { since: salesLine, by: item, at: soldAt, scale: 2 }
            """)
        let facts = Self.facts(.salesLine, now: now, 400, isHard: false, &draw)
        var records = PopulationRecords(plan, context: Desk.context(now, zone), keepsAll: true)
        for fact in facts { records.add(fact, to: 0) }
        for days in [0, 1, 20, 45, -3] {
            let then = now.adding(DayTimeDuration(seconds: -Int64(days) * 86_400)), measured = records.measured(at: then)
            for key in records.entities {
                for (index, measure) in plan.measures.enumerated() {
                    var accumulator = MeasureAccumulator(measure, now: then, zone: zone)
                    for fact in facts where measure.link.entity(in: fact.values) == key { try accumulator.add(fact, Desk.context(then, zone)) }
                    let wanted = try accumulator.measured(), found = try measured.measured(index, of: key)
                    #expect(found.value.text == wanted.value.text && found.rows == wanted.rows && found.windowChange == wanted.windowChange)
                }
            }
        }
    }

    @Test(arguments: 0..<4) func `classes by whole units are those that are told group by group`(seed: Int) throws {
        var draw = Draw(seed: UInt64(seed) + 900)
        for round in 0..<150 {
            let count = Int.random(in: 0...300, using: &draw), span = [3, 50, 1_000_000][round % 3]
            let scale = Int.random(in: 0...4, using: &draw)
            let rows = (0..<count).map { number -> AttributeRow in
                let units = Int64(Int.random(in: -span / 3...span, using: &draw))
                let isNull = Int.random(in: 0..<12, using: &draw) == 0
                return Desk.row(.item, "I\(number)", [isNull ? .null : .number(ExactDecimal(coefficient: units, scale: scale))])
            }
            let cuts: [ExactDecimal] = [["80", "95"], ["50"], ["20", "33.3", "99.99"], ["0", "100"]][Int.random(in: 0..<4, using: &draw)]
            let form = PopulationMeasure.Form.classes(
                cuts: cuts, names: (0...cuts.count).map { "K\($0)" }, crossing: Bool.random(using: &draw) ? .up : .down)
            let isAscending = Bool.random(using: &draw)
            // Rows of one client are one group, which is told the long way.
            let long = try PopulationMeasure(attribute: 0, form: form, isAscending: isAscending, isWithinClient: true).values(rows)
            let short = try PopulationMeasure(attribute: 0, form: form, isAscending: isAscending).values(rows)
            #expect(short == long)
        }
    }
}

extension String {
    /// A text of YAML whose value stands in single quotes.
    fileprivate var replacingQuotes: String {
        guard let colon = firstIndex(of: ":") else { return self }
        return self[...colon] + " '" + self[index(colon, offsetBy: 2)...] + "'"
    }
}
