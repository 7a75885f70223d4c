package import Diagnostics
package import FEEL

/// A text of a model, such as an expression or a cell, and where it stands in its file.
package struct ModelText: Hashable, Sendable {
    package var string: String
    /// Of the first character.
    package var origin: TextOrigin
    /// Offsets in the text of what the file spells with more bytes, such as `&lt;`; once for each byte more, ascending.
    package var surplus: [Int]

    package init(_ string: String, at origin: TextOrigin = TextOrigin(), surplus: [Int] = []) {
        self.string = string
        self.origin = origin
        self.surplus = surplus
    }

    package var position: SourcePosition {
        SourcePosition(file: origin.file, line: origin.line, column: origin.column, place: origin.place)
    }

    package var isBlank: Bool { string.utf8.allSatisfy { $0 <= 0x20 } }

    /// A finding about this text with the column that the file has.
    package func relocated(_ diagnostic: Diagnostic) -> Diagnostic {
        guard !surplus.isEmpty, diagnostic.position.file == origin.file, let line = diagnostic.position.line,
            let column = diagnostic.position.column, line >= origin.line
        else { return diagnostic }
        var lineStart = 0
        var left = line - origin.line
        for (offset, byte) in string.utf8.enumerated() where left > 0 && byte == 10 {
            left -= 1
            lineStart = offset + 1
        }
        let offset = lineStart + column - (line == origin.line ? origin.column : origin.indentation + 1)
        var moved = diagnostic
        moved.position.column = column + surplus.count { $0 >= lineStart && $0 < offset }
        return moved
    }
}
