package import FEEL
package import Records
import Values

/// A record that goes straight on through an outbound mapping, with no micro-segment in between.
package struct RouteDefinition: Sendable {
    package let route: String
    package let file: String
    package let kind: RecordKind
    /// Name of the outbound mapping, or of the outbound set.
    package let outbound: String
    /// Whom an outbound set goes to.
    package let partner: String?
    /// Name of the target.
    package let target: String
    let condition: CompiledExpression?

    /// Whether the route takes a record.
    ///
    /// - Throws: what the condition failed on.
    package func takes(_ record: Record, _ context: EvaluationContext) throws(EvaluationFailure) -> Bool {
        guard record.kind == kind else { return false }
        guard let condition else { return true }
        return try condition.evaluate(record.values, context) == .boolean(true)
    }
}
