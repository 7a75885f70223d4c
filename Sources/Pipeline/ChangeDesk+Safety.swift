package import ChangeControl
package import Store
package import Values

extension Store {
    /// What operators did to be safe, as the log tells it.
    package func safety() throws -> SafetyLedger { try driver.read { try Self.safety(in: $0) } }

    static func safety(in session: any StoreSession) throws -> SafetyLedger {
        var ledger = SafetyLedger()
        for entry in try SafetyLedger.kinds.flatMap({ try entries(of: $0, in: session) }).sorted(by: { $0.position < $1.position }) { ledger.take(entry) }
        return ledger
    }
}

extension ChangeDesk {
    package func safety() throws -> SafetyLedger { try site.store.safety() }

    /// Lets nothing be activated for a time; gives its end.
    package func freeze(for time: DayTimeDuration, by person: Principal, reason: String, at now: Instant) throws -> Instant {
        try judge(.changesFrozen, at: now) { try $0.frozen(until: $2.adding(time), by: person, reason: reason, governance: $1, at: $2) }.adding(time)
    }

    package func thaw(by person: Principal, reason: String, at now: Instant) throws {
        _ = try judge(.changesThawed, at: now) { try $0.thawed(by: person, reason: reason, governance: $1, at: $2) }
    }

    /// Breaks the glass: nothing goes out for a time, and waits in the outbox; gives its end.
    package func hold(for time: DayTimeDuration, by person: Principal, reason: String, at now: Instant) throws -> Instant {
        try judge(.emissionsHeld, at: now) { try $0.held(until: $2.adding(time), by: person, reason: reason, governance: $1, at: $2) }.adding(time)
    }

    package func release(by person: Principal, reason: String, at now: Instant) throws {
        _ = try judge(.emissionsReleased, at: now) { try $0.released(by: person, reason: reason, governance: $1, at: $2) }
    }

    /// Closes a review with what another person found.
    package func closeReview(_ position: Int, by person: Principal, finding: String, at now: Instant) throws {
        _ = try judge(.reviewClosed, at: now) { ledger, governance, _ in try ledger.closed(position, by: person, finding: finding, governance: governance) }
    }

    /// Judges an event by the ledger as it is in the transaction that logs it; gives the instant at which it was judged.
    private func judge(
        _ kind: LogEntryKind, at now: Instant, _ body: (_ ledger: SafetyLedger, _ governance: Governance, _ now: Instant) throws -> String
    ) throws -> Instant {
        let live = try live(), now = try judged(now)
        try site.store.driver.write { session in
            try expectLive(live.id, in: session)
            _ = try Store.append(kind, text: try body(try Store.safety(in: session), live.governance, now), at: now, in: session)
        }
        return now
    }
}
