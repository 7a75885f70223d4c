import Diagnostics

/// What the matcher found wrong with the order of EDI segments: the facts that an acknowledgement (AK3) needs too.
struct StructureFinding: Equatable {
    var code: DiagnosticCode
    /// Tag of the EDI segment that is missing, misplaced or repeated too often.
    var tag: String
    /// Name of the loop that it belongs to or stands in; nil directly in the transaction set.
    var loop: String?
    /// Most uses that the structure allows, where that is what was exceeded.
    var max: Int?
    /// HL02 as sent, where that is what is wrong.
    var parent: String?

    init(_ code: DiagnosticCode, tag: String, loop: String?, max: Int? = nil, parent: String? = nil) {
        self.code = code
        self.tag = tag
        self.loop = loop
        self.max = max
        self.parent = parent
    }

    /// The tag, where it is of an EDI segment or a loop that is missing.
    var missingTag: String? { code == .x12MissingSegment || code == .x12MissingLoop ? tag : nil }

    /// - Parameter whole: what the segment is in, such as `transaction set 850`.
    func fact(in whole: String) -> String {
        let place = loop.map { "loop \($0)" } ?? whole
        switch code {
        case .x12UndefinedSegment: return "\(tag) is no EDI segment of \(whole)"
        case .x12SegmentOrder: return "\(tag) does not belong here in \(place)"
        case .x12MissingSegment: return "Mandatory EDI segment \(tag) is missing in \(place)"
        case .x12MissingLoop: return "Mandatory loop \(tag) is missing in \(place)"
        case .x12SegmentUse: return "\(tag) is used more than \(max ?? 1) times in \(place)"
        case .x12LoopUse: return "Loop \(tag) is repeated more than \(max ?? 1) times in \(place)"
        case .x12Hierarchy:
            return (parent ?? "").isEmpty
                ? "HL02 is empty; the loop was placed by its level" : "HL02 names \(parent ?? ""), which is no open HL loop; the loop was placed by its level"
        case .x12Depth: return "HL loops are nested too deep; the loop was placed beside its parent"
        default: return tag
        }
    }
}
