import Attributes
import FEEL
import Records
import Testing
import Values

/// Statistics over records, buckets and the times between records.
struct StatisticTests {
    private let now = Instant(written: "2026-11-21T12:00:00Z")

    private func value(_ measure: String, _ facts: [Fact]) throws -> String {
        try Desk.value(Desk.plan(.item, "x: { \(measure) }"), facts, at: now).text
    }

    /// One sale a day, the last of them `now`.
    private func daily(_ amounts: [Int]) -> [Fact] {
        amounts.enumerated().map {
            Desk.sale(Int64($0 + 1), now.adding(DayTimeDuration(seconds: -Int64(amounts.count - 1 - $0) * 86_400)), ExactDecimal($1))
        }
    }

    /// The demand of `sbc_lumpy` and `sbc_intermittent` of Syntetos, Boylan and Croston (2005), a day each.
    private let lumpy = [0, 50, 0, 0, 2, 0, 0, 0, 90, 0, 1, 0]

    @Test func `interval and size variation classify demand as Syntetos and Boylan do`() throws {
        let buckets = "by: item, of: quantity, at: soldAt, window: P11DT12H, bucket: day, scale: 9"
        #expect(try value("interval: salesLine, \(buckets)", daily(lumpy)) == "3.000000000")
        #expect(try value("interval: salesLine, form: interval, \(buckets)", daily(lumpy)) == "2.750000000")
        #expect(try value("sizeVariation: salesLine, divisor: sample, \(buckets)", daily(lumpy)) == "1.432572090")
        #expect(try value("sizeVariation: salesLine, \(buckets)", daily(lumpy)) == "1.074429067")
        #expect(try value("sizeVariation: salesLine, \(buckets)", []) == "")
        #expect(try value("interval: salesLine, \(buckets)", daily([0, 0])) == "")
    }

    @Test func `the variation of sizes does not hang on the unit`() throws {
        // pyInterDemand 1.4.3 answers 1.78 in cases and 17.8 in eaches.
        let cases = [0, 5, 0, 0, 5, 0, 6, 0, 0, 5, 0, 4]
        let measure = "sizeVariation: salesLine, by: item, of: quantity, at: soldAt, window: P11DT12H, bucket: day, divisor: sample, scale: 9"
        #expect(try value(measure, daily(cases)) == "0.020000000")
        #expect(try value(measure, daily(cases.map { $0 * 10 })) == "0.020000000")
    }

    @Test func `deviation and variation say what they divide by`() throws {
        let x = [100, 102, 98, 101, 99, 100, 103, 97, 100, 100, 101, 99]
        #expect(try value("variation: salesLine, by: item, of: quantity, divisor: sample, scale: 9", daily(x)) == "0.016514456")
        #expect(try value("variation: salesLine, by: item, of: quantity, scale: 9", daily(x)) == "0.015811388")
        #expect(try value("deviation: salesLine, by: item, of: quantity, divisor: sample, scale: 6", daily([2, 4, 4, 4, 5, 5, 7, 9])) == "2.138090")
        #expect(try value("deviation: salesLine, by: item, of: quantity", daily([2, 4, 4, 4, 5, 5, 7, 9])) == "2")
        #expect(try value("deviation: salesLine, by: item, of: quantity, divisor: sample", daily([2])) == "")
        #expect(try value("variation: salesLine, by: item, of: quantity", daily([0, 0])) == "")
    }

    @Test func `quantiles interpolate between order statistics`() throws {
        let x = [10, 12, 11, 13, 12, 11, 95, 10, 12, 14]
        #expect(try value("quantile: salesLine, by: item, of: quantity, p: 0.25, scale: 2", daily(x)) == "11.00")
        #expect(try value("quantile: salesLine, by: item, of: quantity, p: 0.75, scale: 2", daily(x)) == "12.75")
        #expect(try value("quantile: salesLine, by: item, of: quantity, p: 1", daily(x)) == "95")
        #expect(try value("quantile: salesLine, by: item, of: quantity, p: 0", daily(x)) == "10")
        #expect(try value("quantile: salesLine, by: item, of: quantity, p: 0.5", []) == "")
    }

    @Test func `a smoothed mean halves the weight with the half life`() throws {
        let buckets = "by: item, of: quantity, at: soldAt, window: P4DT12H, bucket: day, scale: 9"
        #expect(try value("smoothed: salesLine, halfLife: 2, \(buckets)", daily([10, 20, 15, 40, 30])) == "26.810547862")
        #expect(try value("smoothed: salesLine, halfLife: 2, \(buckets)", []) == "0.000000000")
    }

    @Test func `a trend is the slope of the least-squares line`() throws {
        let buckets = "by: item, of: quantity, at: soldAt, window: P4DT12H, bucket: day, scale: 3"
        #expect(try value("trend: salesLine, \(buckets)", daily([1, 3, 5, 7, 9])) == "2.000")
        #expect(try value("trend: salesLine, \(buckets)", daily([10, 20, 15, 40, 30])) == "6.000")
        #expect(try value("trend: salesLine, \(buckets)", daily([5, 5, 5, 5, 5])) == "0.000")
    }

    @Test func `whole buckets leave out those that lie in the window in part`() throws {
        // At noon, a window of three days holds two whole days, with 2 and 3; it touches four.
        let facts = daily([1, 2, 3, 4])
        #expect(try value("mean: salesLine, by: item, of: quantity, at: soldAt, window: P3D, bucket: day, buckets: whole, scale: 1", facts) == "2.5")
        #expect(try value("mean: salesLine, by: item, of: quantity, at: soldAt, window: P3D, bucket: day, scale: 2", facts) == "2.25")
        #expect(try value("max: salesLine, by: item, of: quantity, at: soldAt, window: P3D, bucket: day, buckets: whole", facts) == "3")
        // November is not over, and October is the one whole month.
        let months = [("2026-09-30T00:00:00Z", 5), ("2026-10-01T00:00:00Z", 7), ("2026-10-31T23:59:59Z", 8), ("2026-11-01T00:00:00Z", 9)]
        let sales = months.enumerated().map { Desk.sale(Int64($0), Instant(written: $1.0), ExactDecimal($1.1)) }
        #expect(try value("max: salesLine, by: item, of: quantity, at: soldAt, window: P80D, bucket: month, buckets: whole", sales) == "15")
    }

    @Test func `last and first go by time and distinct by value`() throws {
        let facts = daily([4, 9, 4]).shuffled()
        #expect(try value("last: salesLine, by: item, of: quantity, at: soldAt", facts) == "4")
        #expect(try value("first: salesLine, by: item, of: quantity, at: soldAt, where: quantity > 4", facts) == "9")
        #expect(try value("distinct: salesLine, by: item, of: quantity", facts) == "2")
        #expect(try value("last: salesLine, by: item, of: quantity, at: soldAt", []) == "")
        // Of two at one instant the greater text stands, in whichever order they came.
        let twins = [Desk.sale(1, now, "5"), Desk.sale(2, now, "7")]
        #expect(try value("last: salesLine, by: item, of: quantity, at: soldAt", twins) == "7")
        #expect(try value("last: salesLine, by: item, of: quantity, at: soldAt", twins.reversed()) == "7")
    }

    @Test func `share, rate, since and gaps`() throws {
        let facts = daily([1, 2, 3, 4])
        #expect(try value("share: salesLine, by: item, that: quantity > 2, scale: 2", facts) == "0.50")
        #expect(try value("share: salesLine, by: item, of: quantity, that: quantity > 2, scale: 2", facts) == "0.70")
        #expect(try value("share: salesLine, by: item, that: quantity > 2, scale: 2", []) == "")
        #expect(try value("rate: salesLine, by: item, of: quantity, at: soldAt, window: P5D, scale: 1", facts) == "2.0")
        #expect(try value("rate: salesLine, by: item, at: soldAt, window: P14D, per: week", facts) == "2")
        #expect(try value("since: salesLine, by: item, at: soldAt, where: quantity < 3, scale: 1", facts) == "2.0")
        #expect(try value("quantile: salesLine, by: item, at: soldAt, between: day, p: 0.95, scale: 1", facts) == "1.0")
        #expect(try value("mean: salesLine, by: item, at: soldAt, between: hour", [facts[0], facts[3], facts[3]]) == "72")
        #expect(try value("mean: salesLine, by: item, at: soldAt, between: hour", [facts[0]]) == "")
    }

    @Test func `neither value nor evidence hangs on the order of the records, and none changes before it says so`() throws {
        var draw = Draw(seed: 11)
        let over = "salesLine, by: item, of: amount, at: soldAt, window: P30D"
        let plan = try Desk.plan(.item, """
            a: { deviation: \(over), scale: 9 }
            b: { quantile: \(over), p: 0.9, scale: 9 }
            c: { last: \(over), scale: 4 }
            d: { first: \(over), scale: 4 }
            e: { distinct: \(over) }
            f: { smoothed: \(over), bucket: week, halfLife: 1.5, scale: 9 }
            g: { trend: \(over), bucket: day, buckets: whole, scale: 9 }
            h: { interval: \(over), bucket: day, scale: 9 }
            i: { sizeVariation: \(over), bucket: week, buckets: whole, divisor: sample, scale: 9 }
            j: { share: salesLine, by: item, that: amount > 0, at: soldAt, window: P30D, scale: 9 }
            k: { rate: \(over), scale: 9 }
            l: { variation: salesLine, by: item, at: soldAt, window: P30D, between: hour, scale: 9 }
            m: { max: \(over), bucket: month, buckets: whole, scale: 4 }
            """)
        for _ in 0..<25 {
            let facts = (0..<Int.random(in: 0...30, using: &draw)).map { row in
                Desk.sale(
                    Int64(row), now.adding(DayTimeDuration(seconds: Int64.random(in: -40 * 86_400...3 * 86_400, using: &draw))),
                    ExactDecimal(coefficient: Int64.random(in: -3000...9000, using: &draw) / 3, scale: 3))
            }
            let row = try Desk.row(plan, facts, at: now)
            let other = try Desk.row(plan, facts.shuffled(using: &draw), at: now)
            #expect(row.values.map(\.text) == other.values.map(\.text) && row.evidence == other.evidence && row.windowChange == other.windowChange)
            guard let change = row.windowChange else { continue }
            #expect(change > now)
            let before = try Desk.row(plan, facts, at: change.adding(DayTimeDuration(seconds: 0, nanoseconds: -1)))
            #expect(before.values.map(\.text) == row.values.map(\.text), "a value changed before \(change)")
        }
    }

    @Test func `an entity of several parts is named by several fields`() throws {
        let plan = try Desk.plan(.itemLocation, "x: { sum: inventoryPosition, by: [item, location], of: quantity }")
        let record = RecordCatalogue.definition(.inventoryPosition)
        #expect(plan.references[.inventoryPosition]?.first?.slots == [record.slot("item"), record.slot("location")].compactMap { $0 })
        let key = EntityKey(.itemLocation, client: "ACME", parts: ["A|1", #"B\"#])
        #expect(key.id == #"A\|1|B\\"#)
        #expect(key.parts == ["A|1", #"B\"#])
        #expect(EntityKey("itemLocation:ACME/A|B")?.parts == ["A", "B"])
        #expect(EntityKey("itemLocation:ACME/A") == nil)
        #expect(EntityKey("item:ACME/A|B")?.parts == ["A|B"])
    }
}
