import Diagnostics
package import Formats

/// Reads flat files of SAP's intermediate documents: a control record EDI_DC40 of 524 characters, then data records of 63 and
/// 1,000, with line ends or without, blanks at the end of a line cut or not; any number of documents a file.
///
/// The nodes are those of IDoc XML, so that one mapping reads both: the type (`ORDERS05`), in it `IDOC`, in it `EDI_DC40` and the
/// segments by their types, nested as PSGNUM says (where it says nothing, HLEVEL); fields are elements with text, and one that
/// is blank is not there. A segment that no definition describes has one field, SDATA.
package struct IDocReader: SourceReader {
    package let segments: IDocSegments
    package let file: String?
    package let limits: ReadLimits
    package internal(set) var arena = SourceArena()
    /// Records with a finding that were not given on.
    package internal(set) var rowsRefused = 0
    /// Records read, control records and refused ones included.
    package internal(set) var rows = 0
    /// Documents read.
    package internal(set) var documents = 0

    /// Lengths of the control record, of what stands before SDATA in a data record, and of SDATA (SAP: EDI_DC40, EDI_DD40).
    static let controlLength = 524
    static let prefixLength = 63
    package static let dataLength = 1000
    static let controlFields: [IDocSegments.Field] = {
        let lengths: [(String, Int)] = [
            ("TABNAM", 10), ("MANDT", 3), ("DOCNUM", 16), ("DOCREL", 4), ("STATUS", 2), ("DIRECT", 1), ("OUTMOD", 1), ("EXPRSS", 1),
            ("TEST", 1), ("IDOCTYP", 30), ("CIMTYP", 30), ("MESTYP", 30), ("MESCOD", 3), ("MESFCT", 3), ("STD", 1), ("STDVRS", 6),
            ("STDMES", 6), ("SNDPOR", 10), ("SNDPRT", 2), ("SNDPFC", 2), ("SNDPRN", 10), ("SNDSAD", 21), ("SNDLAD", 70), ("RCVPOR", 10),
            ("RCVPRT", 2), ("RCVPFC", 2), ("RCVPRN", 10), ("RCVSAD", 21), ("RCVLAD", 70), ("CREDAT", 8), ("CRETIM", 6), ("REFINT", 14),
            ("REFGRP", 14), ("REFMES", 14), ("ARCKEY", 70), ("SERIAL", 20),
        ]
        var start = 0
        return lengths.map { name, length in
            defer { start += length }
            return IDocSegments.Field(name: name, start: start, length: length)
        }
    }()

    var input: TextInput
    private var splitter: RecordSplitter
    private var pending: [UInt8] = []
    /// Offset in UTF-8 of the first byte that is not used up, and its line.
    var offset = 0
    var line = 1
    private var received = 0
    private var isSkipping = false
    var isStopped = false

    /// Type of the open document's root; nil where none is open.
    var type: String?
    var documentNumber = ""
    var isDocumentOpen = false
    /// The open segments, outermost first.
    var open: [(number: Int, level: Int)] = []
    var lastNumber = 0
    var lastEnd = 0
    var unknown: Set<String> = []
    /// Elements opened so far.
    var elements = 0

    package init(
        segments: IDocSegments, file: String? = nil, limits: ReadLimits = ReadLimits(), encoding: DeclaredEncoding? = nil
    ) {
        self.segments = segments
        self.file = file
        self.limits = limits
        input = TextInput(declared: encoding)
        splitter = RecordSplitter(length: Self.controlLength, isBytes: false, limit: limits.recordBytes)
    }

    /// Whether the first bytes of a file are those of such a file.
    package static func recognises(head: [UInt8]) -> Bool {
        let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head[3...] : head[...]
        return text.starts(with: "EDI_DC40".utf8)
    }

    package mutating func read<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let piece = rest.prefix(1 << 16)
            rest = rest.dropFirst(piece.count)
            let allowed = max(0, limits.documentBytes - received)
            received += piece.count
            guard !isStopped else { continue }
            feed(UnsafeBufferPointer(rebasing: piece.prefix(allowed)), isEnd: piece.count > allowed, into: &sink)
            if piece.count > allowed {
                stop(.flatSize, "the document is larger than \(limits.documentBytes) bytes", "raise the limit of the feed, or ask the sender to split the file", into: &sink)
            }
        }
    }

    package mutating func finish<Sink: SourceSink>(into sink: inout Sink) -> SourceSummary {
        feed(UnsafeBufferPointer(start: nil, count: 0), isEnd: true, into: &sink)
        if !isStopped {
            var held: [UInt8] = []
            swap(&held, &pending)
            held.withUnsafeBufferPointer { _ = drain($0, isEnd: true, into: &sink) }
            if rows == 0 { stop(.flatEmpty, "the document is empty", "ask the sender whether there was nothing to send", into: &sink) }
        }
        closeRoot(into: &sink)
        input.finish(before: isStopped ? input.place(offset..<offset).lowerBound : nil)
        for remark in input.remarks {
            sink.found(Diagnostic(.flatEncoding, .warning, remark.fact, at: SourcePosition(file: file, bytes: remark.bytes), hint: remark.hint))
        }
        isStopped = true
        var summary = SourceSummary(format: "idoc")
        summary.interchanges = documents
        summary.transactionSets = documents
        summary.segments = rows
        summary.records = rows
        summary.bytes = received
        return summary
    }

    private mutating func feed<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) {
        guard !isStopped else { return }
        switch input.take(bytes, isEnd: isEnd) {
        case .held: break
        case .asTheyAre: consume(bytes, into: &sink)
        case .transcoded:
            var made: [UInt8] = []
            swap(&made, &input.made)
            made.withUnsafeBufferPointer { consume($0, into: &sink) }
            made.removeAll(keepingCapacity: true)
            swap(&made, &input.made)
            input.forget(before: min(offset, lastEnd))
        case .refused:
            stop(.flatEncoding, input.refusal ?? "", "have it sent as UTF-8, or convert it first", into: &sink)
        }
    }

    private mutating func consume<Sink: SourceSink>(_ piece: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard !isStopped, !piece.isEmpty else { return }
        pending.append(contentsOf: piece)
        var held: [UInt8] = []
        swap(&held, &pending)
        let used = held.withUnsafeBufferPointer { drain($0, isEnd: false, into: &sink) }
        held.removeFirst(used)
        swap(&held, &pending)
    }

    private mutating func drain<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink
    ) -> Int {
        var used = 0
        while used < bytes.count, !isStopped {
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            if isSkipping {
                guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                    offset += rest.count
                    return bytes.count
                }
                isSkipping = false
                used += end
                offset += end
                continue
            }
            if splitter.isFresh {
                // The first eight characters tell a control record, and with it the length.
                guard rest.count >= 8 || isEnd else { return used }
                splitter.length = rest.starts(with: "EDI_DC".utf8) ? Self.controlLength : Self.prefixLength + Self.dataLength
            }
            switch splitter.scan(rest, isEnd: isEnd) {
            case .unfinished: return used
            case .tooLong:
                refuse(.flatLong, "a record is longer than \(limits.recordBytes) bytes", into: &sink)
                isSkipping = true
                splitter.reset()
                used += limits.recordBytes + 1
                offset += limits.recordBytes + 1
            case .record(let end, let next, let lines):
                let record = UnsafeBufferPointer(rebasing: rest[..<end])
                if !record.allSatisfy({ $0 == 0x20 || $0 == 0x1A }) { take(record, hasNul: splitter.hasNul, into: &sink) }
                line += lines
                splitter.reset()
                used += next
                offset += next
            }
        }
        return min(used, bytes.count)
    }

    mutating func stop<Sink: SourceSink>(_ code: DiagnosticCode, _ fact: String, _ hint: String, into sink: inout Sink) {
        isStopped = true
        pending = []
        sink.found(Diagnostic(
            code, .error, fact, at: SourcePosition(file: file, line: line, bytes: input.place(offset..<offset)), hint: hint))
    }
}
