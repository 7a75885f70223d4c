/// A set of the classes of one dimension. Most are one run of them, which is what the tests are quick for.
struct ClassSet: Hashable, Sendable {
    /// The first member and just past the last; both 0 where there is none.
    let low: Int
    let high: Int
    /// How many members lie before each class, where they are more than one run; else empty.
    private let before: [Int32]
    /// How many classes there are.
    let width: Int

    init(_ flags: [Bool]) {
        width = flags.count
        low = flags.firstIndex(of: true) ?? 0
        high = flags.lastIndex(of: true).map { $0 + 1 } ?? 0
        guard flags[low..<high].contains(false) else {
            before = []
            return
        }
        var counts: [Int32] = [0]
        counts.reserveCapacity(width + 1)
        for flag in flags { counts.append(counts[counts.count - 1] + (flag ? 1 : 0)) }
        before = counts
    }

    init(run: Range<Int>, of width: Int) {
        self.width = width
        low = run.isEmpty ? 0 : run.lowerBound
        high = run.isEmpty ? 0 : run.upperBound
        before = []
    }

    static func all(_ width: Int) -> ClassSet { ClassSet(run: 0..<width, of: width) }

    var isEmpty: Bool { low == high }
    var isAll: Bool { low == 0 && high == width && before.isEmpty }
    var isRun: Bool { before.isEmpty }
    var count: Int { before.isEmpty ? high - low : Int(before[width]) }

    /// How many members lie in a run of classes.
    @inline(__always)
    func count(from start: Int, to end: Int) -> Int {
        if before.isEmpty { return max(0, min(high, end) - max(low, start)) }
        return Int(before[end] - before[start])
    }

    @inline(__always)
    func touches(from start: Int, to end: Int) -> Bool { count(from: start, to: end) > 0 }

    func contains(_ member: Int) -> Bool { count(from: member, to: member + 1) == 1 }

    var flags: [Bool] { (0..<width).map { contains($0) } }
    var members: [Int] { (low..<high).filter { contains($0) } }

    /// The first member within a run of classes.
    func first(from start: Int, to end: Int) -> Int? { (start..<end).first { contains($0) } }

    var complement: ClassSet { ClassSet(flags.map { !$0 }) }

    func intersection(_ other: ClassSet) -> ClassSet {
        if isRun, other.isRun {
            let start = max(low, other.low), end = min(high, other.high)
            return ClassSet(run: start < end ? start..<end : 0..<0, of: width)
        }
        return ClassSet((0..<width).map { contains($0) && other.contains($0) })
    }

    func union(_ other: ClassSet) -> ClassSet { ClassSet((0..<width).map { contains($0) || other.contains($0) }) }

    func isSubset(of other: ClassSet) -> Bool {
        if other.isAll || isEmpty { return true }
        if isRun, other.isRun { return low >= other.low && high <= other.high }
        return members.allSatisfy { other.contains($0) }
    }

    func meets(_ other: ClassSet) -> Bool {
        if isRun { return other.touches(from: low, to: high) }
        if other.isRun { return touches(from: other.low, to: other.high) }
        return members.contains { other.contains($0) }
    }
}
