import Formats

/// How an analyst names a value of a source node, in the form of a selector: `DTM[DTM01=002]/DTM02`, `IDOC/E1EDK03[IDDAT=012]/DATUM`, a column.
struct SourceAddress {
    private let node: Int32
    private let kind: SourceNodeKind
    private let path: String
    /// EDI: whether the first element says what the others mean.
    private let isQualified: Bool
    private let count: Int

    init(of node: Int32, in arena: borrowing SourceArena) {
        let found = arena.nodes[Int(node)], tag = arena.name(of: node)
        self.node = node
        kind = found.kind
        count = found.fields.count
        isQualified = found.kind == .record && Self.qualified.contains(tag) && found.fields.count > 1
        if found.kind == .element {
            path = Self.elementPath(node, arena)
        } else if isQualified, let first = found.fields.first {
            let field = arena.fields[Int(first)]
            path = "\(tag)[\(tag)01\(field.component > 0 ? "-\(field.component)" : "")=\(arena.string(field))]/\(tag)"
        } else {
            path = tag
        }
    }

    /// Whether a field is no value of its own, but says what the others mean.
    func isQualifier(_ field: SourceField) -> Bool { isQualified && field.element == 1 && field.component <= 1 }

    func text(of field: SourceField, in arena: borrowing SourceArena) -> String {
        let name = field.name >= 0 ? arena.names[Int(field.name)] : nil
        if kind == .element { return path + (name.map { "/@\($0)" } ?? "") }
        if let name { return name }
        let number = field.element < 10 ? "0\(field.element)" : "\(field.element)"
        return "\(path)\(number)" + (field.component > 0 ? "-\(field.component)" : "")
    }

    /// From below the root down, with the qualifier of an IDoc's segment.
    private static func elementPath(_ node: Int32, _ arena: borrowing SourceArena) -> String {
        var steps: [String] = []
        var level = node
        while level >= 0, arena.nodes[Int(level)].parent >= 0 {
            steps.append(arena.name(of: level) + (level == node ? "" : qualifier(of: level, arena).map { "[\($0)]" } ?? ""))
            level = arena.nodes[Int(level)].parent
        }
        return steps.isEmpty ? arena.name(of: node) : steps.reversed().joined(separator: "/")
    }

    private static func qualifier(of node: Int32, _ arena: borrowing SourceArena) -> String? {
        let child = Int(node) + 1
        guard child < arena.nodes.count, arena.nodes[child].parent == node, idocQualifiers.contains(arena.name(of: Int32(child))),
            let field = arena.nodes[child].fields.first
        else { return nil }
        return "\(arena.name(of: Int32(child)))=\(arena.string(arena.fields[Int(field)]))"
    }

    /// EDI segments whose first element is a qualifier, of X12 and of EDIFACT.
    private static let qualified: Set<String> = [
        "REF", "N1", "N9", "DTM", "PER", "AMT", "QTY", "MEA", "CUR", "G62", "TAX", "MAN", "NTE", "SLN", "G61", "G69",
        "NAD", "RFF", "PRI", "MOA", "LOC", "FTX", "CTA", "TDT", "PIA", "IMD", "CUX", "GIN", "PCI", "STS", "HAN", "ALC", "PCD", "RNG", "MKS",
    ]

    /// First fields of IDoc segments that say what the others mean.
    private static let idocQualifiers: Set<String> = ["QUALF", "PARVW", "IDDAT", "QUALZ", "PARTNER_Q", "QUALI", "TDID", "ACTION"]
}
