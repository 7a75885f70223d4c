import Diagnostics
package import Formats

/// Reads flat files of SAP's intermediate documents: a control record EDI_DC40 of 524 characters, then data records of 63 and
/// 1,000, with line ends or without, blanks at the end of a line cut or not; any number of documents a file.
///
/// The nodes are those of IDoc XML, so that one mapping reads both: the type (`ORDERS05`), in it `IDOC`, in it `EDI_DC40` and the
/// segments by their types, nested as PSGNUM says (where it says nothing, HLEVEL); fields are elements with text, and one that
/// is blank is not there. A segment that no definition describes has one field, SDATA.
package struct IDocReader: TextReader {
    package let segments: IDocSegments
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

    var document: TextDocument
    private var splitter: RecordSplitter
    private var isSkipping = false

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
        document = TextDocument(
            file: file, limits: limits, encoding: encoding,
            codes: TextDocument.Codes(encoding: .flatEncoding, empty: .flatEmpty, size: .flatSize))
        splitter = RecordSplitter(length: Self.controlLength, isBytes: false, limit: limits.recordBytes)
    }

    /// Whether the first bytes of a file are those of such a file.
    package static func recognises(head: [UInt8]) -> Bool {
        let text = head.starts(with: [0xEF, 0xBB, 0xBF]) ? head[3...] : head[...]
        return text.starts(with: "EDI_DC40".utf8)
    }

    var oldestOffset: Int { min(document.offset, lastEnd) }

    var summary: SourceSummary {
        var summary = SourceSummary(format: "idoc")
        summary.interchanges = documents
        summary.transactionSets = documents
        summary.segments = rows
        summary.records = rows
        return summary
    }

    mutating func complete<Sink: SourceSink>(into sink: inout Sink) {
        if rows == 0 { stopEmpty(into: &sink) }
    }

    mutating func close<Sink: SourceSink>(into sink: inout Sink) { closeRoot(into: &sink) }

    mutating func drain<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool, into sink: inout Sink) -> Int {
        var used = 0
        while used < bytes.count, !document.isStopped {
            let rest = UnsafeBufferPointer(rebasing: bytes[used...])
            if isSkipping {
                guard let end = rest.firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else {
                    document.offset += rest.count
                    return bytes.count
                }
                isSkipping = false
                used += end
                document.offset += end
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
                refuse(.flatLong, "a record is longer than \(document.limits.recordBytes) bytes", into: &sink)
                isSkipping = true
                splitter.reset()
                used += document.limits.recordBytes + 1
                document.offset += document.limits.recordBytes + 1
            case .record(let end, let next, let lines):
                let record = UnsafeBufferPointer(rebasing: rest[..<end])
                if !record.allSatisfy({ $0 == 0x20 || $0 == 0x1A }) { take(record, hasNul: splitter.hasNul, into: &sink) }
                document.line += lines
                splitter.reset()
                used += next
                document.offset += next
            }
        }
        return min(used, bytes.count)
    }
}
