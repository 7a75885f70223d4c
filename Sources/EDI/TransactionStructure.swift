/// The order of EDI segments and loops in one transaction set, with how often each must and may be used.
///
/// It is data (`Mappings/structures/x12/850.yaml`), compiled to tables that a matcher steps through.
package struct TransactionStructure: Sendable, Hashable {
    /// ST01, such as `850`.
    package let transactionSet: String
    /// Versions (first six characters of GS08) that it describes exactly.
    package let versions: [String]
    /// Beginnings of versions that it is near enough to: loops are formed by it, and its findings are notes.
    package let near: [String]
    /// Loop 0 is the transaction set itself.
    let loops: [Loop]
    private let slots: [TagSlot]

    struct Loop: Sendable, Hashable {
        var name: String
        var items: [Item]
        /// For each item and tag, the first item from there on with that tag, or -1.
        var following: [Int16] = []
        /// HL loops nest by HL01 and HL02, not by the structure.
        var isHierarchical = false
    }

    struct Item: Sendable, Hashable {
        /// Number of the tag within this structure.
        var tag: Int
        var text: String
        /// The loop that the segment opens, or -1.
        var loop: Int
        var isMandatory: Bool
        var max: Int
        /// Item of the LS that must have been seen before this one, or -1: X12.6, bounded loops.
        var bound: Int
    }

    private struct TagSlot: Sendable, Hashable {
        var tag: UInt32
        var number: Int
    }

    /// One line of a structure as written, with what stands in its loop.
    struct Entry {
        var tag: String
        var isMandatory: Bool
        var max: Int
        var isHierarchical = false
        var isLoop = false
        var children: [Entry] = []
    }

    init(transactionSet: String, versions: [String], near: [String], entries: [Entry]) {
        self.transactionSet = transactionSet
        self.versions = versions
        self.near = near
        var builder = Builder()
        builder.addLoop(transactionSet, head: nil, entries, isHierarchical: false)
        builder.linkTags()
        loops = builder.loops
        var slots = [TagSlot](repeating: TagSlot(tag: 0, number: -1), count: Self.slotCount)
        precondition(builder.tags.count < Self.slotCount, "a structure has fewer tags than slots")
        for (number, tag) in builder.tags.enumerated() {
            var packed: UInt32 = 0
            for byte in tag.utf8 { packed = packed << 8 | UInt32(byte) }
            var slot = Self.slot(packed)
            while slots[slot].tag != 0 { slot = (slot + 1) & (Self.slotCount - 1) }
            slots[slot] = TagSlot(tag: packed, number: number)
        }
        self.slots = slots
    }

    /// A power of two above ``linesMax``, so that a free slot always ends a search.
    private static let slotCount = 4096

    private static func slot(_ tag: UInt32) -> Int { Int((tag &* 2_654_435_761) >> 20) }

    /// The number of a packed tag within this structure; nil where the transaction set has no such EDI segment.
    func number(of tag: UInt32) -> Int? {
        var slot = Self.slot(tag)
        while slots[slot].tag != 0 {
            if slots[slot].tag == tag { return slots[slot].number }
            slot = (slot + 1) & (Self.slotCount - 1)
        }
        return nil
    }

    /// Names of all loops, each once, in the order of the structure.
    package var loopNames: [String] {
        var seen: Set<String> = []
        return loops.dropFirst().map(\.name).filter { seen.insert($0).inserted }
    }

    private struct Builder {
        var loops: [Loop] = []
        var tags: [String] = []
        private var numbers: [String: Int] = [:]

        mutating func number(_ tag: String) -> Int {
            if let known = numbers[tag] { return known }
            numbers[tag] = tags.count
            tags.append(tag)
            return tags.count - 1
        }

        @discardableResult
        mutating func addLoop(_ name: String, head: String?, _ entries: [Entry], isHierarchical: Bool) -> Int {
            let index = loops.count
            loops.append(Loop(name: name, items: [], isHierarchical: isHierarchical))
            var items: [Item] = []
            if let head {
                items.append(Item(tag: number(head), text: head, loop: -1, isMandatory: true, max: 1, bound: -1))
            }
            var bound = -1
            for entry in entries {
                if entry.tag == "LE" { bound = -1 }
                let loop = entry.isLoop
                    ? addLoop(entry.tag, head: entry.tag, entry.children, isHierarchical: entry.isHierarchical) : -1
                items.append(Item(
                    tag: number(entry.tag), text: entry.tag, loop: loop, isMandatory: entry.isMandatory, max: entry.max,
                    bound: bound))
                if entry.tag == "LS" { bound = items.count - 1 }
            }
            loops[index].items = items
            return index
        }

        mutating func linkTags() {
            for index in loops.indices {
                let items = loops[index].items
                var following = [Int16](repeating: -1, count: items.count * tags.count)
                for tag in tags.indices {
                    var next: Int16 = -1
                    for item in items.indices.reversed() {
                        if items[item].tag == tag { next = Int16(item) }
                        following[item * tags.count + tag] = next
                    }
                }
                loops[index].following = following
            }
        }
    }
}

/// The structures that are known, by transaction set and version.
package struct TransactionStructures: Sendable {
    private var exact: [String: TransactionStructure] = [:]
    private var near: [(transactionSet: String, version: String, structure: TransactionStructure)] = []

    package init(_ structures: [TransactionStructure] = []) {
        for structure in structures {
            for version in structure.versions { exact[structure.transactionSet + "/" + version] = structure }
            for version in structure.near { near.append((structure.transactionSet, version, structure)) }
        }
    }

    package var isEmpty: Bool { exact.isEmpty }

    /// The structure for ST01 and GS08, and whether it is one of another version.
    package func structure(for transactionSet: String, version: String) -> (TransactionStructure, isNear: Bool)? {
        let key = transactionSet + "/" + version.prefix(6)
        if let found = exact[key] { return (found, false) }
        let found = near.first { $0.transactionSet == transactionSet && version.hasPrefix($0.version) }
        return found.map { ($0.structure, true) }
    }
}
