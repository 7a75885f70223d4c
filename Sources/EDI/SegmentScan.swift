import Formats

/// The elements of one EDI segment as offsets into its bytes. One scan is reused for all segments of a file.
struct SegmentScan {
    /// The spans of the segment; what stands past ``fieldCount`` is left from longer ones.
    private var spans = SpanMemory()
    private(set) var fieldCount = 0
    private var classes = EDIDelimiters(element: 0x2A, terminator: 0x7E).classes
    private var blocks = DelimiterBlocks()
    /// What ends a tag.
    private var tagEnd = ByteClass.element
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
    /// A release character stands in some element, so that its text is not its bytes.
    private(set) var hasReleases = false
    /// More fields than the limit; those past it were left out.
    private(set) var isOverfull = false

    /// The fields of the segment.
    var fields: UnsafeBufferPointer<FieldSpan> { UnsafeBufferPointer(start: spans.base, count: fieldCount) }

    /// From now on, segments are split by these delimiters.
    mutating func adopt(_ delimiters: EDIDelimiters) {
        classes = delimiters.classes
        tagEnd = delimiters.tag == nil ? .element : .tagEnd
        blocks.adopt(delimiters)
    }

    /// Another buffer is scanned from now on.
    mutating func forget() { blocks.forget() }

    /// Splits the segment that begins at an index of a buffer, up to its terminator.
    ///
    /// - Returns: the index of the terminator; nil where the buffer ends before it.
    mutating func scan(_ buffer: UnsafeBufferPointer<UInt8>, from start: Int, fieldsMax: Int) -> Int? {
        let end = split(buffer, start, fieldsMax)
        guard end < buffer.count else { return nil }
        tag = Self.tag(of: buffer, from: start, length: tagLength)
        return end
    }

    /// Splits a segment, given without its terminator.
    mutating func scan(_ bytes: UnsafeBufferPointer<UInt8>, fieldsMax: Int) {
        blocks.forget()
        _ = split(bytes, 0, fieldsMax)
        blocks.forget()
        tag = Self.tag(of: bytes, from: 0, length: tagLength)
    }

    private mutating func reset() {
        fieldCount = 0
        elements = 0
        control = -1
        high = -1
        newlines = 0
        hasReleases = false
        isOverfull = false
    }

    /// Splits from `start` to the terminator or the end of the buffer, and gives that index. Offsets are from `start`.
    private mutating func split(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ fieldsMax: Int) -> Int {
        reset()
        guard start < buffer.count else { return buffer.count }
        // Room for the fields of a block past the limit, as it is looked at a block at a time.
        if spans.capacity <= fieldsMax + DelimiterBlocks.width { spans = SpanMemory(capacity: fieldsMax + DelimiterBlocks.width + 1) }
        if blocks.areUsable, let end = splitPlain(buffer, start, fieldsMax) { return end }
        return splitOdd(buffer, start, fieldsMax)
    }

    /// The same for a segment in which nothing stands but plain bytes, elements and components; nil for another one.
    ///
    /// Each field is stored, and kept by counting it where it is not empty: few branches, few values to keep in registers.
    @inline(__always)
    private mutating func splitPlain(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ fieldsMax: Int) -> Int? {
        let target = spans.base
        var key = FieldKey(), fieldStart: Int32 = 0, kept = 0, base = start & ~63, end = buffer.count
        var range = ~UInt64(0) &<< UInt64(start & 63)
        while true {
            blocks.load(buffer, at: base)
            let ends = blocks.terminators & range
            // The bits below the lowest one of the terminators.
            let within = range & ((ends & (0 &- ends)) &- 1)
            guard blocks.others & within == 0 else { return nil }
            let components = blocks.components & within
            var hits = blocks.elements & within
            if key.element == 0, hits != 0 {
                tagLength = base &+ hits.trailingZeroBitCount &- start
                fieldStart = Int32(truncatingIfNeeded: tagLength) &+ 1
                hits &= hits &- 1
                key.advance(past: .element)
            }
            let shift = Int32(truncatingIfNeeded: base &- start)
            if components == 0 {
                while hits != 0 {
                    let offset = shift &+ Int32(truncatingIfNeeded: hits.trailingZeroBitCount)
                    hits &= hits &- 1
                    Self.store(key, fieldStart, offset, at: target + kept)
                    kept &+= fieldStart < offset ? 1 : 0
                    key.advance(past: .element)
                    fieldStart = offset &+ 1
                }
            } else if key.element > 0 {
                // Components within the tag divide nothing.
                let first = max(0, Int(fieldStart &- shift))
                hits |= first < 64 ? components & (~0 &<< UInt64(first)) : 0
                while hits != 0 {
                    let bit = UInt64(hits.trailingZeroBitCount), isComponent = components &>> bit & 1 != 0
                    let offset = shift &+ Int32(truncatingIfNeeded: bit)
                    hits &= hits &- 1
                    if isComponent { key.beginComponents() }
                    Self.store(key, fieldStart, offset, at: target + kept)
                    kept &+= fieldStart < offset ? 1 : 0
                    key.advance(past: isComponent ? .component : .element)
                    fieldStart = offset &+ 1
                }
            }
            if kept > fieldsMax { return nil }
            if ends != 0 {
                end = base &+ ends.trailingZeroBitCount
                break
            }
            base &+= DelimiterBlocks.width
            guard base < buffer.count else { break }
            range = ~0
        }
        let last = Int32(truncatingIfNeeded: end &- start)
        if key.element == 0 {
            tagLength = Int(last)
        } else if fieldStart < last {
            Self.store(key, fieldStart, last, at: target + kept)
            kept &+= 1
            if kept > fieldsMax { return nil }
        }
        elements = key.element
        fieldCount = kept
        return end
    }

    /// The same for any segment, a byte after the other.
    @inline(never)
    private mutating func splitOdd(_ buffer: UnsafeBufferPointer<UInt8>, _ start: Int, _ fieldsMax: Int) -> Int {
        let target = spans.base
        var key = FieldKey(), fieldStart: Int32 = 0, kept = 0, index = start, end = buffer.count, released = -1
        while index < end {
            let byteClass = classes[Int(buffer[index])]
            if index == released, byteClass != .tagEnd || key.element > 0 {
                takeReleased(buffer, index, start)
            } else if byteClass != .plain {
                let offset = Int32(truncatingIfNeeded: index &- start)
                if byteClass == .terminator {
                    end = index
                    break
                } else if key.element == 0, byteClass == tagEnd {
                    tagLength = Int(offset)
                    key.advance(past: .element)
                    fieldStart = offset &+ 1
                } else if !byteClass.isSeparator {
                    if takeOdd(byteClass, buffer, index, start) { released = index &+ 1 }
                } else if key.element > 0 {
                    if byteClass == .component { key.beginComponents() }
                    Self.store(key, fieldStart, offset, at: target + kept)
                    kept &+= fieldStart < offset ? 1 : 0
                    if kept > fieldsMax { kept = cutFields(fieldsMax) }
                    key.advance(past: byteClass)
                    fieldStart = offset &+ 1
                }
            }
            index &+= 1
        }
        let last = Int32(truncatingIfNeeded: end &- start)
        if key.element == 0 {
            tagLength = Int(last)
        } else if fieldStart < last {
            Self.store(key, fieldStart, last, at: target + kept)
            kept &+= 1
            if kept > fieldsMax { kept = cutFields(fieldsMax) }
        }
        elements = key.element
        fieldCount = kept
        return end
    }

    private mutating func cutFields(_ fieldsMax: Int) -> Int {
        isOverfull = true
        return fieldsMax
    }

    /// Takes a byte that divides nothing; true for a release character.
    @inline(never)
    private mutating func takeOdd(
        _ byteClass: ByteClass, _ buffer: UnsafeBufferPointer<UInt8>, _ index: Int, _ start: Int
    ) -> Bool {
        switch byteClass {
        case .release:
            hasReleases = true
            return true
        case .newline: countNewline(buffer, index, start)
        case .control: if control < 0 { control = index - start }
        case .high: if high < 0 { high = index - start }
        case .plain, .tagEnd, .element, .component, .repetition, .terminator: break
        }
        return false
    }

    /// Takes a byte after a release character: it divides nothing, and is looked at for what it is else.
    private mutating func takeReleased(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int, _ start: Int) {
        let byte = buffer[index]
        if byte >= 0x80 {
            if high < 0 { high = index - start }
        } else if ASCII.isNewline(byte) {
            countNewline(buffer, index, start)
        } else if byte < ASCII.space || byte == 0x7F, control < 0 {
            control = index - start
        }
    }

    /// Member by member: an initializer of another module would be called.
    @inline(__always)
    private static func store(_ key: FieldKey, _ start: Int32, _ end: Int32, at place: UnsafeMutablePointer<FieldSpan>) {
        place.pointee.key = key.bits
        place.pointee.start = start
        place.pointee.end = end
    }

    private mutating func countNewline(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int, _ start: Int) {
        if control < 0 { control = index - start }
        // CR LF is one line break, counted at the CR.
        let follows = buffer[index] == ASCII.lineFeed && index > start && buffer[index - 1] == ASCII.carriageReturn
        if !follows { newlines += 1 }
        lastLineStart = index - start + 1
    }

    /// Takes BIN (length in element 1, data in 2) or BDS (filter, length, data) as its elements stand, without looking
    /// for delimiters in the data.
    mutating func takeBinary(_ bytes: UnsafeBufferPointer<UInt8>, dataFrom: Int, dataElement: Int32, element: UInt8) {
        reset()
        var number: Int32 = 0, start = 0
        for index in 0..<dataFrom where bytes[index] == element {
            if number == 0 { tagLength = index } else { addWhole(number, start, index) }
            number += 1
            start = index + 1
        }
        addWhole(dataElement, dataFrom, bytes.count)
        elements = dataElement
        for index in dataFrom..<bytes.count {
            if ASCII.isNewline(bytes[index]) {
                countNewline(bytes, index, 0)
            } else if bytes[index] >= 0x80, high < 0 {
                high = index
            }
        }
        control = -1
        tag = Self.tag(of: bytes, from: 0, length: tagLength)
    }

    /// Notes an element as it stands. BIN and BDS have three at most.
    private mutating func addWhole(_ element: Int32, _ start: Int, _ end: Int) {
        guard start < end else { return }
        Self.store(
            FieldKey(element: element), Int32(truncatingIfNeeded: start), Int32(truncatingIfNeeded: end),
            at: spans.base + fieldCount)
        fieldCount += 1
    }

    /// X12.6: a segment identifier is two or three upper-case letters and digits, and starts with a letter.
    @inline(__always)
    static func tag(of bytes: UnsafeBufferPointer<UInt8>, from start: Int, length: Int) -> UInt32 {
        guard length == 3 || length == 2, let tag = bytes.baseAddress.map({ $0 + start }) else { return longTag(of: bytes, from: start, length: length) }
        guard tag[0] &- 0x41 < 26, isLetterOrDigit(tag[1]) else { return longTag(of: bytes, from: start, length: length) }
        let two = UInt32(tag[0]) &<< 8 | UInt32(tag[1])
        if length == 2 { return two }
        return isLetterOrDigit(tag[2]) ? two &<< 8 | UInt32(tag[2]) : longTag(of: bytes, from: start, length: length)
    }

    @inline(__always)
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { byte &- 0x41 < 26 || byte &- 0x30 < 10 }

    /// One that is none, or has line breaks within.
    @inline(never)
    private static func longTag(of bytes: UnsafeBufferPointer<UInt8>, from start: Int, length: Int) -> UInt32 {
        var packed: UInt32 = 0, count = 0
        for byte in bytes[start..<(start + length)] where !ASCII.isNewline(byte) {
            guard count < 3, count == 0 ? byte &- 0x41 < 26 : isLetterOrDigit(byte) else { return 0 }
            packed = packed << 8 | UInt32(byte)
            count += 1
        }
        return count >= 2 ? packed : 0
    }

    /// The first span of an element.
    func span(_ element: Int32) -> FieldSpan? {
        var place = spans.base
        for _ in 0..<fieldCount {
            let number = Int32(truncatingIfNeeded: place.pointee.key)
            if number >= element { return number == element ? place.pointee : nil }
            place += 1
        }
        return nil
    }

    /// The span of a component, the first repetition's; an element that is not composite is its own first component.
    func span(_ element: Int32, _ component: Int16) -> FieldSpan? {
        fields.first { field in
            field.element == element && field.repetition == 1
                && (field.component == component || (component == 1 && field.component == 0))
        }
    }

    /// Leaves an element, or a component of it, out of the fields of the segment.
    mutating func leaveOut(_ element: Int32, _ component: Int16?) {
        var kept = 0
        for index in 0..<fieldCount {
            let field = spans.base[index]
            let isOut = field.element == element
                && (component == nil || field.component == component || (component == 1 && field.component == 0))
            if isOut { continue }
            spans.base[kept] = field
            kept += 1
        }
        fieldCount = kept
    }

    /// The text of a component without spaces at its ends; "" where it is absent.
    func text(_ element: Int32, _ component: Int16, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        span(element, component).map { text(trimmed(Int($0.start), Int($0.end), bytes), bytes) } ?? ""
    }

    /// The text of an element without spaces at its ends, composites joined as they stand; "" where it is absent.
    func text(_ element: Int32, in bytes: UnsafeBufferPointer<UInt8>) -> String {
        text(range(element, in: bytes), bytes)
    }

    /// The bytes of an element without spaces at its ends.
    func range(_ element: Int32, in bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var start: Int32 = -1, end: Int32 = 0
        for index in 0..<fieldCount {
            let number = Int32(truncatingIfNeeded: spans.base[index].key)
            if number > element { break }
            guard number == element else { continue }
            if start < 0 { start = spans.base[index].start }
            end = spans.base[index].end
        }
        return start < 0 ? 0..<0 : trimmed(Int(start), Int(end), bytes)
    }

    private func trimmed(_ from: Int, _ to: Int, _ bytes: UnsafeBufferPointer<UInt8>) -> Range<Int> {
        var start = from, end = to
        while start < end, bytes[start] == ASCII.space { start &+= 1 }
        while end > start, bytes[end &- 1] == ASCII.space { end &-= 1 }
        return start..<end
    }

    private func text(_ range: Range<Int>, _ bytes: UnsafeBufferPointer<UInt8>) -> String {
        if range.isEmpty { return "" }
        guard newlines > 0 else { return String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) }
        return String(decoding: bytes[range].filter { !ASCII.isNewline($0) }, as: UTF8.self)
    }
}

/// The numbers of a field while a segment is split, in one word as ``FieldSpan/key`` has them.
private struct FieldKey {
    private(set) var bits: UInt64 = 1 << 48

    init(element: Int32 = 0) { bits = UInt64(UInt32(bitPattern: element)) | 1 << 48 }

    var element: Int32 { Int32(truncatingIfNeeded: bits) }

    /// The element turns out to be composite: what was read of it is its first component.
    @inline(__always)
    mutating func beginComponents() { if bits & 0xFFFF << 32 == 0 { bits |= 1 << 32 } }

    @inline(__always)
    mutating func advance(past separator: ByteClass) {
        switch separator {
        case .component: bits &+= 1 << 32
        case .repetition: bits = (bits &+ 1 << 48) & ~(0xFFFF << 32)
        default: bits = (bits & 0xFFFF_FFFF) &+ (1 << 48 | 1)
        }
    }
}

/// Memory of the spans of one segment, so that noting one is a plain store. A reader that is copied shares it: what it
/// holds is used up before the next segment is scanned.
private final class SpanMemory {
    let base: UnsafeMutablePointer<FieldSpan>
    let capacity: Int

    init(capacity: Int = 64) {
        base = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { base.deallocate() }
}
