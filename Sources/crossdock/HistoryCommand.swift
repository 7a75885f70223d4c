import ArgumentParser
import Microsegments
import Pipeline
import Records
import Store
import Values

struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Say which micro-segment an entity was in, when, and what was known of it when.")

    @OptionGroup var site: SiteOptions
    @Argument(help: "The scheme.") var scheme: String
    @Argument(help: "The entity: CLIENT/id, or kind:CLIENT/id.") var entity: String
    @Option(name: .long, help: "Only what was in effect at this instant, such as 2026-11-21T09:00:00Z.") var asOf: String?
    @Option(name: .long, help: "As it was known at this instant, or at a log position.") var knownAt: String?

    func run() async throws {
        let site = try site.site()
        let key = try entityKey(site)
        let position = try CommandTime.position(knownAt, in: site)
        var spans = try site.store.history(scheme: scheme, key, knownAt: position)
        if let asOf {
            let instant = try CommandTime.instant(asOf)
            spans = spans.filter { $0.validFrom <= instant && ($0.validTo.map { instant < $0 } ?? true) }
        }
        Console.answer(
            self.site.format,
            text: spans.isEmpty ? "nothing is known of \(key) in \(scheme) then" : spans.map(Self.line).joined(separator: "\n"),
            json: .list(spans.map(Self.value)))
        if spans.isEmpty { throw ExitCode(1) }
    }

    private func entityKey(_ site: Site) throws -> EntityKey {
        if let key = EntityKey(entity) { return key }
        guard let found = try site.liveState().bundle.scheme(scheme) else { throw ValidationError("there is no scheme \(scheme)") }
        guard let key = EntityKey("\(found.entity.rawValue):\(entity)") else { throw ValidationError("\(entity) is no entity; write CLIENT/id") }
        return key
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
