import Diagnostics
import Formats

extension EDIDialect {
    static let x12 = EDIDialect(
        .x12, name: "X12", prefix: \.x12,
        interchange: EnvelopeKind(
            header: EnvelopeTag.isa, trailer: EnvelopeTag.iea, noun: "Interchange", contents: "functional groups", countName: "IEA01",
            numbers: ("IEA02", "ISA13"), comparesNumbers: true, countHint: "ask the sender whether functional groups were lost",
            missingTrailer: .x12MissingIEA, count: .x12GroupCount, control: .x12InterchangeControl),
        group: EnvelopeKind(
            header: EnvelopeTag.gs, trailer: EnvelopeTag.ge, noun: "Functional group", contents: "transaction sets", countName: "GE01",
            numbers: ("GE02", "GS06"), comparesNumbers: true, countHint: "ask the sender whether transaction sets were lost",
            missingTrailer: .x12MissingGE, count: .x12TransactionSetCount, control: .x12GroupControl),
        transactionSet: EnvelopeKind(
            header: EnvelopeTag.st, trailer: EnvelopeTag.se, noun: "Transaction set", contents: "EDI segments", countName: "SE01",
            numbers: ("SE02", "ST02"), comparesNumbers: false,
            countHint: "ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other transaction sets",
            missingTrailer: .x12MissingSE, count: .x12SegmentCount, control: .x12TransactionSetControl),
        nouns: ("transaction set", "version", "loops"), tagRule: "two or three capital letters and digits",
        tagHint: "the EDI segment was left out; a terminator may be missing or too many",
        beginning: "an X12 file begins with ISA, which declares its delimiters", extent: "ISA to IEA", headerInEBCDIC: [0xC9, 0xE2, 0xC1],
        identifierLength: 3...3, identifierElement: 1)

    static let edifact = EDIDialect(
        .edifact, name: "EDIFACT", prefix: \.edifact,
        interchange: EnvelopeKind(
            header: EnvelopeTag.unb, trailer: EnvelopeTag.unz, noun: "Interchange", contents: "messages", countName: "UNZ",
            numbers: ("The reference in UNZ", "in UNB it"), comparesNumbers: false, countHint: "ask the sender whether some were lost",
            missingTrailer: .edifactMissingUNZ, count: .edifactInterchangeCount, control: .edifactInterchangeReference),
        group: EnvelopeKind(
            header: EnvelopeTag.ung, trailer: EnvelopeTag.une, noun: "Functional group", contents: "messages", countName: "UNE",
            numbers: ("The reference in UNE", "in UNG it"), comparesNumbers: false, countHint: "ask the sender whether messages were lost",
            missingTrailer: .edifactMissingUNE, count: .edifactMessageCount, control: .edifactGroupReference),
        transactionSet: EnvelopeKind(
            header: EnvelopeTag.unh, trailer: EnvelopeTag.unt, noun: "Message", contents: "EDI segments", countName: "UNT",
            numbers: ("The reference in UNT", "in UNH it"), comparesNumbers: false,
            countHint: "ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other messages",
            missingTrailer: .edifactMissingUNT, count: .edifactSegmentCount, control: .edifactMessageReference),
        nouns: ("message", "directory", "groups"), tagRule: "three capital letters and digits",
        tagHint: "the EDI segment was left out; a terminator may be missing or too many, or a release character missing",
        beginning: "an EDIFACT file begins with UNA or with UNB, a separator and its syntax identifier", extent: "UNA or UNB to UNZ",
        headerInEBCDIC: [0xE4, 0xD5], identifierLength: 3...6, identifierElement: 2)

    static let tradacoms = EDIDialect(
        .tradacoms, name: "TRADACOMS", prefix: \.tradacoms,
        interchange: EnvelopeKind(
            header: EnvelopeTag.stx, trailer: EnvelopeTag.end, noun: "Transmission", contents: "messages", countName: "END", numbers: nil,
            comparesNumbers: false, countHint: "ask the sender whether messages were lost", missingTrailer: .tradacomsMissingEND,
            count: .tradacomsMessageCount, control: nil),
        group: EnvelopeKind(
            header: EnvelopeTag.bat, trailer: EnvelopeTag.eob, noun: "Batch", contents: "messages", countName: "EOB", numbers: nil,
            comparesNumbers: false, countHint: "ask the sender whether messages were lost", missingTrailer: .tradacomsMissingEOB,
            count: .tradacomsBatchCount, control: nil),
        transactionSet: EnvelopeKind(
            header: EnvelopeTag.mhd, trailer: EnvelopeTag.mtr, noun: "Message", contents: "EDI segments", countName: "MTR", numbers: nil,
            comparesNumbers: false,
            countHint: "ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other messages",
            missingTrailer: .tradacomsMissingMTR, count: .tradacomsSegmentCount, control: nil),
        nouns: ("message", "version", "loops"), tagRule: "three capital letters and digits before `=`",
        tagHint: "the EDI segment was left out; a terminator may be missing or too many, or a release character missing",
        beginning: "a TRADACOMS file begins with STX=", extent: "STX to END", headerInEBCDIC: [0xE2, 0xE3, 0xE7], identifierLength: 3...6,
        identifierElement: 2)
}

/// The code of each common defect in each standard.
extension SharedDefect {
    var x12: DiagnosticCode {
        switch self {
        case .noInterchange: .x12NoInterchange
        case .junk: .x12Junk
        case .byteOrderMark: .x12ByteOrderMark
        case .documentSize: .x12DocumentSize
        case .cutSegment: .x12CutSegment
        case .delimiters: .x12Delimiters
        case .noTransactionSets: .x12NoTransactionSets
        case .outsideEnvelope: .x12OutsideEnvelope
        case .transactionSetHeader: .x12TransactionSetHeader
        case .segmentTag: .x12SegmentTag
        case .emptySegment: .x12EmptySegment
        case .segmentSize: .x12SegmentSize
        case .fieldCount: .x12FieldCount
        case .indented: .x12Indented
        case .controlCharacter: .x12ControlCharacter
        case .charset: .x12Charset
        case .noStructure: .x12NoStructure
        case .nearStructure: .x12NearStructure
        case .undefinedSegment: .x12UndefinedSegment
        case .segmentOrder: .x12SegmentOrder
        case .missingSegment: .x12MissingSegment
        case .missingLoop: .x12MissingLoop
        case .segmentUse: .x12SegmentUse
        case .loopUse: .x12LoopUse
        case .unusedSegment: .x12UnusedSegment
        }
    }

    var edifact: DiagnosticCode {
        switch self {
        case .noInterchange: .edifactNoInterchange
        case .junk: .edifactJunk
        case .byteOrderMark: .edifactByteOrderMark
        case .documentSize: .edifactDocumentSize
        case .cutSegment: .edifactCutSegment
        case .delimiters: .edifactDelimiters
        case .noTransactionSets: .edifactNoMessages
        case .outsideEnvelope: .edifactOutsideEnvelope
        case .transactionSetHeader: .edifactMessageHeader
        case .segmentTag: .edifactSegmentTag
        case .emptySegment: .edifactEmptySegment
        case .segmentSize: .edifactSegmentSize
        case .fieldCount: .edifactFieldCount
        case .indented: .edifactIndented
        case .controlCharacter: .edifactControlCharacter
        case .charset: .edifactCharset
        case .noStructure: .edifactNoStructure
        case .nearStructure: .edifactNearStructure
        case .undefinedSegment: .edifactUndefinedSegment
        case .segmentOrder: .edifactSegmentOrder
        case .missingSegment: .edifactMissingSegment
        case .missingLoop: .edifactMissingLoop
        case .segmentUse: .edifactSegmentUse
        case .loopUse: .edifactLoopUse
        case .unusedSegment: .edifactUnusedSegment
        }
    }

    var tradacoms: DiagnosticCode {
        switch self {
        case .noInterchange: .tradacomsNoInterchange
        case .junk: .tradacomsJunk
        case .byteOrderMark: .tradacomsByteOrderMark
        case .documentSize: .tradacomsDocumentSize
        case .cutSegment: .tradacomsCutSegment
        case .delimiters: .tradacomsHeader
        case .noTransactionSets: .tradacomsNoMessages
        case .outsideEnvelope: .tradacomsOutsideEnvelope
        case .transactionSetHeader: .tradacomsMessageHeader
        case .segmentTag: .tradacomsSegmentTag
        case .emptySegment: .tradacomsEmptySegment
        case .segmentSize: .tradacomsSegmentSize
        case .fieldCount: .tradacomsFieldCount
        case .indented: .tradacomsIndented
        case .controlCharacter: .tradacomsControlCharacter
        case .charset: .tradacomsCharset
        case .noStructure: .tradacomsNoStructure
        case .nearStructure: .tradacomsNearStructure
        case .undefinedSegment: .tradacomsUndefinedSegment
        case .segmentOrder: .tradacomsSegmentOrder
        case .missingSegment: .tradacomsMissingSegment
        case .missingLoop: .tradacomsMissingLoop
        case .segmentUse: .tradacomsSegmentUse
        case .loopUse: .tradacomsLoopUse
        case .unusedSegment: .tradacomsUnusedSegment
        }
    }
}
