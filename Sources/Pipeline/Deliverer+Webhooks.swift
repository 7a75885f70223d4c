import Outbox
import Store
import Values
import Webhooks

/// Webhooks: what ended is committed together with what begins, and then that is sent.
extension Deliverer {
    /// What an attempt came to, and what is written down of it.
    struct Settlement {
        var effect: Effect
        var state: DeliveryState
        var outcome: AttemptOutcome
        var attempt: Store.Attempt
        /// Why the target is to be disabled.
        var disables: DeliveryState.DeathReason?
        var endedAt: Instant
    }

    /// Takes unsettled webhooks from the store into the lanes, target by target, in the order in which they were committed: one that has very many keeps no
    /// other out.
    ///
    /// Those that came since the last look are behind all others. All are looked at where an operator replayed or enabled something, and every now and then.
    ///
    /// - Parameter onlyMore: looks only at targets of which there is more in the store.
    func refill(onlyMore: Bool) throws {
        if !onlyMore {
            let isChanged = try followDisabledTargets(), replay = try store.lastReplay(), now = ContinuousClock.now
            if isChanged || replay != lastReplay || lookedAtAll.map({ $0.duration(to: now) >= Self.lookAtAllEvery }) ?? true {
                (lastReplay, lookedAtAll, taken) = (replay, now, [:])
            }
        }
        for target in targets.endpoints.keys where hasRoom(target) && (!onlyMore || more.contains(target)) {
            let items = try store.unsettledWebhooks(to: target, after: taken[target] ?? .start, limit: Self.knownMax)
            for item in items { lanes.add(item.id, target: target, lane: item.lane, due: item.dueAt) }
            if let last = items.last { taken[target] = last.place }
            // A full answer means that there is more behind it, which comes in once half of this is settled.
            if items.count == Self.knownMax { more.insert(target) } else { more.remove(target) }
        }
    }

    func hasRoom(_ target: String) -> Bool { lanes.count(of: target) < Self.knownMax / 2 }

    /// Holds the targets that are disabled, and lets go those that somebody enabled; tells whether there were any.
    @discardableResult
    private func followDisabledTargets() throws -> Bool {
        let disabled = Set(try store.disabledTargets().map(\.target))
        for target in disabled.subtracting(held) { lanes.hold(target: target) }
        for target in held.subtracting(disabled) { lanes.release(target: target) }
        defer { held = disabled }
        return held != disabled
    }

    /// Commits what ended and marks what may leave, in one transaction, and sends that; tells whether anything began.
    func turn() async throws -> Bool {
        let now = SystemClock.now()
        let ends = ended.take()
        // Where many end, they wait for each other for a little; one alone waits for nobody.
        ended.set(enough: ends.count < Self.manyEnded ? 1 : lanes.inFlight / 2)
        let settled = settle(ends, at: now)
        let holds = try await patiently { try isHeld() }
        let past = holds ? [] : try await patiently { try missed(now) }
        letGo(at: now)
        let taken = holds ? [] : take(at: now)
        let items = try await patiently { try store.effects(taken) }
        let (started, changed) = begin(items, of: taken, at: now)
        try await patiently { try commit(settled, started: started, changed: changed + past) }
        for state in past { lanes.settle(state.effectID) }
        if settled.contains(where: { $0.disables != nil }) { _ = try await patiently { try followDisabledTargets() } }
        try await patiently { try noteGates() }
        let readied = try await patiently { try started.map { ($0, try store.opened($0)) } }
        send(readied, at: now)
        return !started.isEmpty
    }

    // MARK: - What ended

    /// What attempts came to. Lanes and gates take note of it at once; nothing leaves before it is committed.
    func settle(_ ends: [EndedAttempts.Ended], at now: Instant) -> [Settlement] {
        var counts: [String: Int] = [:]
        let settled = ends.map { ended -> Settlement in
            let target = ended.item.effect.target
            if case .succeeded = ended.outcome { counts[target, default: 0] += 1 }
            let settlement = settlement(of: ended, schedule: targets.endpoints[target]?.schedule ?? .standard)
            gates[target]?.ended(ended.outcome, at: ended.endedAt)
            if closed[target] == .some(nil) { closed[target] = .some(now) }
            if let due = settlement.state.due { lanes.postpone(ended.item.effect.id, until: due) } else { lanes.settle(ended.item.effect.id) }
            return settlement
        }
        // Twice as many as a target took since the last commit are claimed beyond those under way, so that it is not idle during this one; of one that
        // fails, none.
        for (target, endpoint) in targets.endpoints { lanes.allow(ahead: min(2 * counts[target, default: 0], 3 * endpoint.parallel), of: target) }
        return settled
    }

    func settlement(of ended: EndedAttempts.Ended, schedule: RetrySchedule) -> Settlement {
        var state = ended.item.delivery
        let action = state.attemptEnded(ended.outcome, at: ended.endedAt, schedule: schedule)
        let took = ended.startedAt.distance(to: ended.endedAt)
        let attempt = Store.Attempt(
            number: state.attempts, at: ended.startedAt, milliseconds: Int(took.seconds) * 1000 + Int(took.nanoseconds) / 1_000_000,
            outcome: ended.outcome.code, detail: ended.outcome.detail)
        var settlement = Settlement(effect: ended.item.effect, state: state, outcome: ended.outcome, attempt: attempt, endedAt: ended.endedAt)
        if case .deadLetterAndDisableTarget(let reason) = action { settlement.disables = reason }
        return settlement
    }

    /// Writes down what attempts came to with their lines in the delivery log, what begins, and what changed besides.
    func commit(_ settled: [Settlement], started: [StoredEffect], changed: [DeliveryState]) throws {
        guard !settled.isEmpty || !started.isEmpty || !changed.isEmpty else { return }
        try store.driver.write { session in
            try Store.update(settled.map(\.state) + changed, in: session)
            try Store.start(started.map(\.delivery), in: session)
            try Store.add(settled.map { ($0.effect.id, $0.attempt) }, in: session)
            for settlement in settled {
                guard let reason = settlement.disables else { continue }
                try Store.disable(settlement.effect.target, at: settlement.endedAt, reason: "\(reason)", in: session)
            }
        }
        for settlement in settled { report(settlement) }
    }

    private func report(_ settlement: Settlement) {
        let (effect, state, outcome) = (settlement.effect, settlement.state, settlement.outcome)
        switch state.phase {
        case .delivered: events(.delivered(effect: effect.id, target: effect.target, attempts: state.attempts))
        case .dead(_, let reason): events(.notDelivered(effect: effect.id, target: effect.target, reason: "given up: \(reason)"))
        case .waiting(let until):
            events(.notDelivered(effect: effect.id, target: effect.target, reason: "\(outcome.code), \(outcome.detail); again at \(until)"))
        case .pending, .sending, .disabled: break
        }
    }

    /// Webhooks that waited past their deadline without a turn: behind a target that is left alone, or disabled.
    private func missed(_ now: Instant) throws -> [DeliveryState] {
        if let lookedAtDeadlines, now < lookedAtDeadlines.adding(DayTimeDuration(seconds: 60)), now >= lookedAtDeadlines { return [] }
        lookedAtDeadlines = now
        let dead = try store.webhooksPast(now, limit: Self.inFlightMax).compactMap { item -> DeliveryState? in
            var state = item.delivery
            guard case .deadLetter(let reason) = state.tick(at: now) else { return nil }
            events(.notDelivered(effect: item.effect.id, target: item.effect.target, reason: "given up: \(reason)"))
            return state
        }
        return dead
    }

    // MARK: - What begins

    /// Asks gates again whose time has come.
    private func letGo(at now: Instant) {
        for case (let target, let until?) in closed where until <= now {
            closed[target] = nil
            if !held.contains(target) { lanes.release(target: target) }
        }
    }

    private func take(at now: Instant) -> [String] {
        var gates = gates, closed = closed
        let taken = lanes.take(at: now, max: Self.inFlightMax - lanes.inFlight) { target in
            switch gates[target]?.admits(at: now) {
            case .closed(let until)?:
                closed[target] = .some(until)
                return false
            case .open?, nil: return true
            }
        }
        (self.gates, self.closed) = (gates, closed)
        return taken
    }

    /// Those that start, and the states of others that changed.
    private func begin(_ items: [StoredEffect], of taken: [String], at now: Instant) -> (started: [StoredEffect], changed: [DeliveryState]) {
        var started: [StoredEffect] = [], changed: [DeliveryState] = []
        started.reserveCapacity(items.count)
        for var item in items {
            let action = item.delivery.tick(at: now), id = item.effect.id
            if case .send = action, targets.endpoints[item.effect.target] != nil {
                item.delivery.attemptStarted(at: now)
                started.append(item)
                continue
            }
            gates[item.effect.target]?.abandoned(at: now)
            if closed[item.effect.target] == .some(nil) { closed[item.effect.target] = .some(now) }
            if item.delivery.isSettled {
                if case .deadLetter(let reason) = action {
                    events(.notDelivered(effect: id, target: item.effect.target, reason: "given up: \(reason)"))
                    changed.append(item.delivery)
                }
                lanes.settle(id)
            } else {
                // Not due after all, or the site has no such target any more: look again in a while.
                lanes.postpone(id, until: now.adding(DayTimeDuration(seconds: 30, nanoseconds: 0)))
            }
        }
        if items.count < taken.count { for id in Set(taken).subtracting(items.map(\.effect.id)) { lanes.settle(id) } }
        return (started, changed)
    }

    private func send(_ items: [(stored: StoredEffect, opened: Effect?)], at now: Instant) {
        guard !items.isEmpty else { return }
        let ended = ended
        let clock: @Sendable () -> Instant = { SystemClock.now() }
        sender.submit(
            items.compactMap { stored, opened in
                guard let opened, let endpoint = targets.endpoints[stored.effect.target] else {
                    ended.add(EndedAttempts.Ended(item: stored, outcome: Self.unreadable, startedAt: now, endedAt: now))
                    return nil
                }
                let sending = WebhookSender.Sending(opened, action: stored.action, to: endpoint.settings)
                return (sending, { @Sendable attempt in
                    ended.add(EndedAttempts.Ended(item: stored, outcome: attempt.outcome, startedAt: now, endedAt: attempt.endedAt))
                })
            }, at: now, clock: clock)
    }

    // MARK: - Gates

    /// Tells of targets that are left alone, or are tried again, since this was last asked.
    private func noteGates() throws {
        for (target, gate) in gates {
            let reason: String? = switch gate.breaker.phase {
            case .closed: nil
            case .halfOpen: told[target]
            case .open(let until): "\(gate.breaker.failuresInARow) attempts in a row failed; one is tried at \(until)"
            }
            guard reason != told[target] else { continue }
            try store.driver.write { try Store.note(heldBack: reason, target: target, in: $0) }
            if (reason == nil) != (told[target] == nil) { events(.targetHeldBack(target: target, reason: reason)) }
            told[target] = reason
        }
    }
}

extension AttemptOutcome {
    /// `delivered`, or the failure's code: what the delivery log shows.
    fileprivate var code: String {
        switch self {
        case .succeeded: "delivered"
        case .failed(let failure, _, _): failure.code
        case .refused: "refused"
        }
    }

    fileprivate var detail: String {
        switch self {
        case .succeeded(let status): status.map { "status \($0)" } ?? "written"
        case .failed(_, _, let detail): detail
        case .refused(let fact): fact
        }
    }
}
