/// Finds the byte of the file that a byte of a scalar's text came from, by reading the scalar once more
/// (YAML 1.2.2, sections 7.3 and 8.1: line folding, escapes, block indentation).
struct ScalarAlignment {
    enum Quotes { case plain, single, double }

    let source: ConfigurationSource
    /// The scalar in the file, with its quotes or its header.
    let bytes: Range<Int>

    /// For a block scalar: `firstLine` is 0-based and the first below the header.
    func block(_ offset: Int, textCount: Int, firstLine: Int, indentation: Int, isFolded: Bool) -> Int {
        var line = firstLine
        var start = 0
        while line < source.lineStarts.count {
            let content = content(ofLine: line, indentation)
            if offset <= start + content.count || start + content.count >= textCount {
                return min(content.lowerBound + max(offset - start, 0), content.upperBound)
            }
            guard isFolded, !content.isEmpty else {
                start += content.count + 1
                line += 1
                continue
            }
            var next = line + 1
            while next < source.lineStarts.count, self.content(ofLine: next, indentation).isEmpty { next += 1 }
            let following = next < source.lineStarts.count ? self.content(ofLine: next, indentation) : content
            // Lines that begin with a blank keep the breaks around them; else one break becomes a space, n become n - 1.
            let keepsBreaks = isBlank(source.bytes[content.lowerBound]) || isBlank(source.bytes[following.lowerBound])
            let between = keepsBreaks ? next - line : max(next - line - 1, 1)
            if offset < start + content.count + between { return content.upperBound }
            start += content.count + between
            line = next
        }
        return source.bytes.count
    }

    /// The bytes of a line of a block behind its indentation.
    private func content(ofLine line: Int, _ indentation: Int) -> Range<Int> {
        let range = source.range(ofLine: line)
        return range.lowerBound + min(indentation, source.indentation(ofLine: line))..<range.upperBound
    }

    /// For a plain or quoted scalar.
    func flow(_ offset: Int, _ quotes: Quotes) -> Int {
        var place = quotes == .plain ? bytes.lowerBound : bytes.lowerBound + 1
        let end = quotes == .plain ? bytes.upperBound : bytes.upperBound - 1
        var count = 0
        while place < end {
            let byte = source.bytes[place]
            if isBlank(byte) || isBreak(byte) {
                let (width, produced) = whitespace(at: place, end: end)
                if count + produced > offset { return produced == width ? place + offset - count : place }
                count += produced
                place += width
            } else if quotes == .double, byte == UInt8(ascii: "\\") {
                let (width, produced) = escape(at: place, end: end)
                if count + produced > offset { return place }
                count += produced
                place += width
            } else {
                if count >= offset { return place }
                place += quotes == .single && byte == UInt8(ascii: "'") ? 2 : 1
                count += 1
            }
        }
        return min(place, end)
    }

    /// A run of blanks and line breaks: its bytes, and how many bytes of text it makes.
    private func whitespace(at start: Int, end: Int) -> (width: Int, produced: Int) {
        let (place, breaks) = skipWhitespace(from: start, end: end)
        return (place - start, breaks == 0 ? place - start : max(breaks - 1, 1))
    }

    private func skipWhitespace(from start: Int, end: Int) -> (place: Int, breaks: Int) {
        var place = start, breaks = 0
        while place < end, isBlank(source.bytes[place]) || isBreak(source.bytes[place]) {
            if source.bytes[place] == 13, place + 1 < end, source.bytes[place + 1] == 10 { place += 1 }
            if isBreak(source.bytes[place]) { breaks += 1 }
            place += 1
        }
        return (place, breaks)
    }

    private func escape(at start: Int, end: Int) -> (width: Int, produced: Int) {
        guard start + 1 < end else { return (1, 1) }
        func number(_ digits: Int) -> (width: Int, produced: Int) {
            let text = String(decoding: source.bytes[min(start + 2, end)..<min(start + 2 + digits, end)], as: UTF8.self)
            let scalar = UInt32(text, radix: 16).flatMap(Unicode.Scalar.init)
            return (2 + digits, scalar.map { UTF8.width($0) } ?? 3)
        }
        switch source.bytes[start + 1] {
        case UInt8(ascii: "x"): return number(2)
        case UInt8(ascii: "u"): return number(4)
        case UInt8(ascii: "U"): return number(8)
        case UInt8(ascii: "N"), UInt8(ascii: "_"): return (2, 2)
        case UInt8(ascii: "L"), UInt8(ascii: "P"): return (2, 3)
        case 10, 13:
            // An escaped line break joins the lines; each empty line after it stays a line break.
            let (place, breaks) = skipWhitespace(from: start + 1, end: end)
            return (place - start, breaks - 1)
        default: return (2, 1)
        }
    }

    private func isBlank(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 }
    private func isBreak(_ byte: UInt8) -> Bool { byte == 10 || byte == 13 }
}
