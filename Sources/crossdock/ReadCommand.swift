import Archives
import ArgumentParser
import Diagnostics
import EDI
import FlatFiles
import Formats
import Pipeline
import Values

struct ReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read a file and print its nodes as JSON lines, findings to standard error.",
        discussion: """
            The format is told from the first bytes: X12 (also where its ISA is missing), EDIFACT, TRADACOMS, XML, IDoc, JSON, a layout of fixed \
            length, else CSV. gzip and zip are unpacked, and each entry of an archive is read as a file. Loops are formed with the structures of the \
            site, where there is one.
            """)

    @Option(name: .long, help: "Folder that holds crossdock.yaml.") var root = "."
    @Option(name: .long, help: "x12, edifact, tradacoms, csv, xml, idoc, jsonl or flat, where the file's first bytes do not tell.") var format: [ReadFormat] = []
    @Option(name: .long, help: "The layout of a flat file, such as flat/vda-4913.") var layout: String?
    @Argument(help: "The file.") var file: String
    @Flag(name: .long, help: "Print one object with counts instead of the nodes.") var summary = false

    func run() async throws {
        let started = SystemClock.monotonicMilliseconds()
        let structures = StructureFiles.inSite(root)
        if let layout, !structures.layouts.contains(where: { $0.name == layout }) {
            throw ValidationError("there is no layout \(layout); there are \(structures.layouts.map(\.name).joined(separator: ", "))")
        }
        var reading = FileReading(
            file: file, asked: format.last { $0 != .text && $0 != .json } ?? (layout == nil ? nil : .flat), layout: layout, structures: structures,
            sink: PrintingSink(isQuiet: summary))
        try reading.read()
        let sink = reading.sink, total = reading.total
        Console.report(sink.diagnostics.sorted)
        if sink.diagnostics.suppressed > 0 { Console.note("and \(sink.diagnostics.suppressed) more findings") }
        if summary {
            print(JSONText.write(.context(ContextValue([
                ("format", .string(total.format)), ("interchanges", .integer(total.interchanges)), ("groups", .integer(total.groups)),
                ("transactionSets", .integer(total.transactionSets)), ("segments", .integer(total.segments)),
                ("records", .integer(total.records)), ("bytes", .integer(total.bytes)), ("errors", .integer(sink.diagnostics.errors)),
                ("warnings", .integer(sink.diagnostics.warnings)),
                ("seconds", .number(ExactDecimal(coefficient: Int64(SystemClock.monotonicMilliseconds() - started), scale: 3))),
            ]))))
        }
        if sink.diagnostics.errors > 0 { throw ExitCode(1) }
    }
}

/// Prints each record and element as it closes, and forgets it.
struct PrintingSink: SourceSink {
    let isQuiet: Bool
    var diagnostics = DiagnosticList()

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func found(_ diagnostic: Diagnostic) { diagnostics.add(diagnostic) }
    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { diagnostics.counted(code, severity) }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        if !isQuiet, arena.nodes[Int(node)].kind != .group { print(JSONText.write(value(node, arena))) }
        arena.discard(from: node)
    }

    private func value(_ node: Int32, _ arena: borrowing SourceArena) -> Value {
        let found = arena.nodes[Int(node)]
        var path: [String] = []
        var parent = found.parent
        while parent >= 0 {
            path.insert(arena.name(of: parent), at: 0)
            parent = arena.nodes[Int(parent)].parent
        }
        let fields = found.fields.map { index -> (String, Value) in
            let field = arena.fields[Int(index)]
            var name = field.name >= 0 ? arena.names[Int(field.name)] : field.element == 0 ? "text" : "\(field.element)"
            if field.component > 0 { name += "-\(field.component)" }
            if field.repetition > 1 { name += "[\(field.repetition)]" }
            return (name, .string(arena.string(field)))
        }
        return .context(ContextValue([
            ("name", .string(arena.name(of: node))), ("in", .string(path.joined(separator: "/"))),
            ("ordinal", .integer(found.ordinal)),
            ("bytes", .list([.integer(found.bytes.lowerBound), .integer(found.bytes.upperBound)])),
            ("fields", .context(ContextValue(fields))),
        ]))
    }
}
