package import Formats

/// Whether an EDIFACT file is whole: its last segment is a UNZ that carries the reference (0020) of the last UNB.
/// The separators are those of UNA where there is one (ISO 9735-1, 6), the standard ones otherwise.
package struct EDIFACTProbe: CompletenessProbe {
    package init() {}

    package func probe(head: [UInt8], tail: [UInt8]) -> Completeness {
        guard Self.recognises(head: head) else { return .unknown }
        let isWholeFile = head == tail
        let last = Self.lastHeader(in: tail, Self.separators(in: tail) ?? Self.separators(in: head) ?? .standard)
        guard let header = last ?? Self.lastHeader(in: head, Self.separators(in: head) ?? .standard) else {
            return .incomplete("UNB is not whole yet")
        }
        guard let trailer = Self.trailer(of: tail, header.separators) else {
            return .incomplete("UNZ of interchange \(header.reference) is not there yet")
        }
        if trailer.reference == header.reference { return .complete }
        guard trailer.isTerminated else {
            return .incomplete("UNZ of interchange \(header.reference) is not whole yet")
        }
        // The reference of a UNB that neither end shows cannot be compared; a terminated UNZ at the end then decides.
        return last == nil && !isWholeFile ? .complete : .unknown
    }

    /// Whether the first bytes of a file look like EDIFACT: UNA or UNB after nothing but blanks or a byte order mark.
    static func recognises(head: [UInt8]) -> Bool {
        var start = head.starts(with: ASCII.byteOrderMark) ? 3 : 0
        while start < head.count, ASCII.isBlank(head[start]) { start += 1 }
        return head[start...].starts(with: "UNA".utf8) && head.count >= start + 9
            || head[start...].starts(with: "UNB".utf8) && head.count > start + 3 && !ASCII.isAlphanumeric(head[start + 3])
    }

    /// What UNA declares: `UNA:+.? '`.
    private struct Separators {
        var component: UInt8
        var element: UInt8
        /// nil where UNA leaves a space: no release character.
        var release: UInt8?
        var terminator: UInt8

        static let standard = Separators(component: 0x3A, element: 0x2B, release: 0x3F, terminator: 0x27)
    }

    private struct Header {
        var separators: Separators
        var reference: String
    }

    /// The last UNA of the bytes.
    private static func separators(in bytes: [UInt8]) -> Separators? {
        guard let index = lastIndex(of: "UNA", in: bytes, where: { $0 + 9 <= bytes.count }) else { return nil }
        return Separators(
            component: bytes[index + 3], element: bytes[index + 4],
            release: bytes[index + 6] == ASCII.space ? nil : bytes[index + 6], terminator: bytes[index + 8])
    }

    private static func lastHeader(in bytes: [UInt8], _ separators: Separators) -> Header? {
        let found = lastIndex(of: "UNB", in: bytes) { $0 + 3 < bytes.count && bytes[$0 + 3] == separators.element }
        guard let index = found else { return nil }
        let end = segmentEnd(bytes, from: index, separators)
        let elements = split(bytes[index..<end], separators)
        // UNB: syntax, sender, receiver, date and time, control reference.
        guard elements.count > 5 else { return nil }
        return Header(separators: separators, reference: elements[5])
    }

    /// The UNZ that the bytes end with, blanks after it allowed.
    private static func trailer(of tail: [UInt8], _ separators: Separators) -> (reference: String, isTerminated: Bool)? {
        let found = lastIndex(of: "UNZ", in: tail) { $0 + 3 < tail.count && tail[$0 + 3] == separators.element }
        guard let index = found else { return nil }
        let end = segmentEnd(tail, from: index, separators)
        guard tail[end...].dropFirst().allSatisfy(ASCII.isBlank) else { return nil }
        var segment = tail[index..<end]
        while let last = segment.last, ASCII.isBlank(last) { segment.removeLast() }
        let elements = split(segment, separators)
        guard elements.count == 3 else { return nil }
        return (elements[2], end < tail.count)
    }

    /// The index of the terminator of the segment that begins at an index, or the end of the bytes.
    private static func segmentEnd(_ bytes: [UInt8], from start: Int, _ separators: Separators) -> Int {
        var end = start, isReleased = false
        while end < bytes.count {
            if isReleased {
                isReleased = false
            } else if bytes[end] == separators.release {
                isReleased = true
            } else if bytes[end] == separators.terminator {
                break
            }
            end += 1
        }
        return end
    }

    /// Elements of a segment, with releases undone.
    private static func split(_ segment: ArraySlice<UInt8>, _ separators: Separators) -> [String] {
        var elements: [[UInt8]] = [[]], isReleased = false
        for byte in segment {
            if isReleased {
                elements[elements.count - 1].append(byte)
                isReleased = false
            } else if byte == separators.release {
                isReleased = true
            } else if byte == separators.element {
                elements.append([])
            } else if !ASCII.isNewline(byte) {
                elements[elements.count - 1].append(byte)
            }
        }
        return elements.map { String(decoding: $0, as: UTF8.self) }
    }

    /// The last place where a tag begins: at the start of the bytes or after what no tag can hold.
    private static func lastIndex(of tag: String, in bytes: [UInt8], where accepts: (Int) -> Bool) -> Int? {
        let pattern = Array(tag.utf8)
        var index = bytes.count - pattern.count
        while index >= 0 {
            if bytes[index...].starts(with: pattern), index == 0 || !ASCII.isAlphanumeric(bytes[index - 1]), accepts(index) {
                return index
            }
            index -= 1
        }
        return nil
    }
}
