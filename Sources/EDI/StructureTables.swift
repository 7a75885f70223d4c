/// A structure as the matcher reads it: flat tables of plain numbers, shared by reference, because a step for each EDI
/// segment must not copy them. What nearly all segments need is in ``steps``, which is read by address.
final class StructureTables: Sendable {
    struct Loop: Sendable {
        /// First item in ``items``, and how many.
        var first: Int
        var count = 0
        /// HL loops nest by HL01 and HL02, not by the structure.
        var isHierarchical: Bool
        /// The last item that is mandatory, or -1.
        var lastMandatory = -1
        /// Where the loop's part of ``StructureSteps/steps`` begins.
        var steps = 0
        /// How many counters its variants need.
        var counters = 0
    }

    struct Item: Sendable {
        /// Number of the tag.
        var tag: Int
        /// The loop that the EDI segment opens, or -1.
        var loop: Int
        var isMandatory: Bool
        var max: Int
        /// Item of the LS that must have been seen before this one, or -1 (X12.6, bounded loops).
        var bound: Int
        /// In ``variants``, and where the counters of these begin among the loop's: one for each and one for all else.
        var variants = 0..<0
        var counter = 0
        /// In ``uses``: what is asked of its elements.
        var uses = 0..<0
    }

    /// A loop or EDI segment with certain values of a qualifier.
    struct Variant: Sendable {
        var condition: SegmentCondition
        var loop: Int
        var isMandatory: Bool
        var max: Int
        var label: String
        var uses = 0..<0
    }

    /// Loop 0 is the transaction set itself.
    let loops: [Loop]
    let items: [Item]
    let variants: [Variant]
    let uses: [ElementUse]
    /// Names of the loops.
    let names: [String]
    /// Texts of the tags, by number.
    let tags: [String]
    private let table: StructureSteps.Table

    init(_ transactionSet: String, _ entries: [TransactionStructure.Entry]) {
        var builder = Builder()
        builder.addLoop(transactionSet, head: nil, entries, isHierarchical: false)
        let steps = builder.linkTags()
        loops = builder.loops
        items = builder.items
        variants = builder.variants
        uses = builder.uses
        names = builder.names
        tags = builder.tags
        table = StructureSteps.Table(steps, loops, items, tags)
    }

    /// The steps by their address. It lives as long as the tables.
    var steps: StructureSteps { table.steps }

    /// The first item of a loop from an item on that has a tag, or -1. From 0 it is the first after the segment that opens the loop.
    func first(_ tag: Int, from item: Int, in loop: Int) -> Int {
        item < loops[loop].count ? steps.step(tag, from: item, at: loops[loop].steps).item : -1
    }

    func item(_ item: Int, of loop: Int) -> Item { items[loops[loop].first + item] }

    /// The variant of an item that an EDI segment is, by its number in the item; -1 for none.
    func variant(of item: Item, _ segment: SegmentView) -> Int {
        for (number, index) in item.variants.enumerated() where variants[index].condition.holds(segment) { return number }
        return -1
    }

    private struct Builder {
        var loops: [Loop] = []
        var items: [Item] = []
        var names: [String] = []
        var tags: [String] = []
        var variants: [Variant] = []
        var uses: [ElementUse] = []
        private var numbers: [String: Int] = [:]

        private mutating func number(_ tag: String) -> Int {
            if let known = numbers[tag] { return known }
            numbers[tag] = tags.count
            tags.append(tag)
            return tags.count - 1
        }

        @discardableResult
        mutating func addLoop(
            _ name: String, head: String?, _ entries: [TransactionStructure.Entry], isHierarchical: Bool
        ) -> Int {
            let index = loops.count
            loops.append(Loop(first: 0, isHierarchical: isHierarchical))
            names.append(name)
            var own: [Item] = []
            if let head { own.append(Item(tag: number(head), loop: -1, isMandatory: true, max: 1, bound: -1)) }
            var bound = -1
            for entry in entries {
                if entry.tag == "LE" { bound = -1 }
                var item = Item(
                    tag: number(entry.tag), loop: loop(of: entry), isMandatory: entry.isMandatory, max: entry.max, bound: bound,
                    uses: add(entry.elements))
                addVariants(entry, to: &item, of: index)
                own.append(item)
                if entry.tag == "LS" { bound = own.count - 1 }
            }
            loops[index].first = items.count
            loops[index].count = own.count
            loops[index].lastMandatory = own.lastIndex { $0.isMandatory } ?? -1
            items += own
            return index
        }

        private mutating func add(_ elements: [ElementUse]) -> Range<Int> {
            uses += elements
            return (uses.count - elements.count)..<uses.count
        }

        private mutating func loop(of entry: TransactionStructure.Entry) -> Int {
            entry.isLoop
                ? addLoop(entry.name ?? entry.tag, head: entry.tag, entry.children, isHierarchical: entry.isHierarchical) : -1
        }

        private mutating func addVariants(_ entry: TransactionStructure.Entry, to item: inout Item, of loop: Int) {
            guard !entry.variants.isEmpty else { return }
            // The loops of variants add their own first.
            let own = entry.variants.compactMap { variant in
                variant.condition.map {
                    Variant(
                        condition: $0, loop: self.loop(of: variant), isMandatory: variant.isMandatory, max: variant.max, label: variant.label,
                        uses: add(variant.elements))
                }
            }
            item.variants = variants.count..<(variants.count + own.count)
            item.counter = loops[loop].counters
            loops[loop].counters += own.count + 1
            variants += own
        }

        mutating func linkTags() -> [StructureSteps.Step] {
            var steps: [StructureSteps.Step] = []
            for index in loops.indices {
                loops[index].steps = steps.count
                let loop = loops[index], own = Array(items[loop.first..<(loop.first + loop.count)])
                var part = [StructureSteps.Step](repeating: .none, count: own.count * tags.count)
                for tag in tags.indices {
                    var next = -1
                    for item in own.indices.reversed() {
                        if own[item].tag == tag, index == 0 || item > 0 { next = item }
                        guard next >= 0 else { continue }
                        part[item * tags.count + tag] = StructureSteps.Step(
                            item: next, isPlain: isPlain(from: item, to: next, own, loop))
                    }
                }
                steps += part
            }
            return steps
        }

        /// Whether nothing but the uses of an item must be looked at when it follows another.
        private func isPlain(from position: Int, to next: Int, _ items: [Item], _ loop: Loop) -> Bool {
            let item = items[next]
            guard item.variants.isEmpty, item.uses.isEmpty, item.max > 0, item.bound <= position else { return false }
            if item.loop >= 0, loops[item.loop].isHierarchical || loops[item.loop].counters > 0 { return false }
            return next == position || loop.counters == 0 && !items[(position + 1)..<max(position + 1, next)].contains(where: \.isMandatory)
        }
    }
}
