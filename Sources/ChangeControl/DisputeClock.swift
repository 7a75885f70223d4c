package import Values

/// The clock of one round of a dispute: how long it has run, and when the decision is due. It is moved on by the log's time alone, so
/// whoever has the log has the clock.
///
/// A pause stops it until somebody resumes it or the pauses of the round have used up what they may, whichever is first: it then
/// runs on by itself, with no event. So a round is due at most `sla + pauseMax` after it began, whatever is done.
package struct DisputeClock: Hashable, Sendable {
    package let sla: DayTimeDuration
    package let pauseMax: DayTimeDuration
    package let began: Instant
    /// How long it has run, and how long it has stood, up to ``counted``.
    package private(set) var elapsed = DayTimeDuration.zero
    package private(set) var stood = DayTimeDuration.zero
    /// Up to when it was counted.
    package private(set) var counted: Instant
    /// Somebody paused it and nobody resumed it. It may run all the same, where the pauses are used up.
    package private(set) var isPaused = false
    /// The round is over: it is counted no further.
    package private(set) var isStopped = false

    /// Begins to run at a time of the log.
    package init(at time: Instant, _ policy: DisputePolicy) {
        sla = policy.sla
        pauseMax = policy.pauseMax
        began = time
        counted = time
    }

    /// How long pauses of this round may last yet.
    package var pauseLeft: DayTimeDuration { pauseMax.subtracting(stood) }

    /// When the round is due, as things are; in the past where it is overdue. nil where it is over.
    ///
    /// A pause only begins before a round is due, so that the clock has run since then without a break: counting back is exact.
    package var due: Instant? {
        guard !isStopped else { return nil }
        return counted.adding(isPaused ? pauseLeft : .zero).adding(sla.subtracting(elapsed))
    }

    /// Counts on to a time. One that has passed changes nothing: the clock never runs backwards.
    package mutating func advance(to time: Instant) {
        guard !isStopped, time > counted else { return }
        let span = counted.distance(to: time)
        let still = isPaused ? min(span, pauseLeft) : .zero
        stood = stood.adding(still)
        elapsed = elapsed.adding(span.subtracting(still))
        counted = time
    }

    package func advanced(to time: Instant) -> DisputeClock {
        var clock = self
        clock.advance(to: time)
        return clock
    }

    mutating func pause(at time: Instant) {
        advance(to: time)
        isPaused = true
    }

    mutating func resume(at time: Instant) {
        advance(to: time)
        isPaused = false
    }

    mutating func stop(at time: Instant) {
        resume(at: time)
        isStopped = true
    }
}
