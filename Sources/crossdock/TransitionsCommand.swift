import ArgumentParser
import Microsegments
import Pipeline
import Store
import Values

struct TransitionsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "transitions", abstract: "Count who goes from which micro-segment to which, and say whether entities thrash.",
        discussion: """
            Entities are looked at where a cycle ends and the next begins; only whole cycles count. Prints for each cycle who moved, came and went, over all \
            cycles the probability of each way and how long entities stay, and who changed too often. Ends with 1 where the alarm is on: an entity changed \
            more than --changes times, or is expected to stay fewer than --dwell cycles in a micro-segment.
            """)

    @OptionGroup var site: SiteOptions
    @Argument(help: "The scheme.") var scheme: String
    @Option(name: .long, help: "The instant to begin with; 12 cycles before the end unless said.") var from: String?
    @Option(name: .long, help: "The instant to end with; now unless said.") var to: String?
    @Option(name: .long, help: "The cycle: day, week or month of the business zone, or a duration such as P7D.") var every = "week"
    @Option(name: .long, help: "History as it was known at this instant, or at a log position.") var knownAt: String?
    @Option(name: .long, help: "Changes of one entity that raise no alarm.") var changes = 3
    @Option(name: .long, help: "Cycles that entities should at least stay in a micro-segment.") var dwell: String?
    @Flag(name: .long, help: "Read the archives too.") var archived = false
    @Option(name: .long, help: "Cycles within which a move back counts as a return.") var window = 4

    /// Cycles that are looked at where no beginning is said.
    private static let cycles = 12

    func validate() throws {
        guard CycleCalendar(every) != nil else { throw ValidationError("--every is day, week, month, or a duration such as P7D.") }
        guard changes >= 0 else { throw ValidationError("--changes is at least 0.") }
        guard window >= 1 else { throw ValidationError("--window is at least 1.") }
        guard dwell.map({ ExactDecimal($0) != nil }) ?? true else { throw ValidationError("--dwell is a number of cycles, such as 2.5.") }
    }

    func run() async throws {
        let site = try site.site()
        let bundle = try site.liveState().bundle
        guard let cycle = CycleCalendar(every) else { return }
        let end = try CommandTime.instant(to)
        let start = try from.map { try CommandTime.instant($0) } ?? cycle.start(ofLast: Self.cycles, before: end, zone: bundle.zone)
        guard start < end else { throw ValidationError("--from is before --to.") }
        var settings = TransitionReport.Settings(scheme: scheme, from: start, to: end, cycle: cycle)
        settings.knownAt = try CommandTime.position(knownAt, in: site)
        settings.window = window
        settings.changesMax = changes
        settings.dwellMin = dwell.flatMap { ExactDecimal($0) }
        let found = bundle.scheme(scheme)
        let reader = HistoryReader(site: site, readsArchives: archived)
        try HistoryCommand.noteLacking(reader, scheme, from: knownAt == nil ? start : nil)
        let report = try TransitionReport(settings, reader: reader, zone: bundle.zone, names: found?.microsegments.map(\.name) ?? [])
        guard found != nil || report.entities > 0 else {
            throw ValidationError("there is no scheme \(scheme); there are \(bundle.schemes.map(\.name).joined(separator: ", "))")
        }
        Console.answer(self.site.format, text: report.text, json: report.value)
        if report.isAlarm { throw ExitCode(1) }
    }
}
