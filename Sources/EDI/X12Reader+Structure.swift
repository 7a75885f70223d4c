import Diagnostics
import Formats

/// Loops: the matcher's answers as nodes and findings.
extension X12Reader {
    mutating func startMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        isMatching = false
        guard let set = transactionSet else { return }
        guard let (structure, isNear) = structures.structure(for: set.identifier, version: set.version) else {
            return sayStructure(.x12NoStructure, set, bytes, into: &sink)
        }
        if isNear { sayStructure(.x12NearStructure, set, bytes, into: &sink) }
        if loopNamesOf !== structure.tables {
            loopNames = structure.tables.names.map { arena.intern($0) }
            loopNamesOf = structure.tables
        }
        matcher.start(structure, depthMax: limits.depth)
        findingsAreNotes = isNear
        isMatching = true
    }

    /// Says once an interchange that a transaction set has no structure of its version.
    private mutating func sayStructure<Sink: SourceSink>(
        _ code: DiagnosticCode, _ set: OpenTransactionSet, _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        guard interchange?.saidNoStructure.insert("\(set.identifier)/\(set.version)").inserted == true else { return }
        let name = "transaction set \(Self.shown(set.identifier)) in version \(Self.shown(set.version))"
        let fact = code == .x12NoStructure
            ? "No structure is known for \(name); it was read without loops"
            : "The structure of another version was used for \(name)"
        report(Defect(code, fact, element: 1), bytes, into: &sink)
    }

    /// Opens and closes loops for the segment at hand.
    mutating func match<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let key = scan.tag == EnvelopeTag.hl
            ? HierarchyKey(id: trimmed(1, bytes), parent: trimmed(2, bytes), level: trimmed(3, bytes)) : nil
        let placement = matcher.place(scan.tag, hierarchy: key)
        if !matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<placement.close { close(at: lastSegmentEnd, into: &sink) }
        if placement.open >= 0 { open(loopNames[placement.open], from: segmentStart, into: &sink) }
    }

    /// At SE: closes all loops and reports what is missing.
    mutating func finishMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard isMatching else { return }
        isMatching = false
        let closed = matcher.finish()
        if !matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<closed { close(at: lastSegmentEnd, into: &sink) }
    }

    /// Without SE: closes all loops.
    mutating func abandonMatching<Sink: SourceSink>(into sink: inout Sink) {
        guard isMatching else { return }
        isMatching = false
        for _ in 0..<matcher.finish() { close(at: lastSegmentEnd, into: &sink) }
    }

    private mutating func reportFindings<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let identifier = transactionSet?.identifier ?? ""
        for finding in matcher.findings {
            let defect = Defect(
                finding.code, finding.fact(in: identifier), element: finding.code == .x12Hierarchy ? 2 : nil,
                range: finding.code == .x12Hierarchy ? nil : 0..<scan.tagLength)
            let range = defect.range ?? elementRange(defect.element, bytes)
            emit(
                defect, at: position(range, bytes, element: defect.element), excerpt: excerpt(bytes, range: range),
                isNote: findingsAreNotes, into: &sink)
        }
    }
}
