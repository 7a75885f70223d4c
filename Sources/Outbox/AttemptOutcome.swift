package import Values

/// What one attempt to deliver an effect came to, as an outgoing edge reports it.
package enum AttemptOutcome: Hashable, Sendable {
    /// The target has the effect. `status` is the HTTP status, nil for a file.
    case succeeded(status: Int?)
    /// It has not, and may have it later. `detail` is one short sentence for the log, without secrets or payload.
    case failed(FailureClass, retryAfter: Instant?, detail: String)
    /// It can never have it, and why.
    case refused(String)
}

extension DeliveryState {
    /// The attempt ended.
    package mutating func attemptEnded(
        _ outcome: AttemptOutcome, at now: Instant, schedule: RetrySchedule
    ) -> DeliveryAction {
        switch outcome {
        case .succeeded(let status): succeeded(status: status, at: now)
        case .failed(let failure, let retryAfter, _): failed(failure, retryAfter: retryAfter, at: now, schedule: schedule)
        case .refused(let fact): refused(fact, at: now)
        }
    }
}
