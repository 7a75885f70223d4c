import Diagnostics

/// HL01, HL02 and HL03 of an HL segment: its number, its parent's, its level.
struct HierarchyKey {
    var id: String
    var parent: String
    var level: String
}

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
    }

    private struct HierarchyFrame {
        var frame: Int
        var id: String
        var level: String
    }

    private var tables: StructureTables?
    /// What the last step found.
    private(set) var findings: [StructureFinding] = []
    private var frames: [Frame] = []
    private var hierarchy: [HierarchyFrame] = []
    private var depthMax = 256

    /// Begins a transaction set, after its ST.
    mutating func start(_ structure: TransactionStructure, depthMax: Int) {
        tables = structure.tables
        self.depthMax = depthMax
        findings.removeAll(keepingCapacity: true)
        hierarchy.removeAll(keepingCapacity: true)
        frames.removeAll(keepingCapacity: true)
        frames.append(Frame(loop: 0, position: 0, count: 0))
    }

    /// Nothing is matched: there are no findings.
    mutating func forget() {
        if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
    }

    /// Open loops, the transaction set itself left out.
    var depth: Int { max(0, frames.count - 1) }

    /// Places the next segment; for an HL that nests, with its key.
    mutating func place(_ packed: UInt32, hierarchy key: HierarchyKey?) -> Placement {
        if !findings.isEmpty { findings.removeAll(keepingCapacity: true) }
        guard let tables else { return Placement() }
        let tag = tables.number(of: packed)
        guard tag >= 0 else {
            findings.append(StructureFinding(.undefinedSegment, tag: EnvelopeTag.text(packed), loop: innermostName(tables)))
            return Placement()
        }
        return place(tag, packed, key, tables)
    }

    private mutating func place(
        _ tag: Int, _ packed: UInt32, _ key: HierarchyKey?, _ tables: StructureTables
    ) -> Placement {
        var exhausted: (frame: Int, item: Int)?, unbounded: (frame: Int, item: Int)?
        for frame in frames.indices.reversed() {
            let loop = frames[frame].loop, position = frames[frame].position
            var item = tables.first(tag, from: max(position, loop == 0 ? 0 : 1), in: loop)
            while item >= 0 {
                let candidate = tables.item(item, of: loop)
                if candidate.bound > position {
                    if unbounded == nil { unbounded = (frame, item) }
                } else if item == position, frames[frame].count >= candidate.max {
                    if exhausted == nil { exhausted = (frame, item) }
                } else {
                    return accept(frame, item, key, tables)
                }
                item = tables.first(tag, from: item + 1, in: loop)
            }
        }
        if let (frame, item) = exhausted {
            let found = tables.item(item, of: frames[frame].loop)
            findings.append(StructureFinding(
                found.loop >= 0 ? .loopUse : .segmentUse, tag: tables.tags[found.tag], loop: name(frame, tables), max: found.max))
            return accept(frame, item, key, tables)
        }
        if let (frame, item) = unbounded {
            let text = tables.tags[tables.item(item, of: frames[frame].loop).tag]
            findings.append(StructureFinding(.segmentOrder, tag: text, loop: name(frame, tables)))
            return accept(frame, item, key, tables)
        }
        return placeOutOfOrder(tag, packed, key, tables)
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
            if found.loop >= 0 { push(found.loop, key) }
            return Placement(close: close, open: found.loop)
        }
        findings.append(StructureFinding(
            .segmentOrder, tag: EnvelopeTag.text(packed), loop: innermostName(tables)))
        return Placement()
    }

    private mutating func accept(
        _ frame: Int, _ item: Int, _ key: HierarchyKey?, _ tables: StructureTables
    ) -> Placement {
        let found = tables.item(item, of: frames[frame].loop)
        var parent = frame
        if found.loop >= 0, tables.loops[found.loop].isHierarchical, let key {
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
        if found.loop >= 0 { push(found.loop, key) }
        return Placement(close: close, open: found.loop)
    }

    private mutating func push(_ loop: Int, _ key: HierarchyKey?) {
        if let key { hierarchy.append(HierarchyFrame(frame: frames.count, id: key.id, level: key.level)) }
        frames.append(Frame(loop: loop, position: 0, count: 1))
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
            findings.append(StructureFinding(.hierarchy, tag: "HL", loop: "HL", parent: key.parent))
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
            frames.removeLast()
            closed += 1
        }
        while let last = hierarchy.last, last.frame > frame { hierarchy.removeLast() }
        return closed
    }

    /// Reports the mandatory items of a frame between where it stands and an item.
    private mutating func reportMissing(_ frame: Int, before end: Int, _ tables: StructureTables) {
        let loop = frames[frame].loop, position = frames[frame].position
        let start = frames[frame].count == 0 ? position : position + 1
        guard start < end, start <= tables.loops[loop].lastMandatory else { return }
        for item in start..<end {
            let missing = tables.item(item, of: loop)
            guard missing.isMandatory else { continue }
            findings.append(StructureFinding(
                missing.loop >= 0 ? .missingLoop : .missingSegment, tag: tables.tags[missing.tag], loop: name(frame, tables), frame: frame))
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
