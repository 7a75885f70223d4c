/// Which divisor a variance has. It is always declared: with 12 values the two deviations differ by 4.4 %.
package enum Spread: String, Hashable, Sendable, CaseIterable {
    /// `n - 1` (ddof 1): the values are a sample of what there could be.
    case sample
    /// `n` (ddof 0): the values are all there are.
    case population

    /// What is taken off the number of values.
    package var ddof: Int { self == .sample ? 1 : 0 }
}
