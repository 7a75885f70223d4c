import Outbox
import Values

/// The daemon, step by step, and what the receivers see of it.
extension SimulatedHouse {
    /// Who has the lease goes on; where nobody answers any more, another daemon takes over under the next fence.
    mutating func lookAtLease() {
        if let worker, let daemon = daemons[worker], daemon.isStopped, daemon.leaseUntil > time { return }
        if let worker, daemons[worker]?.isStopped == false { return }
        fence += 1
        let number = fence
        let targets = receivers.mapValues { receiver in
            Dispatcher.Target(
                parallel: receiver.parallel, schedule: receiver.schedule,
                gate: TargetGate(
                    breaker: CircuitBreaker(failuresMax: 3, pause: DayTimeDuration(seconds: 2), pauseMax: DayTimeDuration(seconds: 60)),
                    bucket: receiver.bucket.map { TokenBucket(requests: $0.requests, burst: $0.burst) }),
                isReadAgain: true)
        }
        daemons[number] = Daemon(number: number, fence: fence, leaseUntil: time + Self.leaseMilliseconds, dispatcher: Dispatcher(targets))
        worker = number
        // As ``Deliverer/recover()`` does.
        for id in open { rows[id]?.state.recovered() }
        for target in receivers.keys { receivers[target]?.begins = [] }
        work(number)
    }

    /// Goes on from where the daemon is until it waits, is killed or stopped.
    mutating func work(_ number: Int) {
        while let daemon = daemons[number] {
            // The lease is kept by another task, which is stopped where this one is.
            if daemon.fence == fence { daemons[number]?.leaseUntil = max(daemon.leaseUntil, time + Self.leaseMilliseconds) }
            if !isCalm, befalls(number) { return }
            switch daemon.rest {
            case .turn:
                let step = turn(number)
                guard let step else {
                    let due = daemons[number]?.dispatcher.nextDue
                    let pause = due.map { Int(clamping: milliseconds(from: now, to: $0)) } ?? .max
                    return wake(number, after: max(1, min(isCalm ? 3_600_000 : 1_000, pause)))
                }
                daemons[number]?.rest = step
            case .commit(let states, let started, let disables):
                guard daemon.fence == fence else {
                    counts.refused += 1
                    return lose(number)
                }
                guard !isDiskFull else { return wake(number, after: 2_000) }
                for state in states + started {
                    if let row = rows[state.effectID] { check(row, becomes: state) }
                    rows[state.effectID]?.state = state
                    tell("\(state.effectID) \(state.phase.code) \(state.attempts)")
                }
                disabled.formUnion(disables)
                daemons[number]?.rest = .send(started)
            case .send(let started):
                daemons[number]?.rest = .turn
                for (place, state) in started.enumerated() {
                    if place > 0, !isCalm, random.chance(troubles.kills, in: 3_000) {
                        counts.kills += 1
                        return lose(number)
                    }
                    send(state, from: number)
                }
            }
        }
    }

    /// Kills or stops a daemon, as the seed has it.
    private mutating func befalls(_ number: Int) -> Bool {
        if random.chance(troubles.kills, in: 1_000) {
            counts.kills += 1
            lose(number)
            return true
        }
        guard random.chance(troubles.stops, in: 1_000) else { return false }
        counts.stops += 1
        daemons[number]?.isStopped = true
        add(.letGo(daemon: number), after: random.pick(1...3 * Self.leaseMilliseconds))
        return true
    }

    private mutating func lose(_ number: Int) {
        daemons[number] = nil
        if worker == number { worker = nil }
    }

    /// What ended, what may begin, and what is to be written down; nil where there is nothing to do.
    private mutating func turn(_ number: Int) -> Step? {
        guard var daemon = daemons.removeValue(forKey: number) else { return nil }
        defer { daemons[number] = daemon }
        _ = daemon.dispatcher.follow(disabled: disabled)
        if daemon.replays != replays {
            daemon.replays = replays
            daemon.dispatcher.probe(at: now)
            for target in receivers.keys.sorted() { startOver(target, &daemon) }
            open.removeAll { rows[$0]?.state.isSettled ?? true }
        }
        bringBack(&daemon)
        for target in receivers.keys.sorted() { read(target, &daemon) }
        let ends = daemon.dispatcher.end(daemon.ended, at: now)
        var states: [DeliveryState] = ends.map(\.state), disables: Set<String> = []
        for (end, told) in zip(ends, daemon.ended) { if case .deadLetterAndDisableTarget = end.action { disables.insert(told.target) } }
        daemon.ended = []
        // Webhooks behind a closed gate whose time is over.
        let ending = Set(states.map(\.effectID)), looks = daemon.lookedAtDeadlines.map { time - $0 >= 60_000 } ?? true
        if looks { daemon.lookedAtDeadlines = time }
        for id in looks ? open : [] where !ending.contains(id) {
            guard var state = rows[id]?.state, state.deadline < now, state.phase == .pending || state.phase.code == "waiting" else { continue }
            if case .deadLetter = state.tick(at: now) {
                states.append(state)
                daemon.dispatcher.forget(id, target: rows[id]?.target ?? "", lane: rows[id]?.lane)
            }
        }
        let passed = Set(states.map(\.effectID))
        var started: [DeliveryState] = []
        let open = daemon.dispatcher.gates.filter { gate in if case .open(let until) = gate.value.breaker.phase { until > now } else { false } }
        for id in daemon.dispatcher.take(at: now, max: random.pick(1...50)) {
            // An effect whose end is being written down in this very turn is taken as it will stand.
            guard let row = rows[id], var state = passed.contains(id) ? states.last(where: { $0.effectID == id }) : row.state else { continue }
            if open[row.target] != nil { fault("\(id) begins although \(row.target) is left alone") }
            switch daemon.dispatcher.begin(&state, target: row.target, at: now) {
            case .starts:
                states.removeAll { $0.effectID == id }
                started.append(state)
                receivers[row.target]?.begins.append(time)
            case .givenUp:
                states.removeAll { $0.effectID == id }
                states.append(state)
            case .settled, .later: break
            }
        }
        for (name, receiver) in receivers where daemon.dispatcher.count(of: name) > 0 {
            if daemon.dispatcher.count(of: name) > 2 * Self.roomMax { fault("\(daemon.dispatcher.count(of: name)) of \(name) are held in memory") }
            if daemon.dispatcher.inFlight > receivers.values.reduce(0, { $0 + 4 * $1.parallel }) { fault("more is under way than \(receiver.parallel) and what is at hand") }
        }
        return states.isEmpty && started.isEmpty ? nil : .commit(states: states, started: started, disables: disables)
    }

    // MARK: - What is read

    private func startOver(_ target: String, _ daemon: inout Daemon) {
        daemon.dispatcher.startOver(target)
        daemon.read[target] = 0
    }

    /// As the Deliverer reads what was committed.
    private func read(_ target: String, _ daemon: inout Daemon) {
        func hasRoom() -> Bool { daemon.dispatcher.count(of: target) < Self.roomMax }
        if daemon.dispatcher.isBehind(target), hasRoom() { startOver(target, &daemon) }
        var place = daemon.read[target] ?? 0
        while place < order.count, hasRoom() {
            if let row = rows[order[place]], row.target == target, !row.state.isSettled {
                _ = daemon.dispatcher.add(row.id, target: target, lane: row.lane, due: row.state.due ?? now, at: now)
            }
            place += 1
        }
        daemon.read[target] = place
    }

    /// As the Deliverer brings back what waited for a moment.
    private func bringBack(_ daemon: inout Daemon) {
        guard let span = daemon.dispatcher.returning(at: now) else { return }
        var next: Instant?
        for id in open {
            guard let row = rows[id], case .waiting(let until) = row.state.phase, until > span.after else { continue }
            if until > span.through {
                next = min(next ?? until, until)
            } else if daemon.dispatcher.count(of: row.target) < 2 * Self.roomMax {
                daemon.dispatcher.bringBack(id, target: row.target, lane: row.lane, due: until)
            } else {
                daemon.dispatcher.fallBehind(row.target)
            }
        }
        daemon.dispatcher.broughtBack(through: span.through, next: next)
    }

    // MARK: - The wire

    private mutating func send(_ state: DeliveryState, from number: Int) {
        guard let daemon = daemons[number], let row = rows[state.effectID] else { return }
        guard daemon.leaseUntil > time else {
            // As ``WebhookSender`` asks before each request.
            return add(.answer(daemon: number, end(state, row, .failed(.own, retryAfter: nil, detail: "the lease is over"))), after: 0)
        }
        counts.sends += 1
        tell("send \(row.id) \(time)")
        checkSending(row, state, daemon)
        let latency = random.pick(1...200), weather = receivers[row.target]?.weather ?? 0
        func accept() { receivers[row.target]?.accepted[row.id, default: 0] += 1 }
        let (outcome, after): (AttemptOutcome, Int) =
            switch weather {
            case 1: (.failed(.connect, retryAfter: nil, detail: "refused"), latency)
            case 2: (.failed(.timeout, retryAfter: nil, detail: "slow"), 15_000)
            case 3: (.failed(.http(status: 429), retryAfter: now.adding(DayTimeDuration(seconds: Int64(random.pick(0...90)))), detail: "slower"), latency)
            case 4: (.failed(.http(status: 503), retryAfter: nil, detail: "down"), latency)
            case 5 where random.chance(1, in: 10): (.failed(.http(status: 410), retryAfter: nil, detail: "gone"), latency)
            case 6: (.failed(.http(status: 400), retryAfter: nil, detail: "wrong"), latency)
            case 7: (.failed(.own, retryAfter: nil, detail: "no descriptors"), latency)
            case 8: (.failed(.interrupted, retryAfter: nil, detail: "the answer was lost"), latency)
            default: (.succeeded(status: 204), latency)
            }
        // Who answers with success has it; and who is cut off before the answer may have it.
        if case .succeeded = outcome { accept() } else if weather == 8 || weather == 2, random.chance(1, in: 2) { accept() }
        add(.answer(daemon: number, end(state, row, outcome, after: after)), after: after)
    }

    private func end(_ state: DeliveryState, _ row: Row, _ outcome: AttemptOutcome, after: Int = 0) -> Dispatcher.End {
        Dispatcher.End(state: state, target: row.target, outcome: outcome, at: instant(time + after))
    }

    // MARK: - What must hold

    private mutating func checkSending(_ row: Row, _ state: DeliveryState, _ daemon: Daemon) {
        // One that was stopped for a while and whose lease still holds sends what it has written down.
        guard daemon.fence == fence else { return fault("\(row.id) is sent by a daemon that has lost its lease") }
        guard case .sending = row.state.phase, row.state.attempts == state.attempts else {
            return fault("\(row.id) is sent, and the store has it as \(row.state.phase.code), attempt \(row.state.attempts)")
        }
        guard let lane = row.lane else { return }
        for id in lanes["\(row.target) \(lane)"] ?? [] {
            guard let other = rows[id], other.id != row.id else { continue }
            if case .sending = other.state.phase { fault("\(row.id) and \(id) of one lane are under way at a time") }
            // What was given up and is sent again has lost its place.
            if other.place < row.place, !other.isReplayed, !other.state.isSettled { fault("\(row.id) overtakes \(id) of its lane") }
        }
    }

    private mutating func check(_ row: Row, becomes state: DeliveryState) {
        if row.state.isSettled, state != row.state { fault("\(row.id) was \(row.state.phase.code) and becomes \(state.phase.code)") }
        switch state.phase {
        case .sending:
            if state.attempts != row.state.attempts + 1 { fault("attempt \(state.attempts) of \(row.id) follows attempt \(row.state.attempts)") }
            if case .sending(let since) = state.phase, since > state.deadline { fault("\(row.id) begins after its deadline") }
        case .delivered:
            if receivers[row.target]?.accepted[row.id] == nil { fault("\(row.id) is delivered, and nobody has it") }
        default: break
        }
    }

    private func milliseconds(from: Instant, to: Instant) -> Int64 {
        let left = from.distance(to: to)
        return max(0, left.seconds.multipliedReportingOverflow(by: 1_000).partialValue + Int64(left.nanoseconds) / 1_000_000)
    }
}
