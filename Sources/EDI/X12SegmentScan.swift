import Formats

/// The elements of one EDI segment as offsets into its bytes. One scan is reused for all segments of a file.
struct X12SegmentScan {
    /// The spans of the segment; what stands past ``fieldCount`` is left from longer ones.
    private var spans = [FieldSpan](
        repeating: FieldSpan(element: 0, component: 0, repetition: 0, start: 0, end: 0), count: 64)
    private(set) var fieldCount = 0
    private var classes = X12Delimiters(element: 0x2A, component: nil, repetition: nil, terminator: 0x7E).classes
    /// Length of the tag, line breaks of a wrapped interchange included.
    private(set) var tagLength = 0
    /// Up to three bytes of the tag, big end first; 0 where the tag is not a valid one.
    private(set) var tag: UInt32 = 0
    private(set) var elements: Int32 = 0
    /// Offset of the first line break or other control character, or -1.
    private(set) var control = -1
    /// Offset of the first byte above 0x7F, or -1.
    private(set) var high = -1
    private(set) var newlines = 0
    /// Offset after the last line break, where there is one.
    private(set) var lastLineStart = 0
    /// More fields than the limit; those past it were left out.
    private(set) var isOverfull = false

    /// The fields of the segment.
    var fields: ArraySlice<FieldSpan> { spans[..<fieldCount] }

    /// Adds the segment to an arena, its text as it stands.
    func add(
        to arena: inout SourceArena, name: Int32, ordinal: Int, from start: Int, bytes: UnsafeBufferPointer<UInt8>
    ) -> Int32 {
        spans.withUnsafeBufferPointer {
            arena.addRecord(
                name, ordinal: ordinal, from: start, bytes: bytes, fields: UnsafeBufferPointer(rebasing: $0[..<fieldCount]))
        }
    }

    /// From now on, segments are split by these delimiters.
    mutating func adopt(_ delimiters: X12Delimiters) { classes = delimiters.classes }

    /// Splits a segment, given without its terminator.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, fieldsMax: Int) {
        reset()
        split(bytes, fieldsMax)
        tag = Self.tag(of: bytes, length: tagLength)
    }

    private mutating func reset() {
        fieldCount = 0
        elements = 0
        control = -1
        high = -1
        newlines = 0
        isOverfull = false
    }

    private mutating func split(_ bytes: UnsafeBufferPointer<UInt8>, _ fieldsMax: Int) {
        var element: Int32 = 0, component: Int16 = 0, repetition: Int16 = 1, start = 0
        let count = bytes.count
        tagLength = count
        for index in 0..<count {
            let byteClass = classes[Int(bytes[index])]
            if byteClass == .plain { continue }
            switch byteClass {
            case .element:
                if element == 0 { tagLength = index } else { add(element, component, repetition, start, index, fieldsMax) }
                element += 1
                component = 0
                repetition = 1
                start = index + 1
            case .component where element > 0:
                if component == 0 { component = 1 }
                add(element, component, repetition, start, index, fieldsMax)
                component &+= 1
                start = index + 1
            case .repetition where element > 0:
                add(element, component, repetition, start, index, fieldsMax)
                repetition &+= 1
                component = 0
                start = index + 1
            case .newline: countNewline(bytes, index)
            case .control: if control < 0 { control = index }
            case .high: if high < 0 { high = index }
            default: break
            }
        }
        if element > 0 { add(element, component, repetition, start, count, fieldsMax) }
        elements = element
    }

    @inline(__always)
    private mutating func add(
        _ element: Int32, _ component: Int16, _ repetition: Int16, _ start: Int, _ end: Int, _ fieldsMax: Int
    ) {
        guard start < end else { return }
        guard fieldCount < fieldsMax else { isOverfull = true; return }
        let span = FieldSpan(
            element: element, component: component, repetition: repetition, start: Int32(truncatingIfNeeded: start),
            end: Int32(truncatingIfNeeded: end))
        if fieldCount < spans.count { spans[fieldCount] = span } else { spans.append(span) }
        fieldCount += 1
    }

    private mutating func countNewline(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) {
        if control < 0 { control = index }
        // CR LF is one line break, counted at the CR.
        let follows = bytes[index] == ASCII.lineFeed && index > 0 && bytes[index - 1] == ASCII.carriageReturn
        if !follows { newlines += 1 }
        lastLineStart = index + 1
    }

    /// Takes BIN (length in element 1, data in 2) or BDS (filter, length, data) as its elements stand, without looking
    /// for delimiters in the data.
    mutating func takeBinary(_ bytes: UnsafeBufferPointer<UInt8>, dataFrom: Int, dataElement: Int32, element: UInt8) {
        reset()
        var number: Int32 = 0, start = 0
        for index in 0..<dataFrom where bytes[index] == element {
            if number == 0 { tagLength = index } else { add(number, 0, 1, start, index, .max) }
            number += 1
            start = index + 1
        }
        add(dataElement, 0, 1, dataFrom, bytes.count, .max)
        elements = dataElement
        for index in dataFrom..<bytes.count {
            if ASCII.isNewline(bytes[index]) {
                countNewline(bytes, index)
            } else if bytes[index] >= 0x80, high < 0 {
                high = index
            }
        }
        control = -1
        tag = Self.tag(of: bytes, length: tagLength)
    }

    /// X12.6: a segment identifier is two or three upper-case letters and digits, and starts with a letter.
    static func tag(of bytes: UnsafeBufferPointer<UInt8>, length: Int) -> UInt32 {
        var packed: UInt32 = 0, count = 0
        for index in 0..<length {
            let byte = bytes[index]
            if ASCII.isNewline(byte) { continue }
            let isLetter = byte >= 0x41 && byte <= 0x5A
            guard isLetter || (count > 0 && byte >= 0x30 && byte <= 0x39), count < 3 else { return 0 }
            packed = packed << 8 | UInt32(byte)
            count += 1
        }
        return count >= 2 ? packed : 0
    }

    /// The first span of an element.
    func span(_ element: Int32) -> FieldSpan? {
        for field in fields where field.element >= element { return field.element == element ? field : nil }
        return nil
    }

    /// The text of an element without spaces at its ends, composites joined as they stand; "" where it is absent.
    func text(_ element: Int32, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        guard let first = span(element) else { return "" }
        var start = Int(first.start), end = Int(first.end)
        for field in fields where field.element == element { end = Int(field.end) }
        while start < end, bytes[start] == ASCII.space { start += 1 }
        while end > start, bytes[end - 1] == ASCII.space { end -= 1 }
        guard newlines > 0 else { return String(decoding: bytes[start..<end], as: UTF8.self) }
        return String(decoding: bytes[start..<end].filter { !ASCII.isNewline($0) }, as: UTF8.self)
    }
}

/// Tags that the reader itself acts on, packed as in ``X12SegmentScan/tag``.
enum EnvelopeTag {
    static let isa = pack("ISA"), gs = pack("GS"), st = pack("ST"), se = pack("SE"), ge = pack("GE"), iea = pack("IEA")
    static let ta1 = pack("TA1"), hl = pack("HL")

    static func pack(_ tag: StaticString) -> UInt32 {
        var packed: UInt32 = 0
        for index in 0..<tag.utf8CodeUnitCount { packed = packed << 8 | UInt32(tag.utf8Start[index]) }
        return packed
    }

    /// The text of a packed tag.
    static func text(_ packed: UInt32) -> String {
        var bytes: [UInt8] = []
        for shift in [24, 16, 8, 0] as [UInt32] where packed >> shift & 0xFF != 0 {
            bytes.append(UInt8(packed >> shift & 0xFF))
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
