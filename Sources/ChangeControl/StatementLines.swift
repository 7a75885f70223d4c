import Diagnostics

/// The plain form of everything that is digested or signed as text: a title line, then `key value` lines in a fixed order,
/// each ended by one LF. One meaning has one text, so that comparing texts compares meanings.
enum StatementLines {
    /// The most bytes that a statement may have.
    static let sizeLimit = 64 * 1024

    /// Whether a value can stand on one line: not empty, no control or line-breaking or invisible characters, no space at either end.
    static func isLine(_ value: String) -> Bool {
        guard let first = value.utf8.first, let last = value.utf8.last, first != 32, last != 32 else { return false }
        return value.unicodeScalars.allSatisfy { scalar in
            switch scalar.properties.generalCategory {
            // Format characters can turn the reading order around: what a person signs must be what they saw.
            case .control, .format, .lineSeparator, .paragraphSeparator: false
            default: true
            }
        }
    }

    /// Precondition: every value is a line.
    static func write(_ title: String, _ lines: [(key: String, value: String)]) -> String {
        lines.reduce(into: title + "\n") { text, line in
            precondition(isLine(line.value), "a statement's value is one line")
            text += "\(line.key) \(line.value)\n"
        }
    }

    /// The values in the order of `keys`; nil with one error that says which line is wrong.
    static func read(
        _ text: String, title: String, keys: [String], code: DiagnosticCode
    ) -> (lines: [String]?, diagnostics: [Diagnostic]) {
        func refusal(_ line: Int, _ fact: String) -> (lines: [String]?, diagnostics: [Diagnostic]) {
            (nil, [Diagnostic(code, .error, fact, at: SourcePosition(line: line, column: 1),
                              hint: "use the text exactly as crossdock printed it, with LF line ends")])
        }
        guard text.utf8.count <= sizeLimit else { return refusal(1, "the text has more than \(sizeLimit) bytes") }
        var lines = text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(Substring($0)) }
        guard lines.removeLast().isEmpty else { return refusal(lines.count + 1, "the last line has no line end") }
        guard let first = lines.first, first.utf8.elementsEqual(title.utf8) else {
            return refusal(1, "the first line is '\(title)'")
        }
        lines.removeFirst()
        guard lines.count == keys.count else {
            return refusal(lines.count + 1, "\(keys.count) lines follow the first; \(lines.count) were found")
        }
        var values: [String] = []
        for (index, key) in keys.enumerated() {
            let prefix = Array("\(key) ".utf8)
            guard lines[index].utf8.starts(with: prefix) else { return refusal(index + 2, "this line begins with '\(key) '") }
            let value = String(Substring(lines[index].utf8.dropFirst(prefix.count)))
            guard isLine(value) else { return refusal(index + 2, "the value of '\(key)' is one line of printable text") }
            values.append(value)
        }
        return (values, [])
    }
}
