import Diagnostics
package import Formats

/// Reads CSV (RFC 4180): quoted cells with separators, line ends and doubled quotes; LF, CRLF or CR; a byte order
/// mark; other separators.
///
/// The document is one group node `file`; each data row is a record node `row` in it, numbered from 1, whose fields
/// carry the column's name and 1-based position. Blank lines are passed over and have no number. A row that is not
/// sound (ragged, NUL, broken quote, too long) has a number and a finding, and is not given on. A quote inside of a
/// cell that does not start with one is text.
package struct CSVReader: SourceReader {
    package let options: CSVOptions
    package internal(set) var arena = SourceArena()
    /// Names of the columns in order, once the header is read; empty names for columns that have none.
    package internal(set) var columns: [String]?
    /// Rows with a finding that were not given on.
    package internal(set) var rowsRefused = 0
    /// Data rows read, refused ones included.
    package internal(set) var rows = 0

    private enum Phase { case start, separator, header, rows, skipping, stopped }
    private var phase = Phase.start
    private var sniffer: SeparatorSniffer
    var lexer: RowLexer
    /// Bytes of the row that is not finished.
    private var pending: [UInt8] = []
    /// Offset in the document of the first byte that is not used up.
    var offset = 0
    /// 1-based line of that byte.
    var line = 1
    private var received = 0
    private var skipsLineFeed = false
    private var isHeaderless: Bool { options.header != .firstRow }
    /// The number of cells that a row must have.
    var width = 0
    var columnNames: [Int32] = []
    var fileNode: Int32?
    var rowName: Int32
    /// Cells that are not plain bytes of the document are put together here.
    var scratch: [UInt8] = []

    package init(options: CSVOptions = CSVOptions()) {
        self.options = options
        sniffer = SeparatorSniffer(limit: options.limits.recordBytes)
        lexer = RowLexer(
            separator: options.separator ?? UInt8(ascii: ","), limit: options.limits.recordBytes,
            cellLimit: options.limits.fields)
        rowName = arena.intern("row")
    }

    package mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var rest = bytes[...]
        // Pieces, so that an unfinished row costs a small copy however much is given at once.
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 16)
            rest = rest.dropFirst(piece.count)
            if phase != .stopped, received + piece.count > options.limits.documentBytes {
                let last = piece.prefix(options.limits.documentBytes - received)
                consume(UnsafeBufferPointer(rebasing: last), into: &sink)
                stop(.csvSize, "the document is larger than \(options.limits.documentBytes) bytes",
                     hint: "raise the limit of the feed, or ask the sender to split the file", into: &sink)
            }
            received += piece.count
            consume(UnsafeBufferPointer(rebasing: piece), into: &sink)
        }
    }

    package mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        var held: [UInt8] = []
        swap(&held, &pending)
        held.withUnsafeBufferPointer { bytes in
            var used = drain(bytes, isEnd: true, into: &sink)
            // A broken quote at the end sends the reader back to the line after it; each turn uses up a line.
            while used < bytes.count, phase != .stopped {
                used += finishRow(UnsafeBufferPointer(rebasing: bytes[used...]), into: &sink)
                used += drain(UnsafeBufferPointer(rebasing: bytes[used...]), isEnd: true, into: &sink)
            }
        }
        if columns == nil, phase != .stopped {
            stop(.csvEmpty, "the document is empty", hint: "ask the sender whether there was nothing to send", into: &sink)
        }
        if let node = fileNode {
            arena.closeNode(at: received)
            fileNode = nil
            sink.closed(node, in: &arena)
        }
        phase = .stopped
        var summary = SourceSummary(format: "csv")
        summary.records = rows
        summary.bytes = received
        return summary
    }

    private mutating func consume<Sink: SourceSink>(_ piece: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard phase != .stopped else { return }
        if pending.isEmpty {
            let used = drain(piece, isEnd: false, into: &sink)
            pending.append(contentsOf: piece[used...])
            return
        }
        pending.append(contentsOf: piece)
        var held: [UInt8] = []
        swap(&held, &pending)
        let used = held.withUnsafeBufferPointer { drain($0, isEnd: false, into: &sink) }
        held.removeFirst(used)
        swap(&held, &pending)
    }

    /// Reads what can be read of `bytes`, whose first byte is at ``offset``, and gives how many were used up.
    private mutating func drain<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        var used = 0
        while used < bytes.count {
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            let step: Int
            switch phase {
            case .start: step = readMark(rest, isEnd: isEnd, into: &sink)
            case .separator: step = findSeparator(rest, isEnd: isEnd)
            case .header, .rows: step = readRow(rest, into: &sink)
            case .skipping: step = skipLine(rest)
            case .stopped: return bytes.count
            }
            // A step may use no bytes and only move to the next phase; -1 waits for more.
            guard step >= 0 else { return used }
            used += step
            offset += step
        }
        return used
    }

    /// Passes over a UTF-8 byte order mark and refuses UTF-16.
    private mutating func readMark<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        guard bytes.count >= 3 || isEnd || ![0xEF, 0xFE, 0xFF].contains(bytes[0]) else { return -1 }
        if bytes.count >= 2, bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
            stop(.csvEncoding, "the document is UTF-16", hint: "have it sent as UTF-8, or convert it first", into: &sink)
            return 0
        }
        phase = options.separator == nil ? .separator : nextPhase
        return bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    }

    private var nextPhase: Phase { columns == nil && !isHeaderless ? .header : .rows }

    private mutating func findSeparator(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Int {
        guard let finding = sniffer.look(bytes, isEnd: isEnd) else { return -1 }
        lexer = RowLexer(
            separator: finding.separator, limit: options.limits.recordBytes, cellLimit: options.limits.fields)
        phase = nextPhase
        return finding.skip
    }

    private mutating func readRow<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int {
        if skipsLineFeed {
            skipsLineFeed = false
            if bytes[0] == 0x0A { return 1 }
        }
        let outcome = lexer.scan(bytes)
        if case .unfinished = outcome { return -1 }
        return take(outcome, bytes, isEnd: false, into: &sink)
    }

    /// Reads the last row, which has no line end, and gives how many bytes were used up.
    private mutating func finishRow<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) -> Int {
        // Control-Z ends a document of old systems.
        let count = bytes.count - (bytes[bytes.count - 1] == 0x1A ? 1 : 0)
        let used = count == 0 ? bytes.count : take(lexer.finish(count: count), bytes, isEnd: true, into: &sink)
        let step = used == count ? bytes.count : used
        offset += step
        return step
    }

    /// Gives on what was found, and gives how many bytes are used up.
    private mutating func take<Sink: SourceSink>(
        _ outcome: RowLexer.Outcome, _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        defer { lexer.reset() }
        switch outcome {
        case .unfinished:
            return 0
        case .row(let end, let next, let afterReturn):
            skipsLineFeed = afterReturn
            if end > 0 { takeRow(UnsafeBufferPointer(rebasing: bytes[..<end]), into: &sink) }
            line += lexer.lines + 1
            return next
        case .brokenQuote(let stray):
            reportBrokenQuote(stray: stray, into: &sink)
            guard let resume = lexer.resume else {
                if phase != .stopped { phase = .skipping }
                return isEnd ? bytes.count : lexer.scanned
            }
            line += resume.lines
            skipsLineFeed = bytes[resume.offset - 1] == 0x0D
            return resume.offset
        case .tooLong:
            reportTooLong(into: &sink)
            line += lexer.lines
            if phase != .stopped { phase = .skipping }
            return lexer.limit + 1
        }
    }

    /// Passes over the rest of a line that cannot be read.
    private mutating func skipLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let end = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return bytes.count }
        skipsLineFeed = bytes[end] == 0x0D
        line += 1
        phase = nextPhase
        return end + 1
    }

    private mutating func takeRow<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard phase == .header else {
            if columns == nil { takeNames(options.header, into: &sink) }
            giveRow(bytes, into: &sink)
            return
        }
        takeHeader(bytes, into: &sink)
        if phase != .stopped { phase = .rows }
    }

    /// Reports why nothing more of the document is read.
    mutating func stop<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, hint: String? = nil, into sink: inout Sink
    ) {
        phase = .stopped
        pending = []
        sink.found(Diagnostic(
            code, .error, fact, at: SourcePosition(file: options.file, line: line, bytes: offset..<offset), hint: hint))
    }
}
