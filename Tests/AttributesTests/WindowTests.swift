import Attributes
import FEEL
import Records
import Testing
import Values

/// Windows exclude their start and include now; what time changes is foreseen.
struct WindowTests {
    private let now = Instant(written: "2026-11-21T12:00:00Z")

    @Test func `a window excludes its start and includes now`() throws {
        let plan = try Desk.plan(.item, "x: { sum: salesLine, by: item, of: amount, at: soldAt, window: P10D }")
        let start = now.adding(DayTimeDuration(seconds: -864_000))
        let facts = [
            Desk.sale(1, start, "1"), Desk.sale(2, start.later(by: 1), "10"), Desk.sale(3, now, "100"),
            Desk.sale(4, now.later(by: 1), "1000"), Desk.fact(.salesLine, row: 5, ["amount": .number("10000")]),
        ]
        let row = try Desk.row(plan, facts, at: now)
        #expect(row.values[0] == .number("110"))
        #expect(row.evidence[0] == [2, 3])
        #expect(row.windowChange == now.later(by: 1))
    }

    @Test func `a record that the filter leaves out changes nothing with time`() throws {
        let plan = try Desk.plan(.item, "x: { count: salesLine, by: item, where: amount > 5, at: soldAt, window: P10D }")
        let row = try Desk.row(plan, [Desk.sale(1, now.later(by: 5), "1"), Desk.sale(2, now, "1")], at: now)
        #expect(row.values[0] == .number("0"))
        #expect(row.windowChange == nil)
    }

    @Test func `weeks begin on Monday in the business zone`() throws {
        // Two sales each side of midnight between Sunday and Monday in Berlin, which is 23:00 of Sunday in UTC.
        let berlin = try Desk.zone("Europe/Berlin")
        let plan = try Desk.plan(.item, "x: { variation: salesLine, by: item, of: quantity, at: soldAt, window: P14D, bucket: week, scale: 4 }")
        let monday = Instant(written: "2026-11-15T23:00:00Z")
        let end = Instant(written: "2026-11-22T22:59:59Z")
        // The window touches the weeks of 9 and 16 November only in part: 8 November 23:59:59 on is Sunday, so 3 weeks.
        let both = [Desk.sale(1, monday.later(by: -1), "4"), Desk.sale(2, monday, "4")]
        let same = [Desk.sale(1, monday, "4"), Desk.sale(2, monday.later(by: 1), "4")]
        #expect(try Desk.value(plan, both, at: end, zone: berlin) == .number("0.7071"))
        #expect(try Desk.value(plan, same, at: end, zone: berlin) == .number("1.4142"))
        #expect(try Desk.value(plan, both, at: end, zone: .utc) == .number("1.4142"), "in UTC both are in the week of 9 November")
    }

    @Test func `days of 23 and 25 hours are one day each`() throws {
        let berlin = try Desk.zone("Europe/Berlin")
        let plan = try Desk.plan(.item, "x: { variation: salesLine, by: item, of: quantity, at: soldAt, window: P2D, bucket: day, scale: 4 }")
        for (first, last, end) in [
            // 29 March 2026 lasts 23 hours, 25 October 2026 lasts 25.
            ("2026-03-28T23:00:00Z", "2026-03-29T21:59:59Z", "2026-03-29T22:30:00Z"),
            ("2026-10-24T22:00:00Z", "2026-10-25T22:59:59Z", "2026-10-25T23:30:00Z"),
        ] {
            let facts = [Desk.sale(1, Instant(written: first), "5"), Desk.sale(2, Instant(written: last), "5")]
            // One bucket holds all: with n buckets touched the variation is sqrt(n - 1).
            let value = try Desk.value(plan, facts, at: Instant(written: end), zone: berlin)
            #expect(value == .number("1.4142") || value == .number("1.7321"), "\(value)")
            let apart = [Desk.sale(1, Instant(written: first).later(by: -1), "5"), Desk.sale(2, Instant(written: last), "5")]
            #expect(try Desk.value(plan, apart, at: Instant(written: end), zone: berlin) != value)
        }
    }

    @Test func `before the change that is told nothing changes, and at it the value does`() throws {
        var draw = Draw(seed: 23)
        let hour = DayTimeDuration(seconds: 3600)
        for aggregate in ["count: salesLine", "sum: salesLine, of: amount", "min: salesLine, of: amount", "max: salesLine, of: amount", "any: salesLine, of: amount > 50"] {
            let plan = try Desk.plan(.item, "x: { \(aggregate), by: item, at: soldAt, window: P2D, scale: 2 }")
            for _ in 0..<15 {
                // Distinct instants, all in the past: then a record that leaves is the only change there is.
                let facts = Set((0..<6).map { _ in Int64.random(in: 0..<48, using: &draw) }).map { hours in
                    Desk.sale(hours, now.adding(DayTimeDuration(seconds: -hours * 3600)), ExactDecimal(coefficient: Int64.random(in: 1...100, using: &draw)))
                }
                let row = try Desk.row(plan, facts, at: now)
                var changed: Instant?
                var probe = now
                for _ in 0..<60 {
                    probe = probe.adding(hour)
                    if try Desk.value(plan, facts, at: probe) != row.values[0] {
                        changed = probe
                        break
                    }
                }
                #expect(row.windowChange == changed, "\(aggregate)")
                guard let change = row.windowChange else { continue }
                #expect(try Desk.value(plan, facts, at: change.later(by: -1)) == row.values[0])
                #expect(try Desk.value(plan, facts, at: change) != row.values[0])
            }
        }
    }

    @Test func `records of the future and means change no sooner than is told`() throws {
        var draw = Draw(seed: 29)
        for aggregate in ["count: salesLine", "sum: salesLine, of: amount", "mean: salesLine, of: amount", "max: salesLine, of: amount"] {
            let plan = try Desk.plan(.item, "x: { \(aggregate), by: item, at: soldAt, window: P1D, scale: 4 }")
            for _ in 0..<15 {
                let facts = (0..<5).map { Desk.sale($0, now.adding(DayTimeDuration(seconds: Int64.random(in: -30...30, using: &draw) * 3600)), ExactDecimal(coefficient: Int64.random(in: 0...9, using: &draw))) }
                let row = try Desk.row(plan, facts, at: now)
                var probe = now
                for _ in 0..<70 {
                    if let change = row.windowChange, change <= probe { break }
                    #expect(try Desk.value(plan, facts, at: probe) == row.values[0], "\(aggregate)")
                    probe = probe.adding(DayTimeDuration(seconds: 1800))
                }
            }
        }
    }

    @Test func `a variation changes where a bucket begins or ends, though no record does`() throws {
        let berlin = try Desk.zone("Europe/Berlin")
        let plan = try Desk.plan(.item, "x: { variation: salesLine, by: item, of: quantity, at: soldAt, window: P10DT6H, bucket: day, scale: 4 }")
        let facts = [Desk.sale(1, now, "5"), Desk.sale(2, now.adding(DayTimeDuration(seconds: -90_000)), "2")]
        var at = now
        for _ in 0..<30 {
            let row = try Desk.row(plan, facts, at: at, zone: berlin)
            guard let change = row.windowChange else {
                #expect(row.values[0] == .null)
                return
            }
            #expect(change > at)
            var probe = at
            while probe < change {
                #expect(try Desk.value(plan, facts, at: probe, zone: berlin) == row.values[0], "\(probe) is before \(change)")
                probe = probe.adding(DayTimeDuration(seconds: 3600))
            }
            #expect(try Desk.value(plan, facts, at: change.later(by: -1), zone: berlin) == row.values[0])
            #expect(try Desk.value(plan, facts, at: change, zone: berlin) != row.values[0])
            at = change
        }
        Issue.record("the records never left the window")
    }
}
