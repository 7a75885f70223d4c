import Attributes
import DecisionTables
import FEEL
import Microsegments
import Records
import Store
import Values

extension Evaluator {
    /// What holds for a run over a whole population.
    struct RunLimits {
        /// Micro-segments that are too small, and where their members go.
        var merges: [String: String] = [:]
        /// The schemes whose records are too old to lower anybody; nil where that was not looked for.
        var stale: Set<String>?
        /// Who may move; nil is everybody whom the rest of the budget holds.
        var admitted: Set<EntityKey>?
    }

    /// One entity with what follows for it.
    struct Assigned {
        let item: Item
        let former: Standing?
        var assignment: Result<Assignment, EvaluationFailure>
    }

    /// Assigns entities; moves that the budget of their scheme does not hold are queued.
    func assigned(_ items: [Item], _ limits: RunLimits, now: Instant, in session: any StoreSession) throws -> [Assigned] {
        var results = try items.map { item in
            let former = try Store.standing(scheme: item.scheme.name, item.entity, in: session)
            return Assigned(item: item, former: former, assignment: assignment(item, former, limits, .free, now: now))
        }
        for scheme in state.bundle.schemes {
            guard let budget = scheme.stability.budget else { continue }
            let moves = Self.moves(results, of: scheme)
            guard !moves.isEmpty else { continue }
            var ledger = try Store.churn(scheme: scheme.name, cycle: budget.begin(at: now, zone: state.bundle.zone), in: session)
            let admitted = try ledger.admit(moves.filter { $0.isForced || limits.admitted?.contains($0.entity) ?? true }, budget)
            try Store.write(ledger, scheme: scheme.name, in: session)
            let refusal = ChurnBudget.Admission.refused(until: budget.end(at: now, zone: state.bundle.zone))
            let refused = Set(moves.map(\.entity)).subtracting(admitted)
            for (place, result) in results.enumerated() where result.item.scheme.version == scheme.version && refused.contains(result.item.entity) {
                results[place].assignment = assignment(result.item, result.former, limits, refusal, now: now)
            }
        }
        return results
    }

    /// What a run over the whole population of a scheme has to know before it assigns anybody. The population is asked column by column.
    func limits(_ items: [Item], of scheme: Scheme, now: Instant) throws -> RunLimits {
        var limits = RunLimits()
        limits.stale = try staleSchemes([scheme.name], now: now)
        // A live scheme has no floors, and its budget is dealt out commit by commit.
        guard scheme.cadence != .live, scheme.granularity.hasFloors || scheme.stability.budget != nil else { return limits }
        let context = state.context(now: now)
        let known = Dictionary(try store.standings(scheme: scheme.name).map { ($0.entity, $0) }, uniquingKeysWith: { first, _ in first })
        let owns = Dictionary(items.compactMap { item in item.own.map { (item.entity, $0) } }, uniquingKeysWith: { first, _ in first })
        // Who has no attributes, or cannot be placed, fails in the run itself.
        let population = ResidentPopulation(items, of: scheme, known: known, context: context)
        func assigned() -> BatchAssignment {
            population.assigned(
                by: scheme, schemeChanged: { schemeDiffers(scheme, under: $0, own: owns[$0.entity]) }, formerTiers: { formerTiers(scheme, $0, own: $0.flatMap { owns[$0.entity] }) },
                isStale: limits.stale?.contains(scheme.name) ?? false, merges: limits.merges, context: context)
        }
        var found = assigned()
        if scheme.granularity.hasFloors {
            limits.merges = try scheme.granularity.merges(population.holdings(found))
            if !limits.merges.isEmpty { found = assigned() }
        }
        guard let budget = scheme.stability.budget else { return limits }
        let moves = population.entities.indices.compactMap { row -> ChurnBudget.Move? in
            guard found.failures[row] == nil, let former = population.former[row], let settled = found.standings.state(row) else { return nil }
            return Self.move(population.entities[row], found.verdicts[row], to: settled, from: former, worth: population.worths[row], of: scheme)
        }
        var ledger = try store.driver.read { try Store.churn(scheme: scheme.name, cycle: budget.begin(at: now, zone: state.bundle.zone), in: $0) }
        limits.admitted = try ledger.admit(moves, budget)
        return limits
    }

    func staleSchemes(_ names: Set<String>, now: Instant) throws -> Set<String> {
        let watch = SchemeWatch(store: store, state: state)
        return Set(try state.bundle.schemes.filter { try names.contains($0.name) && !$0.freshness.isEmpty && !watch.staleFeeds(of: $0, now: now).isEmpty }.map(\.name))
    }

    /// What a scheme says of one entity; nothing is committed.
    func assignment(
        _ item: Item, _ former: Standing?, _ limits: RunLimits, _ admission: ChurnBudget.Admission, now: Instant
    ) -> Result<Assignment, EvaluationFailure> {
        Result { () throws(EvaluationFailure) in
            try item.scheme.assign(
                item.attributes.get(), own: item.own, state: former?.stability, inEffect: former?.microsegment, overrides: state.bundle.overrides,
                schemeChanged: former.map { schemeDiffers(item.scheme, under: $0, own: item.own) } ?? false,
                formerTiers: formerTiers(item.scheme, former, own: item.own), isStale: limits.stale?.contains(item.scheme.name) ?? false, merges: limits.merges, admission: admission,
                context: state.context(now: now))
        }
    }

    /// What stability lets move in a scheme with a budget.
    private static func moves(_ results: [Assigned], of scheme: Scheme) -> [ChurnBudget.Move] {
        results.compactMap { result in
            guard result.item.scheme.version == scheme.version, case .success(let assignment) = result.assignment, let former = result.former else { return nil }
            return move(assignment.entity, assignment.verdict, to: assignment.stability, from: former, worth: assignment.value, of: scheme)
        }
    }

    /// The move that stability lets take effect; nil where it is none.
    private static func move(
        _ entity: EntityKey, _ verdict: StabilityOutcome.Verdict, to state: StabilityState, from former: Standing, worth: ExactDecimal, of scheme: Scheme
    ) -> ChurnBudget.Move? {
        guard verdict == .moved else { return nil }
        let waiting = former.stability.candidate.flatMap { $0.microsegment == state.settled ? $0.since : nil } ?? former.stability.notice?.since
        return ChurnBudget.Move(
            entity: entity, since: waiting ?? state.since, value: worth, isForced: scheme.microsegment(former.stability.settled) == nil)
    }
}
