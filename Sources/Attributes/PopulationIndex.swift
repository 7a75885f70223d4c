import Records
import Values

/// The entities of one group in the order of a measure: a treap that knows the count and the sum of every subtree, so that an
/// entity is put in, taken out and placed in O(log n), and ranges are listed in the order of the measure.
///
/// Seidel and Aragon, "Randomized Search Trees" (1996). Priorities are drawn from a fixed sequence; they decide the shape of the tree and nothing that it says.
struct PopulationIndex: Sendable {
    /// One entity with the number that it is ranked by.
    struct Member: Hashable, Sendable {
        let number: ExactDecimal
        let entity: EntityKey
    }

    private struct Node: Sendable {
        var member: Member
        var priority: UInt64
        var left: Int32 = -1, right: Int32 = -1
        var count: Int32 = 1
        var sum: ExactSum
    }

    private var nodes: [Node] = []
    private var free: [Int32] = []
    private var root: Int32 = -1
    private var drawn: UInt64 = 0
    /// Ascending puts the least first.
    private let order: Order

    init(isAscending: Bool) { order = Order(isAscending: isAscending) }

    private struct Order: Sendable {
        let isAscending: Bool

        /// Whether one number stands before another.
        func precedes(_ left: ExactDecimal, _ right: ExactDecimal) -> Bool { isAscending ? left < right : right < left }

        func precedes(_ left: Member, _ right: Member) -> Bool {
            if precedes(left.number, right.number) { return true }
            return left.number == right.number && left.entity < right.entity
        }
    }

    var count: Int { root < 0 ? 0 : Int(nodes[Int(root)].count) }
    var total: ExactSum { root < 0 ? ExactSum() : nodes[Int(root)].sum }

    /// Puts a member in; false where its number is past what a sum can take (ATTR-OVERFLOW).
    mutating func insert(_ member: Member) -> Bool {
        var sum = ExactSum()
        guard member.number <= .zero || sum.add(member.number) else { return false }
        drawn &+= 0x9E37_79B9_7F4A_7C15
        // SplitMix64 (Steele, Lea and Flood 2014).
        var priority = drawn
        priority = (priority ^ (priority >> 30)) &* 0xBF58_476D_1CE4_E5B9
        priority = (priority ^ (priority >> 27)) &* 0x94D0_49BB_1331_11EB
        let node = Node(member: member, priority: priority ^ (priority >> 31), sum: sum)
        let place: Int32
        if let reused = free.popLast() {
            nodes[Int(reused)] = node
            place = reused
        } else {
            place = Int32(nodes.count)
            nodes.append(node)
        }
        let (before, after) = split(root) { [order] in order.precedes($0, member) }
        root = merge(merge(before, place), after)
        return true
    }

    /// Takes a member out, if it is there.
    mutating func remove(_ member: Member) {
        let (before, rest) = split(root) { [order] in order.precedes($0, member) }
        let (itself, after) = split(rest) { [order] in !order.precedes(member, $0) }
        root = merge(before, after)
        if itself >= 0 { free.append(itself) }
    }

    /// Where a member stands, which must be in the index.
    func place(of member: Member) -> PopulationPlace {
        let before = measure { order.precedes($0.number, member.number) }
        let upTo = measure { !order.precedes(member.number, $0.number) }
        let ordinal = measure { order.precedes($0, member) }
        return PopulationPlace(
            before: before.count, beside: upTo.count - before.count, ordinal: ordinal.count, count: count,
            positiveBefore: before.sum, positiveBeside: upTo.sum - before.sum, positiveTotal: total)
    }

    /// How many members stand before a member or at its place, whether it is in the index or not.
    func countThrough(_ member: Member) -> Int { measure { !order.precedes(member, $0) }.count }

    /// Count and sum of the first members, those for which a condition holds that holds of no member after one of which it does not.
    private func measure(_ holds: (Member) -> Bool) -> (count: Int, sum: ExactSum) {
        var count = 0, sum = ExactSum(), at = root
        while at >= 0 {
            let node = nodes[Int(at)]
            if holds(node.member) {
                if node.left >= 0 {
                    count += Int(nodes[Int(node.left)].count)
                    sum = sum + nodes[Int(node.left)].sum
                }
                count += 1
                if node.member.number > .zero { _ = sum.add(node.member.number) }
                at = node.right
            } else {
                at = node.left
            }
        }
        return (count, sum)
    }

    /// The members at places `range` in the order of the measure, from 0.
    func members(_ range: Range<Int>) -> [Member] {
        var found: [Member] = []
        collect(root, from: 0, range, into: &found)
        return found
    }

    private func collect(_ at: Int32, from start: Int, _ range: Range<Int>, into found: inout [Member]) {
        guard at >= 0, start < range.upperBound else { return }
        let node = nodes[Int(at)]
        guard start + Int(node.count) > range.lowerBound else { return }
        collect(node.left, from: start, range, into: &found)
        let place = start + (node.left < 0 ? 0 : Int(nodes[Int(node.left)].count))
        if range.contains(place) { found.append(node.member) }
        collect(node.right, from: place + 1, range, into: &found)
    }

    private mutating func update(_ at: Int32) {
        let index = Int(at)
        let left = nodes[index].left, right = nodes[index].right
        var count: Int32 = 1, sum = ExactSum()
        if nodes[index].member.number > .zero { _ = sum.add(nodes[index].member.number) }
        for child in [left, right] where child >= 0 {
            count += nodes[Int(child)].count
            sum = sum + nodes[Int(child)].sum
        }
        nodes[index].count = count
        nodes[index].sum = sum
    }

    /// Members for which the condition holds, and the others; the condition holds of a first part of the order.
    private mutating func split(_ at: Int32, _ holds: (Member) -> Bool) -> (Int32, Int32) {
        guard at >= 0 else { return (-1, -1) }
        if holds(nodes[Int(at)].member) {
            let (first, second) = split(nodes[Int(at)].right, holds)
            nodes[Int(at)].right = first
            update(at)
            return (at, second)
        }
        let (first, second) = split(nodes[Int(at)].left, holds)
        nodes[Int(at)].left = second
        update(at)
        return (first, at)
    }

    private mutating func merge(_ left: Int32, _ right: Int32) -> Int32 {
        guard left >= 0 else { return right }
        guard right >= 0 else { return left }
        if nodes[Int(left)].priority > nodes[Int(right)].priority {
            let merged = merge(nodes[Int(left)].right, right)
            nodes[Int(left)].right = merged
            update(left)
            return left
        }
        let merged = merge(left, nodes[Int(right)].left)
        nodes[Int(right)].left = merged
        update(right)
        return right
    }
}
