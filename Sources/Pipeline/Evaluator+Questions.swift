import Attributes
package import Microsegments
import Records
import Store
package import Values

extension Evaluator {
    /// Which attributes of a scheme's population tell an outcome apart.
    package func drivers(_ scheme: Scheme, outcome: Int, now: Instant) throws -> DriverRanking {
        DriverRanking(
            scheme.plan, rows: try population(of: scheme.plan, now: now).rows, outcome: outcome)
    }

    /// The attributes of one entity as a run would see them; nil where no record speaks of it. Attributes of the whole population take a pass over it.
    ///
    /// - Parameter describedOnly: as live schemes ask.
    func row(of entity: EntityKey, _ plan: AttributePlan, describedOnly: Bool = false, now: Instant) throws -> AttributeRow? {
        if plan.needsPopulation {
            let population = try population(of: plan, describedOnly: describedOnly, now: now)
            if let failed = population.failures.first(where: { $0.entity == entity }) { throw failed.failure }
            return population.rows.first { $0.entity == entity }
        }
        let facts = try store.driver.read { try Store.facts(of: entity, for: plan, in: $0) }
        guard facts.own != nil || facts.measured.contains(where: { !$0.isEmpty }) else { return nil }
        return try plan.evaluate(facts, context: state.context(now: now))
    }
}
