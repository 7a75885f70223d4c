import Formats

/// Finds the tokens of an X12 file in the buffers it is given: headers, EDI segments, junk. It keeps positions; what a
/// token means is the reader's business. A buffer holds the bytes from ``offset`` on; a token that it cuts is found
/// again in the next one, which begins with the same bytes.
struct X12Lexer {
    enum Token {
        /// The rest of the buffer belongs to a token that is not whole yet.
        case needsMore
        case byteOrderMark
        case header(X12Header)
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

    /// Bytes of a token that the last buffer cut.
    var held: [UInt8] = []
    /// Offset in the file of the first byte of the current buffer.
    private(set) var offset = 0
    private(set) var lines = LineCounter()
    private(set) var delimiters = X12Delimiters(element: 0x2A, component: nil, repetition: nil, terminator: 0x7E)
    /// Bytes that belong to no interchange.
    private(set) var junk: SourceSpot?

    private var mode = Mode.start
    /// Index in the buffer of the next byte.
    private var at = 0
    /// Index up to which the buffer was searched for a terminator.
    private var searched = 0
    private var previousByte: UInt8 = ASCII.space
    private var indent: SourceSpot?
    private var oversized: SourceSpot?
    /// Offset of the file before which no terminator counts: the end of binary data that are being skipped.
    private var skipUntil = 0
    /// Line breaks are neither terminators nor separators.
    private var skipsBreaks = true
    /// The BIN or BDS at hand is read as a plain segment, because its length is wrong.
    private var isPlainBinary = false

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

    /// Delimiters that excerpts are shown with; ``enterInterchange(_:in:)`` makes them count.
    mutating func adopt(_ delimiters: X12Delimiters) { self.delimiters = delimiters }

    /// From now on, EDI segments with the header's delimiters follow.
    mutating func enterInterchange(_ header: X12Header, in buffer: UnsafeBufferPointer<UInt8>) {
        pass(buffer, to: header.next)
        delimiters = header.delimiters
        skipsBreaks = !ASCII.isNewline(delimiters.terminator) && !ASCII.isNewline(delimiters.element)
        mode = .segments
        searched = at
        isPlainBinary = false
    }

    /// From now on, bytes belong to no interchange until the next ISA.
    mutating func leaveInterchange() { mode = .seeking }

    /// Goes past an EDI segment whose line breaks were counted by the scan, and past its terminator.
    mutating func passSegment(_ range: Range<Int>, in buffer: UnsafeBufferPointer<UInt8>, scan: SegmentScan) {
        lines.pass(newlines: scan.newlines, lastLineStart: offset + range.lowerBound + scan.lastLineStart)
        at = range.upperBound
        passTerminator(buffer)
    }

    /// The index where a plain EDI segment begins: right at hand, or after one line break. nil where it needs a closer
    /// look (``next(in:isFinal:limits:)``).
    @inline(__always)
    mutating func plainStart(in buffer: UnsafeBufferPointer<UInt8>) -> Int? {
        guard mode == .segments, delimiters.terminatorLength == 1, indent == nil, !isPlainBinary else { return nil }
        var start = at
        if skipsBreaks, start + 1 < buffer.count, ASCII.isNewline(buffer[start]) {
            let isPair = buffer[start] == ASCII.carriageReturn && buffer[start + 1] == ASCII.lineFeed
            start += isPair ? 2 : 1
        }
        guard start + 3 < buffer.count else { return nil }
        let first = buffer[start]
        guard first >= 0x41, first <= 0x5A else { return nil }
        // ISA, and BIN and BDS with their binary data.
        if first == 0x49, buffer[start + 1] == 0x53 { return nil }
        if first == 0x42, buffer[start + 1] == 0x49 || buffer[start + 1] == 0x44 { return nil }
        if start > at {
            lines.passBreak(at: offset + start)
            at = start
        }
        return start
    }

    /// Goes past a plain EDI segment and its terminator.
    @inline(__always)
    mutating func passPlain(_ start: Int, _ end: Int, in buffer: UnsafeBufferPointer<UInt8>, scan: borrowing SegmentScan) {
        lines.pass(newlines: scan.newlines, lastLineStart: offset + start + scan.lastLineStart)
        at = end + 1
        previousByte = delimiters.terminator
        if ASCII.isNewline(previousByte) {
            lines.pass(UnsafeBufferPointer(rebasing: buffer[end..<at]), at: offset + end)
        }
        searched = at
    }

    mutating func passRest(_ buffer: UnsafeBufferPointer<UInt8>) { pass(buffer, to: buffer.count) }

    mutating func takeJunk() -> SourceSpot? {
        defer { junk = nil }
        return junk
    }

    /// 1-based column of an offset of the file on the current line.
    func column(of position: Int) -> Int { position - lines.start + 1 }

    // MARK: Outside interchanges

    private mutating func seek(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        while at < buffer.count {
            if junk == nil, ASCII.isBlank(buffer[at]) {
                pass(buffer, to: at + 1)
                continue
            }
            if buffer[at] == 0x49, !ASCII.isAlphanumeric(previousByte) {
                let begins = X12Header.begins(in: buffer, at: at)
                if begins == nil, !isFinal { return .needsMore }
                if begins == true {
                    switch X12Header.read(buffer, at: at, isFinal: isFinal) {
                    case .found(let header): return .header(header)
                    case .needsMore: return .needsMore
                    case .unreadable:
                        let spot = spot(buffer, at..<min(buffer.count, at + 106))
                        addJunk(buffer, to: at + 1)
                        return .unreadableHeader(spot)
                    }
                }
            }
            var index = at + 1
            while index < buffer.count, buffer[index] != 0x49 { index += 1 }
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
            bytes: start..<(offset + range.upperBound), line: lines.line, column: column(of: start),
            head: Array(buffer[range].prefix(SourceSpot.headMax)))
    }

    /// Counts lines up to an index and goes there.
    private mutating func pass(_ buffer: UnsafeBufferPointer<UInt8>, to index: Int) {
        guard index > at else { return }
        lines.pass(UnsafeBufferPointer(rebasing: buffer[at..<index]), at: offset + at)
        previousByte = buffer[index - 1]
        at = index
        searched = max(searched, at)
    }

    // MARK: Inside an interchange

    private mutating func segment(
        _ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, _ limits: ReadLimits
    ) -> Token {
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
        if buffer[at] == 0x49 {
            let begins = X12Header.begins(in: buffer, at: at)
            if begins == nil, !isFinal { return .needsMore }
            if begins == true {
                switch X12Header.read(buffer, at: at, isFinal: isFinal) {
                case .found(let header): return .header(header)
                case .needsMore: return .needsMore
                case .unreadable: break
                }
            }
        }
        if buffer[at] == 0x42, !isPlainBinary, let token = binary(buffer, isFinal, limits) { return token }
        let end = terminator(in: buffer, from: max(at, searched))
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

    /// Skips line breaks and blanks before a tag, and remembers where blanks other than line breaks began.
    private mutating func passBlanks(_ buffer: UnsafeBufferPointer<UInt8>) {
        while at < buffer.count, ASCII.isBlank(buffer[at]), buffer[at] != delimiters.element {
            if indent == nil, !ASCII.isNewline(buffer[at]) { indent = spot(buffer, at..<at) }
            pass(buffer, to: at + 1)
        }
    }

    /// The index of the next terminator; nil where the buffer holds none. ``searched`` says how far it looked.
    private mutating func terminator(
        in buffer: UnsafeBufferPointer<UInt8>, from start: Int
    ) -> Int? {
        let byte = delimiters.terminator, count = buffer.count
        var index = start
        while true {
            while index < count, buffer[index] != byte { index += 1 }
            searched = index
            guard index < count else { return nil }
            if delimiters.terminatorLength == 1 { return index }
            guard let isWhole = isTerminator(buffer, index) else { return nil }
            if isWhole { return index }
            index += 1
        }
    }

    /// Whether all bytes of a terminator stand at an index that holds its first; nil where the buffer ends too soon.
    private func isTerminator(_ buffer: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool? {
        var rest = delimiters.terminatorRest
        for offset in 1..<delimiters.terminatorLength {
            guard index + offset < buffer.count else { return nil }
            if buffer[index + offset] != UInt8(truncatingIfNeeded: rest) { return false }
            rest >>= 8
        }
        return true
    }

    private mutating func passTerminator(_ buffer: UnsafeBufferPointer<UInt8>) {
        pass(buffer, to: min(buffer.count, at + delimiters.terminatorLength))
    }

    // MARK: Binary data and oversized segments

    /// BIN has the length of its data in element 1 and the data in element 2; BDS has a filter before them.
    private mutating func binary(
        _ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, _ limits: ReadLimits
    ) -> Token? {
        guard at + 4 <= buffer.count else { return isFinal ? nil : .needsMore }
        let isBIN = buffer[at + 1] == 0x49 && buffer[at + 2] == 0x4E, isBDS = buffer[at + 1] == 0x44 && buffer[at + 2] == 0x53
        guard isBIN || isBDS, buffer[at + 3] == delimiters.element else { return nil }
        var index = at + 4, separators = isBIN ? 1 : 2, length = 0
        // A filter of up to 3 characters, and at most 15 digits.
        while separators > 0 {
            guard index < buffer.count else { return isFinal ? nil : .needsMore }
            let byte = buffer[index]
            if byte == delimiters.element {
                separators -= 1
                if separators == 1 { length = 0 }
            } else if separators == 1, (0x30...0x39).contains(byte), length < 1_000_000_000_000_000 {
                length = length * 10 + Int(byte - 0x30)
            } else if separators == 1 || byte == delimiters.terminator || index - at > 24 {
                isPlainBinary = true
                return .binaryLength(spot(buffer, at..<index))
            }
            index += 1
        }
        let end = index + length
        if length > limits.recordBytes { return startSkipping(buffer, isFinal, until: offset + end) }
        let isEnded = end < buffer.count ? buffer[end] == delimiters.terminator : nil
        if isEnded == nil, !isFinal { return .needsMore }
        if isEnded == true { return .binary(at..<end, data: index, element: isBIN ? 2 : 3) }
        isPlainBinary = true
        return .binaryLength(spot(buffer, at..<index))
    }

    private mutating func startSkipping(
        _ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, until end: Int
    ) -> Token {
        oversized = spot(buffer, at..<at)
        skipUntil = end
        mode = .skipping
        return skip(buffer, isFinal)
    }

    private mutating func skip(_ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool) -> Token {
        let start = min(buffer.count, max(at, skipUntil - offset))
        let end = terminator(in: buffer, from: start)
        let last = end ?? (isFinal ? buffer.count : searched)
        guard var spot = oversized else { return .needsMore }
        spot.head.append(contentsOf: buffer[at..<min(last, at + max(0, SourceSpot.headMax - spot.head.count))])
        pass(buffer, to: last)
        oversized = spot
        guard end != nil || isFinal else { return .needsMore }
        spot.bytes = spot.bytes.lowerBound..<(offset + at)
        oversized = nil
        isPlainBinary = false
        mode = .segments
        if end != nil { passTerminator(buffer) }
        return .oversized(spot)
    }
}
