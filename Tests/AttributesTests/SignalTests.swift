import Attributes
import Diagnostics
import FEEL
import Records
import Testing
import Values

/// Records that hold for a time, series of buckets, shares among several, and distances.
struct SignalTests {
    private let now = Instant(written: "2026-11-23T00:00:00Z")

    private func hours(_ count: Int) -> Instant { now.adding(DayTimeDuration(seconds: Int64(count) * 3600)) }

    private func signal(_ row: Int64, _ from: Int, _ to: Int?, confidence: Int = 80, kind: String = "weather") -> Fact {
        Desk.fact(.signal, row: row, [
            "validFrom": Desk.time(hours(from)), "validTo": to.map { Desk.time(hours($0)) } ?? .null, "confidence": .number(ExactDecimal(confidence)),
            "kind": .string(kind), "reading": .number(ExactDecimal(coefficient: row)),
        ])
    }

    @Test func `a record counts from its time on until it expires, and what time changes is foreseen`() throws {
        var draw = Draw(seed: 5)
        let plan = try Desk.plan(.location, """
            n: { count: signal, by: location, at: validFrom, until: validTo, window: P2D }
            any: { any: signal, by: location, of: confidence >= 60, at: validFrom, until: validTo }
            last: { last: signal, by: location, of: reading, at: validFrom, until: validTo }
            sum: { sum: signal, by: location, of: reading, at: validFrom, until: validTo }
            max: { max: signal, by: location, of: reading, until: validTo }
            kinds: { distinct: signal, by: location, of: kind, at: validFrom, until: validTo }
            """)
        for _ in 0..<60 {
            let facts = (1...Int64.random(in: 2...7, using: &draw)).map { row in
                let from = Int.random(in: -60...20, using: &draw)
                return signal(
                    row, from, Int.random(in: 0..<4, using: &draw) == 0 ? nil : from + Int.random(in: 1...60, using: &draw),
                    confidence: Bool.random(using: &draw) ? 80 : 40, kind: Bool.random(using: &draw) ? "weather" : "strike")
            }
            let row = try Desk.row(plan, facts, at: now)
            func holds(_ fact: Fact, at: Instant) -> Bool {
                guard case .dateTime(let from) = fact.values[RecordCatalogue.definition(.signal).slot("validFrom") ?? 0] else { return false }
                var until: Instant?
                if case .dateTime(let to) = fact.values[RecordCatalogue.definition(.signal).slot("validTo") ?? 0] { until = to.instant(in: .utc) }
                let start = from.instant(in: .utc)
                return start <= at && start > at.adding(DayTimeDuration(seconds: -172_800)) && until.map { at < $0 } ?? true
            }
            #expect(row.values[0] == .number(ExactDecimal(facts.count { holds($0, at: now) })))
            // Hour by hour nothing changes before the instant that is told.
            let change = row.windowChange
            for hour in 1...90 where change.map({ hours(hour) < $0 }) ?? true {
                #expect(try Desk.row(plan, facts, at: hours(hour)).values == row.values, "hour \(hour), \(change?.description ?? "never")")
            }
        }
    }

    @Test func `an expired report is not heard, nor one that is not sure, and the population says the same`() throws {
        let plan = try Desk.plan(.location, "hit: { any: signal, by: location, of: 'confidence >= 60', at: validFrom, until: validTo }")
        for (fact, expected) in [(signal(1, -5, 1), true), (signal(1, -5, 0), false), (signal(1, -5, nil), true), (signal(1, -5, 1, confidence: 59), false), (signal(1, 1, 9), false)] {
            #expect(try Desk.value(plan, [fact], at: now) == .boolean(expected))
            var records = PopulationRecords(plan, context: Desk.context(now))
            var named = fact.values
            let record = RecordCatalogue.definition(.signal)
            named[0] = .string("ACME")
            named[record.slot("location") ?? 0] = .string("DALLAS")
            // What a store gives is the slots of the group alone.
            let slots = Set(records.groups[0].slots)
            for slot in named.indices where !slots.contains(slot) { named[slot] = .null }
            records.add(Fact(row: 1, values: named), to: 0)
            let found = try records.measured().measured(0, of: EntityKey(.location, client: "ACME", id: "DALLAS"))
            #expect(found.value == .boolean(expected))
        }
    }

    @Test func `concentration is the sum of squared shares`() throws {
        let plan = try Desk.plan(.item, "hhi: { concentration: receiptLine, by: item, of: quantity, among: supplier, scale: 4 }\nlines: { concentration: receiptLine, by: item, among: supplier, at: receivedAt, window: P1D, scale: 4 }")
        func receipts(_ parts: [(String, ExactDecimal)]) -> [Fact] {
            parts.enumerated().map { Desk.fact(.receiptLine, row: Int64($0), ["supplier": $1.0.isEmpty ? .null : .string($1.0), "quantity": .number($1.1), "receivedAt": Desk.time(now)]) }
        }
        // hhi_gini of the worked cases: .25 + .09 + .04.
        var facts = receipts([("A", "20"), ("B", "30"), ("A", "30"), ("C", "25"), ("C", "-5"), ("", "900"), ("D", "0"), ("E", "-3")])
        for _ in 0..<3 {
            facts = Array(facts.dropFirst()) + [facts[0]]
            #expect(try Desk.row(plan, facts, at: now).values.map(\.text) == ["0.3800", "0.2245"], "of lines: 2, 1, 2, 1, 1 of 7")
        }
        #expect(try Desk.row(plan, receipts([("A", "7")]), at: now).values.map(\.text) == ["1.0000", "1.0000"])
        #expect(try Desk.row(plan, receipts([("A", "-7")]), at: now).values.map(\.text) == ["", "1.0000"])
        #expect(try Desk.row(plan, [], at: now).values == [.null, .null])
        #expect(try Desk.row(plan, facts, at: now).windowChange == now.adding(DayTimeDuration(seconds: 86_400)))
    }

    @Test func `a forecast is held against what was sold, week by week`() throws {
        let text = """
            sold: { series: salesLine, by: item, of: quantity, at: soldAt, window: P28D, bucket: week, buckets: whole }
            foreseen: { series: forecastLine, by: item, of: quantity, at: startsOn, window: P28D, bucket: week, buckets: whole }
            wmape: { feel: 'if sum(sold) > 0 then sum(for i in 1..count(sold) return abs(sold[i] - foreseen[i])) / sum(sold) else null', scale: 9 }
            bias: { feel: 'if sum(sold) > 0 then (sum(foreseen) - sum(sold)) / sum(sold) else null', scale: 4 }
            """
        let plan = try Desk.plan(.item, text)
        // forecast_accuracy of the worked cases. The 23rd is a Monday: at the last nanosecond before it four whole weeks are over.
        let sunday = now.adding(DayTimeDuration(seconds: 0, nanoseconds: -1))
        let weeks = (0..<4).map { now.adding(DayTimeDuration(seconds: Int64($0 - 4) * 604_800)) }
        let sold = zip(weeks, ["100", "0", "50", "80"] as [ExactDecimal]).enumerated().map { Desk.sale(Int64($0), $1.0, $1.1) }
        let foreseen = zip(weeks, ["90", "10", "60", "70"] as [ExactDecimal]).enumerated().map {
            Desk.fact(.forecastLine, row: Int64($0), ["startsOn": .date($1.0.dateTime(in: .utc).date), "quantity": .number($1.1)])
        }
        let entity = EntityFacts(entity: EntityKey(.item, client: "ACME", id: "1"), own: nil, related: [], measured: [sold, foreseen])
        let row = try plan.evaluate(entity, context: Desk.context(sunday))
        #expect(row.values.map(\.text) == ["[100,0,50,80]", "[90,10,60,70]", "0.173913043", "0.0000"])
        let nothing = EntityFacts(entity: entity.entity, own: nil, related: [], measured: [[], foreseen])
        #expect(try plan.evaluate(nothing, context: Desk.context(sunday)).values[2] == .null)
    }

    @Test func `distances are those of the great circle`() throws {
        let plan = try Desk.plan(.location, """
            latitude: { field: latitude }
            longitude: { field: longitude }
            km: { distance: [latitude, longitude, 52.52, 13.405], scale: 1 }
            """)
        func distance(_ latitude: Value, _ longitude: Value) throws -> String {
            let own = Desk.fact(.location, ["latitude": latitude, "longitude": longitude])
            return try plan.evaluate(EntityFacts(entity: EntityKey(.location, client: "ACME", id: "X"), own: own, related: [], measured: []), context: Desk.context(now)).values[2].text
        }
        // Vienna, and the antipode: half the circumference of a sphere of 6371.0088 km.
        #expect(try distance(.number("48.2082"), .number("16.3738")) == "523.5")
        #expect(try distance(.number("-52.52"), .number("-166.595")) == "20015.1")
        #expect(try distance(.number("52.52"), .number("13.405")) == "0.0")
        #expect(try distance(.number("95"), .number("0")) == "" && distance(.null, .number("0")) == "")
    }

    @Test func `what does not fit is told with its place`() throws {
        for (text, fact) in [
            ("x: { concentration: receiptLine, by: item, of: quantity }", "concentration needs among: what tells apart with whom it is, such as supplier"),
            ("x: { sum: receiptLine, by: item, of: quantity, among: supplier }", "among is for concentration"),
            ("x: { series: receiptLine, by: item, of: quantity }", "series needs window and bucket"),
            ("x: { sum: receiptLine, by: item, of: quantity, until: supplier }", "supplier is no date and time"),
            ("x: { mean: receiptLine, by: item, of: quantity, at: receivedAt, until: receivedAt, window: P7D, bucket: day }", "bucket goes by one time, and until gives records another"),
            ("x: { distance: [1, 2, 3] }", "distance has 3 parts"), ("x: { distance: [1, 2, 3, y] }", "there is no attribute y above it"),
            ("x: { distance: [1, 2, 91, 3] }", "91 is no latitude"), ("x: { distance: [1, -360.5, 1, 3] }", "-360.5 is no longitude"),
            ("y: { field: item }\n  x: { distance: [1, 2, 3, y] }", "y is no number"),
        ] {
            let found = Desk.read("attributes: test\nentity: item\nvalues:\n  \(text)\n").diagnostics
            #expect(found.map(\.fact) == [fact] && found[0].position.line != nil, "\(text): \(found.map(\.text))")
        }
    }
}
