import Diagnostics

/// Assigns the EDI segments of a transaction set to its loops, one at a time and without looking back.
///
/// Greedy: a segment goes to the innermost open loop that may have it from here on; so a REF after N1 is the N1 loop's.
/// A loop between LS and LE opens only after LS, which tells 940's LX of order lines from its LX of packs. A segment
/// that has no place from here on is put where it would have belonged, and said so.
struct StructureMatcher {
    /// What a segment does to the loops: how many close, and which opens.
    struct Placement: Equatable {
        var close = 0
        var open = -1
    }

    private struct Frame {
        var loop: Int
        /// Item that was matched last, and how often.
        var position: Int
        var count: Int
        /// Where the counters of its loop's variants begin.
        var counters: Int
    }

    /// A place that was found for the segment at hand: the frame, the item in its loop, the variant or -1.
    private struct Candidate {
        var frame: Int
        var item: Int
        var variant: Int
    }

    private struct HierarchyFrame {
        var frame: Int
        var id: HierarchyText
        var level: HierarchyText
    }

    private var tables: StructureTables?
    /// Of ``tables``, which keep them.
    private var steps: StructureSteps?
    private var hasVariants = false
    /// What the last step found.
    private(set) var findings: [StructureFinding] = []
    /// What is asked of the elements of the segment that was placed last with ``place(_:_:hierarchy:)``.
    private(set) var uses: ArraySlice<ElementUse> = []
    private var frames: [Frame] = []
    private var hierarchy: [HierarchyFrame] = []
    /// How often variants came, for each open loop that has some.
    private var counters: [Int] = []
    /// The segment at hand, where the structure has variants. It is looked at within a step alone.
    private var segment = SegmentView.none
    private var depthMax = 256

    /// Begins a transaction set, after its ST.
    mutating func start(_ structure: StructureTables, depthMax: Int) {
        if tables !== structure {
            tables = structure
            steps = structure.steps
            hasVariants = !structure.variants.isEmpty
        }
        self.depthMax = depthMax
        findings.removeAll(keepingCapacity: true)
        hierarchy.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        counters.removeAll(keepingCapacity: true)
        frames.append(Frame(loop: 0, position: 0, count: 0, counters: 0))
        let own = structure.loops[0].counters
        if own > 0 { counters.append(contentsOf: repeatElement(0, count: own)) }
    }

    /// Nothing is matched: there are no findings.
    mutating func forget() {
        if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
    }

    /// Open loops, the transaction set itself left out.
    var depth: Int { max(0, frames.count - 1) }

    /// Places the next segment where nothing must be said of it; nil where it needs a closer look, and then nothing has changed.
    ///
    /// It is the innermost open loop that has the tag from here on, as in ``place(_:_:hierarchy:)``: there and in the loops that are
    /// left for it nothing is missing, and its place is not used up.
    @inline(__always)
    mutating func step(_ packed: UInt32) -> Placement? {
        guard let steps else { return nil }
        let tag = steps.numbers.number(of: packed)
        guard tag >= 0 else { return nil }
        let last = frames.count - 1
        var frame = last, opened = -1
        let isTaken = frames.withUnsafeMutableBufferPointer { frames in
            while frame >= 0 {
                let loop = steps.loops[frames[frame].loop], position = frames[frame].position
                let step = steps.step(tag, from: position, at: Int(loop.steps)), item = step.item
                if item >= 0 {
                    guard step.isPlain else { return false }
                    let place = steps.items[Int(loop.first) &+ item]
                    if item == position {
                        guard frames[frame].count < Int(place.max) else { return false }
                        frames[frame].count &+= 1
                    } else {
                        // Of an item that was never there more is to be said.
                        guard frames[frame].count > 0 else { return false }
                        frames[frame].position = item
                        frames[frame].count = 1
                    }
                    opened = Int(place.loop)
                    return true
                }
                guard position >= Int(loop.lastMandatory) else { return false }
                frame &-= 1
            }
            return false
        }
        guard isTaken else { return nil }
        if frame < last { leave(to: frame) }
        if opened >= 0 { frames.append(Frame(loop: opened, position: 0, count: 1, counters: counters.count)) }
        return Placement(close: last &- frame, open: opened)
    }

    /// Leaves loops that have no variants and miss nothing.
    private mutating func leave(to frame: Int) {
        frames.removeLast(frames.count - 1 - frame)
        while let last = hierarchy.last, last.frame > frame { hierarchy.removeLast() }
    }

    /// Places the next segment; for an HL that nests, with its key.
    mutating func place(_ packed: UInt32, _ segment: SegmentView, hierarchy key: HierarchyKey?) -> Placement {
        if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
        if !uses.isEmpty { uses = [] }
        guard let tables else { return Placement() }
        if hasVariants { self.segment = segment }
        let tag = tables.steps.numbers.number(of: packed)
        guard tag >= 0 else {
            findings.append(StructureFinding(.undefinedSegment, tag: EnvelopeTag.text(packed), loop: innermostName(tables)))
            return Placement()
        }
        return place(tag, packed, key, tables)
    }

    private mutating func place(
        _ tag: Int, _ packed: UInt32, _ key: HierarchyKey?, _ tables: StructureTables
    ) -> Placement {
        var exhausted: Candidate?, unbounded: Candidate?, forbidden: Candidate?
        for frame in frames.indices.reversed() {
            let loop = frames[frame].loop, position = frames[frame].position
            var item = tables.first(tag, from: max(position, loop == 0 ? 0 : 1), in: loop)
            while item >= 0 {
                let candidate = tables.item(item, of: loop)
                let variant = candidate.variants.isEmpty ? -1 : tables.variant(of: candidate, segment)
                let found = Candidate(frame: frame, item: item, variant: variant)
                if candidate.bound > position {
                    if unbounded == nil { unbounded = found }
                } else if candidate.max == 0, variant < 0 {
                    if forbidden == nil { forbidden = found }
                } else if isUsedUp(found, candidate, tables) {
                    if exhausted == nil { exhausted = found }
                } else {
                    return accept(found, key, tables)
                }
                item = tables.first(tag, from: item + 1, in: loop)
            }
        }
        if let found = exhausted {
            let item = tables.item(found.item, of: frames[found.frame].loop)
            let variant = found.variant < 0 ? nil : tables.variants[item.variants.lowerBound + found.variant]
            var finding = StructureFinding(
                item.loop >= 0 ? .loopUse : .segmentUse, tag: variant?.label ?? tables.tags[item.tag], loop: name(found.frame, tables),
                max: variant?.max ?? item.max)
            finding.isRepeated = uses(found, item) > variant?.max ?? item.max
            findings.append(finding)
            return accept(found, key, tables)
        }
        if let found = unbounded ?? forbidden {
            let text = tables.tags[tables.item(found.item, of: frames[found.frame].loop).tag]
            findings.append(StructureFinding(
                unbounded == nil ? .unusedSegment : .segmentOrder, tag: text, loop: name(found.frame, tables)))
            return accept(found, key, tables)
        }
        return placeOutOfOrder(tag, packed, key, tables)
    }

    /// Whether a place has taken all that it may.
    private func isUsedUp(_ found: Candidate, _ item: StructureTables.Item, _ tables: StructureTables) -> Bool {
        let max = found.variant < 0 ? item.max : tables.variants[item.variants.lowerBound + found.variant].max
        return uses(found, item) >= max
    }

    /// How often a place was used by the open loop that it is in.
    private func uses(_ found: Candidate, _ item: StructureTables.Item) -> Int {
        let frame = frames[found.frame]
        if item.variants.isEmpty { return found.item == frame.position ? frame.count : 0 }
        return counters[frame.counters + item.counter + (found.variant < 0 ? item.variants.count : found.variant)]
    }

    /// The loop that a place opens, or -1.
    private func loop(of variant: Int, _ item: StructureTables.Item, _ tables: StructureTables) -> Int {
        variant < 0 ? item.loop : tables.variants[item.variants.lowerBound + variant].loop
    }

    /// A segment that no open loop may have from here on, but one might have had before.
    private mutating func placeOutOfOrder(
        _ tag: Int, _ packed: UInt32, _ key: HierarchyKey?, _ tables: StructureTables
    ) -> Placement {
        for frame in frames.indices.reversed() {
            let loop = frames[frame].loop, start = loop == 0 ? 0 : 1
            let item = tables.first(tag, from: start, in: loop)
            guard item >= 0 else { continue }
            let found = tables.item(item, of: loop)
            findings.append(StructureFinding(.segmentOrder, tag: tables.tags[found.tag], loop: name(frame, tables)))
            let close = popFrames(to: frame, tables)
            let opened = self.loop(of: found.variants.isEmpty ? -1 : tables.variant(of: found, segment), found, tables)
            if opened >= 0 { push(opened, key, tables) }
            return Placement(close: close, open: opened)
        }
        findings.append(StructureFinding(
            .segmentOrder, tag: EnvelopeTag.text(packed), loop: innermostName(tables)))
        return Placement()
    }

    private mutating func accept(
        _ place: Candidate, _ key: HierarchyKey?, _ tables: StructureTables
    ) -> Placement {
        let frame = place.frame, item = place.item
        let found = tables.item(item, of: frames[frame].loop)
        let opened = loop(of: place.variant, found, tables)
        var parent = frame
        if opened >= 0, tables.loops[opened].isHierarchical, let key {
            parent = hierarchyParent(of: key, above: frame)
        }
        let close = popFrames(to: parent, tables)
        if item == frames[frame].position {
            frames[frame].count += 1
        } else {
            reportMissing(frame, before: item, tables)
            frames[frame].position = item
            frames[frame].count = 1
        }
        if !found.variants.isEmpty {
            let counter = place.variant < 0 ? found.variants.count : place.variant
            counters[frames[frame].counters + found.counter + counter] += 1
        }
        let asked = place.variant < 0 ? found.uses : tables.variants[found.variants.lowerBound + place.variant].uses
        if !asked.isEmpty { uses = tables.uses[asked] }
        if opened >= 0 { push(opened, key, tables) }
        return Placement(close: close, open: opened)
    }

    private mutating func push(_ loop: Int, _ key: HierarchyKey?, _ tables: StructureTables) {
        if let key { hierarchy.append(HierarchyFrame(frame: frames.count, id: key.id, level: key.level)) }
        frames.append(Frame(loop: loop, position: 0, count: 1, counters: counters.count))
        let own = tables.loops[loop].counters
        if own > 0 { counters.append(contentsOf: repeatElement(0, count: own)) }
    }

    /// The frame that an HL loop goes into: its parent's, or the one that has them all.
    private mutating func hierarchyParent(of key: HierarchyKey, above root: Int) -> Int {
        let sameLevel = hierarchy.last { $0.level == key.level }?.frame
        var parent = root
        if key.parent.isEmpty {
            if let sameLevel {
                parent = sameLevel - 1 > root ? enclosing(sameLevel, root) : root
            } else if let innermost = hierarchy.last {
                parent = innermost.frame
            }
            if parent != root { findings.append(StructureFinding(.hierarchy, tag: "HL", loop: "HL", parent: "")) }
        } else if let known = hierarchy.last(where: { $0.id == key.parent }) {
            parent = known.frame
        } else {
            parent = sameLevel.map { enclosing($0, root) } ?? hierarchy.last?.frame ?? root
            findings.append(StructureFinding(.hierarchy, tag: "HL", loop: "HL", parent: key.parent.text))
        }
        guard parent + 1 > depthMax, parent > root else { return parent }
        findings.append(StructureFinding(.depth, tag: "HL", loop: "HL", max: depthMax))
        return enclosing(parent, root)
    }

    /// The HL frame around an HL frame, or the root.
    private func enclosing(_ frame: Int, _ root: Int) -> Int {
        hierarchy.last { $0.frame < frame }?.frame ?? root
    }

    /// Closes the loops inside a frame and gives how many there were.
    private mutating func popFrames(to frame: Int, _ tables: StructureTables) -> Int {
        var closed = 0
        while frames.count - 1 > frame {
            let last = frames.count - 1
            reportMissing(last, before: tables.loops[frames[last].loop].count, tables)
            let first = frames.removeLast().counters
            if first < counters.count { counters.removeLast(counters.count - first) }
            closed += 1
        }
        while let last = hierarchy.last, last.frame > frame { hierarchy.removeLast() }
        return closed
    }

    /// Reports the mandatory items of a frame between where it stands and an item.
    private mutating func reportMissing(_ frame: Int, before end: Int, _ tables: StructureTables) {
        let loop = frames[frame].loop, position = frames[frame].position
        if tables.loops[loop].counters > 0 { reportMissingVariants(frame, from: position, before: end, tables) }
        let start = frames[frame].count == 0 ? position : position + 1
        guard start < end, start <= tables.loops[loop].lastMandatory else { return }
        for item in start..<end {
            let missing = tables.item(item, of: loop)
            guard missing.isMandatory else { continue }
            findings.append(StructureFinding(
                missing.loop >= 0 ? .missingLoop : .missingSegment, tag: tables.tags[missing.tag], loop: name(frame, tables), frame: frame))
        }
    }

    /// Reports mandatory variants that did not come before their item was left.
    private mutating func reportMissingVariants(_ frame: Int, from start: Int, before end: Int, _ tables: StructureTables) {
        for index in start..<max(start, end) {
            let item = tables.item(index, of: frames[frame].loop)
            for (number, variant) in item.variants.map({ tables.variants[$0] }).enumerated()
            where variant.isMandatory && counters[frames[frame].counters + item.counter + number] == 0 {
                findings.append(StructureFinding(
                    variant.loop >= 0 ? .missingLoop : .missingSegment, tag: variant.label, loop: name(frame, tables), frame: frame,
                    segmentTag: tables.tags[item.tag]))
            }
        }
    }

    private func name(_ frame: Int, _ tables: StructureTables) -> String? {
        frame == 0 ? nil : tables.names[frames[frame].loop]
    }

    private func innermostName(_ tables: StructureTables) -> String? { name(frames.count - 1, tables) }

    /// The transaction set has ended at its SE: how many loops close, and what is missing.
    mutating func finish() -> Int {
        findings.removeAll(keepingCapacity: true)
        guard let tables, !frames.isEmpty else { return 0 }
        let closed = popFrames(to: 0, tables)
        reportMissing(0, before: tables.loops[0].count, tables)
        frames.removeAll(keepingCapacity: true)
        return closed
    }
}
