import Diagnostics
package import FEEL
package import Values

/// ABC classes: entities in descending order of a measure, cut where the cumulative share passes the cuts.
///
/// The entity that crosses a cut goes up into the better class; equal values share a class. An entity whose measure
/// is zero or negative is in the last class.
package struct PopulationClass: Sendable {
    /// Index of the attribute that is ranked.
    package let measure: Int
    /// Ascending percents between 0 and 100, one fewer than names.
    package let cuts: [ExactDecimal]
    package let names: [String]

    package init(measure: Int, cuts: [ExactDecimal], names: [String]) {
        precondition(names.count == cuts.count + 1, "there is one name more than cuts")
        self.measure = measure
        self.cuts = cuts
        self.names = names
    }

    /// The class of each entity, given its measure; the order of entities does not matter.
    ///
    /// An entity is in the class of the first cut that the share of those strictly before it has not reached. Shares are
    /// compared exactly, without division. Fails with ATTR-OVERFLOW where the total has more than 34 digits.
    package func assign(_ measures: [ExactDecimal]) throws(EvaluationFailure) -> [String] {
        var total = ExactSum()
        for measure in measures where measure > .zero {
            guard total.add(measure) else { throw Self.overflow }
        }
        guard let whole = total.value else { throw Self.overflow }
        let bounds = try cuts.map { cut throws(EvaluationFailure) in try Self.product(cut, whole) }
        let order = measures.indices.filter { measures[$0] > .zero }.sorted { measures[$0] > measures[$1] }
        var result = [String](repeating: names[names.count - 1], count: measures.count)
        var before = ExactSum()
        var at = 0
        while at < order.count {
            // Entities with equal measures share a class: that of the first of them.
            guard let part = before.value else { throw Self.overflow }
            let share = try Self.product(part, ExactDecimal(100))
            let name = names[bounds.count { $0 <= share }]
            let measure = measures[order[at]]
            while at < order.count, measures[order[at]] == measure {
                result[order[at]] = name
                guard before.add(measure) else { throw Self.overflow }
                at += 1
            }
        }
        return result
    }

    /// A product that 34 digits hold; a rounded one could put an entity on the wrong side of a cut.
    private static func product(_ left: ExactDecimal, _ right: ExactDecimal) throws(EvaluationFailure) -> ExactDecimal {
        let left = left.normalized, right = right.normalized
        do throws(ArithmeticFailure) {
            let product = try left.multiplying(by: right)
            if left.isZero || right.isZero || product.scale >= left.scale + right.scale { return product }
        } catch {
            throw overflow
        }
        throw overflow
    }

    private static var overflow: EvaluationFailure {
        EvaluationFailure(diagnostic: Diagnostic(
            .attributeOverflow, .error, "the total of the population has more than 34 digits",
            hint: "give the measure that is ranked fewer digits"))
    }
}
