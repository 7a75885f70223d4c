package import Diagnostics
package import Formats

/// Takes the rows of a small CSV file as texts with their bytes, for files that are read whole.
package struct CSVRows: SourceSink {
    package struct Cell: Sendable {
        package let text: String
        package let bytes: Range<Int>

        package init(text: String, bytes: Range<Int>) {
            self.text = text
            self.bytes = bytes
        }
    }

    package private(set) var rows: [[Cell]] = []
    /// Findings but notes.
    package private(set) var diagnostics: [Diagnostic] = []

    package init() {}

    package mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    package mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        guard arena.nodes[Int(node)].kind == .record else { return }
        rows.append(arena.nodes[Int(node)].fields.map { place in
            let field = arena.fields[Int(place)]
            return Cell(text: arena.string(field), bytes: field.bytes)
        })
        arena.discard(from: node)
    }

    package mutating func found(_ diagnostic: Diagnostic) { if diagnostic.severity != .note { diagnostics.append(diagnostic) } }
}
