package import Values

/// Whether attempts at one target may start: its circuit breaker, its rate, and the pause that it asked for with 429 or 503. Pure.
package struct TargetGate: Sendable {
    package enum Answer: Hashable, Sendable {
        case open
        /// Nothing may start before `until`; nil: not before the probe that is under way has ended.
        case closed(until: Instant?)
    }

    package private(set) var breaker: CircuitBreaker
    private var bucket: TokenBucket?
    /// Until when the target asked to be left alone.
    private var pausedUntil: Instant?

    package init(breaker: CircuitBreaker = CircuitBreaker(), bucket: TokenBucket? = nil) {
        self.breaker = breaker
        self.bucket = bucket
    }

    /// Asks for one attempt at `now`; where the answer is `open`, that attempt is counted.
    package mutating func admits(at now: Instant) -> Answer {
        if let pausedUntil, pausedUntil > now { return .closed(until: pausedUntil) }
        pausedUntil = nil
        if let next = bucket?.next(at: now), next > now { return .closed(until: next) }
        guard breaker.admits(at: now) else { return .closed(until: breaker.opensAgainAt) }
        bucket?.take(at: now)
        return .open
    }

    /// An attempt that was admitted came to an end.
    package mutating func ended(_ outcome: AttemptOutcome, at now: Instant) {
        switch outcome {
        case .succeeded: breaker.succeeded()
        case .refused: breaker.abandoned(at: now)
        case .failed(let failure, let retryAfter, _):
            if failure.treatment == .retryUncharged { breaker.abandoned(at: now) } else { breaker.failed(at: now) }
            guard let retryAfter, retryAfter > now, failure == .http(status: 429) || failure == .http(status: 503) else { return }
            // Each effect waits for as long as it was told to; the others for no longer than an open breaker would have them wait.
            let asked = min(retryAfter, now.adding(breaker.pauseMax))
            pausedUntil = max(asked, pausedUntil ?? asked)
        }
    }

    /// An attempt that was admitted does not start after all.
    package mutating func abandoned(at now: Instant) { breaker.abandoned(at: now) }

    /// Somebody wants to know now whether the target is back. A pause that it asked for itself is kept.
    package mutating func mayProbe(at now: Instant) { breaker.mayProbe(at: now) }
}

extension CircuitBreaker {
    /// Failures in a row so far.
    package var failuresInARow: Int { failures }
}
