import Diagnostics
import Formats

/// What a finding rejects, from an element to a whole interchange.
extension EDIReader {
    /// Rejects what a rule says, for the EDI segment at hand.
    mutating func reject(_ extent: Rejection, _ defect: EDIDefect) {
        switch extent {
        case .nothing: return
        case .element, .segment, .loop:
            guard let set = transactionSet, !tags.contains(scan.tag) else { return reject(.transactionSet, defect) }
            guard !set.isRejected else { return }
            if extent == .loop {
                aside.takeLoop(defect.code)
            } else if extent == .element, let element = defect.element, scan.span(element) != nil {
                aside.leaveOut(element, defect.component)
            } else {
                aside.takeSegment(defect.code)
            }
        case .transactionSet: transactionSet?.isRejected = true
        case .group:
            transactionSet?.isRejected = true
            if group == nil { interchange?.isRejected = true } else { group?.isRejected = true }
        case .interchange:
            transactionSet?.isRejected = true
            group?.isRejected = true
            interchange?.isRejected = true
        }
    }

    /// Rejects what a rule says for a stretch that gives no EDI segment: the stretch is left out already.
    mutating func rejectStretch(_ extent: Rejection, _ defect: EDIDefect) {
        switch extent {
        case .element, .segment: summary.setAside += 1
        case .loop:
            if let loop = innermostLoop { setAside(loop, defect.code) } else { summary.setAside += 1 }
        case .nothing, .transactionSet, .group, .interchange: reject(extent, defect)
        }
    }

    /// Rejects what a rule says because something is missing in a loop; `frame` counts open loops from the transaction set, 0.
    mutating func rejectMissing(_ extent: Rejection, _ defect: EDIDefect, frame: Int) {
        guard extent.isPart, frame > 0, let set = transactionSet else {
            return reject(extent.isPart ? .transactionSet : extent, defect)
        }
        if !set.isRejected { setAside(arena.openNodes[set.depth + frame - 1], defect.code) }
    }

    private var innermostLoop: Int32? {
        guard let set = transactionSet, arena.openNodes.count > set.depth else { return nil }
        return arena.openNodes.last
    }

    /// The EDI segment at hand gives no node: what was to be set aside with it is left out already, but for a loop.
    mutating func settleLeftOut() {
        guard !aside.isEmpty else { return }
        if let code = aside.loop, let loop = innermostLoop { setAside(loop, code) } else { summary.setAside += 1 }
        aside = SettingAside()
    }

    /// Before the node of the EDI segment at hand is made: its rejected elements go.
    mutating func leaveOutElements() {
        for (element, component) in aside.elements { scan.leaveOut(element, component) }
        summary.elementsLeftOut += aside.elements.count
    }

    /// The node of the EDI segment at hand is there: it is marked, or its loop.
    mutating func settle(_ node: Int32) {
        let code = aside.loop ?? aside.segment
        let takesLoop = aside.loop != nil || aside.isHead
        aside = SettingAside()
        guard let code else { return }
        if takesLoop, let loop = innermostLoop {
            setAside(loop, code)
        } else {
            setAside(node, code)
        }
    }

    private mutating func setAside(_ node: Int32, _ code: DiagnosticCode) {
        guard arena.nodes[Int(node)].setAside < 0 else { return }
        arena.setAside(node, because: arena.intern(code.name))
        summary.setAside += 1
    }
}
