import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

@Suite struct TransitionReportTests {
    private static let scheme = "order-priority"
    private static let start = Instant("2026-03-02T00:00:00Z") ?? Instant(seconds: 0)

    private func at(_ day: Int64) -> Instant { Self.start.adding(DayTimeDuration(seconds: day * 86_400)) }

    /// Moves of entities, each on a day, in the order of the days.
    private func site(_ moves: [(day: Int64, id: String, microsegment: String)]) throws -> DeskSite {
        let site = try DeskSite()
        for (index, move) in moves.enumerated() {
            let now = at(move.day), key = EntityKey(.order, client: "NORDWIND", id: move.id)
            try site.site.store.driver.write { session in
                let former = try Store.standing(scheme: Self.scheme, key, in: session)
                let next = Standing(
                    scheme: Self.scheme, entity: key, microsegment: move.microsegment, cause: "rules", computed: move.microsegment, rule: 1,
                    stability: StabilityState(settled: move.microsegment, since: now), nextChange: nil, state: "s")
                try Store.write(next, former: former, at: now, position: index + 1, in: session)
            }
        }
        return site
    }

    private func report(_ site: DeskSite, days: Int64 = 28, knownAt: Int = .max, _ change: (inout TransitionReport.Settings) -> Void = { _ in }) throws -> TransitionReport {
        var settings = TransitionReport.Settings(scheme: Self.scheme, from: Self.start, to: at(days), cycle: .period(DayTimeDuration(seconds: 7 * 86_400)))
        settings.knownAt = knownAt
        change(&settings)
        return try TransitionReport(settings, reader: HistoryReader(site: site.site), zone: .utc, names: ["rush", "standard"])
    }

    // Seen on days 0, 7, 14, 21 and 28: a is in rush, rush, standard, rush, rush; b comes in the second cycle and stays; c moves within cycles only.
    private let moves: [(day: Int64, id: String, microsegment: String)] = [
        (-3, "a", "rush"), (-2, "c", "standard"), (1, "c", "rush"), (2, "c", "standard"), (3, "c", "rush"), (4, "c", "standard"), (8, "a", "standard"),
        (9, "b", "careful"), (15, "a", "rush"),
    ]

    @Test func `cycles, probabilities, stays and flips are what counting by hand gives`() throws {
        let report = try report(try site(moves))
        #expect(report.cycles.count == 4 && report.entities == 3 && report.moves == 6)
        #expect(report.cycles.map { $0.moves.map { "\($0.from) \($0.to) \($0.count)" } } == [[], ["rush standard 1"], ["standard rush 1"], []])
        #expect(report.cycles.map(\.stayed) == [2, 1, 2, 3])
        #expect(report.cycles.map { $0.entered.map { "\($0.microsegment) \($0.count)" } } == [[], ["careful 1"], [], []])
        #expect(!report.cycles.contains { !$0.left.isEmpty })
        // Rush: two stays of three; standard: c stays four times, a leaves once.
        #expect(report.rows.map(\.microsegment) == ["rush", "standard", "careful"])
        #expect(report.rows.map(\.counts) == [[2, 1, 0], [1, 4, 0], [0, 0, 2]])
        #expect(report.rows.map { $0.probabilities?.map(\.description) ?? [] } == [
            ["0.6667", "0.3333", "0.0000"], ["0.2000", "0.8000", "0.0000"], ["0.0000", "0.0000", "1.0000"],
        ])
        #expect(report.rows.map { $0.dwell?.description } == ["3.00", "5.00", nil])
        #expect((report.steps, report.stepsMoved, report.stepsReturned) == (10, 2, 1))
    }

    @Test func `the alarm is about changes within the span, and about stays that are too short`() throws {
        let site = try site(moves)
        let calm = try report(site)
        #expect(calm.isAlarm && calm.restless.map { "\($0.entity.id) \($0.changes)" } == ["c 4"])
        let allowed = try report(site) { $0.changesMax = 4 }, strict = try report(site) { $0.changesMax = 1 }
        #expect(!allowed.isAlarm && strict.restless.map(\.entity.id) == ["c", "a"])
        // What changed before the span does not count.
        let later = try report(site) { $0.from = at(3) }
        #expect(!later.isAlarm)
        let short = try report(site) { $0.changesMax = 4; $0.dwellMin = ExactDecimal(4) }
        #expect(short.fleeting == ["rush"] && short.isAlarm && short.text.contains("alarm: rush is left after 3.00 cycles; 4 are wanted"))
    }

    @Test func `history is taken as it was known at a position`() throws {
        let site = try site(moves)
        // Position 6 is the last move of c: a is still thought to stay in rush.
        let report = try report(site, knownAt: 6)
        #expect(report.entities == 2 && report.rows[0].counts == [4, 0] && report.rows[0].dwell == nil)
    }

    @Test func `calendar cycles begin at midnight of the zone, and those that are not whole are left out`() throws {
        let site = try site(moves)
        let weeks = try report(site) { $0.cycle = .week; $0.from = at(-1); $0.to = at(17) }
        #expect(weeks.cycles.map(\.from) == [at(0), at(7)])
        let months = CycleCalendar.month.boundaries(from: at(-40), to: at(70), zone: .utc, cyclesMax: 10) ?? []
        #expect(months.map(\.description) == ["2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z", "2026-04-01T00:00:00Z", "2026-05-01T00:00:00Z"])
        #expect(CycleCalendar.day.boundaries(from: at(0), to: at(10), zone: .utc, cyclesMax: 9) == nil)
        #expect(CycleCalendar.week.start(ofLast: 2, before: at(17), zone: .utc) == at(0))
        #expect(CycleCalendar("P7D") == .period(DayTimeDuration(seconds: 604_800)) && CycleCalendar("P0D") == nil && CycleCalendar("year") == nil)
        #expect(throws: PipelineFailure.self) { _ = try report(site) { $0.to = at(3) } }
    }
}
