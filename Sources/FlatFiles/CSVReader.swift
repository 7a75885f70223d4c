import Diagnostics
package import Formats

/// Reads CSV (RFC 4180): quoted cells with separators, line ends and doubled quotes; LF, CRLF or CR, also mixed; a byte
/// order mark; other separators, quotes and encodings.
///
/// The document is one group node `file`; each data row is a record node `row` in it, numbered from 1, whose fields
/// carry the column's name and 1-based position. Blank lines and comments are passed over and have no number. A row that
/// is not sound (ragged, NUL, broken quote, too long) has a number and a finding, and is not given on. A quote inside of a
/// cell that does not start with one is text.
///
/// Inside, all offsets are of the UTF-8 of ``TextDocument``; ``position(bytes:place:)`` and the nodes have those of the document.
package struct CSVReader: TextReader {
    package let options: CSVOptions
    package internal(set) var arena = SourceArena()
    /// Names of the columns in order, once the header is read; empty names for columns that have none.
    package internal(set) var columns: [String]?
    /// Rows with a finding that were not given on.
    package internal(set) var rowsRefused = 0
    /// Data rows read, refused ones included.
    package internal(set) var rows = 0

    private enum Phase { case preamble, separator, header, rows, skipping }
    private var phase = Phase.preamble
    private var preambleLeft: Int
    private var sniffer: SeparatorSniffer
    var document: TextDocument
    var lexer: RowLexer
    /// Nil where the separator is longer than a byte, or not known yet.
    var scan: RowScan?
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
        preambleLeft = options.linesSkipped
        document = TextDocument(
            file: options.file, limits: options.limits, encoding: options.encoding,
            codes: TextDocument.Codes(encoding: .csvEncoding, empty: .csvEmpty, size: .csvSize))
        sniffer = SeparatorSniffer(limit: options.limits.recordBytes, quote: options.quote)
        let separator = options.separator ?? [UInt8(ascii: ",")]
        lexer = RowLexer(
            separator: separator, quote: options.quote, limit: options.limits.recordBytes, cellLimit: options.limits.fields)
        rowName = arena.intern("row")
        if options.separator != nil { adopt(separator) }
    }

    var oldestOffset: Int { document.offset }

    var summary: SourceSummary {
        var summary = SourceSummary(format: "csv")
        summary.records = rows
        return summary
    }

    mutating func complete<Sink: SourceSink>(into sink: inout Sink) {
        if columns == nil { stopEmpty(into: &sink) }
    }

    mutating func close<Sink: SourceSink>(into sink: inout Sink) {
        guard let node = fileNode else { return }
        arena.closeNode(at: document.received)
        fileNode = nil
        sink.closed(node, in: &arena)
    }

    mutating func drain<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) -> Int {
        var used = readOn(bytes, isEnd: isEnd, into: &sink)
        // A broken quote at the end sends the reader back to the line after it; each turn uses up a line.
        while isEnd, used < bytes.count, !document.isStopped {
            used += finishRow(UnsafeBufferPointer(rebasing: bytes[used...]), into: &sink)
            used += readOn(UnsafeBufferPointer(rebasing: bytes[used...]), isEnd: true, into: &sink)
        }
        return used
    }

    /// Reads all but a row without an end.
    private mutating func readOn<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        scan?.forget()
        var used = 0
        while used < bytes.count {
            if phase == .rows, lexer.scanned == 0, !skipsLineFeed, scan != nil { used = readRows(bytes, from: used, into: &sink) }
            guard used < bytes.count else { break }
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            let step: Int
            switch phase {
            case .preamble: step = skipPreamble(rest)
            case .separator: step = findSeparator(rest, isEnd: isEnd)
            case .header, .rows: step = readRow(rest, isEnd: isEnd, into: &sink)
            case .skipping: step = skipLine(rest)
            }
            // A step may use no bytes and only move to the next phase; -1 waits for more.
            guard step >= 0 else { return used }
            used += step
            document.offset += step
            if document.isStopped { return bytes.count }
        }
        return used
    }

    /// Gives on the rows that ``RowScan`` finds, and gives the index of the first byte after them.
    private mutating func readRows<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, from start: Int, into sink: inout Sink
    ) -> Int {
        var used = start
        while used < bytes.count, columns != nil, options.comment == nil, let row = scan?.row(bytes, from: used) {
            if row.end > used { giveRow(row, UnsafeBufferPointer(rebasing: bytes[used..<row.end]), into: &sink) }
            document.line += row.lines + 1
            var next = row.end + 1
            if bytes[row.end] == 0x0D {
                if next == bytes.count {
                    skipsLineFeed = true
                } else if bytes[next] == 0x0A {
                    next += 1
                }
            }
            document.offset += next - used
            used = next
            if skipsLineFeed { break }
        }
        return used
    }

    /// Passes over the lines that the feed says are none of the table.
    private mutating func skipPreamble(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        if skipsLineFeed {
            skipsLineFeed = false
            if bytes[0] == 0x0A { return 1 }
        }
        guard preambleLeft > 0 else {
            phase = options.separator == nil ? .separator : nextPhase
            return 0
        }
        guard let end = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return bytes.count }
        preambleLeft -= 1
        skipsLineFeed = bytes[end] == 0x0D
        document.line += 1
        return end + 1
    }

    private var nextPhase: Phase { columns == nil && !isHeaderless ? .header : .rows }

    private mutating func findSeparator(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Int {
        guard let finding = sniffer.look(bytes, isEnd: isEnd) else { return -1 }
        adopt([finding.separator])
        phase = nextPhase
        return finding.skip
    }

    private mutating func adopt(_ separator: [UInt8]) {
        lexer = RowLexer(
            separator: separator, quote: options.quote, limit: options.limits.recordBytes, cellLimit: options.limits.fields)
        scan = separator.count > 1 ? nil : RowScan(
            separator: separator[0], quote: options.quote, limit: options.limits.recordBytes, cellLimit: options.limits.fields)
    }

    private mutating func readRow<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        if skipsLineFeed {
            skipsLineFeed = false
            if bytes[0] == 0x0A { return 1 }
        }
        if let comment = options.comment, lexer.scanned == 0 {
            if bytes.starts(with: comment) {
                phase = .skipping
                return 0
            }
            if !isEnd, bytes.count < comment.count, comment.starts(with: bytes) { return -1 }
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
        document.offset += step
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
            document.line += lexer.lines + 1
            return next
        case .brokenQuote(let stray):
            reportBrokenQuote(stray: stray, isCut: bytes.count > lexer.limit, into: &sink)
            guard let resume = lexer.resume else {
                if !document.isStopped { phase = .skipping }
                return isEnd ? bytes.count : lexer.scanned
            }
            document.line += resume.lines
            skipsLineFeed = bytes[resume.offset - 1] == 0x0D
            return resume.offset
        case .tooLong:
            reportTooLong(into: &sink)
            document.line += lexer.lines
            if !document.isStopped { phase = .skipping }
            return lexer.limit + 1
        }
    }

    /// Passes over the rest of a line that cannot be read.
    private mutating func skipLine(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        guard let end = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return bytes.count }
        skipsLineFeed = bytes[end] == 0x0D
        document.line += 1
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
        if !document.isStopped { phase = .rows }
    }
}
