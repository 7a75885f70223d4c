import ArgumentParser
import Diagnostics
import Microsegments
import Pipeline
import Records
import Store
import Values

struct SchemeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scheme", abstract: "List schemes or the members of one, check their files, say what the rules would say, compare the folders with what is live, assign everybody now, find new clusters, or say by what to divide.",
        subcommands: [List.self, Check.self, Report.self, Compare.self, Assign.self, Recalibrate.self, Drivers.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print each scheme with its runs and how many are where; of one scheme, each micro-segment with its members.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme; all unless said.") var scheme: String?
        @Option(name: .long, help: "Most members of a micro-segment that are printed.") var limit = 20

        func run() async throws {
            let site = try site.site()
            guard let scheme else {
                let overview = try SchemeOverview(site, state: site.liveState(), now: SystemClock.now())
                return Console.answer(self.site.format, text: overview.text, json: overview.value)
            }
            let standings = try site.store.standings(scheme: scheme)
            let groups = Dictionary(grouping: standings, by: \.microsegment).sorted { $0.key < $1.key }
            let lines = groups.map { name, members in
                "\(name): \(members.count)\n" + members.prefix(limit).map { "  " + LineText.name("\($0.entity.client)/\($0.entity.id)") }.joined(separator: "\n")
                    + (members.count > limit ? "\n  and \(members.count - limit) more" : "")
            }
            Console.answer(
                self.site.format, text: lines.joined(separator: "\n"),
                json: .context(ContextValue(groups.map { name, members in
                    (name, .list(members.map { .string($0.entity.description) }))
                })))
        }
    }

    struct Report: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say what the live rules say of the whole population as of an instant; nothing is kept.",
            discussion: "Prints members by micro-segment, and of each attribute how many have it, its sum and range, or its members by value.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "The instant to evaluate as of; now unless said.") var asOf: String?

        func run() async throws {
            let site = try site.site()
            let state = try site.liveState()
            let report = try SchemeReport(
                SchemeCommand.find(scheme, state), evaluator: Evaluator(store: site.store, state: state), asOf: CommandTime.instant(asOf))
            Console.answer(self.site.format, text: report.text, json: report.value)
            if report.failures > 0 { throw ExitCode(1) }
        }
    }

    struct Compare: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say who would move if the scheme were live as it lies in the folders; nothing is kept.",
            discussion: """
                For trying rules out before proposing them: the whole population is asked at once, in columns. Actions, budgets and other schemes \
                are not looked at; `crossdock change impact` tells all that a proposed change does.
                """)

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Flag(help: "Answer as one HTML page.") var html = false

        func run() async throws {
            let comparison = try SchemeComparison(scheme, site: site.site(), now: SystemClock.now())
            if html { return print(comparison.page.html) }
            Console.answer(site.format, text: comparison.page.markdown, json: comparison.value)
            if comparison.failures > 0 { throw ExitCode(1) }
        }
    }

    static func find(_ name: String, _ state: ActiveState) throws -> Scheme {
        guard let found = state.bundle.scheme(name) else {
            throw ValidationError("there is no scheme \(name); there are \(state.bundle.schemes.map(\.name).joined(separator: ", "))")
        }
        return found
    }

    struct Assign: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluate the whole population of a scheme under the live state.",
            discussion: """
                Commits what follows, as a run on schedule does. --as-of repeats a run as of another instant: windows end there. Where a feed whose \
                records the scheme reads has more bad rows than its owner allows, nobody is assigned unless --despite-bad-feeds.
                """)

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "The instant to evaluate as of; now unless said.") var asOf: String?
        @Flag(name: .long, help: "Assign although feeds are bad.") var despiteBadFeeds = false

        func run() async throws {
            let site = try site.site()
            let state = try site.liveState()
            let found = try SchemeCommand.find(scheme, state)
            let bad = try QualityGate(store: site.store, state: state).badFeeds(of: found)
            for feed in bad { Console.note("\(despiteBadFeeds ? "warning" : "error"): \(feed)") }
            if !bad.isEmpty, !despiteBadFeeds {
                throw PipelineFailure(subject: "scheme \(scheme)", cause: "feeds whose records it reads are bad", hint: "see `crossdock quality`, or say --despite-bad-feeds")
            }
            let counts = try Evaluator(store: site.store, state: state).fullRun(found, now: CommandTime.instant(asOf))
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
