package import Values

/// Keeps a target that does not answer from being tried by everyone: after so many charged failures in a row it opens;
/// after a pause one probe may go; a success closes it, a failure doubles the pause (up to a limit). Pure.
package struct CircuitBreaker: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        case closed
        case open(until: Instant)
        /// One probe is under way; nothing else may go.
        case halfOpen
    }

    /// Charged failures in a row that open it.
    package let failuresMax: Int
    package let pause: DayTimeDuration
    package let pauseMax: DayTimeDuration
    package private(set) var phase: Phase = .closed
    private(set) var failures = 0
    private var openings = 0

    package init(
        failuresMax: Int = 10, pause: DayTimeDuration = DayTimeDuration(seconds: 10, nanoseconds: 0),
        pauseMax: DayTimeDuration = DayTimeDuration(seconds: 600, nanoseconds: 0)
    ) {
        precondition(failuresMax >= 1 && pause.seconds >= 0 && pauseMax >= pause, "a breaker needs a limit and a pause")
        self.failuresMax = failuresMax
        self.pause = pause
        self.pauseMax = pauseMax
    }

    /// True if an attempt may start at `now`. In the open phase, once the pause is over, this lets exactly one probe through.
    package mutating func admits(at now: Instant) -> Bool {
        switch phase {
        case .closed: return true
        case .halfOpen: return false
        case .open(let until):
            guard now >= until else { return false }
            phase = .halfOpen
            return true
        }
    }

    /// When to ask again; nil while closed or while the probe is under way.
    package var opensAgainAt: Instant? {
        if case .open(let until) = phase { until } else { nil }
    }

    package mutating func succeeded() {
        phase = .closed
        failures = 0
        openings = 0
    }

    /// A charged failure. An uncharged one is ``abandoned(at:)``.
    package mutating func failed(at now: Instant) {
        failures += 1
        switch phase {
        case .halfOpen: open(at: now)
        case .closed: if failures >= failuresMax { open(at: now) }
        case .open: break
        }
    }

    /// An attempt ended without saying anything about the target (a fault of this side). A probe may go again at once.
    package mutating func abandoned(at now: Instant) {
        if phase == .halfOpen { phase = .open(until: now) }
    }

    /// Somebody wants to know now: where it is open the probe may go at once.
    package mutating func mayProbe(at now: Instant) {
        if case .open(let until) = phase, until > now { phase = .open(until: now) }
    }

    private mutating func open(at now: Instant) {
        // A nanosecond that is doubled 60 times is past any limit that makes sense.
        var wait = pause
        for _ in 0..<min(openings, 60) where wait < pauseMax { wait = wait.adding(wait) }
        openings += 1
        phase = .open(until: now.adding(min(wait, pauseMax)))
    }
}
