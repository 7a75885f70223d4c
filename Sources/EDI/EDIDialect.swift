import Diagnostics
import Formats

/// What one standard has of its own beside its headers: tags, words and codes. Shared by reference, because a reader looks at it
/// for each EDI segment.
final class EDIDialect: Sendable {
    let standard: EDIStandard
    /// As findings call it.
    let name: String
    let interchange: EnvelopeKind
    let group: EnvelopeKind
    let transactionSet: EnvelopeKind
    /// Of transaction sets and their structure, in the middle of a sentence.
    let noun: String
    let versionNoun: String
    let loopsNoun: String
    /// What a tag is and what a file begins with.
    let tagRule: String
    let tagHint: String
    let beginning: String
    /// All that interchanges are made of: `ISA to IEA`.
    let extent: String
    /// How EBCDIC files of it begin.
    let headerInEBCDIC: [UInt8]
    /// Characters of a transaction set's identifier that is used as a name.
    let identifierLength: ClosedRange<Int>
    /// The element of the header that has the identifier.
    let identifierElement: Int32
    private let codes: [DiagnosticCode]

    init(
        _ standard: EDIStandard, name: String, prefix: (SharedDefect) -> DiagnosticCode, interchange: EnvelopeKind, group: EnvelopeKind,
        transactionSet: EnvelopeKind, nouns: (set: String, version: String, loops: String), tagRule: String, tagHint: String,
        beginning: String, extent: String, headerInEBCDIC: [UInt8], identifierLength: ClosedRange<Int>, identifierElement: Int32
    ) {
        self.standard = standard
        self.name = name
        self.interchange = interchange
        self.group = group
        self.transactionSet = transactionSet
        (noun, versionNoun, loopsNoun) = nouns
        self.tagRule = tagRule
        self.tagHint = tagHint
        self.beginning = beginning
        self.extent = extent
        self.headerInEBCDIC = headerInEBCDIC
        self.identifierLength = identifierLength
        self.identifierElement = identifierElement
        codes = SharedDefect.allCases.map(prefix)
    }

    /// The standard's code for a defect that all have.
    subscript(defect: SharedDefect) -> DiagnosticCode { codes[defect.rawValue] }

    static func of(_ standard: EDIStandard) -> EDIDialect {
        switch standard {
        case .x12: x12
        case .edifact: edifact
        case .tradacoms: tradacoms
        }
    }
}

/// The defects that files of all standards can have.
enum SharedDefect: Int, CaseIterable {
    case noInterchange, junk, byteOrderMark, documentSize, cutSegment
    case delimiters, noTransactionSets, outsideEnvelope, transactionSetHeader
    case segmentTag, emptySegment, segmentSize, fieldCount, indented, controlCharacter, charset
    case noStructure, nearStructure, undefinedSegment, segmentOrder, missingSegment, missingLoop, segmentUse, loopUse, unusedSegment

    /// What it weighs and rejects where neither feed nor partner says otherwise.
    var rule: DefectRule {
        switch self {
        case .noInterchange, .delimiters: DefectRule(.error)
        case .documentSize, .cutSegment, .outsideEnvelope, .transactionSetHeader, .segmentTag, .segmentSize, .fieldCount, .missingSegment,
            .missingLoop:
            DefectRule(.error, rejects: .transactionSet)
        case .junk, .noTransactionSets, .emptySegment, .controlCharacter, .charset, .undefinedSegment, .segmentOrder, .segmentUse,
            .loopUse, .unusedSegment:
            DefectRule(.warning)
        case .byteOrderMark, .indented, .noStructure, .nearStructure: DefectRule(.note)
        }
    }
}
