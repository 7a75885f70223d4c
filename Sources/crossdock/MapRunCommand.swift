import ArgumentParser
import Diagnostics
import FEEL
import Formats
import Mapping
import Pipeline
import Records
import Values

struct MapRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Map a file through a feed as it lies on disk, and print its records as JSON lines.",
        discussion: "Nothing is stored. Findings and rejected records go to standard error; the last line there counts them.")

    @OptionGroup var site: SiteOptions
    @Argument(help: "The file.") var file: String
    @Option(name: .long, help: "The feed whose mappings are used.") var feed: String
    @Flag(name: .long, help: "Print counts only.") var summary = false

    func run() async throws {
        let (compiled, findings) = try StateFiles.onDisk(root: site.root).compile()
        guard let bundle = compiled else {
            Console.report(findings)
            throw ExitCode(1)
        }
        guard let plan = bundle.library.plan(feed) else {
            throw ValidationError("there is no feed \(feed); there are \(bundle.library.feeds.map(\.feed).joined(separator: ", "))")
        }
        let references = try FeedFiles.references(root: site.root)
        var session = FeedSession(
            plan: plan, file: file, context: EvaluationContext(now: SystemClock.now(), zone: bundle.zone, zones: bundle.zones),
            references: references, receiver: PrintingReceiver(isQuiet: summary))
        try Loader.forEachBlock(of: file) { session.read($0) }
        let (_, outcome, receiver) = session.finish()
        try references?.checkFailure()
        Console.report(receiver.diagnostics.sorted)
        let kinds = outcome.records.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, Value.integer($0.value)) }
        Console.note("\(outcome.read) read, \(outcome.accepted) accepted, \(outcome.reported) reported; \(kinds.map { "\($0.0) \($0.1.text)" }.joined(separator: ", "))")
        if summary {
            print(JSONText.write(.context(ContextValue([
                ("read", .integer(outcome.read)), ("accepted", .integer(outcome.accepted)), ("reported", .integer(outcome.reported)),
                ("records", .context(ContextValue(kinds))),
            ]))))
        }
        if receiver.diagnostics.errors > 0 || outcome.reported > 0 { throw ExitCode(1) }
    }
}

private struct PrintingReceiver: RecordReceiver {
    let isQuiet: Bool
    var diagnostics = DiagnosticList()

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func report(_ rejected: RejectedRecord) { diagnostics.add(contentsOf: rejected.diagnostics) }
    mutating func found(_ diagnostic: Diagnostic) { diagnostics.add(diagnostic) }
    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { diagnostics.counted(code, severity) }

    /// They are printed already.
    mutating func withdraw(from ordinal: Int) {
        if !isQuiet { print(JSONText.write(.context(ContextValue([("withdrawnFrom", .integer(ordinal))])))) }
    }

    mutating func accept(_ record: Record) {
        guard !isQuiet else { return }
        print(JSONText.write(.context(ContextValue([
            ("record", .string(record.kind.rawValue)), ("ordinal", .integer(record.ordinal)), ("fields", .context(record.fieldValues)),
        ]))))
    }
}
