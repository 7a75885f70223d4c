import Formats

/// Finds the tokens of an EDI file in the buffers it is given: headers, EDI segments, junk. It keeps positions; what a
/// token means is the reader's business. A buffer holds the bytes from ``offset`` on; a token that it cuts is found
/// again in the next one, which begins with the same bytes.
struct EDILexer {
    enum Token {
        /// The rest of the buffer belongs to a token that is not whole yet.
        case needsMore
        case byteOrderMark
        /// An interchange begins; its ISA, UNB or STX comes as the next segment.
        case header(EDIHeader)
        /// `ISA` that no header can be made of.
        case unreadableHeader(SourceSpot)
        /// An EDI segment without its terminator, as indices of the buffer.
        case segment(Range<Int>)
        /// A BIN or BDS segment, the index where its data start, and the element that they are.
        case binary(Range<Int>, data: Int, element: Int32)
        /// A terminator with nothing before it.
        case empty(SourceSpot)
        /// Spaces or tabs before a tag.
        case indented(SourceSpot)
        case oversized(SourceSpot)
        /// A BIN or BDS whose length does not lead to a terminator; it comes again as a plain segment.
        case binaryLength(SourceSpot)
        /// The last EDI segment of the file, which has no terminator, as indices of the buffer.
        case cut(Range<Int>)
    }

    private enum Mode { case start, seeking, segments, skipping }

    let standard: EDIStandard
    /// Bytes of a token that the last buffer cut.
    var held: [UInt8] = []
    /// Offset in the file of the first byte of the current buffer.
    private(set) var offset = 0
    private(set) var lines = LineCounter()
    private(set) var delimiters: EDIDelimiters
    /// Bytes that belong to no interchange.
    private(set) var junk: SourceSpot?

    /// The letter that headers begin with.
    private let headerLetter: UInt8
    private var mode = Mode.start
    /// Index in the buffer of the next byte.
    var at = 0
    /// Index up to which the buffer was searched for a terminator, and whether the byte there is released.
    private var searched = 0
    private var isReleased = false
    private var previousByte: UInt8 = ASCII.space
    private var indent: SourceSpot?
    private var oversized: SourceSpot?
    /// Offset of the file before which no terminator counts: the end of binary data that are being skipped.
    private var skipUntil = 0
    /// Line breaks are neither terminators nor separators.
    private var skipsBreaks = true
    /// The next segment is that of a header that was found; where its end is known, with that.
    private var isHeaderNext = false
    private var headerEnd: (index: Int, next: Int)?
    /// The BIN or BDS at hand is read as a plain segment, because its length is wrong.
    var isPlainBinary = false

    init(_ standard: EDIStandard) {
        self.standard = standard
        delimiters = .edifact
        switch standard {
        case .x12:
            headerLetter = 0x49
            delimiters = EDIDelimiters(element: 0x2A, terminator: 0x7E)
        case .edifact: headerLetter = 0x55
        case .tradacoms: headerLetter = 0x53
        }
    }

    // MARK: The reader's side

    mutating func next(in buffer: UnsafeBufferPointer<UInt8>, isFinal: Bool, limits: ReadLimits) -> Token {
        switch mode {
        case .start:
            if !isFinal, buffer.count < 3, ASCII.byteOrderMark.starts(with: buffer) { return .needsMore }
            mode = .seeking
            guard buffer.starts(with: ASCII.byteOrderMark) else { return seek(buffer, isFinal) }
            at = 3
            return .byteOrderMark
        case .seeking: return seek(buffer, isFinal)
        case .segments: return segment(buffer, isFinal, limits)
        case .skipping: return skip(buffer, isFinal)
        }
    }

    /// How many bytes of the buffer need not be seen again; the next buffer begins after them.
    mutating func takeConsumed() -> Int {
        let consumed = at
        offset += consumed
        searched = max(0, searched - consumed)
        at = 0
        return consumed
    }

    /// From now on, EDI segments with the header's delimiters follow, its own first.
    mutating func enterInterchange(_ header: EDIHeader, in buffer: UnsafeBufferPointer<UInt8>) {
        pass(buffer, to: header.start)
        delimiters = header.delimiters
        skipsBreaks = !ASCII.isNewline(delimiters.terminator) && !ASCII.isNewline(delimiters.element)
        mode = .segments
        isHeaderNext = true
        headerEnd = header.end
        isPlainBinary = false
        restartSearch()
    }

    /// From now on, bytes belong to no interchange until the next header.
    mutating func leaveInterchange() { mode = .seeking }

    /// The index where a plain EDI segment begins: right at hand, or after one line break. nil where it needs a closer
    /// look (``next(in:isFinal:limits:)``).
    @inline(__always)
    mutating func plainStart(in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        guard mode == .segments, delimiters.terminatorLength == 1, indent == nil, !isPlainBinary, !isHeaderNext else { return nil }
        var start = at
        if skipsBreaks, start + 1 < buffer.count, ASCII.isNewline(buffer[start]) {
            let isPair = buffer[start] == ASCII.carriageReturn && buffer[start + 1] == ASCII.lineFeed
            start += isPair ? 2 : 1
        }
        guard start + 3 < buffer.count else { return nil }
        let first = buffer[start]
        // A letter may terminate as well: then it stands where an EDI segment is expected.
        guard first >= 0x41, first <= 0x5A, first != delimiters.terminator else { return nil }
        if first == headerLetter, mayBeHeader(buffer[start + 1], buffer[start + 2]) { return nil }
        // BIN and BDS with their binary data.
        if first == 0x42, standard == .x12, buffer[start + 1] == 0x49 || buffer[start + 1] == 0x44 { return nil }
        if start > at {
            lines.passBreak(buffer[at], at: offset + start)
            at = start
        }
        return start
    }

    /// Whether a tag that begins with the letter of headers may be one of theirs: ISA, UNA and UNB, STX.
    private func mayBeHeader(_ second: UInt8, _ third: UInt8) -> Bool {
        switch standard {
        case .x12: second == 0x53
        case .edifact: third == 0x41 || third == 0x42
        case .tradacoms: second == 0x54
        }
    }

    /// Goes past an EDI segment whose line breaks were counted by the scan, and past its terminator.
    @inline(__always)
    mutating func passSegment(_ start: Int, _ end: Int, in buffer: UnsafeBufferPointer<UInt8>, scan: borrowing SegmentScan) {
        lines.pass(newlines: scan.newlines, lastLineStart: offset + start + scan.lastLineStart)
        let isPlain = delimiters.terminatorLength == 1 && headerEnd == nil
        at = isPlain ? min(end + 1, buffer.count) : end
        previousByte = delimiters.terminator
        if !isPlain {
            pass(buffer, to: headerEnd?.next ?? min(buffer.count, end + delimiters.terminatorLength))
        } else if ASCII.isNewline(previousByte), at > end {
            lines.pass(UnsafeBufferPointer(rebasing: buffer[end..<at]), at: offset + end)
        }
        isHeaderNext = false
        headerEnd = nil
        restartSearch()
    }

    mutating func passRest(_ buffer: UnsafeBufferPointer<UInt8>) { pass(buffer, to: buffer.count) }

    mutating func takeJunk() -> SourceSpot? {
        defer { junk = nil }
        return junk
    }

    // MARK: Positions

    func spot(_ buffer: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> SourceSpot {
        let start = offset + range.lowerBound
        return SourceSpot(
            bytes: start..<(offset + range.upperBound), line: lines.line, column: start - lines.start + 1,
            head: Array(buffer[range].prefix(SourceSpot.headMax)))
    }

    /// Counts lines up to an index and goes there.
    private mutating func pass(_ buffer: UnsafeBufferPointer<UInt8>, to index: Int) {
        guard index > at else { return }
        lines.pass(UnsafeBufferPointer(rebasing: buffer[at..<index]), at: offset + at)
        previousByte = buffer[index - 1]
        at = index
        if searched < at { restartSearch() }
    }

    private mutating func restartSearch() {
        searched = at
        isReleased = false
    }

    // MARK: Outside interchanges

    private mutating func seek(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        while at < buffer.count {
            if junk == nil, ASCII.isBlank(buffer[at]) {
                pass(buffer, to: at + 1)
                continue
            }
            if buffer[at] == headerLetter, !ASCII.isAlphanumeric(previousByte) {
                switch EDIHeader.search(standard, buffer, at: at, isFinal: isFinal) {
                case .found(let header): return .header(header)
                case .needsMore: return .needsMore
                case .unreadable where standard == .x12:
                    // As much of it is shown wherever a buffer ends.
                    guard isFinal || buffer.count >= at + 106 else { return .needsMore }
                    let spot = spot(buffer, at..<min(buffer.count, at + 106))
                    addJunk(buffer, to: at + 1)
                    return .unreadableHeader(spot)
                case .unreadable, .absent: break
                }
            }
            var index = at + 1
            while index < buffer.count, buffer[index] != headerLetter { index += 1 }
            addJunk(buffer, to: index)
        }
        return .needsMore
    }

    private mutating func addJunk(_ buffer: UnsafeBufferPointer<UInt8>, to end: Int) {
        var known = junk ?? spot(buffer, at..<at)
        let room = SourceSpot.headMax - known.head.count
        if room > 0 { known.head.append(contentsOf: buffer[at..<min(end, at + room)]) }
        var last = end
        while last > at, ASCII.isBlank(buffer[last - 1]) { last -= 1 }
        if last > at { known.bytes = known.bytes.lowerBound..<(offset + last) }
        junk = known
        pass(buffer, to: end)
    }

    // MARK: Inside an interchange

    private mutating func segment(
        _ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, _ limits: ReadLimits
    ) -> Token {
        if let headerEnd { return .segment(at..<headerEnd.index) }
        passBlanks(buffer)
        guard at < buffer.count else { return .needsMore }
        if let spot = indent {
            indent = nil
            return .indented(spot)
        }
        if buffer[at] == delimiters.terminator {
            guard let isWhole = isTerminator(buffer, at) ?? (isFinal ? false : nil) else { return .needsMore }
            if isWhole {
                let spot = spot(buffer, at..<(at + 1))
                passTerminator(buffer)
                return .empty(spot)
            }
        }
        if !isHeaderNext, buffer[at] == headerLetter {
            switch EDIHeader.search(standard, buffer, at: at, isFinal: isFinal) {
            case .found(let header): return .header(header)
            case .needsMore: return .needsMore
            case .unreadable, .absent: break
            }
        }
        if buffer[at] == 0x42, standard == .x12, !isPlainBinary, let token = binary(buffer, isFinal, limits) { return token }
        let end = terminator(in: buffer)
        if searched - at > limits.recordBytes { return startSkipping(buffer, isFinal, until: 0) }
        guard let end else { return isFinal ? .cut(at..<lastByte(buffer)) : .needsMore }
        isPlainBinary = false
        return .segment(at..<end)
    }

    private func lastByte(_ buffer: UnsafeBufferPointer<UInt8>) -> Int {
        var end = buffer.count
        while end > at + 1, ASCII.isBlank(buffer[end - 1]) { end -= 1 }
        return end
    }

    /// Skips line breaks and blanks before a tag, and remembers where blanks other than line breaks began. A line break that
    /// terminates segments is blank where a segment begins.
    private mutating func passBlanks(_ buffer: UnsafeBufferPointer<UInt8>) {
        while at < buffer.count, ASCII.isBlank(buffer[at]), buffer[at] != delimiters.element,
            buffer[at] != delimiters.terminator || ASCII.isNewline(buffer[at]) {
            if indent == nil, !ASCII.isNewline(buffer[at]) { indent = spot(buffer, at..<at) }
            pass(buffer, to: at + 1)
        }
    }

    /// The index of the next terminator that is not released; nil where the buffer holds none. ``searched`` says how far
    /// it looked.
    private mutating func terminator(in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        let release = delimiters.release, terminator = delimiters.terminator
        var index = max(at, searched), isWhole: Bool? = true
        searching: while index < buffer.count {
            let byte = buffer[index]
            if isReleased {
                isReleased = false
            } else if byte == release {
                isReleased = true
            } else if byte == terminator {
                isWhole = isTerminator(buffer, index)
                if isWhole != false { break searching }
            }
            index += 1
        }
        searched = index
        return index < buffer.count && isWhole == true ? index : nil
    }

    /// Whether all bytes of a terminator stand at an index that holds its first; nil where the buffer ends too soon.
    private func isTerminator(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool? {
        var rest = delimiters.terminatorRest
        for offset in 1..<max(1, delimiters.terminatorLength) {
            guard index + offset < buffer.count else { return nil }
            if buffer[index + offset] != UInt8(truncatingIfNeeded: rest) { return false }
            rest >>= 8
        }
        return true
    }

    private mutating func passTerminator(_ buffer: UnsafeBufferPointer<UInt8>) {
        pass(buffer, to: min(buffer.count, at + delimiters.terminatorLength))
    }

    // MARK: Oversized segments

    mutating func startSkipping(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, until end: Int) -> Token {
        oversized = spot(buffer, at..<at)
        skipUntil = end
        mode = .skipping
        return skip(buffer, isFinal)
    }

    private mutating func skip(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        searched = min(buffer.count, max(searched, skipUntil - offset))
        let end = terminator(in: buffer)
        let last = end ?? (isFinal ? buffer.count : searched)
        guard var spot = oversized else { return .needsMore }
        spot.head.append(contentsOf: buffer[at..<min(last, at + max(0, SourceSpot.headMax - spot.head.count))])
        let wasReleased = isReleased
        pass(buffer, to: last)
        (searched, isReleased) = (last, wasReleased)
        oversized = spot
        guard end != nil || isFinal else { return .needsMore }
        spot.bytes = spot.bytes.lowerBound..<(offset + at)
        oversized = nil
        isPlainBinary = false
        isHeaderNext = false
        mode = .segments
        if end != nil { passTerminator(buffer) }
        restartSearch()
        return .oversized(spot)
    }
}
