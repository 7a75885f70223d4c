package import Values

/// Lets so many attempts start in a while, and so many at once after a pause: the generic cell rate algorithm (ITU-T I.371),
/// which is a token bucket that keeps one instant. Pure.
package struct TokenBucket: Hashable, Sendable {
    /// Attempts at once after a pause.
    package let burst: Int
    /// Nanoseconds from one attempt to the next where they go on and on.
    private let interval: Int64
    /// When the bucket would be full again.
    private var full: Instant?

    /// - Parameters:
    ///   - requests: how many in `every`; at least 1.
    ///   - burst: at least 1.
    package init(requests: Int, every: DayTimeDuration = DayTimeDuration(seconds: 1), burst: Int) {
        precondition(requests >= 1 && burst >= 1 && every > .zero && every.seconds < 1_000_000, "a rate has requests, a while and a burst")
        interval = max(1, (every.seconds * 1_000_000_000 + Int64(every.nanoseconds)) / Int64(requests))
        self.burst = burst
    }

    /// When the next attempt may start; `now` or before it: at once.
    package func next(at now: Instant) -> Instant {
        guard let full else { return now }
        // A clock that was set back makes nobody wait for longer than the bucket takes to fill.
        return min(full, now.adding(span(burst))).adding(span(1 - burst))
    }

    /// An attempt starts.
    package mutating func take(at now: Instant) {
        full = max(now, min(full ?? now, now.adding(span(burst)))).adding(span(1))
    }

    private func span(_ count: Int) -> DayTimeDuration {
        let (product, overflow) = interval.multipliedReportingOverflow(by: Int64(count))
        let whole = overflow ? (count < 0 ? Int64.min : Int64.max) : product
        return DayTimeDuration(seconds: whole / 1_000_000_000, nanoseconds: Int32(whole % 1_000_000_000))
    }
}
