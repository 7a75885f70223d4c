import Attributes
package import Clustering
import Diagnostics
package import FEEL
package import Values

/// How a scheme finds clusters of its entities, and the frozen model that places each of them until the next recalibration.
///
/// The cluster of an entity is one more name for the rules, ``ruleName``: rules that stand above its rows gate and veto, and rows that ask for it refine.
package struct ClusterPlan: Sendable {
    /// The name by which rules know an entity's cluster: text, or null for an entity in none.
    package static let ruleName = "cluster"

    /// One attribute by which entities are compared.
    package struct Column: Hashable, Sendable {
        package let slot: Int
        package let name: String
        /// How much squared distances along it count.
        package let weight: Double
        package let logarithm: Bool
    }

    package let columns: [Column]
    /// Who is clustered and placed, over the attributes; nil is everybody.
    package let gate: CompiledExpression?
    package var method: ClusterModel.Algorithm
    /// How many clusters are weighed; hdbscan finds its own number.
    package let counts: ClosedRange<Int>
    package let seed: UInt64
    package let restarts: Int
    package let scaling: Preparation.Scaling
    /// How often the rows are drawn anew to see whether the clusters come again, and how like they must be.
    package let resamples: Int
    package let minimumJaccard: Double
    /// The attribute, a number, that the clusters should tell apart; nil where none was named.
    package let outcome: Column?
    /// Where the frozen model lies.
    package let path: String
    /// Nil before the first recalibration: nobody is in a cluster.
    package let model: ClusterModel?

    /// The attributes that the cluster hangs on, those of the gate included.
    package var slots: [Int] { Array(Set(columns.map(\.slot) + (gate?.slots ?? []))).sorted() }

    /// Whether an entity is clustered at all.
    package func admits(_ values: [Value], context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        guard let gate else { return true }
        return try gate.evaluate(values, context) == .boolean(true)
    }

    /// The numbers of an entity by which it is compared; nil where an attribute has none.
    package func numbers(_ values: [Value]) -> [Double?] { columns.map { Self.number(values[$0.slot]) } }

    static func number(_ value: Value) -> Double? {
        if case .number(let number) = value { number.binary } else { nil }
    }

    /// Where the model places an entity; nil where there is no model, or the gate keeps it out.
    package func placement(_ values: [Value], context: EvaluationContext) throws(EvaluationFailure) -> ClusterModel.Placement? {
        guard let model, try admits(values, context: context) else { return nil }
        do throws(ClusteringFailure) {
            return try model.place(numbers(values))
        } catch {
            throw EvaluationFailure(diagnostic: Diagnostic(
                .schemeClusters, .error, "it cannot be placed: \(error)", at: SourcePosition(file: path), hint: "leave such entities out with clusters: where"))
        }
    }
}

extension Scheme {
    /// What the rules see of an entity: its attributes and, where the scheme has clusters, the one that it is in.
    package func ruleInputs(_ values: [Value], context: EvaluationContext) throws(EvaluationFailure) -> [Value] {
        guard let clusters else { return values }
        return try values + [clusters.placement(values, context: context)?.cluster.map(Value.string) ?? .null]
    }
}
