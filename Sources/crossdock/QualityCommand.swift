import ArgumentParser
import Configurations
import Diagnostics
import Mapping
import Pipeline
import Records
import Values

struct QualityCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quality", abstract: "Say how good the latest records of feeds are: valid, complete, timely, unique, with outliers and missing days.",
        discussion: "Files in Mappings/quality say what records are to be like, who answers for it, and how many bad rows keep schemes from being recalibrated.")

    @OptionGroup var site: SiteOptions
    @Argument(help: "The feed; all where none is named.") var feed: String?
    @Option(name: .long, help: "How many of the latest files; as the plan of the feed says, or 20.") var last: Int?

    func validate() throws {
        if let last, last < 1 { throw ValidationError("--last is 1 or more") }
    }

    func run() async throws {
        let opened = try site.site()
        let state = try opened.liveState()
        let feeds = state.bundle.library.feeds.filter { feed == nil || $0.feed == feed }
        if feeds.isEmpty, let feed {
            let known = state.bundle.library.feeds.map(\.feed)
            throw ValidationError("there is no feed \(feed); \(NearestName.of(feed, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))")")
        }
        let reports = try feeds.map { try QualityReport($0, of: state, in: opened.store, last: last) }
        Console.answer(site.format, text: reports.map(text).joined(separator: "\n"), json: .list(reports.map(value)))
    }

    private func percent(_ share: QualityReport.Share) -> String {
        guard let value = share.value, let percent = try? value.multiplying(by: ExactDecimal(100)) else { return "-" }
        return percent.normalized.description + " %"
    }

    private func text(_ report: QualityReport) -> String {
        guard report.files > 0 else { return "\(report.feed): no file yet" }
        var lines = ["\(report.feed): score \(report.score?.description ?? "-"); valid \(percent(report.valid)), complete \(percent(report.complete)), timely \(percent(report.timely)), unique \(percent(report.unique)); owner \(report.owner ?? "nobody")"]
        lines.append("  \(report.files) files, \(report.quarantined) quarantined, \(report.duplicates) duplicates; \(report.read) rows, \(report.reported) reported")
        for field in report.fields {
            var line = "  \(field.kind.rawValue).\(field.name): filled \(percent(field.filled))"
            if field.valid.whole > 0 { line += ", valid \(percent(field.valid))" }
            if !field.outliers.isEmpty {
                let shown = field.outliers.prefix(3).map { "\($0.value) (\(LineText.name($0.key)))" }.joined(separator: ", ")
                line += ", \(field.outliers.count) outliers: \(shown)" + (field.outliers.count > 3 ? ", ..." : "")
            }
            lines.append(line)
        }
        for gap in report.gaps {
            let shown = gap.days.prefix(5).map(\.description).joined(separator: ", ")
            lines.append("  \(gap.kind.rawValue).\(gap.field): \(gap.days.count) days without a record: \(shown)" + (gap.days.count > 5 ? ", ..." : ""))
        }
        return lines.joined(separator: "\n")
    }

    private func value(_ report: QualityReport) -> Value {
        func share(_ share: QualityReport.Share) -> Value { share.value.map { .number($0) } ?? .null }
        return .context(ContextValue([
            ("feed", .string(report.feed)), ("owner", report.owner.map { .string($0) } ?? .null), ("score", report.score.map { .number($0) } ?? .null),
            ("valid", share(report.valid)), ("complete", share(report.complete)), ("timely", share(report.timely)), ("unique", share(report.unique)),
            ("files", .integer(report.files)), ("quarantined", .integer(report.quarantined)), ("duplicates", .integer(report.duplicates)),
            ("read", .integer(report.read)), ("reported", .integer(report.reported)),
            ("fields", .list(report.fields.map { field in
                .context(ContextValue([
                    ("record", .string(field.kind.rawValue)), ("field", .string(field.name)), ("filled", share(field.filled)), ("valid", share(field.valid)),
                    ("outliers", .list(field.outliers.map { .context(ContextValue([("key", .string($0.key)), ("value", .number($0.value))])) })),
                ]))
            })),
            ("gaps", .list(report.gaps.map { gap in
                .context(ContextValue([
                    ("record", .string(gap.kind.rawValue)), ("field", .string(gap.field)), ("days", .list(gap.days.map { .date($0) })),
                ]))
            })),
        ]))
    }
}
