/// What a table answers for a batch of rows: rule numbers. The outputs of a row are worked out when they are asked for
/// (``CompiledTable/outcome(ofRow:of:in:_:)``).
package struct BatchOutcome: Hashable, Sendable {
    /// With a policy of one answer, a number for each row: the rule that decides, from 1, or 0 where none does. With the other
    /// policies the rules of all rows, one row after the other.
    package internal(set) var rules: [UInt32]
    /// With a policy of several answers, where each row's rules begin in `rules`, and one more for the end; else empty.
    package internal(set) var starts: [Int]
    /// Rows without an answer because a policy was broken, a cell failed, or a value is none that its column lists, ascending.
    /// The row path says why.
    package internal(set) var failedRows: [Int]

    /// The rules that decide for a row, in the order of the answer.
    package func rules(ofRow row: Int) -> ArraySlice<UInt32> {
        if !starts.isEmpty { return rules[starts[row]..<starts[row + 1]] }
        return rules[row] == 0 ? [] : rules[row...row]
    }
}
