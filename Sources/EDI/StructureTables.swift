/// A structure as the matcher reads it: flat tables of plain numbers, shared by reference, because a step for each EDI
/// segment must not copy them.
final class StructureTables: Sendable {
    struct Loop: Sendable {
        /// First item in ``items``, and how many.
        var first: Int
        var count = 0
        /// HL loops nest by HL01 and HL02, not by the structure.
        var isHierarchical: Bool
        /// The last item that is mandatory, or -1.
        var lastMandatory = -1
        /// Where the loop's part of ``following`` begins.
        var following = 0
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
    }

    /// A loop or EDI segment with certain values of a qualifier.
    struct Variant: Sendable {
        var condition: SegmentCondition
        var loop: Int
        var isMandatory: Bool
        var max: Int
        var label: String
    }

    /// Loop 0 is the transaction set itself.
    let loops: [Loop]
    let items: [Item]
    let variants: [Variant]
    /// Names of the loops.
    let names: [String]
    /// Texts of the tags, by number.
    let tags: [String]
    /// For each loop, item and tag: the first item of the loop from there on with that tag, or -1.
    private let following: [Int16]
    private let numbers: TagTable

    init(_ transactionSet: String, _ entries: [TransactionStructure.Entry]) {
        var builder = Builder()
        builder.addLoop(transactionSet, head: nil, entries, isHierarchical: false)
        builder.linkTags()
        loops = builder.loops
        items = builder.items
        variants = builder.variants
        names = builder.names
        tags = builder.tags
        following = builder.following
        numbers = TagTable(builder.tags)
    }

    /// The number of a packed tag; -1 where the transaction set has no such EDI segment.
    func number(of tag: UInt32) -> Int { numbers.number(of: tag) }

    /// The first item of a loop from an item on that has a tag, or -1.
    func first(_ tag: Int, from item: Int, in loop: Int) -> Int {
        item < loops[loop].count ? Int(following[loops[loop].following + item * tags.count + tag]) : -1
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
        var following: [Int16] = []
        var variants: [Variant] = []
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
                    tag: number(entry.tag), loop: loop(of: entry), isMandatory: entry.isMandatory, max: entry.max, bound: bound)
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
                        condition: $0, loop: self.loop(of: variant), isMandatory: variant.isMandatory, max: variant.max, label: variant.label)
                }
            }
            item.variants = variants.count..<(variants.count + own.count)
            item.counter = loops[loop].counters
            loops[loop].counters += own.count + 1
            variants += own
        }

        mutating func linkTags() {
            for index in loops.indices {
                let loop = loops[index]
                loops[index].following = following.count
                var part = [Int16](repeating: -1, count: loop.count * tags.count)
                for tag in tags.indices {
                    var next: Int16 = -1
                    for item in (0..<loop.count).reversed() {
                        if items[loop.first + item].tag == tag { next = Int16(item) }
                        part[item * tags.count + tag] = next
                    }
                }
                following += part
            }
        }
    }
}
