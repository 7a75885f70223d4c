/// A sum that carries the rounding errors of its additions along (Neumaier, 1974): as good as one in twice the digits, rounded at the end. The order of the values may
/// still change the last bit.
@frozen
package struct CompensatedSum: Hashable, Sendable {
    @usableFromInline var sum = 0.0
    @usableFromInline var lost = 0.0

    @inlinable package init() {}

    @inlinable package mutating func add(_ value: Double) {
        let next = sum + value
        lost += sum.magnitude >= value.magnitude ? (sum - next) + value : (value - next) + sum
        sum = next
    }

    /// The sum so far; not finite where a value was not, or where the sum went beyond what a Double holds.
    @inlinable package var value: Double { sum.isFinite ? sum + lost : sum }

    /// The sum of all.
    @inlinable package static func of(_ values: some Sequence<Double>) -> Double {
        var sum = CompensatedSum()
        for value in values { sum.add(value) }
        return sum.value
    }
}
