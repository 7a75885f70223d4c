import Diagnostics
import Formats

/// Loops, or segment groups: the matcher's answers as nodes and findings.
extension EDIReader {
    mutating func startMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        guard let identifier = transactionSet?.identifier, let version = transactionSet?.version else { return }
        let isExact = loops.start(identifier, version, structures, sender: sender, depthMax: limits.depth, in: &arena)
        guard isExact != true, let said = interchange?.saidLookup, said != loops.lookups else { return }
        interchange?.saidLookup = loops.lookups
        guard interchange?.saidNoStructure.contains(loops.lookedUp) == false else { return }
        interchange?.saidNoStructure.append(loops.lookedUp)
        let name = "\(dialect.noun) \(Self.shown(identifier)) in \(dialect.versionNoun) \(Self.shown(version))"
        let defect = isExact == nil
            ? EDIDefect(
                dialect[.noStructure], "No structure is known for \(name); it was read without \(dialect.loopsNoun)",
                element: dialect.identifierElement)
            : EDIDefect(
                dialect[.nearStructure], "The structure of another \(dialect.versionNoun) was used for \(name)",
                element: dialect.identifierElement)
        report(defect, bytes, into: &sink)
    }

    /// Opens and closes loops for the segment at hand.
    mutating func match<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        if let placement = loops.matcher.step(scan.tag) {
            if placement.close > 0 || placement.open >= 0 { move(placement, into: &sink) }
            return
        }
        let key = scan.tag == EnvelopeTag.hl
            ? HierarchyKey(id: hierarchyText(1, bytes), parent: hierarchyText(2, bytes), level: hierarchyText(3, bytes)) : nil
        let placement = loops.matcher.place(scan.tag, SegmentView(bytes: bytes, fields: scan.fields), hierarchy: key)
        if !loops.matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        move(placement, into: &sink)
        if !loops.matcher.uses.isEmpty { checkUses(bytes, into: &sink) }
    }

    private func hierarchyText(_ element: Int32, _ bytes: UnsafeBufferPointer<UInt8>) -> HierarchyText {
        let range = scan.range(element, in: bytes)
        guard range.count <= HierarchyText.packedMax, scan.high < 0, scan.newlines == 0, !scan.hasReleases else {
            return HierarchyText(text(element, bytes))
        }
        return HierarchyText(plain: UnsafeBufferPointer(rebasing: bytes[range]))
    }

    private mutating func move<Sink: SourceSink>(_ placement: StructureMatcher.Placement, into sink: inout Sink) {
        for _ in 0..<placement.close { close(at: lastSegmentEnd, into: &sink) }
        guard placement.open >= 0 else { return }
        open(loops.names[placement.open], from: segmentStart, into: &sink)
        aside.isHead = true
    }

    /// At the trailer: closes all loops and reports what is missing.
    mutating func finishMatching<Sink: SourceSink>(_ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink) {
        let closed = loops.finish()
        if !loops.matcher.findings.isEmpty { reportFindings(bytes, into: &sink) }
        for _ in 0..<closed { close(at: lastSegmentEnd, into: &sink) }
    }

    /// Without a trailer: closes all loops.
    mutating func abandonMatching<Sink: SourceSink>(into sink: inout Sink) {
        for _ in 0..<loops.finish() { close(at: lastSegmentEnd, into: &sink) }
    }

    private mutating func reportFindings<Sink: SourceSink>(
        _ bytes: UnsafeBufferPointer<UInt8>, into sink: inout Sink
    ) {
        let whole = "\(dialect.noun) \(transactionSet?.identifier ?? "")"
        for finding in loops.matcher.findings {
            let isHierarchy = finding.kind == .hierarchy
            let defect = EDIDefect(finding.code(dialect), finding.fact(in: whole), element: isHierarchy ? 2 : nil)
            let range = isHierarchy ? elementRange(2, nil, bytes) : 0..<scan.tagLength
            let rule = policy.rule(for: defect.code), isNote = loops.findingsAreNotes
            if !isNote, finding.missingTag != nil {
                rejectMissing(rule.rejects, defect, frame: finding.frame)
            } else if !isNote {
                reject(rule.rejects, defect)
            }
            if finding.isRepeated { continue }
            say(
                defect, rule, at: position(range, bytes, defect, finding), excerpt: excerpt(bytes, range: range), isNote: isNote,
                into: &sink)
        }
    }
}
