import Attributes
import Clustering
import Diagnostics
import FEEL
import Microsegments
import Records
import Store
import Values

/// Why an entity stands where it does, what kept it there, and what would move it.
struct StandingExplanation {
    let site: Site
    let state: ActiveState
    let scheme: Scheme
    let standing: Standing
    let now: Instant
    private(set) var lines: [(depth: Int, text: String)] = []

    init(site: Site, state: ActiveState, scheme: Scheme, standing: Standing, now: Instant) throws {
        self.site = site
        self.state = state
        self.scheme = scheme
        self.standing = standing
        self.now = now
        say(0, "\(standing.entity) is in \(standing.microsegment) of \(scheme.name) by \(standing.cause)")
        say(1, "rules: \(standing.computed), rule \(standing.rule) of \(scheme.ruleFile)")
        say(1, "settled in \(standing.stability.settled) since \(standing.stability.since)")
        if let held { say(1, held) }
        if let notice { say(1, notice) }
        sayOverride()
        if let next = standing.nextChange { say(1, "time alone can change the answer at \(next)") }
        try sayAlternatives()
    }

    private mutating func say(_ depth: Int, _ text: String) { lines.append((depth, text)) }

    /// What kept it, where the rules say something else than what is settled.
    private var held: String? {
        let policy = scheme.stability, state = standing.stability
        let waiting = state.candidate.map { "\($0.microsegment), which the rules say since \($0.since)," } ?? standing.computed
        switch standing.verdict {
        case .unconfirmed: return "waits: \(waiting) has \(state.candidate?.confirmations ?? 0) of \(policy.confirmations) confirmations"
        case .dwelling: return "waits: \(waiting) is confirmed, and it stays at least until \(state.since.adding(policy.minimumDwell))"
        case .stale: return "waits: \(waiting) would lower it, and feeds that it rests on have gone silent"
        case .queued: return "waits: \(waiting) is free to take effect, and the budget of the cycle is used up"
        case .withinBand: return "stays: \(standing.computed) is within the dead band of \(state.settled)"
        case .noticed, .stepped, .kept, .heldFloor, .floorUnknown, .lifted: return protection
        case .first where standing.computed != state.settled, .same where standing.computed != state.settled, .moved where standing.computed != state.settled:
            return protection ?? "merged: \(standing.computed) is too small by itself, so its members are in \(state.settled)"
        case .first, .same, .moved: return nil
        }
    }

    private mutating func sayOverride() {
        guard let override = state.bundle.overrides.inForce(scheme: scheme.name, entity: standing.entity, at: now) else { return }
        say(1, "override \(override.id): it \(override.text) until \(override.expires), by \(override.owner): \(override.reason)")
        if standing.microsegment != standing.stability.settled { say(2, "without it, it would be in \(standing.stability.settled)") }
    }

    private mutating func sayAlternatives() throws {
        let context = state.context(now: now)
        guard let row = try Evaluator(store: site.store, state: state).row(of: standing.entity, scheme.plan, describedOnly: scheme.cadence == .live, now: now) else { return }
        do throws(EvaluationFailure) {
            let placement = try scheme.clusters?.placement(row.values, context: context)
            if let placement, let model = scheme.clusters?.model { say(placement, model) }
            let alternatives = try scheme.alternatives(row, context: context)
            if !alternatives.isEmpty { say(1, "the rules would say otherwise:") }
            for other in alternatives {
                say(2, "\(other.microsegment) by rule \(other.rule), if \(other.attribute) were \(JSONText.write(other.to)); it is \(JSONText.write(other.from))")
            }
        } catch {
            say(1, "what would move it cannot be said: \(error.diagnostic.fact)")
        }
    }

    private mutating func say(_ placement: ClusterModel.Placement, _ model: ClusterModel) {
        func told(_ number: Double) -> String { ExactDecimal(number, scale: 4)?.description ?? "no limit" }
        say(1, placement.cluster.map { "cluster \($0)" } ?? "in no cluster: it is outside the radius of \(model.clusters[placement.nearest].name), the nearest")
        say(2, zip(model.clusters, placement.distances).map { "\($0.name) is \(told($1)) away, its radius is \(told($0.radius))" }.joined(separator: "; "))
        if placement.missing > 0 { say(2, "\(placement.missing) attributes are missing, and count as the centre") }
        for move in placement.moves {
            guard let to = move.to else { continue }
            say(2, "it would be as near to \(move.toward) if \(move.attribute) were \(told(to)); it counts as \(told(move.from))")
        }
    }
}
