import Diagnostics
import Formats

/// What reads a ``TextDocument``: how its bytes come, in pieces of any size, and how it ends is the same for all; a format
/// says what the bytes mean.
protocol TextReader: SourceReader {
    var document: TextDocument { get set }
    /// Whatever asks for places in the document from now on asks for this offset or later ones.
    var oldestOffset: Int { get }

    /// Reads what can be read of `bytes`, whose first byte is at ``TextDocument/offset``, moves that on, and gives how many were
    /// used up. Where `isEnd`, the document ends behind them.
    mutating func drain<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) -> Int
    /// Says what is missing at the end of a document that was not given up.
    mutating func complete<Sink: SourceSink>(into sink: inout Sink)
    /// Closes what is open.
    mutating func close<Sink: SourceSink>(into sink: inout Sink)
    /// Where a finding about bytes behind ``TextDocument/offset`` stands that ends the reading.
    func placeOfStop(_ range: Range<Int>) -> SourcePosition
    /// What was read, but for the bytes.
    var summary: SourceSummary { get }
}

extension TextReader {
    /// Bytes that are looked at together, so that a record that they cut costs a small copy however much is given at once.
    private var pieceBytes: Int { 1 << 16 }

    package mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(pieceBytes)
            rest = rest.dropFirst(piece.count)
            let limit = document.limits.documentBytes, allowed = max(0, limit - document.received)
            document.received += piece.count
            guard !document.isStopped else { continue }
            feed(UnsafeBufferPointer(rebasing: piece.prefix(allowed)), isEnd: piece.count > allowed, into: &sink)
            if piece.count > allowed, !document.isStopped {
                stop(document.codes.size, "the document is larger than \(limit) bytes",
                     "raise the limit of the feed, or ask the sender to split the file", into: &sink)
            }
        }
    }

    package mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        feed(UnsafeBufferPointer(start: nil, count: 0), isEnd: true, into: &sink)
        if !document.isStopped {
            var held: [UInt8] = []
            swap(&held, &document.pending)
            held.withUnsafeBufferPointer { _ = drain($0, isEnd: true, into: &sink) }
        }
        if !document.isStopped { complete(into: &sink) }
        close(into: &sink)
        document.input.finish(before: document.isStopped ? document.place(document.offset) : nil)
        for remark in document.input.remarks {
            sink.found(Diagnostic(
                document.codes.encoding, .warning, remark.fact, at: SourcePosition(file: document.file, bytes: remark.bytes),
                hint: remark.hint))
        }
        document.stop()
        var summary = summary
        summary.bytes = document.received
        return summary
    }

    /// Makes UTF-8 of the bytes and reads it.
    private mutating func feed<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) {
        guard !document.isStopped else { return }
        switch document.input.take(bytes, isEnd: isEnd) {
        case .held: break
        case .asTheyAre: consume(bytes, into: &sink)
        case .transcoded:
            var made: [UInt8] = []
            swap(&made, &document.input.made)
            made.withUnsafeBufferPointer { consume($0, into: &sink) }
            made.removeAll(keepingCapacity: true)
            swap(&made, &document.input.made)
            document.input.forget(before: oldestOffset)
        case .refused:
            stop(document.codes.encoding, document.input.refusal ?? "", "have it sent as UTF-8, or convert it first", into: &sink)
        }
    }

    private mutating func consume<Sink: SourceSink>(_ piece: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard !piece.isEmpty else { return }
        guard !document.pending.isEmpty else {
            let used = drain(piece, isEnd: false, into: &sink)
            if !document.isStopped { document.pending.append(contentsOf: piece[used...]) }
            return
        }
        document.pending.append(contentsOf: piece)
        var held: [UInt8] = []
        swap(&held, &document.pending)
        let used = held.withUnsafeBufferPointer { drain($0, isEnd: false, into: &sink) }
        guard !document.isStopped else { return }
        held.removeFirst(used)
        swap(&held, &document.pending)
    }

    /// Reports why nothing more of the document is read. The range counts from ``TextDocument/offset``.
    mutating func stop<Sink: SourceSink>(
        _ code: DiagnosticCode, _ fact: String, _ hint: String?, at range: Range<Int> = 0..<0, into sink: inout Sink
    ) {
        document.stop()
        sink.found(Diagnostic(code, .error, fact, at: placeOfStop(range), hint: hint))
    }

    /// Reports that the document holds nothing.
    mutating func stopEmpty<Sink: SourceSink>(into sink: inout Sink) {
        stop(document.codes.empty, "the document is empty", "ask the sender whether there was nothing to send", into: &sink)
    }

    func placeOfStop(_ range: Range<Int>) -> SourcePosition {
        let offset = document.offset
        return SourcePosition(
            file: document.file, line: document.line,
            bytes: document.place(offset + range.lowerBound..<offset + range.upperBound))
    }
}
