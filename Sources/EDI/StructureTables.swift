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
    }

    /// Loop 0 is the transaction set itself.
    let loops: [Loop]
    let items: [Item]
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

    private struct Builder {
        var loops: [Loop] = []
        var items: [Item] = []
        var names: [String] = []
        var tags: [String] = []
        var following: [Int16] = []
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
                let loop = entry.isLoop
                    ? addLoop(entry.tag, head: entry.tag, entry.children, isHierarchical: entry.isHierarchical) : -1
                own.append(Item(
                    tag: number(entry.tag), loop: loop, isMandatory: entry.isMandatory, max: entry.max, bound: bound))
                if entry.tag == "LS" { bound = own.count - 1 }
            }
            loops[index].first = items.count
            loops[index].count = own.count
            loops[index].lastMandatory = own.lastIndex { $0.isMandatory } ?? -1
            items += own
            return index
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
