/// The linear congruential generator of Knuth's MMIX over 64 bits: `x = x * 6364136223846793005 + 1442695040888963407`, modulo 2^64 (The Art
/// of Computer Programming 2, 3.3.4, table 1). The seed is the first `x`. It is named in every model, so that what was drawn can be drawn again
/// on any machine. It is for sampling, never for secrets.
@frozen
package struct LCG64: Hashable, Sendable {
    /// What a model calls it.
    package static let name = "lcg64"
    /// The last `x`.
    package var state: UInt64

    @inlinable package init(seed: UInt64) { state = seed }

    /// The next `x`.
    @inlinable package mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }

    /// A number of at least 0 and below 1: the upper 53 bits of the next `x`, times 2^-53.
    @inlinable package mutating func unit() -> Double { Double(next() >> 11) * 0x1p-53 }

    /// A number of at least 0 and below `count`: the whole part of `unit() * count`. One `x` a draw, never more; no number is more likely than
    /// another by more than `count` parts in 2^53.
    @inlinable package mutating func index(below count: Int) -> Int {
        precondition(count > 0, "a number is drawn below 1 or more")
        // unit() * count can round up to count where count is above 2^52.
        return min(Int(unit() * Double(count)), count - 1)
    }

    /// Durstenfeld's shuffle, from the last place to the first: place `i` changes with place `index(below: i + 1)`.
    @inlinable package mutating func shuffle<Element>(_ elements: inout [Element]) {
        for last in stride(from: elements.count - 1, to: 0, by: -1) { elements.swapAt(last, index(below: last + 1)) }
    }
}
