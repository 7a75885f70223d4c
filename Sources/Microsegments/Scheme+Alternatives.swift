package import Attributes
import Clustering
import DecisionTables
package import FEEL
package import Values

/// The least change of one attribute, all else the same, after which the rules put an entity elsewhere.
package struct Alternative: Hashable, Sendable {
    package let attribute: String
    package let from: Value
    package let to: Value
    package let microsegment: String
    package let rule: Int
}

extension Scheme {
    /// What would move an entity: of each attribute that is the header of a column, the nearest value in each direction that leads to
    /// another micro-segment, and each text or flag that does. Rules over expressions of several attributes are not turned around.
    package func alternatives(_ row: AttributeRow, context: EvaluationContext) throws(EvaluationFailure) -> [Alternative] {
        let present = try answer(row.values, context)
        var found: [Alternative] = []
        for input in table.table.inputs.indices {
            guard let slot = table.slot(ofInput: input), slot < plan.definitions.count else { continue }
            for probes in probes(of: slot, input: input, now: row.values[slot]) {
                for value in probes {
                    var values = row.values
                    values[slot] = value
                    guard let other = try answer(values, context), other.microsegment != present?.microsegment else { continue }
                    let alternative = Alternative(
                        attribute: plan.definitions[slot].name, from: row.values[slot], to: value, microsegment: other.microsegment, rule: other.rule)
                    if !found.contains(alternative) { found.append(alternative) }
                    break
                }
            }
        }
        return found
    }

    /// Lists of values to be tried, of each of which the first that leads elsewhere counts: numbers above from the nearest on, those below, and each text or
    /// flag by itself.
    private func probes(of slot: Int, input: Int, now: Value) -> [[Value]] {
        let constants = table.constants(ofInput: input).filter { $0 != now }.map { [$0] }
        let thresholds = table.thresholds(ofInput: input)
        guard !thresholds.isEmpty else { return constants }
        let step = ExactDecimal(coefficient: 1, scale: plan.definitions[slot].scale ?? 0)
        let tried = Set(thresholds.flatMap { threshold in [Self.sum(threshold, step.negated), threshold, Self.sum(threshold, step)].compactMap { $0 } }).sorted()
        guard case .number(let number) = now else { return constants + [tried.map(Value.number)] }
        return constants + [tried.filter { $0 > number }.map(Value.number), tried.filter { $0 < number }.reversed().map(Value.number)]
    }

    private static func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal? {
        do throws(ArithmeticFailure) { return try left.adding(right) } catch { return nil }
    }

    private func answer(_ values: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> (microsegment: String, rule: Int)? {
        let outcome = try table.evaluate(ruleInputs(values, context: context), context)
        guard case .string(let name)? = outcome.outputs.first, let rule = outcome.matchedRules.first else { return nil }
        return (name, rule)
    }
}
