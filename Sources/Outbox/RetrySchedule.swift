package import Values

/// When to try again, as plain data.
///
/// Each delay is drawn from the whole of its step ("full jitter"), so that a thousand effects that failed together do not
/// come back together. The draw is a hash of the effect id and the attempt: replaying the same log gives the same times.
package struct RetrySchedule: Hashable, Sendable {
    /// The most steps a schedule may have.
    package static let stepsMax = 100

    /// The longest wait after the first, second, ... charged failure. One more failure than there are steps is the end.
    package let steps: [DayTimeDuration]
    /// How many attempts a request gets that the receiver calls wrong (4xx other than 408, 410, 425 and 429, redirects,
    /// oversized responses, refused addresses).
    package let clientErrorAttemptsMax: Int
    /// The longest wait after a failure on this side.
    package let ownFaultStep: DayTimeDuration

    /// 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h: ten attempts over at most 75.6 hours (Standard Webhooks,
    /// "Retries and failures").
    package static let standard = RetrySchedule(
        steps: [5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400].map {
            DayTimeDuration(seconds: $0, nanoseconds: 0)
        })

    /// Steps may not be negative, and there are at most ``stepsMax`` of them; the configuration checks this.
    package init(
        steps: [DayTimeDuration], clientErrorAttemptsMax: Int = 3,
        ownFaultStep: DayTimeDuration = DayTimeDuration(seconds: 30, nanoseconds: 0)
    ) {
        precondition(steps.count <= RetrySchedule.stepsMax, "a retry schedule has at most 100 steps")
        precondition((steps + [ownFaultStep]).allSatisfy { $0.seconds >= 0 && $0.nanoseconds >= 0 }, "a step is not negative")
        precondition(clientErrorAttemptsMax >= 1, "a request gets at least one attempt")
        self.steps = steps
        self.clientErrorAttemptsMax = clientErrorAttemptsMax
        self.ownFaultStep = ownFaultStep
    }

    /// The wait before the next attempt, from 0 up to (not including) the smaller of `step` and `room`.
    static func delay(
        within step: DayTimeDuration, room: DayTimeDuration, effectID: String, attempt: Int
    ) -> DayTimeDuration {
        let bound = min(step, room)
        // Steps are at most days: seconds × 10^9 fits 64 bits up to 292 years, and is held there.
        let seconds = UInt64(max(0, min(bound.seconds, 9_000_000_000)))
        let span = seconds * 1_000_000_000 + UInt64(max(0, bound.nanoseconds))
        let drawn = span.multipliedFullWidth(by: draw(effectID: effectID, attempt: attempt)).high
        return DayTimeDuration(seconds: Int64(drawn / 1_000_000_000), nanoseconds: Int32(drawn % 1_000_000_000))
    }

    /// 64 evenly spread bits from an effect id and an attempt number.
    static func draw(effectID: String, attempt: Int) -> UInt64 { TextBits.of(effectID, number: attempt) }
}
