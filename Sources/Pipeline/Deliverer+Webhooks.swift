import Outbox
import Store
import Values
import Webhooks

/// What ended is committed together with what begins, and then that is sent.
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
    /// Those that came since the last look are behind all others. Those that were put aside until their time come back then. All are looked at where an operator
    /// replayed or enabled something, and every now and then; all of a target, where something of it was passed over that may leave by now.
    ///
    /// - Parameter onlyMore: looks only at targets of which there is more in the store.
    func refill(onlyMore: Bool) throws {
        if !onlyMore {
            let isChanged = try followDisabledTargets(), replay = try store.lastReplay(), now = ContinuousClock.now
            if isChanged || replay != lastReplay || lookedAtAll.map({ $0.duration(to: now) >= pauseOfLooks(atLeast: Self.lookAtAllEvery) }) ?? true {
                // Who sends something again wants to know whether its target is back.
                if replay != lastReplay { dispatcher.probe(at: SystemClock.now()) }
                (lastReplay, lookedAtAll) = (replay, now)
                for target in targets.endpoints.keys { startOver(target) }
            }
        }
        try bringBack()
        for target in targets.endpoints.keys where hasRoom(target) {
            if isToStartOver(target) { startOver(target) }
            if !onlyMore || more.contains(target) { try read(target) }
        }
        for target in writers.keys where hasRoom(target) && (!onlyMore || more.contains(target)) {
            let items = try store.unsettledFiles(to: target, limit: Self.knownMax)
            // Where the order is kept, all files of a target are one lane.
            for item in items { dispatcher.add(item.id, target: target, lane: targets.ordered.contains(target) ? target : nil, due: item.dueAt) }
            if items.count == Self.knownMax { more.insert(target) } else { more.remove(target) }
        }
    }

    /// Holds the targets that are disabled, and lets go those that somebody enabled; tells whether there were any.
    @discardableResult
    private func followDisabledTargets() throws -> Bool { dispatcher.follow(disabled: Set(try store.disabledTargets().map(\.target))) }

    /// Commits what ended and marks what may leave, in one transaction, and sends that; tells whether anything began.
    func turn() async throws -> Bool {
        let now = SystemClock.now()
        let ends = ended.take()
        // Where many end, they wait for each other for a little; one alone waits for nobody.
        ended.set(enough: ends.count < Self.manyEnded ? 1 : dispatcher.inFlight / 4)
        let settled = settle(ends, at: now)
        let holds = try await patiently { try isHeld() }
        let past = holds ? [] : try await patiently { try missed(now) }
        let taken = holds ? [] : dispatcher.take(at: now, max: Self.inFlightMax - dispatcher.inFlight)
        let items = try await patiently { try store.effects(taken) }
        // One that failed just now and may go again at once stands as it will be written down.
        let standing = Dictionary(settled.map { ($0.effect.id, $0.state) }, uniquingKeysWith: { $1 })
        let (started, changed) = begin(items.map { $0.standing(standing[$0.effect.id]) }, of: taken, at: now)
        try await patiently { try commit(settled, started: started, changed: changed + past.map(\.delivery)) }
        for item in past { dispatcher.forget(item.effect.id, target: item.effect.target, lane: item.effect.lane) }
        if settled.contains(where: { $0.disables != nil }) { _ = try await patiently { try followDisabledTargets() } }
        try await patiently { try noteGates() }
        let readied = try await patiently { try started.map { ($0, try store.opened($0)) } }
        send(readied, at: now)
        return !started.isEmpty
    }

    // MARK: - What ended

    /// What attempts came to. The dispatcher takes note of it at once; nothing leaves before it is committed.
    func settle(_ ends: [EndedAttempts.Ended], at now: Instant) -> [Settlement] {
        let endings = dispatcher.end(
            ends.map { Dispatcher.End(state: $0.item.delivery, target: $0.item.effect.target, outcome: $0.outcome, at: $0.endedAt) }, at: now)
        return zip(ends, endings).map { settlement(of: $0, $1.state, $1.action) }
    }

    func settlement(of ended: EndedAttempts.Ended, _ state: DeliveryState, _ action: DeliveryAction) -> Settlement {
        let took = ended.startedAt.distance(to: ended.endedAt)
        // An answer may quote what was sent, which is kept nowhere in clear where it holds personal values.
        let answer = ended.item.isSealed ? nil : ended.answer
        let attempt = Store.Attempt(
            number: state.attempts, at: ended.startedAt, milliseconds: Int(took.seconds) * 1000 + Int(took.nanoseconds) / 1_000_000,
            outcome: ended.outcome.code, detail: ended.outcome.detail + (answer.map { ": \($0)" } ?? ""))
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

    /// Webhooks that waited past their deadline without a turn, as they are given up: behind a target that is left alone, or disabled.
    private func missed(_ now: Instant) throws -> [StoredEffect] {
        if let lookedAtDeadlines, now < lookedAtDeadlines.adding(DayTimeDuration(seconds: 60)), now >= lookedAtDeadlines { return [] }
        lookedAtDeadlines = now
        var past = try store.webhooksPast(now, limit: Self.inFlightMax)
        // Those too of targets that the site has no more.
        for target in try store.fileTargets() { past += try store.filesPast(now, to: target, limit: Self.inFlightMax) }
        return past.compactMap { item -> StoredEffect? in
            var state = item.delivery
            guard case .deadLetter(let reason) = state.tick(at: now) else { return nil }
            events(.notDelivered(effect: item.effect.id, target: item.effect.target, reason: "given up: \(reason)"))
            return item.standing(state)
        }
    }

    // MARK: - What begins

    /// Those that start, and the states of others that changed.
    private func begin(_ items: [StoredEffect], of taken: [String], at now: Instant) -> (started: [StoredEffect], changed: [DeliveryState]) {
        var started: [StoredEffect] = [], changed: [DeliveryState] = []
        started.reserveCapacity(items.count)
        for var item in items {
            switch dispatcher.begin(&item.delivery, target: item.effect.target, at: now) {
            case .starts: started.append(item)
            case .givenUp(let reason):
                events(.notDelivered(effect: item.effect.id, target: item.effect.target, reason: "given up: \(reason)"))
                changed.append(item.delivery)
            case .settled, .later: break
            }
        }
        if items.count < taken.count { for id in Set(taken).subtracting(items.map(\.effect.id)) { dispatcher.forget(id) } }
        return (started, changed)
    }

    /// What is signed is the time of now: the commit before may have waited for room on the disk since the attempts began.
    private func send(_ items: [(stored: StoredEffect, opened: Effect?)], at now: Instant) {
        guard !items.isEmpty else { return }
        let ended = ended
        let clock: @Sendable () -> Instant = { SystemClock.now() }
        sender.submit(
            items.compactMap { stored, opened in
                if let opened, let writer = writers[stored.effect.target] {
                    writer.submit(opened) { outcome in
                        ended.add(EndedAttempts.Ended(item: stored, outcome: outcome, startedAt: now, endedAt: SystemClock.now()))
                    }
                    return nil
                }
                guard let opened, let endpoint = targets.endpoints[stored.effect.target] else {
                    ended.add(EndedAttempts.Ended(item: stored, outcome: Self.unreadable, startedAt: now, endedAt: now))
                    return nil
                }
                let sending = WebhookSender.Sending(opened, action: stored.action, to: endpoint.settings)
                return (sending, { @Sendable attempt in
                    ended.add(EndedAttempts.Ended(item: stored, outcome: attempt.outcome, startedAt: now, endedAt: attempt.endedAt, answer: attempt.answer))
                })
            }, at: clock(), clock: clock)
    }

    // MARK: - Gates

    /// Tells of targets that are left alone, or are tried again, since this was last asked.
    private func noteGates() throws {
        for (target, gate) in dispatcher.gates {
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

extension Deliverer {
    /// A payload whose subject was shredded, or whose key is missing, is not sent: an operator may replay it once the key is back.
    static let unreadable = AttemptOutcome.refused("its payload is sealed, and a key of its subjects is gone")
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
