import ArgumentParser
import Diagnostics
import EDI
import FlatFiles
import Formats
import Markup
import Pipeline
import Values

struct ReadCommand: AsyncParsableCommand {
    /// What `--format` takes: how the file is read, or, as with every command, how the answer is printed. The answer of this
    /// one is JSON in any case.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case x12, edifact, tradacoms, csv, xml, text, json
    }

    static let configuration = CommandConfiguration(
        commandName: "read", abstract: "Read a file and print its nodes as JSON lines, findings to standard error.",
        discussion: "The format is told from the first bytes: X12 (also where its ISA is missing), EDIFACT, TRADACOMS, XML, else CSV. Loops are formed with the structures of the site, where there is one.")

    @Option(name: .long, help: "Folder that holds crossdock.yaml.") var root = "."
    @Option(name: .long, help: "x12, edifact, tradacoms, csv or xml, where the file's first bytes do not tell.") var format: [Format] = []
    @Argument(help: "The file.") var file: String
    @Flag(name: .long, help: "Print one object with counts instead of the nodes.") var summary = false

    func run() async throws {
        var sink = PrintingSink(isQuiet: summary)
        let started = SystemClock.monotonicMilliseconds()
        let total = try read(as: readFormat(try Loader.head(of: file)), into: &sink)
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

    /// What was asked for, or what the first bytes look like.
    private func readFormat(_ head: [UInt8]) -> Format {
        if let asked = format.last(where: { $0 != .text && $0 != .json }) { return asked }
        switch EDIReader.recognised(head: head) {
        case .x12: return .x12
        case .edifact: return .edifact
        case .tradacoms: return .tradacoms
        case nil: break
        }
        if head.first(where: { $0 > 0x20 && $0 < 0x80 }) == UInt8(ascii: "<") { return .xml }
        if Self.looksLikeX12(head) { return .x12 }
        if Self.looksLikeEDIFACT(head) { return .edifact }
        let name = file.lowercased()
        return name.hasSuffix(".edi") || name.hasSuffix(".x12") ? .x12 : .csv
    }

    private func read(as format: Format, into sink: inout PrintingSink) throws -> SourceSummary {
        switch format {
        case .x12: return try read(.x12, into: &sink)
        case .edifact: return try read(.edifact, into: &sink)
        case .tradacoms: return try read(.tradacoms, into: &sink)
        case .xml:
            var options = XMLOptions()
            options.file = file
            var reader = XMLReader(options: options)
            return try read(&reader, into: &sink)
        case .csv, .text, .json:
            var options = CSVOptions()
            options.file = file
            var reader = CSVReader(options: options)
            return try read(&reader, into: &sink)
        }
    }

    private func read(_ standard: EDIStandard, into sink: inout PrintingSink) throws -> SourceSummary {
        var reader = EDIReader(standard, file: file, structures: StructureFiles.inSite(root))
        return try read(&reader, into: &sink)
    }

    /// An interchange that lost its UNB: it begins with a service segment.
    private static func looksLikeEDIFACT(_ head: [UInt8]) -> Bool {
        let start = head.drop { $0 <= 0x20 || $0 >= 0x80 }
        return ["UNH+", "UNG+", "UNA"].contains { start.starts(with: $0.utf8) }
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
}

/// Prints each record and element as it closes, and forgets it.
private struct PrintingSink: SourceSink {
    let isQuiet: Bool
    var diagnostics = DiagnosticList()

    init(isQuiet: Bool) { self.isQuiet = isQuiet }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}
    mutating func found(_ diagnostic: Diagnostic) { diagnostics.add(diagnostic) }

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
