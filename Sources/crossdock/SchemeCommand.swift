import ArgumentParser
import Pipeline
import Records
import Store
import Values

struct SchemeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheme", abstract: "List the members of a scheme's micro-segments, or assign the whole population now.",
        subcommands: [List.self, Assign.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print each micro-segment with its members.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "Most members of a micro-segment that are printed.") var limit = 20

        func run() async throws {
            let standings = try site.site().store.standings(scheme: scheme)
            let groups = Dictionary(grouping: standings, by: \.microsegment).sorted { $0.key < $1.key }
            let lines = groups.map { name, members in
                "\(name): \(members.count)\n" + members.prefix(limit).map { "  \($0.entity.client)/\($0.entity.id)" }.joined(separator: "\n")
                    + (members.count > limit ? "\n  and \(members.count - limit) more" : "")
            }
            Console.answer(
                site.format, text: lines.joined(separator: "\n"),
                json: .context(ContextValue(groups.map { name, members in
                    (name, .list(members.map { .string($0.entity.description) }))
                })))
        }
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluate the whole population of a scheme under the live state.",
            discussion: "Commits what follows, as a run on schedule does. --as-of repeats a run as of another instant: windows end there.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "The instant to evaluate as of; now unless said.") var asOf: String?

        func run() async throws {
            let site = try site.site()
            let state = try site.liveState()
            guard let found = state.bundle.scheme(scheme) else {
                throw ValidationError("there is no scheme \(scheme); there are \(state.bundle.schemes.map(\.name).joined(separator: ", "))")
            }
            var now = SystemClock.now()
            if let asOf {
                guard let instant = Instant(asOf) else { throw ValidationError("\(asOf) is no instant; write it with its zone, such as 2026-11-21T09:00:00Z") }
                now = instant
            }
            let counts = try Evaluator(store: site.store, state: state).fullRun(found, now: now)
            Console.answer(
                self.site.format,
                text: "\(counts.evaluated) evaluated, \(counts.changed) changed, \(counts.decisions) decisions, \(counts.effects) effects, \(counts.failures) failures",
                json: .context(ContextValue([
                    ("evaluated", .integer(counts.evaluated)), ("changed", .integer(counts.changed)), ("decisions", .integer(counts.decisions)),
                    ("effects", .integer(counts.effects)), ("failures", .integer(counts.failures)),
                ])))
            if counts.failures > 0 { throw ExitCode(1) }
        }
    }
}
