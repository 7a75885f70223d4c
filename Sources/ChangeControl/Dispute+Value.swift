package import Values

extension Dispute {
    /// How it stands at a time of the log, for those who read it.
    package func value(at time: Instant) -> Value {
        let clock = clock.advanced(to: time)
        return .context(ContextValue([
            ("dispute", .string(id.description)), ("status", .string(status.rawValue)), ("raiser", .string(raiser.name)),
            ("reason", events.first?.reason.map { .string($0) } ?? .null), ("assignment", .context(ContextValue(assignment.fields))),
            ("owner", Self.text(owner)), ("round", .integer(round)), ("reopenMax", .integer(policy.reopenMax)),
            ("paused", .boolean(clock.isPaused)), ("elapsed", .string(clock.elapsed.description)), ("sla", .string(clock.sla.description)),
            ("stood", .string(clock.stood.description)), ("pauseMax", .string(clock.pauseMax.description)),
            ("due", clock.due.map { .string($0.description) } ?? .null), ("overdue", .boolean(isOverdue(at: time))),
            ("escalatedDue", escalatedDue.map { .string($0.description) } ?? .null),
            ("outcome", outcome.map { .string($0.rawValue) } ?? .null), ("decider", Self.text(decider)),
            ("change", change.map { .string($0.description) } ?? .null), ("events", .list(events.map(\.value))),
        ]))
    }

    private static func text(_ person: Principal?) -> Value { person.map { .string($0.name) } ?? .null }
}
