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
        /// The state changed.
        case activation

        var text: String {
            switch self {
            case .arrival: "arrival"
            case .tick: "tick"
            case .full(let scheme): "full \(scheme)"
            case .activation: "activation"
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

    /// One entity on its way through a run.
    struct Item {
        let scheme: Scheme
        let row: AttributeRow
        let own: Fact?
    }

    /// Evaluates every dirty entity, in commits of bounded size, until none is left.
    package func drainDirty(now: Instant) throws -> RunCounts {
        var total = RunCounts()
        while true {
            let entities = try store.driver.read { try Store.dirtyEntities(limit: Self.entitiesPerCommit, in: $0) }
            guard !entities.isEmpty else { return total }
            let counts = try store.driver.write { session in
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
            let counts = try store.driver.write { session -> RunCounts? in
                let due = try Store.standings(dueAt: now, limit: Self.entitiesPerCommit, in: session)
                guard let first = due.first, let instant = first.nextChange else { return nil }
                // All that are due at the same instant go together; later ones follow in their own run.
                let same = due.filter { $0.nextChange == instant }.map(\.entity)
                return try commit(
                    self.items(for: same, now: instant, in: session), occasion: .tick, now: instant, in: session)
            }
            guard let counts else { return total }
            total.add(counts)
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

    /// Attributes of entities in every live scheme that divides them. An entity that no record describes is left out.
    private func items(for entities: [EntityKey], now: Instant, in session: any StoreSession) throws -> [Item] {
        let context = state.context(now: now)
        var items: [Item] = []
        for scheme in state.bundle.schemes where scheme.cadence == .live {
            for entity in entities where entity.kind == scheme.entity {
                let facts = try Store.facts(of: entity, for: scheme.plan, in: session)
                guard facts.own != nil || scheme.plan.own == nil else { continue }
                items.append(Item(scheme: scheme, row: try scheme.plan.evaluate(facts, context: context), own: facts.own))
            }
        }
        return items
    }

    /// The one way in which an evaluation takes effect.
    func commit(_ items: [Item], occasion: Occasion, now: Instant, in session: any StoreSession) throws -> RunCounts {
        var counts = RunCounts()
        guard !items.isEmpty else { return counts }
        try expectLive(in: session)
        let position = try Store.nextPosition(in: session)
        let context = state.context(now: now)
        var decisions: [Decision] = []
        var failures: [(item: Item, diagnostic: Diagnostic)] = []
        for item in items {
            counts.evaluated += 1
            let former = try Store.standing(scheme: item.scheme.name, item.row.entity, in: session)
            let schemeChanged = former.map { schemeDiffers(item.scheme, under: $0.state) } ?? false
            let assignment: Assignment
            do {
                assignment = try item.scheme.assign(
                    item.row, own: item.own, state: former?.stability, overrides: state.bundle.overrides,
                    schemeChanged: schemeChanged, context: context)
            } catch {
                counts.failures += 1
                failures.append((item, error.diagnostic))
                continue
            }
            let standing = Standing(assignment, state: state.id)
            try Store.write(standing, former: former, at: now, position: position, in: session)
            let changed = former?.microsegment != standing.microsegment
            if changed { counts.changed += 1 }
            guard changed || state.bundle.actions.contains(where: { $0.scheme == item.scheme.name && $0.occasion == .evaluation })
            else { continue }
            decisions.append(Decision(
                assignment, former: former?.microsegment, scheme: item.scheme,
                attributes: zip(item.scheme.plan.definitions, zip(item.row.values, item.row.evidence)).map {
                    DecisionAttribute(name: $0.name, value: $1.0, records: $1.1)
                },
                at: now, state: state.id, position: position))
        }
        try commit(decisions, occasion: occasion, position: position, now: now, &counts, in: session)
        for failure in failures { try noteFailure(failure.diagnostic, of: failure.item, now: now, in: session) }
        return counts
    }

    /// No run mixes states: whoever activated another one since, in whichever process, makes this run start again.
    private func expectLive(in session: any StoreSession) throws {
        guard try Store.siteValue(Site.Fact.liveState, in: session) == state.id else { throw StateMoved() }
    }

    /// Whether the scheme, or what it reads, is another one than under the state of the former evaluation.
    private func schemeDiffers(_ scheme: Scheme, under former: String) -> Bool {
        former != state.id && fingerprints.fingerprint(scheme.name, in: former) != scheme.fingerprint
    }

    /// Keeps a failed evaluation in the log: the entity stays where it was.
    private func noteFailure(_ diagnostic: Diagnostic, of item: Item, now: Instant, in session: any StoreSession) throws {
        try Store.append(
            .evaluationFailed,
            .context(ContextValue([
                ("scheme", .string(item.scheme.name)), ("entity", .string(item.row.entity.description)),
                ("finding", .string(diagnostic.text)), ("state", .string(state.id)),
            ])),
            at: now, in: session)
    }

    /// Writes decisions and their effects, and seals the run with a log entry that digests them.
    private func commit(
        _ decisions: [Decision], occasion: Occasion, position: Int, now: Instant, _ counts: inout RunCounts,
        in session: any StoreSession
    ) throws {
        var digests: [String] = []
        for decision in decisions {
            let body = JSONText.write(decision.json)
            digests.append(ContentDigest(ofText: body).hex)
            try Store.add(
                StoredDecision(
                    id: decision.id, position: position, scheme: decision.scheme, entityKind: decision.entity.kind.rawValue,
                    client: decision.entity.client, entity: decision.entity.id, at: now,
                    microsegment: decision.microsegment, state: state.id, body: body),
                in: session)
        }
        var effects = 0
        for action in state.bundle.actions {
            for rendered in try action.render(decisions, position: position, at: now, context: state.context(now: now)) {
                digests.append(rendered.effect.id + " " + ContentDigest(of: rendered.effect.payload).hex)
                try Store.add(
                    rendered.effect, action: action.name, position: position,
                    sources: rendered.decisions.map { .decision($0) }, in: session)
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
                ("digest", .string(ContentDigest(ofText: digests.joined(separator: "\n")).hex)),
            ])),
            at: now, in: session)
    }
}
