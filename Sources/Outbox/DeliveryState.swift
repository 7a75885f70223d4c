package import Values

/// Where the delivery of one effect stands: a pure state machine. `DeliveryState+Events.swift` has its events; each gives
/// the action that the shell around it performs.
package struct DeliveryState: Hashable, Sendable {
    package enum Phase: Hashable, Sendable {
        /// Not tried yet, or its attempt was lost with the process.
        case pending
        /// An attempt is under way.
        case sending(since: Instant)
        /// An attempt failed; the next may start at `until`.
        case waiting(until: Instant)
        /// The target is disabled: parked until it is enabled again.
        case disabled
        /// Done. `status` is the HTTP status; nil for a file.
        case delivered(at: Instant, status: Int?)
        /// Given up: a dead letter, for an operator to replay or to drop.
        case dead(at: Instant, DeathReason)
    }

    /// Why an effect was given up.
    package enum DeathReason: Hashable, Sendable {
        /// The deadline passed, or the receiver asked to be tried again only after it.
        case deadline(last: FailureClass?)
        /// The schedule was used up.
        case attemptsUsedUp(last: FailureClass)
        /// The receiver called the request wrong on every attempt it got.
        case rejected(FailureClass)
        /// The receiver said that the endpoint is gone (410).
        case gone
        /// The target cannot take this effect, and no repeat changes that (a different file of the same name is there).
        case unacceptable(String)
    }

    package let effectID: String
    package let deadline: Instant
    package internal(set) var phase: Phase
    /// Attempts started, this process's lost ones included. The attempt number on a log line is 1-based.
    package internal(set) var attempts: Int
    /// Failed attempts that count against the schedule; faults of this side do not.
    package internal(set) var chargedFailures: Int
    package internal(set) var lastFailure: FailureClass?

    /// The state of a new effect.
    package init(effectID: String, deadline: Instant) {
        self.init(effectID: effectID, deadline: deadline, phase: .pending, attempts: 0, chargedFailures: 0, lastFailure: nil)
    }

    /// A state as it was stored.
    package init(
        effectID: String, deadline: Instant, phase: Phase, attempts: Int, chargedFailures: Int, lastFailure: FailureClass?
    ) {
        self.effectID = effectID
        self.deadline = deadline
        self.phase = phase
        self.attempts = attempts
        self.chargedFailures = chargedFailures
        self.lastFailure = lastFailure
    }

    /// True once nothing more will happen by itself: delivered or dead.
    package var isSettled: Bool {
        switch phase {
        case .delivered, .dead: true
        case .pending, .sending, .waiting, .disabled: false
        }
    }

    /// When an attempt may start: nil while one runs, while parked, and once settled. A pending effect may start at any
    /// time, which reads as the start of 1970.
    package var due: Instant? {
        switch phase {
        case .pending: Instant(seconds: 0)
        case .waiting(let until): until
        case .sending, .disabled, .delivered, .dead: nil
        }
    }
}

extension DeliveryState.Phase {
    /// A stable short name, kept in the store and shown to people.
    package var code: String {
        switch self {
        case .pending: "pending"
        case .sending: "sending"
        case .waiting: "waiting"
        case .disabled: "disabled"
        case .delivered: "delivered"
        case .dead: "dead"
        }
    }
}

extension DeliveryState.DeathReason: CustomStringConvertible {
    /// A stable code: `DELIVERY-DEADLINE`, `DELIVERY-EXHAUSTED`, `DELIVERY-REJECTED`, `DELIVERY-GONE` or
    /// `DELIVERY-UNACCEPTABLE` (docs/diagnostics/delivery.md).
    package var code: String {
        switch self {
        case .deadline: "DELIVERY-DEADLINE"
        case .attemptsUsedUp: "DELIVERY-EXHAUSTED"
        case .rejected: "DELIVERY-REJECTED"
        case .gone: "DELIVERY-GONE"
        case .unacceptable: "DELIVERY-UNACCEPTABLE"
        }
    }

    /// The reason as one short sentence.
    package var description: String {
        switch self {
        case .deadline(let last?): "the deadline ends the attempts; the last one failed with \(last.code)"
        case .deadline(nil): "the deadline passed before an attempt"
        case .attemptsUsedUp(let last): "every attempt of the schedule failed; the last one with \(last.code)"
        case .rejected(let failure): "the target rejected the request with \(failure.code)"
        case .gone: "the target answered 410: the endpoint is gone"
        case .unacceptable(let fact): fact
        }
    }
}
