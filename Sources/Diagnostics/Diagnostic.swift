/// One stable, documented name for a kind of finding, such as `X12-SE01`. Each has an entry in docs/diagnostics.md.
package struct DiagnosticCode: Hashable, Sendable, Codable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let name: String

    package init(_ name: String) { self.name = name }
    package init(stringLiteral name: String) { self.name = name }
    package init(from decoder: any Decoder) throws { name = try decoder.singleValueContainer().decode(String.self) }
    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(name)
    }
    package var description: String { name }
}

/// One finding about input or configuration. Bad data is always one of these, never a thrown error
/// (ARCHITECTURE.md, invariant 3).
package struct Diagnostic: Hashable, Sendable, Codable {
    package var code: DiagnosticCode
    package var severity: Severity
    /// What was expected and what was found, as one short sentence without a full stop. Never a sensitive value.
    package var fact: String
    package var position: SourcePosition
    package var excerpt: Excerpt?
    /// What to do about it.
    package var hint: String?

    package init(
        _ code: DiagnosticCode, _ severity: Severity, _ fact: String, at position: SourcePosition = SourcePosition(),
        excerpt: Excerpt? = nil, hint: String? = nil
    ) {
        self.code = code
        self.severity = severity
        self.fact = fact
        self.position = position
        self.excerpt = excerpt
        self.hint = hint
    }
}

/// The line of input that a diagnostic points into, and which part of it.
package struct Excerpt: Hashable, Sendable, Codable {
    package var text: String
    /// 0-based column of the first character that the caret line marks, in characters of `text`.
    package var start: Int
    package var length: Int

    package init(text: String, start: Int, length: Int) {
        self.text = text
        self.start = start
        self.length = length
    }
}
