import Diagnostics
import EDI
import Formats

/// Writes down all that a reader says, in order, so that two readings can be compared.
struct RecordingSink: SourceSink {
    var lines: [String] = []
    var diagnostics: [Diagnostic] = []
    var interchanges: [InterchangeHeader] = []
    var transactionSets: [TransactionSetSummary] = []
    var groups: [FunctionalGroupSummary] = []
    var endedInterchanges: [InterchangeSummary] = []
    /// What began and ended, and findings and EDI segments by code and tag, in the order in which they came.
    var events: [String] = []
    /// Loops and EDI segments that are set aside, with the codes that they are for; what is inside them left out.
    var aside: [String] = []
    /// Bytes of the source by node path, for provenance checks.
    var records: [(name: String, bytes: Range<Int>)] = []
    /// Discards each closed transaction set, as a mapping does.
    var discards = false

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {
        lines.append("\(indent(node, arena))\(arena.name(of: node)) {")
    }

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        let name = arena.name(of: node)
        let found = arena.nodes[Int(node)]
        if found.setAside >= 0, found.parent < 0 || arena.nodes[Int(found.parent)].setAside < 0 {
            aside.append("\(name) \(arena.names[Int(found.setAside)])")
            lines.append("aside \(name)")
        }
        switch arena.nodes[Int(node)].kind {
        case .group:
            lines.append("\(indent(node, arena))} \(name) \(arena.nodes[Int(node)].bytes)")
            if discards, arena.openNodes.count <= 2 { arena.discard(from: node) }
        default:
            events.append(name)
            records.append((name, arena.nodes[Int(node)].bytes))
            lines.append("\(indent(node, arena))\(describe(node, arena))")
        }
    }

    mutating func found(_ diagnostic: Diagnostic) {
        diagnostics.append(diagnostic)
        if !diagnostic.code.name.hasSuffix("-NOSTRUCTURE") { events.append(diagnostic.code.name) }
        lines.append(diagnostic.text)
    }

    mutating func read(_ interchange: InterchangeHeader) {
        interchanges.append(interchange)
        events.append("+interchange")
    }

    mutating func began(_ group: FunctionalGroupHeader) { events.append("+group") }
    mutating func began(_ transactionSet: TransactionSetHeader) { events.append("+set") }

    mutating func ended(_ transactionSet: TransactionSetSummary) {
        transactionSets.append(transactionSet)
        lines.append("= \(transactionSet)")
        events.append("-set")
    }

    mutating func ended(_ group: FunctionalGroupSummary) {
        groups.append(group)
        lines.append("= \(group)")
        events.append("-group")
    }

    mutating func ended(_ interchange: InterchangeSummary) {
        endedInterchanges.append(interchange)
        lines.append("= \(interchange)")
        events.append("-interchange")
    }

    private func indent(_ node: Int32, _ arena: SourceArena) -> String {
        var depth = 0, at = arena.nodes[Int(node)].parent
        while at >= 0 {
            depth += 1
            at = arena.nodes[Int(at)].parent
        }
        return String(repeating: " ", count: depth)
    }

    private func describe(_ node: Int32, _ arena: SourceArena) -> String {
        let record = arena.nodes[Int(node)]
        let fields = record.fields.map { index in
            let field = arena.fields[Int(index)]
            var name = "\(field.element)"
            if field.component > 0 { name += ".\(field.component)" }
            if field.repetition > 1 { name += "^\(field.repetition)" }
            return "\(name)=\(arena.string(field))@\(field.bytes.lowerBound)"
        }
        return "\(record.ordinal) \(arena.name(of: node)) \(fields.joined(separator: " ")) \(record.bytes)"
    }
}

/// Reads bytes in chunks of a size (0: all at once).
func read(
    _ bytes: [UInt8], as standard: EDIStandard = .x12, chunk: Int = 0, limits: ReadLimits = ReadLimits(),
    policy: DefectPolicy = .standard, structures: TransactionStructures = TransactionStructures()
) -> (sink: RecordingSink, summary: SourceSummary) {
    var reader = EDIReader(standard, file: "a.edi", limits: limits, policy: policy, structures: structures)
    var sink = RecordingSink()
    bytes.withUnsafeBufferPointer { all in
        let step = chunk == 0 ? max(1, all.count) : chunk
        for start in stride(from: 0, to: all.count, by: step) {
            reader.read(UnsafeBufferPointer(rebasing: all[start..<min(all.count, start + step)]), into: &sink)
        }
    }
    let summary = reader.finish(into: &sink)
    return (sink, summary)
}

func read(
    _ text: String, as standard: EDIStandard = .x12, chunk: Int = 0, limits: ReadLimits = ReadLimits(),
    policy: DefectPolicy = .standard, structures: TransactionStructures = TransactionStructures()
) -> (sink: RecordingSink, summary: SourceSummary) {
    read(Array(text.utf8), as: standard, chunk: chunk, limits: limits, policy: policy, structures: structures)
}

extension RecordingSink {
    /// Codes of the findings, notes about a missing structure left out.
    var codes: [String] { diagnostics.map(\.code.name).filter { !$0.hasSuffix("-NOSTRUCTURE") } }
    func diagnostic(_ code: DiagnosticCode) -> Diagnostic? { diagnostics.first { $0.code == code } }
}

/// Interchanges built for a test: own content, right counts unless told otherwise.
enum Fixture {
    static let isa = "ISA*00*          *00*          *ZZ*ACME           *ZZ*DEPOT          *261121*0938*U*00401*000000905*0*P*>~"

    static func interchange(_ body: String, groups: Int = 1, control: String = "000000905", newline: String = "\n") -> String {
        isa + newline + body + "IEA*\(groups)*\(control)~" + newline
    }

    static func group(_ sets: [String], identifier: String = "PO", version: String = "004010", number: String = "1") -> String {
        "GS*\(identifier)*ACME*DEPOT*20261121*0938*\(number)*X*\(version)~\n" + sets.joined()
            + "GE*\(sets.count)*\(number)~\n"
    }

    static func set(_ segments: [String], identifier: String = "850", control: String = "0001") -> String {
        (["ST*\(identifier)*\(control)"] + segments + ["SE*\(segments.count + 2)*\(control)"]).map { $0 + "~\n" }.joined()
    }

    static let order = ["BEG*00*SA*4711**20261121", "N1*BY*Beta GmbH*92*B1", "PO1*1*10*EA*9.95**VN*A-1", "CTT*1"]

    static var clean: String { interchange(group([set(order)])) }
}
