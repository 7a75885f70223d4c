package import Values

/// Where the rules of a scheme answer otherwise than before, found from the two tables alone: it tells of rows that nobody has today too.
package struct RuleImpact: Hashable, Sendable {
    /// A region of inputs in which one answer became another.
    package struct Change: Hashable, Sendable {
        /// The conditions, in words.
        package let region: String
        package let former: String
        package let answer: String
        /// One row of the region.
        package let witness: String

        package init(region: String, former: String, answer: String, witness: String) {
            self.region = region
            self.former = former
            self.answer = answer
            self.witness = witness
        }
    }

    package let scheme: String
    package let changes: [Change]
    /// Regions of which it cannot be said, as something is computed there.
    package let undecided: [String]
    /// Whether all regions were looked at.
    package let isComplete: Bool

    package init(scheme: String, changes: [Change], undecided: [String], isComplete: Bool) {
        self.scheme = scheme
        self.changes = changes
        self.undecided = undecided
        self.isComplete = isComplete
    }

    package var value: Value {
        .context(ContextValue([
            ("scheme", .string(scheme)), ("complete", .boolean(isComplete)),
            ("changes", .list(changes.map {
                .context(ContextValue([
                    ("where", .string($0.region)), ("former", .string($0.former)), ("answer", .string($0.answer)), ("witness", .string($0.witness)),
                ]))
            })),
            ("undecided", .list(undecided.map(Value.string))),
        ]))
    }
}
