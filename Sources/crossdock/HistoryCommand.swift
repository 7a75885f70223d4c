import ArgumentParser
import Microsegments
import Pipeline
import Records
import Store
import Values

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Say where an entity was, when, and what was known of it when; archive what is over.",
        subcommands: [Show.self, Archive.self, Archives.self, Purge.self], defaultSubcommand: Show.self)

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which micro-segment an entity was in, when, and what was known of it when.",
            discussion: "It is what `crossdock history SCHEME ENTITY` does.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Argument(help: "The entity: CLIENT/id, or kind:CLIENT/id.") var entity: String
        @Option(name: .long, help: "Only what was in effect at this instant, such as 2026-11-21T09:00:00Z.") var asOf: String?
        @Option(name: .long, help: "As it was known at this instant, or at a log position.") var knownAt: String?
        @Flag(name: .long, help: "Read the archives too.") var archived = false

        func run() async throws {
            let site = try site.site()
            let key = try EntityArgument.key(entity, scheme: scheme, in: site)
            let position = try CommandTime.position(knownAt, in: site)
            let reader = HistoryReader(site: site, readsArchives: archived)
            var spans = try reader.history(scheme: scheme, key, knownAt: position)
            let instant = try asOf.map { try CommandTime.instant($0) }
            if let instant { spans = spans.filter { $0.validFrom <= instant && ($0.validTo.map { instant < $0 } ?? true) } }
            try HistoryCommand.noteLacking(reader, scheme, from: knownAt == nil ? instant : nil)
            if asOf == nil, knownAt == nil, let notice = try site.store.standing(scheme: scheme, key)?.stability.notice {
                Console.note("note: \(notice.text(now: SystemClock.now()))")
            }
            Console.answer(
                self.site.format,
                text: spans.isEmpty ? "nothing is known of \(key.told) in \(scheme) then" : spans.map(Self.line).joined(separator: "\n"),
                json: .list(spans.map(Self.value)))
            if spans.isEmpty { throw ExitCode(1) }
        }

        private static func line(_ span: AssignmentSpan) -> String {
            "\(span.validFrom) to \(span.validTo.map { "\($0)" } ?? "now"): \(span.microsegment) by \(span.cause), rule \(span.rule), state \(span.state.prefix(12)), known since position \(span.knownFrom)"
        }

        private static func value(_ span: AssignmentSpan) -> Value {
            .context(ContextValue([
                ("microsegment", .string(span.microsegment)), ("cause", .string(span.cause)), ("rule", .integer(span.rule)),
                ("state", .string(span.state)), ("validFrom", .string(span.validFrom.description)),
                ("validTo", span.validTo.map { .string($0.description) } ?? .null), ("knownFrom", .integer(span.knownFrom)),
            ]))
        }
    }

    /// Says on standard error that an answer lacks what is in archives, and where they are.
    ///
    /// - Parameter start: of an answer by what is known now, the first instant that it is about: what ended before is not lacked. nil takes all.
    static func noteLacking(_ reader: HistoryReader, _ scheme: String, from start: Instant?) throws {
        let lacking = try reader.lacking(scheme: scheme).filter { entry in start.map { $0 < entry.before } ?? true }
        let unread = lacking.filter { $0.purged == nil }, purged = lacking.filter { $0.purged != nil }
        if let latest = unread.map(\.before).max() {
            Console.note("note: history of \(scheme) before \(latest) is in \(unread.count) archive\(unread.count == 1 ? "" : "s") (`crossdock history archives`); --archived reads it")
        }
        if let latest = purged.map(\.before).max() { Console.note("note: history of \(scheme) before \(latest) was purged in part (`crossdock history archives`)") }
    }
}
