package import Values

/// What a table answers for one row.
package struct TableOutcome: Hashable, Sendable {
    /// Numbers of the rules that decided, from 1, ascending; empty where none matched.
    package let matchedRules: [Int]
    /// One value an output column, or none where no rule matched. With COLLECT each is the list of the matched rules'
    /// values, or their sum, minimum, maximum or count.
    package let outputs: [Value]

    package init(matchedRules: [Int], outputs: [Value]) {
        self.matchedRules = matchedRules
        self.outputs = outputs
    }

    package static let none = TableOutcome(matchedRules: [], outputs: [])
}
