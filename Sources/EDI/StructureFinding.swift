import Diagnostics

/// What the matcher found wrong with the order of EDI segments: the facts that an acknowledgement (AK3) needs too.
struct StructureFinding: Equatable {
    enum Kind: Equatable {
        case undefinedSegment, segmentOrder, missingSegment, missingLoop, segmentUse, loopUse
        /// The standard has it there, and the sender's guide forbids it.
        case unusedSegment
        /// HL02 names no open HL loop; HL loops are nested too deep. X12 alone.
        case hierarchy, depth
    }

    var kind: Kind
    /// Tag of the EDI segment that is missing, misplaced or repeated too often.
    var tag: String
    /// Name of the loop that it belongs to or stands in; nil directly in the transaction set.
    var loop: String?
    /// Most uses that the structure allows, where that is what was exceeded.
    var max: Int?
    /// HL02 as sent, where that is what is wrong.
    var parent: String?
    /// Where something is missing: which of the open loops it is, from the transaction set, 0.
    var frame = 0
    /// The tag of what is missing, where ``tag`` says more than that.
    var segmentTag: String?
    /// It is the second or a later use too many in one place: it rejects as the first did, and is not said again.
    var isRepeated = false

    init(
        _ kind: Kind, tag: String, loop: String?, max: Int? = nil, parent: String? = nil, frame: Int = 0, segmentTag: String? = nil
    ) {
        self.kind = kind
        self.tag = tag
        self.loop = loop
        self.max = max
        self.parent = parent
        self.frame = frame
        self.segmentTag = segmentTag
    }

    func code(_ dialect: EDIDialect) -> DiagnosticCode {
        switch kind {
        case .undefinedSegment: dialect[.undefinedSegment]
        case .segmentOrder: dialect[.segmentOrder]
        case .missingSegment: dialect[.missingSegment]
        case .missingLoop: dialect[.missingLoop]
        case .segmentUse: dialect[.segmentUse]
        case .unusedSegment: dialect[.unusedSegment]
        case .loopUse: dialect[.loopUse]
        case .hierarchy: .x12Hierarchy
        case .depth: .x12Depth
        }
    }

    /// The tag, where it is of an EDI segment or a loop that is missing.
    var missingTag: String? { kind == .missingSegment || kind == .missingLoop ? segmentTag ?? tag : nil }

    /// - Parameter whole: what the segment is in, such as `transaction set 850`.
    func fact(in whole: String) -> String {
        let place = loop.map { "loop \($0)" } ?? whole
        switch kind {
        case .undefinedSegment: return "\(tag) is no EDI segment of \(whole)"
        case .segmentOrder: return "\(tag) does not belong here in \(place)"
        case .missingSegment: return "Mandatory EDI segment \(tag) is missing in \(place)"
        case .missingLoop: return "Mandatory loop \(tag) is missing in \(place)"
        case .unusedSegment: return "\(tag) is not used here in \(place), by the sender's guide"
        case .segmentUse: return "\(tag) is used more than \(max ?? 1) times in \(place)"
        case .loopUse: return "Loop \(tag) is repeated more than \(max ?? 1) times in \(place)"
        case .hierarchy:
            return (parent ?? "").isEmpty
                ? "HL02 is empty; the loop was placed by its level" : "HL02 names \(parent ?? ""), which is no open HL loop; the loop was placed by its level"
        case .depth: return "HL loops are nested too deep; the loop was placed beside its parent"
        }
    }
}
