import ArgumentParser
import Diagnostics
import EDI
import FlatFiles
import Formats
import Markup
import Pipeline
import Values

struct ReadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read a file and print its nodes as JSON lines, findings to standard error.",
        discussion: "The format is told from the first bytes: X12 (also where its ISA is missing), XML, else CSV. X12 loops are formed with the structures of the site, where there is one.")

    @OptionGroup var site: SiteOptions
    @Argument(help: "The file.") var file: String
    @Flag(name: .long, help: "Print one object with counts instead of the nodes.") var summary = false

    func run() async throws {
        var sink = PrintingSink(isQuiet: summary)
        let started = SystemClock.monotonicMilliseconds()
        var head: [UInt8] = []
        try Loader.forEachBlock(of: file) { if head.isEmpty { head = Array($0.prefix(4096)) } }
        let total: SourceSummary
        if X12Reader.recognises(head: head) {
            var reader = X12Reader(file: file, structures: structures())
            total = try read(&reader, into: &sink)
        } else if head.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "<") {
            var options = XMLOptions()
            options.file = file
            var reader = XMLReader(options: options)
            total = try read(&reader, into: &sink)
        } else if Self.looksLikeX12(head) || file.hasSuffix(".edi") || file.hasSuffix(".x12") {
            var reader = X12Reader(file: file, structures: structures())
            total = try read(&reader, into: &sink)
        } else {
            var options = CSVOptions()
            options.file = file
            var reader = CSVReader(options: options)
            total = try read(&reader, into: &sink)
        }
        let isBad = Console.report(sink.diagnostics.sorted)
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
        if isBad { throw ExitCode(1) }
    }

    /// An interchange that lost its ISA, or has a damaged one: it begins with an envelope or set segment and its separator.
    private static func looksLikeX12(_ head: [UInt8]) -> Bool {
        let start = head.drop { $0 <= 0x20 || $0 >= 0x80 }
        return ["ISA", "GS", "ST", "TA1", "BHT", "BEG", "HL"].contains { tag in
            guard start.starts(with: tag.utf8), let next = start.dropFirst(tag.utf8.count).first else { return false }
            return next == UInt8(ascii: "*") || next == UInt8(ascii: "|") || next == UInt8(ascii: "^")
        }
    }

    private func read<Reader: SourceReader>(_ reader: inout Reader, into sink: inout PrintingSink) throws -> SourceSummary {
        try Loader.forEachBlock(of: file) { reader.read($0, into: &sink) }
        return reader.finish(into: &sink)
    }

    /// The structures that lie in the site's folder; none where this is no site.
    private func structures() -> TransactionStructures {
        guard let contents = try? FolderContents(root: site.root, folder: "Mappings/structures") else { return TransactionStructures() }
        return StructureFiles.compile(contents.files).structures ?? TransactionStructures()
    }
}

/// Prints each record and element as it closes, and forgets it.
private struct PrintingSink: SourceSink {
    let isQuiet: Bool
    var diagnostics = DiagnosticList()

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func found(_ diagnostic: Diagnostic) { diagnostics.add(diagnostic) }
    mutating func read(_ interchange: InterchangeHeader) {}
    mutating func ended(_ transactionSet: TransactionSetSummary) {}

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
