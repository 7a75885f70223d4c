import Attributes
import ChangeControl
import Decisions
import Diagnostics
import FEEL
import Mapping
import Microsegments
import Outbox
import Records
package import Store
package import Values

/// Evaluates entities under one state and commits what follows: assignments, decisions, effects and the log entry, in
/// one transaction (commit 2). Arrivals, ticks and full runs all come through here.
package struct Evaluator: Sendable {
    /// Entities in one commit, so that the writer is never held for long.
    static let entitiesPerCommit = 500

    let store: Store
    let state: ActiveState
    private let fingerprints: SchemeFingerprints
    let populations = LivePopulations()

    package init(store: Store, state: ActiveState) {
        self.store = store
        self.state = state
        fingerprints = SchemeFingerprints(store: store)
    }

    /// Why entities are evaluated; it is recorded with the run.
    package enum Occasion: Sendable, Hashable {
        case arrival
        /// Time alone: the instant is the one that was computed beforehand.
        case tick
        /// A full run of one scheme.
        case full(scheme: String)

        var text: String {
            switch self {
            case .arrival: "arrival"
            case .tick: "tick"
            case .full(let scheme): "full \(scheme)"
            }
        }
    }

    /// What a run did.
    package struct RunCounts: Sendable, Hashable {
        package var evaluated = 0
        package var changed = 0
        package var decisions = 0
        package var effects = 0
        package var failures = 0
    }

    /// One entity on its way through a run, with its attributes or with why there are none.
    struct Item {
        let scheme: Scheme
        let entity: EntityKey
        var attributes: Result<AttributeRow, EvaluationFailure>
        let own: Fact?
    }

    /// A failure that is kept in the log; the entity stays where it was, and is asked again when something of it arrives.
    struct Failed {
        let subject: String
        let diagnostic: Diagnostic
    }

    /// Evaluates every dirty entity, in commits of bounded size, until none is left.
    package func drainDirty(now: Instant) throws -> RunCounts {
        var total = RunCounts()
        while true {
            let entities = try store.driver.read { try Store.dirtyEntities(limit: Self.entitiesPerCommit, in: $0) }
            guard !entities.isEmpty else { return total }
            let counts = try inStep { session in
                let items = try self.items(for: expanded(entities, in: session), now: now, in: session)
                let counts = try commit(items, occasion: .arrival, now: now, in: session)
                for entity in entities { try Store.clearDirty(entity, in: session) }
                return counts
            }
            total.add(counts)
        }
    }

    /// Evaluates the entities whose answer time alone may have changed, at the instant that was computed for each.
    package func tick(now: Instant) throws -> RunCounts {
        var total = RunCounts()
        while true {
            let round = try inStep { session -> (counts: RunCounts, instant: Instant, schemes: Set<String>)? in
                let due = try Store.standings(dueAt: now, limit: Self.entitiesPerCommit, in: session)
                guard let first = due.first, let instant = first.nextChange else { return nil }
                // All that are due at the same instant go together; later ones follow in their own run.
                let same = due.filter { $0.nextChange == instant }
                // Whatever the evaluation does not write anew (it failed, its scheme is gone) is not due again.
                for standing in same { try Store.clearNextChange(standing, in: session) }
                let counts = try commit(
                    self.items(for: Set(same.map(\.entity)).sorted(), now: instant, in: session), occasion: .tick, now: instant,
                    in: session)
                return (counts, instant, Set(same.map(\.scheme)))
            }
            guard let round else { return total }
            total.add(round.counts)
            // An override of a scheme on a schedule began or expired: only a run over the population can ask its rules.
            for scheme in state.bundle.schemes where scheme.cadence != .live && round.schemes.contains(scheme.name) {
                total.add(try fullRun(scheme, now: round.instant))
            }
        }
    }

    /// One transaction, on the disk before anything of it goes out; where it fails, populations that were changed within it are forgotten.
    private func inStep<Result>(_ body: (any StoreSession) throws -> Result) throws -> Result {
        do {
            return try store.driver.write(.later, body)
        } catch {
            populations.forget()
            throw error
        }
    }

    /// The dirty entities and those that hang on them, each once, in order.
    private func expanded(_ entities: [EntityKey], in session: any StoreSession) throws -> [EntityKey] {
        var all = Set(entities)
        for scheme in state.bundle.schemes where scheme.cadence == .live {
            for entity in entities where entity.kind != scheme.entity {
                all.formUnion(try Store.dependents(on: entity, for: scheme.plan, in: session))
            }
        }
        return all.sorted()
    }

    /// Attributes of entities in every live scheme that divides them. An entity that no record describes is left out. Others whose class
    /// they change are marked for evaluation.
    private func items(for entities: [EntityKey], now: Instant, in session: any StoreSession) throws -> [Item] {
        let context = state.context(now: now)
        var items: [Item] = []
        for scheme in state.bundle.schemes where scheme.cadence == .live {
            var found: [Item] = [], gone: [EntityKey] = []
            for entity in entities where entity.kind == scheme.entity {
                let facts = try Store.facts(of: entity, for: scheme.plan, in: session)
                guard facts.own != nil || scheme.plan.own == nil else {
                    gone.append(entity)
                    continue
                }
                let attributes = Result { () throws(EvaluationFailure) in try scheme.plan.evaluate(facts, context: context) }
                found.append(Item(scheme: scheme, entity: entity, attributes: attributes, own: facts.own))
            }
            // A population is of all entities, whichever version of the scheme divides them.
            if scheme.plan.needsPopulation { try place(&found, gone: gone, of: scheme, context, in: session) }
            items += scheme.arm == nil ? found : found.filter { scheme.divides($0.entity, own: $0.own) }
        }
        return items
    }

    /// Fills in what hangs on the population of a live scheme.
    private func place(
        _ items: inout [Item], gone: [EntityKey], of scheme: Scheme, _ context: EvaluationContext, in session: any StoreSession
    ) throws {
        var rows = items.compactMap { item in if case .success(let row) = item.attributes { row } else { nil } }
        let failed = items.filter { item in if case .failure = item.attributes { true } else { false } }
        do {
            let crossed = try populations.follow(&rows, gone: gone + failed.map(\.entity), of: scheme, context: context, in: session) {
                try measured(scheme.plan, describedOnly: true, context, in: session).rows
            }
            try Store.markDirty(crossed.sorted(), position: Store.nextPosition(in: session), in: session)
            let placed = Dictionary(rows.map { ($0.entity, $0) }, uniquingKeysWith: { first, _ in first })
            for at in items.indices {
                if let row = placed[items[at].entity] { items[at].attributes = .success(row) }
            }
        } catch let failure as EvaluationFailure {
            // The total of the population is past what a number holds: nobody can be told a class.
            for at in items.indices { items[at].attributes = .failure(failure) }
        }
    }

    /// The one way in which an evaluation takes effect.
    ///
    /// - Parameter limits: what a full run found of the whole population.
    func commit(
        _ items: [Item], occasion: Occasion, now: Instant, limits: RunLimits = RunLimits(), in session: any StoreSession
    ) throws -> RunCounts {
        var counts = RunCounts()
        guard !items.isEmpty else { return counts }
        try expectLive(in: session)
        let position = try Store.nextPosition(in: session)
        var limits = limits, decisions: [Decision] = []
        if limits.stale == nil { limits.stale = try staleSchemes(Set(items.map(\.scheme.name)), now: now) }
        var failures: [Failed] = []
        for result in try assigned(items, limits, now: now, in: session) {
            counts.evaluated += 1
            let former = result.former, item = result.item
            let assignment: Assignment, row: AttributeRow
            do {
                row = try item.attributes.get()
                assignment = try result.assignment.get()
            } catch {
                failures.append(Failed(subject: "\(item.scheme.name) \(item.entity)", diagnostic: error.diagnostic))
                continue
            }
            let standing = Standing(assignment, state: state.id)
            try Store.write(standing, former: former, at: now, position: position, in: session)
            let changed = former?.microsegment != standing.microsegment
            if changed { counts.changed += 1 }
            let notice = standing.stability.notice, begun = notice == former?.stability.notice ? nil : notice
            if changed || begun != nil || actsOnEvaluation(item.scheme) {
                let isDegraded = limits.stale?.contains(item.scheme.name) ?? false
                decisions.append(decision(assignment, former, begun, item.scheme, row, isDegraded: isDegraded, at: now, position: position))
            }
        }
        failures += try commit(decisions, occasion: occasion, position: position, now: now, &counts, in: session)
        counts.failures += failures.count
        for failure in failures { try note(failure, now: now, in: session) }
        return counts
    }

    private func actsOnEvaluation(_ scheme: Scheme) -> Bool {
        state.bundle.actions.contains { $0.scheme == scheme.name && $0.occasion == .evaluation && ($0.version == nil || $0.version == scheme.version) }
    }

    private func decision(
        _ assignment: Assignment, _ former: Standing?, _ notice: StabilityState.Notice?, _ scheme: Scheme, _ row: AttributeRow,
        isDegraded: Bool, at now: Instant, position: Int
    ) -> Decision {
        Decision(
            assignment, former: former?.microsegment, notice: notice, scheme: scheme,
            attributes: zip(scheme.plan.definitions, zip(row.values, row.evidence)).map {
                DecisionAttribute(name: $0.name, value: $1.0, records: $1.1)
            } + (assignment.computed.cluster.map { [DecisionAttribute(name: ClusterPlan.ruleName, value: $0, records: [])] } ?? []),
            isDegraded: isDegraded, at: now, state: state.id, position: position)
    }

    /// No run mixes states: whoever activated another one since, in whichever process, makes this run start again.
    private func expectLive(in session: any StoreSession) throws {
        guard try Store.siteValue(Site.Fact.liveState, in: session) == state.id else { throw StateMoved() }
    }

    /// Whether the scheme, or what it reads, is another one than under the state of the former evaluation.
    ///
    /// - Parameter own: the record that describes the entity.
    func schemeDiffers(_ scheme: Scheme, under former: Standing, own: Fact?) -> Bool {
        former.state != state.id && fingerprints.former(scheme.name, of: former, own: own)?.fingerprint != scheme.fingerprint
    }

    /// The tiers of a scheme when an entity was last evaluated, where what it was settled in is no more.
    func formerTiers(_ scheme: Scheme, _ former: Standing?, own: Fact?) -> [String] {
        guard let former, scheme.downgrade != nil, scheme.microsegment(former.stability.settled) == nil else { return [] }
        return fingerprints.former(scheme.name, of: former, own: own)?.tiers ?? []
    }

    private func note(_ failure: Failed, now: Instant, in session: any StoreSession) throws {
        try Store.append(
            .evaluationFailed,
            .context(ContextValue([
                ("subject", .string(failure.subject)), ("finding", .string(failure.diagnostic.text)), ("state", .string(state.id)),
            ])),
            at: now, in: session)
    }

    /// Writes decisions and their effects, and seals the run with a log entry, which digests them and the moves. An action that fails
    /// leaves the others alone.
    private func commit(
        _ decisions: [Decision], occasion: Occasion, position: Int, now: Instant, _ counts: inout RunCounts,
        in session: any StoreSession
    ) throws -> [Failed] {
        var failures: [Failed] = []
        for decision in decisions {
            try Store.add(
                StoredDecision(
                    id: decision.id, position: position, scheme: decision.scheme, entityKind: decision.entity.kind.rawValue,
                    client: decision.entity.client, entity: decision.entity.id, at: now,
                    microsegment: decision.microsegment, state: state.id, body: JSONText.write(decision.json)),
                in: session)
        }
        var effects = 0
        for action in state.bundle.actions {
            if case .interchange(let set, let partner, let policy) = action.output {
                let sending = Sending(set: set, partner: partner, policy: policy, bundle: state.bundle, context: state.context(now: now), at: now)
                effects += try send(decisions, action, sending, position: position, &failures, in: session)
                continue
            }
            let rendered: [RenderedEffect]
            do {
                rendered = try action.render(decisions, position: position, at: now, context: state.context(now: now))
            } catch {
                failures.append(Failed(subject: "action \(action.name)", diagnostic: error.diagnostic))
                continue
            }
            for item in rendered {
                failures += item.findings.map { Failed(subject: "action \(action.name)", diagnostic: $0) }
                try Store.add(
                    item.effect, action: action.name, position: position, sources: item.decisions.map { .decision($0) },
                    in: session)
                effects += 1
            }
        }
        counts.decisions += decisions.count
        counts.effects += effects
        try Store.append(
            .runCommitted,
            .context(ContextValue([
                ("occasion", .string(occasion.text)), ("state", .string(state.id)), ("now", .string(now.description)),
                ("evaluated", .number(ExactDecimal(counts.evaluated))), ("decisions", .number(ExactDecimal(decisions.count))),
                ("effects", .number(ExactDecimal(effects))),
            ])),
            at: now, in: session)
        return failures
    }
}
