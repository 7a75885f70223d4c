/// An ISA segment as found in a buffer: where its elements stand, what it declares, and how it deviates.
struct X12Header {
    /// Ranges of ISA01 to ISA16 in the buffer; fewer where the sender left some out.
    var elements: [Range<Int>]
    var delimiters: EDIDelimiters
    /// Index of the terminator, and of the byte after all of it.
    var end: Int
    var next: Int
    /// A line break stands inside an element: the file is broken at a fixed width.
    var isWrapped: Bool

    /// Widths of ISA01 to ISA16 (X12.5): with `ISA`, the separators and the terminator, 106 bytes.
    static let widths = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1]
    /// Whether a whole ISA, without its terminator and without line breaks, has all its separators where the widths put them.
    static func isOfWidth(_ bytes: UnsafeBufferPointer<UInt8>, element: UInt8) -> Bool {
        guard bytes.count == 105 else { return false }
        var at = 3
        for width in widths {
            if bytes[at] != element { return false }
            at += width + 1
        }
        return true
    }

    /// Most bytes that are looked at for the 16 separators.
    static let bytesMax = 512

    typealias Search = HeaderSearch<X12Header>

    var found: EDIHeader {
        EDIHeader(delimiters: delimiters, start: elements[0].lowerBound - 4, end: (end, next), isWrapped: isWrapped)
    }

    /// Whether `ISA` and a possible element separator stand at an index; nil where the buffer ends too soon to say.
    static func begins(in buffer: UnsafeBufferPointer<UInt8>, at start: Int) -> Bool? {
        for (offset, byte) in [0x49, 0x53, 0x41].enumerated() as EnumeratedSequence<[UInt8]> {
            guard start + offset < buffer.count else { return nil }
            if buffer[start + offset] != byte { return false }
        }
        guard start + 3 < buffer.count else { return nil }
        let separator = buffer[start + 3]
        return !ASCII.isAlphanumeric(separator) && separator != ASCII.space && !ASCII.isNewline(separator)
    }

    /// Reads the header that begins at an index by its 16 element separators, not by its width.
    static func read(_ buffer: UnsafeBufferPointer<UInt8>, at start: Int, isFinal: Bool) -> Search {
        let separator = buffer[start + 3]
        let limit = min(buffer.count, start + bytesMax)
        let isWhole = isFinal || buffer.count >= start + bytesMax
        var starts: [Int] = []
        var isWrapped = false
        var index = start + 3
        while index < limit {
            let byte = buffer[index]
            if byte == separator {
                starts.append(index + 1)
                if starts.count == 16 { break }
            } else if mayTerminate(byte, separator) {
                guard let follows = nextEnvelope(buffer, after: index, limit: limit, separator) else {
                    if isWhole { return .unreadable }
                    return .needsMore
                }
                if follows { return shortened(buffer, starts, terminator: index, separator, isWrapped) }
                if ASCII.isNewline(byte) { isWrapped = true }
            }
            index += 1
        }
        guard starts.count == 16 else { return isWhole ? .unreadable : .needsMore }
        // The component separator, the terminator, and the rest of a terminator of several bytes.
        guard index + 6 <= buffer.count || isFinal else { return .needsMore }
        if let header = whole(buffer, starts, separator, isWrapped) { return .found(header) }
        while index < limit {
            if mayTerminate(buffer[index], separator),
                nextEnvelope(buffer, after: index, limit: limit, separator) == true {
                return shortened(buffer, starts, terminator: index, separator, isWrapped)
            }
            index += 1
        }
        return isWhole ? .unreadable : .needsMore
    }

    /// The usual case: 16 separators, one component separator, a terminator.
    private static func whole(
        _ buffer: UnsafeBufferPointer<UInt8>, _ starts: [Int], _ separator: UInt8, _ isWrapped: Bool
    ) -> X12Header? {
        let componentIndex = starts[15], end = componentIndex + 1
        guard end < buffer.count else { return nil }
        let component = buffer[componentIndex], terminator = buffer[end]
        guard !ASCII.isAlphanumeric(component), !ASCII.isBlank(component), component != separator,
            !ASCII.isAlphanumeric(terminator), terminator != ASCII.space, terminator != separator
        else { return nil }
        var tail = 0
        switch terminator {
        case 0xC2...0xDF: tail = 1
        case 0xE0...0xEF: tail = 2
        case 0xF0...0xF4: tail = 3
        default: break
        }
        let isSequence = tail > 0 && end + tail < buffer.count
            && (1...tail).allSatisfy { buffer[end + $0] & 0xC0 == 0x80 }
        if !isSequence { tail = 0 }
        var rest: UInt32 = 0
        for offset in 0..<tail { rest |= UInt32(buffer[end + 1 + offset]) << (8 * UInt32(offset)) }
        let elements = ranges(starts, end: end)
        var delimiters = EDIDelimiters(
            element: separator, component: component, repetition: repetition(buffer, elements, separator, component, terminator),
            terminator: terminator)
        delimiters.terminatorLength = 1 + tail
        delimiters.terminatorRest = rest
        return X12Header(elements: elements, delimiters: delimiters, end: end, next: end + 1 + tail, isWrapped: isWrapped)
    }

    /// An ISA that the next envelope segment shows to have ended early or late.
    private static func shortened(
        _ buffer: UnsafeBufferPointer<UInt8>, _ starts: [Int], terminator end: Int, _ separator: UInt8,
        _ isWrapped: Bool
    ) -> Search {
        guard starts.count > 1 else { return .unreadable }
        let elements = ranges(starts, end: end)
        var component: UInt8?
        if let last = elements.last?.lowerBound, last < end, !ASCII.isAlphanumeric(buffer[last]),
            !ASCII.isBlank(buffer[last]), last + 1 == end || buffer[last + 1] == separator {
            component = buffer[last]
        }
        let terminator = buffer[end]
        return .found(X12Header(
            elements: elements,
            delimiters: EDIDelimiters(
                element: separator, component: component,
                repetition: elements.count == 16
                    ? repetition(buffer, elements, separator, component, terminator) : nil,
                terminator: terminator),
            end: end, next: end + 1, isWrapped: isWrapped))
    }

    private static func ranges(_ starts: [Int], end: Int) -> [Range<Int>] {
        starts.indices.map { starts[$0]..<max(starts[$0], $0 + 1 < starts.count ? starts[$0 + 1] - 1 : end) }
    }

    /// ISA11 is the repetition separator from version 00402 on. Letters and spaces there are left-overs of older use.
    private static func repetition(
        _ buffer: UnsafeBufferPointer<UInt8>, _ elements: [Range<Int>], _ separator: UInt8, _ component: UInt8?,
        _ terminator: UInt8
    ) -> UInt8? {
        guard elements[10].count == 1 else { return nil }
        let version = String(decoding: buffer[elements[11]], as: UTF8.self)
        let byte = buffer[elements[10].lowerBound]
        guard version >= "00402", !ASCII.isAlphanumeric(byte), !ASCII.isBlank(byte) else { return nil }
        return byte == separator || byte == component || byte == terminator ? nil : byte
    }

    private static func mayTerminate(_ byte: UInt8, _ separator: UInt8) -> Bool {
        byte != separator && byte != ASCII.space && byte != ASCII.tab && !ASCII.isAlphanumeric(byte) && byte < 0x80
    }

    /// Whether GS, TA1 or IEA follows a byte, line breaks between them allowed; nil where the buffer ends too soon to say.
    private static func nextEnvelope(
        _ buffer: UnsafeBufferPointer<UInt8>, after index: Int, limit: Int, _ separator: UInt8
    ) -> Bool? {
        var at = index + 1
        while at < limit, ASCII.isNewline(buffer[at]) { at += 1 }
        for tag in [[0x47, 0x53], [0x54, 0x41, 0x31], [0x49, 0x45, 0x41]] as [[UInt8]] {
            var matches = true
            for (offset, byte) in (tag + [separator]).enumerated() {
                guard at + offset < limit else { return nil }
                if buffer[at + offset] != byte { matches = false; break }
            }
            if matches { return true }
        }
        return false
    }
}
