package import Diagnostics

/// Where the first character of an expression stands in its file.
package struct TextOrigin: Sendable, Hashable {
    package var file: String?
    /// 1-based line and byte column of the first character.
    package var line: Int
    package var column: Int
    /// How many bytes of indentation the lines after the first have lost, as in a literal block of YAML.
    package var indentation: Int
    package var place: Place?

    package init(file: String? = nil, line: Int = 1, column: Int = 1, indentation: Int = 0, place: Place? = nil) {
        self.file = file
        self.line = line
        self.column = column
        self.indentation = indentation
        self.place = place
    }
}

/// The bytes of one expression and their origin: turns a byte range into a position for people. A class, so that frames and
/// functions hold it by one word.
final class ExpressionSource: Sendable {
    let text: String
    let bytes: [UInt8]
    let origin: TextOrigin

    init(_ text: String, _ origin: TextOrigin) {
        self.text = text
        bytes = Array(text.utf8)
        self.origin = origin
    }

    func text(in range: Range<Int>) -> String {
        String(decoding: bytes[range.clamped(to: 0..<bytes.count)], as: UTF8.self)
    }

    func diagnostic(
        _ code: DiagnosticCode, _ severity: Severity, _ fact: String, _ range: Range<Int>, hint: String? = nil
    ) -> Diagnostic {
        let start = min(range.lowerBound, bytes.count)
        var line = 0
        var lineStart = 0
        for index in 0..<start where bytes[index] == UInt8(ascii: "\n") {
            line += 1
            lineStart = index + 1
        }
        let column = start - lineStart + (line == 0 ? origin.column : origin.indentation + 1)
        let position = SourcePosition(file: origin.file, line: origin.line + line, column: column, place: origin.place)
        return Diagnostic(
            code, severity, fact, at: position, excerpt: excerpt(range, lineStart: lineStart), hint: hint)
    }

    private static let excerptBytesMax = 200

    /// The line that holds the range; a long line is cut around it.
    private func excerpt(_ range: Range<Int>, lineStart: Int) -> Excerpt {
        let start = min(range.lowerBound, bytes.count)
        var lineEnd = start
        while lineEnd < bytes.count, bytes[lineEnd] != UInt8(ascii: "\n"), lineEnd - start < Self.excerptBytesMax {
            lineEnd += 1
        }
        var from = max(lineStart, start - Self.excerptBytesMax)
        while from > lineStart, from < start, bytes[from] & 0xC0 == 0x80 { from += 1 }
        let marked = text(in: start..<max(start, min(range.upperBound, lineEnd)))
        return Excerpt(
            text: text(in: from..<lineEnd), start: text(in: from..<start).count, length: max(1, marked.count))
    }
}
