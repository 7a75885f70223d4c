import ArgumentParser
import Configurations
import Diagnostics
import FEEL
import Mapping
import Pipeline
import Records
import Store
import Values

struct MapCoverageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "coverage", abstract: "Say what was present in files and is not mapped, which fields were never filled, which lookups missed.",
        discussion: """
            With no files, those of the feed that were taken last. An element counts as mapped where a rule came to it: of DTM02 only those whose \
            qualifier a rule asks for.
            """)

    @OptionGroup var site: SiteOptions
    @Argument(help: "The feed through which the files are read.") var feed: String
    @Argument(help: "Files.") var files: [String] = []
    @Option(name: .long, help: "How many of the latest files of the feed, where none is named.") var last = 100

    func validate() throws {
        guard last >= 1 else { throw ValidationError("--last is 1 or more") }
    }

    func run() async throws {
        let bundle = try FeedFiles.bundleOnDisk(root: site.root)
        guard let plan = bundle.library.plan(feed) else {
            let known = bundle.library.feeds.map(\.feed)
            throw ValidationError("there is no feed \(feed); \(NearestName.of(feed, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))")")
        }
        let context = EvaluationContext(now: SystemClock.now(), zone: bundle.zone, zones: bundle.zones)
        let coverage = MappingCoverage()
        let references = try FeedFiles.references(root: site.root)
        var count = 0, errors = 0, rejected = 0
        for (path, name) in try paths() {
            var session = FeedSession(plan: plan, file: name, context: context, references: references, coverage: coverage, receiver: FindingsKept())
            do { try Loader.forEachBlock(of: path) { session.read($0) } } catch let failure as PipelineFailure {
                Console.note("error: \(failure)")
                errors += 1
                continue
            }
            let finished = session.finish()
            try references?.checkFailure()
            Console.report(finished.receiver.diagnostics.sorted)
            errors += finished.receiver.diagnostics.errors
            rejected += finished.outcome.reported
            count += 1
        }
        Console.answer(site.format, text: text(coverage, count), json: value(coverage, count))
        // What was rejected shows nothing of itself above.
        if rejected > 0 { Console.note("\(rejected) rows or parts of the files gave no record") }
        if errors > 0 { throw ExitCode(1) }
    }

    private func paths() throws -> [(path: String, name: String)] {
        guard files.isEmpty else { return files.map { (CommandFiles.absolute($0), $0) } }
        let kept = FeedFiles(site: try site.site())
        return try kept.latest(last, of: feed).map { (kept.path(of: $0), $0.name) }
    }

    private func text(_ coverage: MappingCoverage, _ count: Int) -> String {
        var lines = ["\(count) files, \(coverage.values) values, \(coverage.valuesRead) of them mapped"]
        section("present and not mapped", coverage.unmapped, &lines)
        section("not in a code list, lookup or the table of units", coverage.misses, &lines)
        if !coverage.unfilled.isEmpty { lines.append("rules that never gave a value:") }
        for gap in coverage.unfilled {
            lines.append("  \(gap.kind.rawValue).\(gap.field), \(gap.mapping) line \(gap.line), in \(gap.records) records")
        }
        let unruled = coverage.unruled.filter { !$0.fields.isEmpty }
        if !unruled.isEmpty { lines.append("fields of the catalogue that no rule gives:") }
        for (kind, fields) in unruled { lines.append("  \(kind.rawValue): \(fields.joined(separator: ", "))") }
        return lines.joined(separator: "\n")
    }

    private func section(_ title: String, _ findings: [CoverageFinding], _ lines: inout [String]) {
        guard !findings.isEmpty else { return }
        lines.append(title + ":")
        let width = min(48, findings.map(\.what.count).max() ?? 0)
        for finding in findings {
            let place = [finding.position.file, finding.position.bytes.map { "byte \($0.lowerBound)" }].compactMap { $0 }.joined(separator: ", ")
            let name = finding.what + String(repeating: " ", count: max(0, width - finding.what.count))
            lines.append("  \(name)  \(finding.count)x, such as `\(finding.example)` (\(place))")
        }
    }

    private func value(_ coverage: MappingCoverage, _ count: Int) -> Value {
        func list(_ findings: [CoverageFinding]) -> Value {
            .list(findings.map { finding in
                .context(ContextValue([
                    ("what", .string(finding.what)), ("count", .integer(finding.count)), ("example", .string(finding.example)),
                    ("file", finding.position.file.map { .string($0) } ?? .null), ("byte", finding.position.bytes.map { .integer($0.lowerBound) } ?? .null),
                ]))
            })
        }
        return .context(ContextValue([
            ("files", .integer(count)), ("values", .integer(coverage.values)), ("mapped", .integer(coverage.valuesRead)),
            ("unmapped", list(coverage.unmapped)), ("missed", list(coverage.misses)),
            ("neverFilled", .list(coverage.unfilled.map { gap in
                .context(ContextValue([
                    ("mapping", .string(gap.mapping)), ("record", .string(gap.kind.rawValue)), ("field", .string(gap.field)),
                    ("line", .integer(gap.line)), ("records", .integer(gap.records)),
                ]))
            })),
            ("noRule", .list(coverage.unruled.map { kind, fields in
                .context(ContextValue([("record", .string(kind.rawValue)), ("fields", .list(fields.map { .string($0) }))]))
            })),
        ]))
    }
}

/// Keeps what was found wrong, and no record.
private struct FindingsKept: RecordReceiver {
    var diagnostics = DiagnosticList()

    mutating func accept(_ record: Record) {}
    mutating func report(_ rejected: RejectedRecord) { diagnostics.add(contentsOf: rejected.diagnostics) }
    mutating func found(_ diagnostic: Diagnostic) { if diagnostic.severity != .note { diagnostics.add(diagnostic) } }
    mutating func withdraw(from ordinal: Int) {}
}
