import Diagnostics
import Formats

/// Loops: the matcher's answers as nodes and findings.
extension X12Reader {
    mutating func startMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let set = transactionSet else { return }
        let isExact = loops.start(set.identifier, set.version, structures, depthMax: limits.depth, in: &arena)
        guard isExact != true, interchange?.saidNoStructure.contains(loops.lookedUp) == false else { return }
        interchange?.saidNoStructure.append(loops.lookedUp)
        let name = "transaction set \(Self.shown(set.identifier)) in version \(Self.shown(set.version))"
        let defect = isExact == nil
            ? EDIDefect(.x12NoStructure, "No structure is known for \(name); it was read without loops", element: 1)
            : EDIDefect(.x12NearStructure, "The structure of another version was used for \(name)", element: 1)
        report(defect, bytes, into: &sink)
    }

    /// Opens and closes loops for the segment at hand.
    mutating func match<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let key = scan.tag == EnvelopeTag.hl
            ? HierarchyKey(id: trimmed(1, bytes), parent: trimmed(2, bytes), level: trimmed(3, bytes)) : nil
        let placement = loops.matcher.place(scan.tag, hierarchy: key)
        if !loops.matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<placement.close { close(at: lastSegmentEnd, into: &sink) }
        if placement.open >= 0 { open(loops.names[placement.open], from: segmentStart, into: &sink) }
    }

    /// At SE: closes all loops and reports what is missing.
    mutating func finishMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let closed = loops.finish()
        if !loops.matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<closed { close(at: lastSegmentEnd, into: &sink) }
    }

    /// Without SE: closes all loops.
    mutating func abandonMatching<Sink: SourceSink>(into sink: inout Sink) {
        for _ in 0..<loops.finish() { close(at: lastSegmentEnd, into: &sink) }
    }

    private mutating func reportFindings<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let whole = "transaction set \(transactionSet?.identifier ?? "")"
        for finding in loops.matcher.findings {
            let defect = EDIDefect(
                finding.code, finding.fact(in: whole), element: finding.code == .x12Hierarchy ? 2 : nil,
                range: finding.code == .x12Hierarchy ? nil : 0..<scan.tagLength)
            let range = defect.range ?? elementRange(defect.element, nil, bytes)
            emit(
                defect, at: position(range, bytes, defect, finding), excerpt: excerpt(bytes, range: range),
                isNote: loops.findingsAreNotes, into: &sink)
        }
    }
}
