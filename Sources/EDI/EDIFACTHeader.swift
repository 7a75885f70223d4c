/// The beginning of an interchange as found in a buffer: UNA if there is one, and what UNB shows of its separators.
struct EDIFACTHeader {
    var delimiters: EDIDelimiters
    /// Index of `UNB`.
    var start: Int
    /// UNA does not announce the separators that UNB has, or ought to have and does not stand there.
    var isUnannounced: Bool

    /// How far past UNB the first segments are looked for, to see what ends them.
    static let window = 512

    typealias Search = HeaderSearch<EDIFACTHeader>

    var found: EDIHeader { EDIHeader(delimiters: delimiters, start: start, isUnannounced: isUnannounced) }

    private static let unb: [UInt8] = [0x55, 0x4E, 0x42], una: [UInt8] = [0x55, 0x4E, 0x41]

    /// Whether `UNA` or `UNB` with a separator stands at an index; nil where the buffer ends too soon to say.
    static func begins(in buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool? {
        for (offset, byte) in [0x55, 0x4E].enumerated() as EnumeratedSequence<[UInt8]> {
            guard start + offset < buffer.count else { return nil }
            if buffer[start + offset] != byte { return false }
        }
        guard start + 3 < buffer.count else { return nil }
        let last = buffer[start + 2], separator = buffer[start + 3]
        return (last == 0x41 || last == 0x42) && !ASCII.isAlphanumeric(separator) && separator != ASCII.space
    }

    static func read(_ buffer: UnsafeBufferPointer<UInt8>, at start: Int, isFinal: Bool) -> Search {
        guard isFinal || buffer.count - start >= window else { return .needsMore }
        var at = start
        var announced: EDIDelimiters?
        var repetition: UInt8?
        if buffer[start + 2] == una[2] {
            guard start + 9 <= buffer.count else { return .unreadable }
            let parts = (3..<9).map { buffer[start + $0] }
            announced = EDIDelimiters(
                element: parts[1], component: parts[0], release: parts[3] == ASCII.space ? nil : parts[3], terminator: parts[5])
            repetition = parts[4] == ASCII.space || ASCII.isAlphanumeric(parts[4]) ? nil : parts[4]
            at = start + 9
            while at < buffer.count, ASCII.isBlank(buffer[at]) { at += 1 }
        }
        // UNB, separator, four characters of the syntax identifier, component separator, version.
        guard at + 10 <= buffer.count, buffer[at..<(at + 3)].elementsEqual(unb), !ASCII.isAlphanumeric(buffer[at + 3]) else {
            return .unreadable
        }
        let element = buffer[at + 3], component = buffer[at + 8], version = buffer[at + 9]
        var delimiters = announced ?? (element == EDIDelimiters.levelB.element ? .levelB : .edifact)
        var isUnannounced = false
        if delimiters.element != element {
            delimiters.element = element
            isUnannounced = true
        }
        if !ASCII.isAlphanumeric(component), component != element, component != delimiters.component {
            delimiters.component = component
            isUnannounced = true
        }
        if version >= 0x34, version <= 0x39 { delimiters.repetition = announced == nil ? 0x2A : repetition }
        if announced == nil, let seen = terminator(in: buffer, from: at + 10, element), seen != delimiters.terminator {
            delimiters.terminator = seen
            isUnannounced = true
        }
        return .found(EDIFACTHeader(delimiters: delimiters, start: at, isUnannounced: isUnannounced))
    }

    /// The byte that stands before the first UNH or UNG: what ends segments, whatever was announced. nil where neither is
    /// near.
    private static func terminator(in buffer: UnsafeBufferPointer<UInt8>, from start: Int, _ element: UInt8) -> UInt8? {
        let limit = min(buffer.count, start + window - 16)
        var index = start + 1
        while index + 3 < limit {
            if buffer[index] == 0x55, buffer[index + 1] == 0x4E, buffer[index + 2] == 0x48 || buffer[index + 2] == 0x47,
                buffer[index + 3] == element, !ASCII.isAlphanumeric(buffer[index - 1]) {
                var before = index - 1
                while before > start, ASCII.isBlank(buffer[before]) { before -= 1 }
                let byte = buffer[before]
                if !ASCII.isAlphanumeric(byte), byte != element { return byte }
                // Nothing but line breaks: the first of them ends the segment.
                let first = buffer[before + 1]
                return ASCII.isNewline(first) ? first : nil
            }
            index += 1
        }
        return nil
    }
}
