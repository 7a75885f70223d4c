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

    package enum ScalarStyle: Sendable {
        case plain, quoted
        /// `|` or `>`: the line and column of the file at which the first line of the content begins.
        case block(firstLine: Int, indentation: Int)
    }

    package let kind: Kind
    /// File, 1-based line and column of the node's first character.
    package let position: SourcePosition
    /// The lines of the file, for excerpts; shared by all nodes of a file.
    let source: ConfigurationSource

    package init(kind: Kind, position: SourcePosition, source: ConfigurationSource) {
        self.kind = kind
        self.position = position
        self.source = source
    }

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

    /// `text`, `list` or `mapping`: what the node is, for people.
    package var kindName: String {
        switch kind {
        case .scalar: "text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }

    /// The place in the file of the first character of this scalar's text: for a block scalar its first content line.
    package var contentPosition: SourcePosition { position(inText: 0, column: 0) }

    /// The place in the file of a line (0-based) and column (0-based) of this scalar's text.
    package func position(inText line: Int, column: Int) -> SourcePosition {
        var place = position
        switch kind {
        case .scalar(_, .block(let firstLine, let indentation)):
            place.line = firstLine + line
            place.column = indentation + column + 1
        case .scalar(_, .quoted):
            place.line = (position.line ?? 1) + line
            place.column = (line == 0 ? (position.column ?? 1) + 1 : 1) + column
        default:
            place.line = (position.line ?? 1) + line
            place.column = (line == 0 ? position.column ?? 1 : 1) + column
        }
        return place
    }

    /// A finding at this node, with the line of the file.
    package func diagnostic(
        _ code: DiagnosticCode, _ fact: String, severity: Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        Diagnostic(
            code, severity, fact, at: position,
            excerpt: source.excerpt(position, length: scalar.map { $0.prefix { $0 != "\n" }.count } ?? 1), hint: hint)
    }
}

/// One key of a mapping with its value.
package struct ConfigurationEntry: Sendable {
    package let name: String
    package let key: ConfigurationNode
    package let value: ConfigurationNode
}

/// The text that nodes came from.
package struct ConfigurationSource: Sendable {
    package let file: String
    package let lines: [String]

    package init(file: String, text: String) {
        self.file = file
        lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { $0.hasSuffix("\r") ? String($0.dropLast()) : String($0) }
    }

    /// The line of a position, with the part from its column marked.
    package func excerpt(_ position: SourcePosition, length: Int) -> Excerpt? {
        guard let line = position.line, line >= 1, line <= lines.count else { return nil }
        let text = String(lines[line - 1].prefix(200))
        let start = min(max((position.column ?? 1) - 1, 0), text.count)
        return Excerpt(text: text, start: start, length: max(1, min(length, text.count - start)))
    }
}
