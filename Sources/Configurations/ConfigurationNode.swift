package import Diagnostics

/// One node of a configuration file: a scalar as it was written, a sequence or a mapping, with its place.
///
/// A scalar is text until a shape says otherwise, so that `NO`, `1.10` and `08:30` stay what was written.
package struct ConfigurationNode: Sendable {
    package enum Kind: Sendable {
        case scalar(String, ScalarStyle)
        case sequence([ConfigurationNode])
        case mapping([ConfigurationEntry])
    }

    package enum ScalarStyle: Sendable, Hashable {
        case plain, quoted
        /// `|` or `>`: the 1-based line of the file with the first line of the content (blank lines count), and how many
        /// spaces the lines of the content have lost.
        case block(firstLine: Int, indentation: Int)
    }

    package let kind: Kind
    /// The bytes of the file that the node was read from: of a scalar with its quotes or its `|`, of a collection from
    /// its first item or bracket.
    let bytes: Range<Int>
    /// Dotted path from the root, such as `records[1].fields.quantity`; items count from 1. Empty for the root.
    package let path: String
    /// The text of the file.
    let source: ConfigurationSource

    init(kind: Kind, bytes: Range<Int>, path: String, source: ConfigurationSource) {
        self.kind = kind
        self.bytes = bytes
        self.path = path
        self.source = source
    }

    /// File, 1-based line and 1-based byte column of the node's first character, and its path. For a value that was left
    /// empty, just behind the colon.
    package var position: SourcePosition { source.position(at: bytes.lowerBound, path: path) }

    /// The value of a key of a mapping.
    package subscript(key: String) -> ConfigurationNode? { entries.first { $0.name == key }?.value }

    /// The entries of a mapping, in the order of the file; empty for other nodes.
    package var entries: [ConfigurationEntry] {
        if case .mapping(let entries) = kind { entries } else { [] }
    }

    /// The items of a sequence; empty for other nodes.
    package var items: [ConfigurationNode] {
        if case .sequence(let items) = kind { items } else { [] }
    }

    /// The text of a scalar, nil for other nodes.
    package var scalar: String? {
        if case .scalar(let text, _) = kind { text } else { nil }
    }

    /// Whether nothing was written: `key:` alone. `""` is text that was written.
    package var isEmpty: Bool {
        if case .scalar("", .plain) = kind { true } else { false }
    }

    /// What the node is, for people: `text`, `a list`, `a mapping` or `nothing`.
    package var kindName: String {
        switch kind {
        case .scalar: isEmpty ? "nothing" : "text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// A finding at this node, with the line of the file.
    package func diagnostic(
        _ code: DiagnosticCode, _ fact: String, severity: Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        let position = position
        return Diagnostic(
            code, severity, fact, at: position, excerpt: source.excerpt(position, length: markedLength), hint: hint)
    }

    /// How many bytes a caret line marks: a scalar of one line, of a mapping its first key, of other things one.
    private var markedLength: Int {
        switch kind {
        case .scalar: bytes.count
        case .mapping(let entries): entries.first.map { $0.key.bytes.lowerBound == bytes.lowerBound ? $0.key.bytes.count : 1 } ?? 1
        case .sequence: 1
        }
    }
}

/// One key of a mapping with its value.
package struct ConfigurationEntry: Sendable {
    package let name: String
    package let key: ConfigurationNode
    package let value: ConfigurationNode
}
