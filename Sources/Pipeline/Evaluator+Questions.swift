import Attributes
package import Microsegments
import Records
import Store
package import Values

extension Evaluator {
    /// Which attributes of a scheme's population tell an outcome apart.
    package func drivers(_ scheme: Scheme, outcome: Int, now: Instant) throws -> DriverRanking {
        DriverRanking(
            scheme.plan, rows: try population(scheme, now: now).compactMap { item in if case .success(let row) = item.attributes { row } else { nil } }, outcome: outcome)
    }

    /// The attributes of one entity as a run of a scheme would see them; nil where no record speaks of it. Attributes of the whole population take a pass
    /// over it.
    func row(of entity: EntityKey, _ scheme: Scheme, now: Instant) throws -> AttributeRow? {
        if scheme.plan.needsPopulation {
            return try population(scheme, now: now).first { $0.entity == entity }?.attributes.get()
        }
        let facts = try store.driver.read { try Store.facts(of: entity, for: scheme.plan, in: $0) }
        guard facts.own != nil || facts.measured.contains(where: { !$0.isEmpty }) else { return nil }
        return try scheme.plan.evaluate(facts, context: state.context(now: now))
    }
}
