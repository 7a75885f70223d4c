/// The interchange that is open.
struct OpenInterchange {
    var node: Int32
    var delimiters: X12Delimiters
    /// ISA13 as sent, spaces trimmed.
    var controlNumber: String
    var start: EnvelopeStart
    var isWrapped: Bool
    var groups = 0
    var transactionSets = 0
    var acknowledgements = 0
    /// Findings that are made once an interchange.
    var saidIndented = false
    var saidCharset = false
    var saidNoStructure: Set<String> = []
}

/// The functional group that is open.
struct OpenGroup {
    var node: Int32
    /// GS01, GS06, GS08 as sent.
    var functionalIdentifier: String
    var controlNumber: String
    var version: String
    var start: EnvelopeStart
    var transactionSets = 0
}

/// The transaction set that is open.
struct OpenTransactionSet {
    var node: Int32
    /// ST01, ST02 as sent.
    var identifier: String
    var controlNumber: String
    var version: String
    var start: EnvelopeStart
    var segments = 0
    var isRejected = false
}

/// Where an envelope began: what a finding about its missing trailer points to.
struct EnvelopeStart {
    var spot: X12Spot
    var tag: String
    var ordinal: Int
}

/// Lines and columns as an editor counts them: LF, CR LF and a lone CR each end a line.
struct LineCounter {
    /// 1-based line of the next byte.
    private(set) var line = 1
    /// Offset in the file of the first byte of that line.
    private(set) var start = 0
    private var endedWithReturn = false

    /// Counts bytes that stand at an offset in the file.
    mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == ASCII.lineFeed {
                if !endedWithReturn { line += 1 }
                start = offset + index + 1
                endedWithReturn = false
            } else if byte == ASCII.carriageReturn {
                line += 1
                start = offset + index + 1
                endedWithReturn = true
            } else {
                endedWithReturn = false
            }
        }
    }

    /// Counts an EDI segment whose line breaks were counted when it was scanned. It does not end in one.
    mutating func pass(newlines: Int, lastLineStart: Int) {
        endedWithReturn = false
        guard newlines > 0 else { return }
        line += newlines
        start = lastLineStart
    }
}
