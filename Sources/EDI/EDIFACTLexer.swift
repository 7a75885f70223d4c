import Formats

/// Finds the tokens of an EDIFACT file in the buffers it is given, as ``X12Lexer`` does for X12.
struct EDIFACTLexer {
    enum Token {
        /// The rest of the buffer belongs to a token that is not whole yet.
        case needsMore
        case byteOrderMark
        /// An interchange begins; its UNB comes as the next segment.
        case header(EDIFACTHeader)
        /// An EDI segment without its terminator, as indices of the buffer.
        case segment(Range<Int>)
        /// A terminator with nothing before it.
        case empty(SourceSpot)
        /// Spaces or tabs before a tag.
        case indented(SourceSpot)
        case oversized(SourceSpot)
        /// The last EDI segment of the file, which has no terminator.
        case cut(Range<Int>)
    }

    private enum Mode { case start, seeking, segments, skipping }

    /// Bytes of a token that the last buffer cut.
    var held: [UInt8] = []
    /// Offset in the file of the first byte of the current buffer.
    private(set) var offset = 0
    private(set) var lines = LineCounter()
    private(set) var delimiters = EDIFACTDelimiters()
    /// Bytes that belong to no interchange.
    private(set) var junk: SourceSpot?

    private var mode = Mode.start
    private var at = 0
    /// Index up to which the buffer was searched for a terminator, and whether the byte there is released.
    private var searched = 0
    private var isReleased = false
    private var previousByte: UInt8 = ASCII.space
    private var indent: SourceSpot?
    private var oversized: SourceSpot?
    /// The segment at hand is the UNB of a header that was read.
    private var isHeaderRead = false
    private var skipsBreaks = true

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

    /// From now on, EDI segments with the header's delimiters follow, UNB first.
    mutating func enterInterchange(_ header: EDIFACTHeader, in buffer: UnsafeBufferPointer<UInt8>) {
        pass(buffer, to: header.start)
        delimiters = header.delimiters
        skipsBreaks = !ASCII.isNewline(delimiters.terminator) && !ASCII.isNewline(delimiters.element)
        mode = .segments
        restartSearch()
        isHeaderRead = true
    }

    mutating func leaveInterchange() { mode = .seeking }

    /// The index where a plain EDI segment begins: right at hand, or after one line break. nil where it needs a closer look.
    @inline(__always)
    mutating func plainStart(in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        guard mode == .segments, indent == nil, !isHeaderRead else { return nil }
        var start = at
        if skipsBreaks, start + 1 < buffer.count, ASCII.isNewline(buffer[start]) {
            let isPair = buffer[start] == ASCII.carriageReturn && buffer[start + 1] == ASCII.lineFeed
            start += isPair ? 2 : 1
        }
        guard start + 3 < buffer.count else { return nil }
        let first = buffer[start]
        guard first >= 0x41, first <= 0x5A else { return nil }
        // UNA and UNB.
        if first == 0x55, buffer[start + 2] == 0x41 || buffer[start + 2] == 0x42 { return nil }
        if start > at {
            lines.passBreak(at: offset + start)
            at = start
        }
        return start
    }

    /// Goes past an EDI segment whose line breaks were counted by the scan, and past its terminator.
    @inline(__always)
    mutating func passSegment(_ start: Int, _ end: Int, in buffer: UnsafeBufferPointer<UInt8>, scan: borrowing SegmentScan) {
        lines.pass(newlines: scan.newlines, lastLineStart: offset + start + scan.lastLineStart)
        at = min(end + 1, buffer.count)
        previousByte = delimiters.terminator
        if ASCII.isNewline(previousByte), at > end {
            lines.pass(UnsafeBufferPointer(rebasing: buffer[end..<at]), at: offset + end)
        }
        isHeaderRead = false
        restartSearch()
    }

    mutating func passRest(_ buffer: UnsafeBufferPointer<UInt8>) { pass(buffer, to: buffer.count) }

    mutating func takeJunk() -> SourceSpot? {
        defer { junk = nil }
        return junk
    }

    // MARK: Outside interchanges

    private mutating func seek(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        while at < buffer.count {
            if junk == nil, ASCII.isBlank(buffer[at]) {
                pass(buffer, to: at + 1)
                continue
            }
            if buffer[at] == 0x55, !ASCII.isAlphanumeric(previousByte) {
                let begins = EDIFACTHeader.begins(in: buffer, at: at)
                if begins == nil, !isFinal { return .needsMore }
                if begins == true {
                    switch EDIFACTHeader.read(buffer, at: at, isFinal: isFinal) {
                    case .found(let header): return .header(header)
                    case .needsMore: return .needsMore
                    case .unreadable: break
                    }
                }
            }
            var index = at + 1
            while index < buffer.count, buffer[index] != 0x55 { index += 1 }
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

    private func spot(_ buffer: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> SourceSpot {
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

    // MARK: Inside an interchange

    private mutating func segment(
        _ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, _ limits: ReadLimits
    ) -> Token {
        // A line break that terminates segments is blank where a segment begins.
        while at < buffer.count, ASCII.isBlank(buffer[at]), buffer[at] != delimiters.element,
            buffer[at] != delimiters.terminator || ASCII.isNewline(buffer[at]) {
            if indent == nil, !ASCII.isNewline(buffer[at]) { indent = spot(buffer, at..<at) }
            pass(buffer, to: at + 1)
        }
        guard at < buffer.count else { return .needsMore }
        if let spot = indent {
            indent = nil
            return .indented(spot)
        }
        if buffer[at] == delimiters.terminator {
            let spot = spot(buffer, at..<(at + 1))
            pass(buffer, to: at + 1)
            return .empty(spot)
        }
        if !isHeaderRead, buffer[at] == 0x55 {
            let begins = EDIFACTHeader.begins(in: buffer, at: at)
            if begins == nil, !isFinal { return .needsMore }
            if begins == true {
                switch EDIFACTHeader.read(buffer, at: at, isFinal: isFinal) {
                case .found(let header): return .header(header)
                case .needsMore: return .needsMore
                case .unreadable: break
                }
            }
        }
        let end = terminator(in: buffer)
        if searched - at > limits.recordBytes { return startSkipping(buffer, isFinal) }
        guard let end else { return isFinal ? .cut(at..<lastByte(buffer)) : .needsMore }
        return .segment(at..<end)
    }

    private func lastByte(_ buffer: UnsafeBufferPointer<UInt8>) -> Int {
        var end = buffer.count
        while end > at + 1, ASCII.isBlank(buffer[end - 1]) { end -= 1 }
        return end
    }

    /// The index of the next terminator that is not released; nil where the buffer holds none.
    private mutating func terminator(in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        let release = delimiters.release, terminator = delimiters.terminator
        var index = max(at, searched)
        while index < buffer.count {
            let byte = buffer[index]
            if isReleased {
                isReleased = false
            } else if byte == release {
                isReleased = true
            } else if byte == terminator {
                break
            }
            index += 1
        }
        searched = index
        return index < buffer.count ? index : nil
    }

    private mutating func startSkipping(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        oversized = spot(buffer, at..<at)
        mode = .skipping
        return skip(buffer, isFinal)
    }

    private mutating func skip(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        let end = terminator(in: buffer)
        let last = end ?? buffer.count
        guard var spot = oversized else { return .needsMore }
        spot.head.append(contentsOf: buffer[at..<min(last, at + max(0, SourceSpot.headMax - spot.head.count))])
        let wasReleased = isReleased
        pass(buffer, to: last)
        (searched, isReleased) = (last, wasReleased)
        oversized = spot
        guard end != nil || isFinal else { return .needsMore }
        spot.bytes = spot.bytes.lowerBound..<(offset + at)
        oversized = nil
        isHeaderRead = false
        mode = .segments
        if end != nil { pass(buffer, to: at + 1) }
        return .oversized(spot)
    }
}
