import Attributes
import ChangeControl
import FEEL
package import Microsegments
import Records
import Store
package import Values

extension Evaluator {
    /// Evaluates the whole population of a scheme as of an instant: one pass over each measure's records, then the
    /// classes of the population, then the same commit as any other run.
    package func fullRun(_ scheme: Scheme, now: Instant) throws -> RunCounts {
        let everybody = try population(scheme, now: now)
        let limits = try limits(everybody, of: scheme, now: now)
        let rows = scheme.arm == nil ? everybody : everybody.filter { scheme.divides($0.entity, own: $0.own) }
        var total = RunCounts()
        var start = 0
        repeat {
            let end = min(start + Self.entitiesPerCommit, rows.count)
            let counts = try store.driver.write { session in
                let counts = try commit(Array(rows[start..<end]), occasion: .full(scheme: scheme.name), now: now, limits: limits, in: session)
                if end == rows.count {
                    try Store.setFullRun(scheme: scheme.version, at: now, in: session)
                    try Store.setSiteValue(Self.basisName(scheme), basis(of: scheme), in: session)
                    try keepBasis(scheme, everybody, in: session)
                }
                return counts
            }
            total.add(counts)
            start = end
        } while start < rows.count
        return total
    }

    /// Every scheme on a schedule whose period has passed since its last full run, or that the state has changed since.
    /// - Parameter shifted: schemes that are due although their period has not passed.
    package func dueFullRuns(now: Instant, shifted: Set<String> = []) throws -> [Scheme] {
        try state.bundle.schemes.filter { scheme in
            guard case .every(let period) = scheme.cadence else { return false }
            if shifted.contains(scheme.version) { return true }
            guard let last = try store.lastFullRun(scheme: scheme.version) else { return true }
            return try last.adding(period) <= now || store.siteValue(Self.basisName(scheme)) != basis(of: scheme)
        }
    }

    /// What later looks are compared with.
    private func keepBasis(_ scheme: Scheme, _ items: [Item], in session: any StoreSession) throws {
        guard let triggers = scheme.triggers else { return }
        let rows = items.compactMap { item in if case .success(let row) = item.attributes { row } else { nil } }
        for (slot, values) in SchemeWatch.columns(rows, triggers) where triggers.shift.contains(slot) {
            try Store.setTriggerBasis(
                scheme: scheme.version, attribute: scheme.plan.definitions[slot].name, PopulationSample(values).text, in: session)
        }
    }

    /// What a full run rests on besides records and time: the scheme with its attributes, and the overrides.
    private func basis(of scheme: Scheme) -> String { "\(scheme.fingerprint) \(state.description.overrides)" }
    private static func basisName(_ scheme: Scheme) -> String { "full run of \(scheme.version)" }

    /// The rows of a population, in the order of their keys, the records that describe its entities, and the entities whose attributes could
    /// not be computed.
    struct MeasuredPopulation {
        var rows: [AttributeRow] = []
        var owns: [EntityKey: Fact] = [:]
        var failures: [(entity: EntityKey, failure: EvaluationFailure)] = []
    }

    /// The attributes of every entity of a scheme, in the order of their keys.
    func population(_ scheme: Scheme, now: Instant) throws -> [Item] {
        let population = try population(of: scheme.plan, describedOnly: scheme.cadence == .live, now: now)
        return population.rows.map { Item(scheme: scheme, entity: $0.entity, attributes: .success($0), own: population.owns[$0.entity]) }
            + population.failures.map { Item(scheme: scheme, entity: $0.entity, attributes: .failure($0.failure), own: population.owns[$0.entity]) }
    }

    /// The attributes of every entity of a plan.
    ///
    /// - Parameter describedOnly: leaves out entities that records speak of and none describes, as live schemes do.
    func population(of plan: AttributePlan, describedOnly: Bool = false, now: Instant) throws -> MeasuredPopulation {
        let context = state.context(now: now)
        var population = try store.driver.read { try measured(plan, describedOnly: describedOnly, context, in: $0) }
        try plan.classify(&population.rows, context: context)
        return population
    }

    /// The same without what hangs on the population.
    func measured(_ plan: AttributePlan, describedOnly: Bool, _ context: EvaluationContext, in session: any StoreSession) throws -> MeasuredPopulation {
        var records = PopulationRecords(plan, context: context)
        var population = MeasuredPopulation()
        if let own = plan.own, let describes = own.describes {
            try Store.forEachCurrent(own.kind, in: session) { fact in
                if let role = plan.ownRole, let slot = own.slot("role"), fact.values[slot] != .string(role) { return }
                guard let key = EntityReference(plan.entity, slots: describes.slots).entity(in: fact.values) else { return }
                population.owns[key] = fact
                records.code(of: key)
            }
        }
        for (index, group) in records.groups.enumerated() {
            try Store.forEachRecord(of: group, in: session) { records.add($0, to: index) }
        }
        let measured = records.measured()
        for key in records.entities.sorted() where !describedOnly || plan.own == nil || population.owns[key] != nil {
            let own = population.owns[key]
            let related = try plan.relations.map { try Store.relatedRecord($0, of: own, client: key.client, in: session) }
            let row = Result { () throws(EvaluationFailure) in
                try plan.evaluate(entity: key, own: own, related: related, context: context) { index throws(EvaluationFailure) in
                    try measured.measured(index, of: key)
                }
            }
            switch row {
            case .success(let row): population.rows.append(row)
            case .failure(let failure): population.failures.append((key, failure))
            }
        }
        return population
    }
}
