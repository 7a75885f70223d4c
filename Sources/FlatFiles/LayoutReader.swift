import Diagnostics
package import Formats
import Values

/// Reads files by a ``FlatLayout``: fixed width, or several kinds of row.
///
/// The document is one group node `file`; each record is an element node of its kind's name, numbered from 1 over the whole
/// file, in the record that holds it. Its fields carry the layout's names; blanks at both ends of a fixed field are not part
/// of it, and a field that is blank is not there. A record that the layout does not know, or that stands where it may not, has
/// a number and a finding and is not given on.
package struct LayoutReader: TextReader {
    package let layout: FlatLayout
    package internal(set) var arena = SourceArena()
    /// Records with a finding that were not given on.
    package internal(set) var rowsRefused = 0
    /// Records read, refused ones included.
    package internal(set) var rows = 0

    var document: TextDocument
    private var splitter: RecordSplitter
    var lexer: RowLexer
    private var skipsLineFeed = false
    private var isSkipping = false

    /// The open records, outermost first, each with what it holds so far; the first level is the file.
    var levels: [Level] = []
    let kindNames: [Int32]
    let fieldNames: [[Int32]]
    /// By kind: the unit behind its last field, and whether its fields stand in ascending places that do not overlap.
    let ends: [Int]
    let areAscending: [Bool]
    let hasPatterns: Bool
    /// Cells of the record at hand.
    var cells: [Cell] = []
    var spans: [FieldSpan] = []
    var names: [Int32] = []
    var scratch: [UInt8] = []
    /// Sums that some check asks for: kind and field.
    let sums: [(kind: Int, field: Int)]
    /// End in UTF-8 of the record read last.
    var lastEnd = 0

    /// A cell of a record within the record's UTF-8.
    typealias Cell = (range: Range<Int>, hasDoubledQuotes: Bool)

    /// A record that holds others, or the file.
    struct Level {
        /// Kind of the record; -1 is the file.
        var kind: Int
        var node: Int32
        /// Records within it so far, by kind, and the sums of checked fields.
        var counts: [Int]
        var totals: [ExactDecimal?]
        /// Children of it by kind: what `required` and `max` are about.
        var children: [Int]
    }

    package init(layout: FlatLayout, file: String? = nil, limits: ReadLimits = ReadLimits(), encoding: DeclaredEncoding? = nil) {
        self.layout = layout
        document = TextDocument(
            file: file, limits: limits, encoding: encoding ?? layout.encoding,
            codes: TextDocument.Codes(encoding: .flatEncoding, empty: .flatEmpty, size: .flatSize))
        splitter = RecordSplitter(length: layout.recordLength, isBytes: layout.unit == .bytes, limit: limits.recordBytes)
        lexer = RowLexer(separator: layout.separator, quote: layout.quote, limit: limits.recordBytes, cellLimit: limits.fields)
        var arena = SourceArena()
        kindNames = layout.kinds.map { arena.intern($0.name) }
        fieldNames = layout.kinds.map { $0.fields.map { arena.intern($0.name) } }
        ends = layout.kinds.map { $0.fields.map(\.place.upperBound).max() ?? 0 }
        areAscending = layout.kinds.map { kind in
            zip(kind.fields, kind.fields.dropFirst()).allSatisfy { $0.place.upperBound <= $1.place.lowerBound }
        }
        hasPatterns = layout.kinds.contains { $0.pattern != nil }
        var sums: [(kind: Int, field: Int)] = []
        for kind in layout.kinds {
            for check in kind.checks {
                if case .sum(let summed, let field) = check.control { sums.append((summed, field)) }
            }
        }
        self.sums = sums
        self.arena = arena
    }

    var oldestOffset: Int { min(document.offset, lastEnd) }

    var summary: SourceSummary {
        var summary = SourceSummary(format: "flat")
        summary.records = rows
        return summary
    }

    mutating func complete<Sink: SourceSink>(into sink: inout Sink) {
        if levels.isEmpty, rows == 0 { stopEmpty(into: &sink) }
    }

    mutating func close<Sink: SourceSink>(into sink: inout Sink) { closeLevels(downTo: 0, isWhole: !document.isStopped, into: &sink) }

    /// Whether positions count the bytes at hand. A byte of a document that is not UTF-8 is a character of them.
    var countsBytes: Bool { layout.unit == .bytes && !document.input.isTranscoded }

    mutating func drain<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) -> Int {
        splitter.isBytes = countsBytes
        // Control-Z ends a document of old systems.
        let whole = isEnd && bytes.last == 0x1A ? UnsafeBufferPointer(rebasing: bytes.dropLast()) : bytes
        var used = 0
        while used < whole.count, !document.isStopped {
            let step = step(UnsafeBufferPointer(rebasing: whole[used...]), isEnd: isEnd, into: &sink)
            guard step > 0 else { break }
            used += step
            document.offset += step
        }
        return used
    }

    /// Reads one record, line end or rest of a line, and gives how many bytes it used; 0 waits for more.
    private mutating func step<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) -> Int {
        if skipsLineFeed {
            skipsLineFeed = false
            if bytes[0] == 0x0A { return 1 }
        }
        if isSkipping {
            guard let end = bytes.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return bytes.count }
            isSkipping = false
            skipsLineFeed = bytes[end] == 0x0D
            document.line += 1
            return end + 1
        }
        if let comment = layout.comment {
            if bytes.starts(with: comment) {
                isSkipping = true
                return comment.count
            }
            if !isEnd, bytes.count < comment.count, comment.starts(with: bytes) { return 0 }
        }
        return layout.form == .fixed ? fixedRecord(bytes, isEnd, into: &sink) : separatedRecord(bytes, isEnd, into: &sink)
    }

    private mutating func fixedRecord<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool, into sink: inout Sink) -> Int {
        switch splitter.scan(bytes, isEnd: isEnd) {
        case .unfinished: return 0
        case .tooLong:
            let limit = document.limits.recordBytes
            refuse(.flatLong, "a record is longer than \(limit) bytes", 0..<limit + 1, "check the line ends, or the length of records in the layout", into: &sink)
            splitter.reset()
            isSkipping = true
            return limit + 1
        case .record(let end, let next, let lines):
            if end > 0 {
                takeFixed(
                    UnsafeBufferPointer(rebasing: bytes[..<end]), isForeign: splitter.isForeign, hasNul: splitter.hasNul, into: &sink)
            }
            document.line += lines
            splitter.reset()
            return next
        }
    }

    private mutating func separatedRecord<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, _ isEnd: Bool, into sink: inout Sink
    ) -> Int {
        var outcome = lexer.scan(bytes)
        if case .unfinished = outcome {
            guard isEnd else { return 0 }
            outcome = lexer.finish(count: bytes.count)
        }
        defer { lexer.reset() }
        switch outcome {
        case .unfinished: return 0
        case .row(let end, let next, let afterReturn):
            skipsLineFeed = afterReturn
            if end > 0 { takeSeparated(UnsafeBufferPointer(rebasing: bytes[..<end]), into: &sink) }
            document.line += lexer.lines + (next > end ? 1 : 0)
            return max(next, 1)
        case .brokenQuote(let stray):
            let opened = lexer.opened.offset
            refuse(
                .flatQuote, stray == nil ? "the quote is not closed" : "text follows the quote that closes the cell", opened..<opened + 1,
                "a quote within a quoted cell is written twice; reading goes on at the next line", into: &sink)
            guard let resume = lexer.resume else {
                isSkipping = true
                return isEnd ? bytes.count : max(lexer.scanned, 1)
            }
            document.line += resume.lines
            skipsLineFeed = bytes[resume.offset - 1] == 0x0D
            return resume.offset
        case .tooLong:
            refuse(.flatLong, "a record is longer than \(document.limits.recordBytes) bytes", 0..<lexer.limit + 1, "check the line ends", into: &sink)
            isSkipping = true
            return lexer.limit + 1
        }
    }
}
