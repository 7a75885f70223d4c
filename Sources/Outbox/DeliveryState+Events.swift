package import Values

/// What the shell does after an event.
package enum DeliveryAction: Hashable, Sendable {
    /// Nothing, for now.
    case none
    /// Start an attempt.
    case send
    /// Come back at this moment.
    case wait(until: Instant)
    /// Write the delivery down.
    case recordDelivered
    /// Write the effect down as a dead letter.
    case deadLetter(DeliveryState.DeathReason)
    /// Write the effect down as a dead letter and disable its target: the endpoint is gone.
    case deadLetterAndDisableTarget(DeliveryState.DeathReason)
}

extension DeliveryState {
    /// What to do at `now`: send what is due, give up what is past its deadline.
    package mutating func tick(at now: Instant) -> DeliveryAction {
        switch phase {
        case .sending, .delivered, .dead: return .none
        case .pending, .waiting, .disabled:
            if now > deadline { return die(.deadline(last: lastFailure), at: now) }
        }
        switch phase {
        case .waiting(let until) where until > now: return .wait(until: until)
        case .pending, .waiting: return .send
        case .disabled, .sending, .delivered, .dead: return .none
        }
    }

    /// An attempt starts. To start one while another runs, or after the end, is a bug.
    package mutating func attemptStarted(at now: Instant) {
        switch phase {
        case .pending, .waiting: break
        case .sending, .disabled, .delivered, .dead:
            preconditionFailure("an attempt starts only from pending or waiting, not from \(phase.code)")
        }
        attempts += 1
        phase = .sending(since: now)
    }

    /// The target took the effect. `status` is the HTTP status, nil for a file.
    ///
    /// A late success counts from any phase: the target has the effect, whatever was believed of it here.
    package mutating func succeeded(status: Int? = nil, at now: Instant) -> DeliveryAction {
        if case .delivered = phase { return .none }
        phase = .delivered(at: now, status: status)
        return .recordDelivered
    }

    /// The attempt failed. `retryAfter` is the moment before which the receiver asked not to be tried again.
    ///
    /// It is honoured in full: where it lies past the deadline, the effect is dead at once, as any further attempt would
    /// be either too early or too late.
    package mutating func failed(
        _ failure: FailureClass, retryAfter: Instant? = nil, at now: Instant, schedule: RetrySchedule
    ) -> DeliveryAction {
        guard case .sending = phase else { return .none }
        lastFailure = failure
        let step: DayTimeDuration
        switch failure.treatment {
        case .disable:
            chargedFailures += 1
            return die(.gone, at: now)
        case .retryUncharged:
            step = schedule.ownFaultStep
        case .retry, .retryFew:
            chargedFailures += 1
            if failure.treatment == .retryFew, chargedFailures >= schedule.clientErrorAttemptsMax {
                return die(.rejected(failure), at: now)
            }
            guard chargedFailures <= schedule.steps.count else { return die(.attemptsUsedUp(last: failure), at: now) }
            step = schedule.steps[chargedFailures - 1]
        }
        guard now <= deadline else { return die(.deadline(last: failure), at: now) }
        if let retryAfter, retryAfter > deadline { return die(.deadline(last: failure), at: now) }
        let delay = RetrySchedule.delay(
            within: step, room: now.distance(to: deadline), effectID: effectID, attempt: attempts)
        let until = max(now.adding(delay), retryAfter ?? now)
        phase = .waiting(until: until)
        return .wait(until: until)
    }

    /// The target can never take this effect (a different file of the same name is there already).
    package mutating func refused(_ fact: String, at now: Instant) -> DeliveryAction {
        guard case .sending = phase else { return .none }
        chargedFailures += 1
        return die(.unacceptable(fact), at: now)
    }

    /// The process starts again: an attempt that was under way is lost, its outcome unknown. The effect is sent again
    /// under the same id, and the lost attempt is not charged.
    package mutating func recovered() {
        if case .sending = phase { phase = .pending }
    }

    /// The target was disabled: what has not left yet is parked. An attempt under way runs to its end.
    package mutating func targetDisabled() {
        switch phase {
        case .pending, .waiting: phase = .disabled
        case .sending, .disabled, .delivered, .dead: break
        }
    }

    /// The target was enabled again: what was parked may leave.
    package mutating func targetEnabled() {
        if case .disabled = phase { phase = .pending }
    }

    /// An operator sends a dead letter again, with a whole schedule before it. Gives the state to store; nil if not dead.
    package func replayed(deadline: Instant) -> DeliveryState? {
        guard case .dead = phase else { return nil }
        return DeliveryState(
            effectID: effectID, deadline: deadline, phase: .pending, attempts: attempts, chargedFailures: 0,
            lastFailure: lastFailure)
    }

    /// An operator has what waits for its next attempt tried at once. Gives the state to store; nil if it does not wait.
    package func hurried(at now: Instant) -> DeliveryState? {
        guard case .waiting = phase else { return nil }
        return DeliveryState(
            effectID: effectID, deadline: deadline, phase: .waiting(until: now), attempts: attempts, chargedFailures: chargedFailures, lastFailure: lastFailure)
    }

    private mutating func die(_ reason: DeathReason, at now: Instant) -> DeliveryAction {
        phase = .dead(at: now, reason)
        return reason == .gone ? .deadLetterAndDisableTarget(reason) : .deadLetter(reason)
    }
}
