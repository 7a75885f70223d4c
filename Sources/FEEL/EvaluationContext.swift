package import Values

/// What an evaluation may know of the outside: the recorded business clock, zone rules and its limits.
/// An expression reads no clock of its own, so that a replay gives the same answer.
package struct EvaluationContext: Sendable {
    /// The business clock, recorded with the run; `now()` and `today()` answer from it.
    package var now: Instant
    /// The business zone, in which `today()` and `now()` are told.
    package var zone: ZoneRules
    /// Rules of further zones by name, for literals such as `@"2026-11-21T10:00:00@Europe/Paris"`.
    package var zones: [String: ZoneRules]
    package var budget: EvaluationBudget
    /// What a local time means beside one with an offset or zone; set by the profile.
    var localTimes = LocalTimes.apart

    package init(
        now: Instant, zone: ZoneRules = .utc, zones: [String: ZoneRules] = [:], budget: EvaluationBudget = EvaluationBudget()
    ) {
        self.now = now
        self.zone = zone
        self.zones = zones
        self.budget = budget
    }

    /// The rules of a zone by its IANA name, where this context carries them.
    func rules(named name: String) -> ZoneRules? {
        if name == zone.name { return zone }
        if name == "UTC" || name == "Etc/UTC" || name == "Z" { return .utc }
        return zones[name]
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

/// The limits of one evaluation. Reaching one ends it with FEEL-BUDGET in either profile: a limit is no answer.
package struct EvaluationBudget: Sendable, Hashable {
    /// Loop turns and list items touched.
    package var steps: Int
    /// Nested calls and loops.
    package var depth: Int
    /// Items in any one list.
    package var listLength: Int
    /// Bytes of UTF-8 in any one string.
    package var stringBytes: Int

    package init(steps: Int = 1_000_000, depth: Int = 100, listLength: Int = 100_000, stringBytes: Int = 1_048_576) {
        self.steps = steps
        self.depth = depth
        self.listLength = listLength
        self.stringBytes = stringBytes
    }
}
