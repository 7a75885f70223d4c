package import Diagnostics

/// Where the characters of a scalar's text stand in the file.
extension ConfigurationNode {
    /// The place in the file of the first character of this scalar's text: behind a quote, or the first content line of
    /// a block.
    package var contentPosition: SourcePosition { position(ofOffset: 0) }

    /// The place in the file of a byte of this scalar's text (UTF-8, from 0; its length gives the place behind its end),
    /// exact for plain, quoted, literal and folded scalars. For what is not written as it reads (an escape, a folded line
    /// break), the place of what stands for it.
    package func position(ofOffset offset: Int) -> SourcePosition {
        source.position(at: fileOffset(ofText: offset), path: path)
    }

    /// The place in the file of a line (0-based) and byte column (0-based) of this scalar's text. A line past the last
    /// counts as the last, a column past the end of its line as that end.
    package func position(inText line: Int, column: Int) -> SourcePosition {
        var start = 0
        let text = Array((scalar ?? "").utf8)
        for _ in 0..<max(line, 0) {
            guard let end = text[start...].firstIndex(of: 10) else { break }
            start = end + 1
        }
        let end = text[start...].firstIndex(of: 10) ?? text.count
        return position(ofOffset: min(start + max(column, 0), end))
    }

    /// A finding at some bytes of this scalar's text, with the line of the file.
    package func diagnostic(
        _ code: DiagnosticCode, _ fact: String, inText range: Range<Int>, severity: Severity = .error, hint: String? = nil
    ) -> Diagnostic {
        let start = fileOffset(ofText: range.lowerBound), end = fileOffset(ofText: range.upperBound)
        let position = source.position(at: start, path: path)
        return Diagnostic(
            code, severity, fact, at: position, excerpt: source.excerpt(position, length: max(end - start, 1)), hint: hint)
    }

    private func fileOffset(ofText offset: Int) -> Int {
        guard case .scalar(let text, let style) = kind else { return bytes.lowerBound }
        let alignment = ScalarAlignment(source: source, bytes: bytes)
        let offset = min(max(offset, 0), text.utf8.count)
        switch style {
        case .block(let firstLine, let indentation):
            let isFolded = source.bytes[bytes.lowerBound] == UInt8(ascii: ">")
            return alignment.block(
                offset, textCount: text.utf8.count, firstLine: firstLine - 1, indentation: indentation, isFolded: isFolded)
        case .quoted:
            return source.bytes[bytes.lowerBound] == UInt8(ascii: "'") ? alignment.flow(offset, .single) : alignment.flow(offset, .double)
        case .plain:
            return alignment.flow(offset, .plain)
        }
    }
}
