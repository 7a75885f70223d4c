import Diagnostics
import Formats

/// Segment groups: the matcher's answers as nodes and findings.
extension EDIFACTReader {
    mutating func startMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        let isExact = loops.start(set.identifier, set.version, structures, depthMax: limits.depth, in: &arena)
        guard isExact != true, interchange?.saidNoStructure.contains(loops.lookedUp) == false else { return }
        interchange?.saidNoStructure.append(loops.lookedUp)
        let name = "message \(Self.shown(set.identifier)) in directory \(Self.shown(set.version))"
        let defect = isExact == nil
            ? EDIDefect(.edifactNoStructure, "No structure is known for \(name); it was read without groups", element: 2)
            : EDIDefect(.edifactNearStructure, "The structure of another directory was used for \(name)", element: 2)
        report(defect, bytes, into: &sink)
    }

    /// Opens and closes groups for the segment at hand.
    mutating func match<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let placement = loops.matcher.place(scan.tag, hierarchy: nil)
        if !loops.matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<placement.close { close(at: lastSegmentEnd, into: &sink) }
        if placement.open >= 0 { open(loops.names[placement.open], from: segmentStart, into: &sink) }
    }

    /// At UNT: closes all groups and reports what is missing.
    mutating func finishMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let closed = loops.finish()
        if !loops.matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<closed { close(at: lastSegmentEnd, into: &sink) }
    }

    /// Without UNT: closes all groups.
    mutating func abandonMatching<Sink: SourceSink>(into sink: inout Sink) {
        for _ in 0..<loops.finish() { close(at: lastSegmentEnd, into: &sink) }
    }

    private mutating func reportFindings<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let whole = "message \(transactionSet?.identifier ?? "")"
        for finding in loops.matcher.findings {
            let range = 0..<scan.tagLength
            let defect = EDIDefect(finding.code.forMessages, finding.fact(in: whole), range: range)
            emit(
                defect, at: position(range, bytes, defect, finding), excerpt: excerpt(bytes, range: range),
                isNote: loops.findingsAreNotes, into: &sink)
        }
    }
}
