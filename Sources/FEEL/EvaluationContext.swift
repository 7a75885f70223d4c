package import Values

/// What an evaluation may know of the outside: the recorded business clock, zone rules and its limits.
/// An expression reads no clock of its own, so that a replay gives the same answer.
///
/// The parts lie behind one reference, so that handing a context on costs a retain and not a copy.
package struct EvaluationContext: Sendable {
    private final class Parts: Sendable {
        let now: Instant
        let zone: ZoneRules
        let zones: ZoneCatalogue
        let budget: EvaluationBudget

        init(now: Instant, zone: ZoneRules, zones: ZoneCatalogue, budget: EvaluationBudget) {
            self.now = now
            self.zone = zone
            self.zones = zones
            self.budget = budget
        }
    }

    private var parts: Parts
    /// What several evaluations that belong together share: what is left of the budget, and why something became null.
    /// Nil where an evaluation stands for itself.
    package var account: EvaluationAccount?
    /// What a local time means beside one with an offset or zone; set by the profile.
    var localTimes = LocalTimes.apart

    package init(
        now: Instant, zone: ZoneRules = .utc, zones: ZoneCatalogue = .none, budget: EvaluationBudget = EvaluationBudget()
    ) {
        parts = Parts(now: now, zone: zone, zones: zones, budget: budget)
    }

    /// - Parameter zones: rules that are at hand already.
    package init(
        now: Instant, zone: ZoneRules = .utc, zones: [String: ZoneRules], budget: EvaluationBudget = EvaluationBudget()
    ) {
        self.init(now: now, zone: zone, zones: ZoneCatalogue(zones), budget: budget)
    }

    /// The business clock, recorded with the run; `now()` and `today()` answer from it.
    package var now: Instant {
        get { parts.now }
        set { parts = Parts(now: newValue, zone: zone, zones: zones, budget: budget) }
    }

    /// The business zone, in which `today()` and `now()` are told.
    package var zone: ZoneRules {
        get { parts.zone }
        set { parts = Parts(now: now, zone: newValue, zones: zones, budget: budget) }
    }

    /// Rules of further zones by name, for literals such as `@"2026-11-21T10:00:00@Europe/Paris"`.
    package var zones: ZoneCatalogue {
        get { parts.zones }
        set { parts = Parts(now: now, zone: zone, zones: newValue, budget: budget) }
    }

    package var budget: EvaluationBudget {
        get { parts.budget }
        set { parts = Parts(now: now, zone: zone, zones: zones, budget: newValue) }
    }

    /// The same context with a new account: the evaluations that get it share one budget and keep the reasons of their nulls.
    package func withAccount(reasonsMax: Int = EvaluationAccount.reasonsMax) -> EvaluationContext {
        var context = self
        context.account = EvaluationAccount(budget: budget, reasonsMax: reasonsMax)
        return context
    }

    /// The rules of a zone by its IANA name, where this context carries them.
    func rules(named name: String) -> ZoneRules? {
        if name == parts.zone.name { return parts.zone }
        if name == "UTC" || name == "Etc/UTC" || name == "Z" { return .utc }
        return parts.zones[name]
    }
}

/// What a time without offset or zone means where it meets one that has either.
enum LocalTimes: Sendable {
    /// The two cannot be compared (DMN 1.5), as in the standard profile.
    case apart
    /// It is a time of the business zone, as in the strict profile.
    case inZone
    /// The business zone is not known yet, as while constants are folded.
    case undecided
}
