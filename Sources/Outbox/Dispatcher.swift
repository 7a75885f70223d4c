package import Values

/// Which webhooks, and files for servers, leave next, and what becomes of them: lanes, gates and delivery states put together. Pure: whoever has it keeps the states, sends what
/// begins, and gives back what attempts came to.
///
/// What it says is written down before anything leaves: nothing of it has to survive, as all is told anew by the states that were kept.
///
/// What is not due for a while is not held here, nor what comes behind it in its lane: it takes no room of what can leave. When its time comes it is asked for
/// (``returning(at:)``); when it is settled, what was left out behind it comes in as all of its target is added anew (``isBehind(_:)``).
package struct Dispatcher: Sendable {
    /// How one target is served.
    package struct Target: Sendable {
        /// Attempts under way at a time.
        package let parallel: Int
        package let schedule: RetrySchedule
        /// As it is at the start.
        package let gate: TargetGate
        /// Whether its effects can be asked for again, so that those that are not due for a while are not held here.
        package let isReadAgain: Bool

        package init(parallel: Int, schedule: RetrySchedule, gate: TargetGate, isReadAgain: Bool = false) {
            self.parallel = parallel
            self.schedule = schedule
            self.gate = gate
            self.isReadAgain = isReadAgain
        }
    }

    private let targets: [String: Target]
    private var lanes: DeliveryLanes
    package private(set) var gates: [String: TargetGate]
    /// Targets whose gates are closed, and when to ask them again; nil: when the probe has ended.
    private var closed: [String: Instant?] = [:]
    /// Targets that answered 410 and were not enabled since.
    private var disabled: Set<String> = []
    /// The effects that were left out wait for moments behind `after`; the first of them waits for `next`.
    private var absent: (after: Instant, next: Instant)?

    /// What is due within this is held here.
    private static let near = DayTimeDuration(seconds: 5)

    package init(_ targets: [String: Target]) {
        self.targets = targets
        lanes = DeliveryLanes(runningPerTargetMax: 1, byTarget: targets.mapValues(\.parallel))
        gates = targets.mapValues(\.gate)
    }

    /// Attempts that began, or were taken to begin, and have not ended.
    package var inFlight: Int { lanes.inFlight }

    /// Effects known here, of all targets and of one.
    package var count: Int { lanes.count }
    package func count(of target: String) -> Int { lanes.count(of: target) }

    /// Takes note of an effect that is not settled, behind those of its lane. One that is known is left as it is.
    package mutating func add(_ id: String, target: String, lane: String?, due: Instant) { lanes.add(id, target: target, lane: lane, due: due) }

    /// The same, but for one that is not due for a while, or that comes behind such a one, where it can be asked for again. Tells whether it was added.
    ///
    /// All that is not settled of a target is told in its order, from the first one on after ``startOver(_:)``.
    package mutating func add(_ id: String, target: String, lane: String?, due: Instant, at now: Instant) -> Bool {
        guard due > now.adding(Self.near), targets[target]?.isReadAgain == true else { return lanes.add(id, target: target, lane: lane, due: due) }
        if lanes.leaveOut(id, target: target, lane: lane) { expect(due, at: now) }
        return false
    }

    /// Forgets an effect that is not there any more.
    package mutating func forget(_ id: String) { lanes.settle(id) }

    /// Forgets an effect that was settled elsewhere, held here or not.
    package mutating func forget(_ id: String, target: String, lane: String?) { lanes.settle(id, target: target, lane: lane) }

    /// Holds the targets that are disabled, and lets go those that somebody enabled; tells whether there were any.
    package mutating func follow(disabled now: Set<String>) -> Bool {
        for target in now.subtracting(disabled) { lanes.hold(target: target) }
        for target in disabled.subtracting(now) { lanes.release(target: target) }
        defer { disabled = now }
        return disabled != now
    }

    /// Lets one attempt be made at once at each target that is left alone after failures.
    package mutating func probe(at now: Instant) {
        for (name, gate) in gates {
            guard case .open = gate.breaker.phase else { continue }
            gates[name]?.mayProbe(at: now)
            if closed[name] != nil { closed[name] = .some(now) }
        }
    }

    // MARK: - What is not held here

    /// The moments whose effects are to be brought back now: those behind `after`, up to `through`. nil: none yet.
    package func returning(at now: Instant) -> (after: Instant, through: Instant)? {
        guard let absent, absent.next <= now else { return nil }
        // Those that are near come along, so that this is not asked for each one.
        return (absent.after, now.adding(Self.near))
    }

    /// Adds an effect whose time has come, ahead of what was left out behind it.
    package mutating func bringBack(_ id: String, target: String, lane: String?, due: Instant) { lanes.bringBack(id, target: target, lane: lane, due: due) }

    /// All up to a moment were brought back, or their target is behind. The first of the others waits for `next`; nil: there are none.
    package mutating func broughtBack(through: Instant, next: Instant?) { absent = next.map { (after: through, next: $0) } }

    /// Whether something of a target that may leave is not held here, so that all of it is to be added anew.
    package func isBehind(_ target: String) -> Bool { lanes.isBehind(target) }

    /// There was no room for something of a target that is to be brought back.
    package mutating func fallBehind(_ target: String) { lanes.fallBehind(target) }

    /// All of a target that is not settled is going to be added, from the first one on.
    package mutating func startOver(_ target: String) { lanes.startOver(target) }

    /// An effect that is not held here waits for a moment that is not near.
    private mutating func expect(_ due: Instant, at now: Instant) {
        let soon = now.adding(Self.near)
        absent = (after: min(absent?.after ?? soon, soon), next: min(absent?.next ?? due, due))
    }

    /// An attempt is to be made again.
    private mutating func postpone(_ id: String, of target: String, until due: Instant, at now: Instant) {
        guard targets[target]?.isReadAgain == true else { return lanes.postpone(id, until: due) }
        if due > now.adding(Self.near) {
            lanes.putAside(id)
            expect(due, at: now)
        } else {
            lanes.postpone(id, until: due)
            lanes.shorten(behind: id)
        }
    }

    // MARK: - What begins

    /// Effects whose attempts may begin at `now`, at most `max`. Each is in flight until it has ended, or did not begin after all.
    package mutating func take(at now: Instant, max: Int) -> [String] {
        for case (let target, let until?) in closed where until <= now {
            closed[target] = nil
            if !disabled.contains(target) { lanes.release(target: target) }
        }
        var gates = gates, closed = closed
        let taken = lanes.take(at: now, max: max) { target in
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

    package enum Beginning: Hashable, Sendable {
        /// The attempt begins once that is written down.
        case starts
        /// Its deadline has passed.
        case givenUp(DeliveryState.DeathReason)
        /// It was settled meanwhile.
        case settled
        /// It is not due after all, or there is no such target any more.
        case later
    }

    /// Whether the attempt at an effect that was taken begins, by its state as it was kept.
    package mutating func begin(_ state: inout DeliveryState, target: String, at now: Instant) -> Beginning {
        let action = state.tick(at: now)
        if case .send = action, targets[target] != nil {
            state.attemptStarted(at: now)
            return .starts
        }
        gates[target]?.abandoned(at: now)
        if closed[target] == .some(nil) { closed[target] = .some(now) }
        guard state.isSettled else {
            lanes.postpone(state.effectID, until: now.adding(Self.lookAgainAfter))
            return .later
        }
        lanes.settle(state.effectID)
        if case .deadLetter(let reason) = action { return .givenUp(reason) }
        return .settled
    }

    private static let lookAgainAfter = DayTimeDuration(seconds: 30)

    // MARK: - What ended

    /// An attempt that came to an end.
    package struct End: Sendable {
        package let state: DeliveryState
        package let target: String
        package let outcome: AttemptOutcome
        package let at: Instant

        package init(state: DeliveryState, target: String, outcome: AttemptOutcome, at: Instant) {
            self.state = state
            self.target = target
            self.outcome = outcome
            self.at = at
        }
    }

    /// What attempts came to: their states, and what is to be done besides writing those down.
    package mutating func end(_ ends: [End], at now: Instant) -> [(state: DeliveryState, action: DeliveryAction)] {
        var counts: [String: Int] = [:]
        let ended = ends.map { end in
            if case .succeeded = end.outcome { counts[end.target, default: 0] += 1 }
            var state = end.state
            let action = state.attemptEnded(end.outcome, at: end.at, schedule: targets[end.target]?.schedule ?? .standard)
            gates[end.target]?.ended(end.outcome, at: end.at)
            if closed[end.target] == .some(nil) { closed[end.target] = .some(now) }
            if let due = state.due { postpone(state.effectID, of: end.target, until: due, at: now) } else { lanes.settle(state.effectID) }
            return (state, action)
        }
        // Four times as many as a target took since the last time are claimed beyond those under way, so that it is not idle while that is written down, and
        // so that many are written down at once; of one that fails, none.
        for (name, target) in targets { lanes.allow(ahead: min(4 * counts[name, default: 0], 3 * target.parallel), of: name) }
        return ended
    }

    // MARK: - Waiting

    /// Whether nothing can begin now, nor soon where a target has a rate. What waits for a target that does not answer does not count.
    package func isIdle(at now: Instant) -> Bool {
        let soon = now.adding(DayTimeDuration(seconds: 60))
        let waitsForRate = closed.contains { target, until in
            until.map { $0 <= soon } ?? false && gates[target]?.breaker.phase == .closed && !disabled.contains(target)
        }
        return !waitsForRate && ![lanes.nextDue, absent?.next].contains { $0.map { $0 <= now } ?? false }
    }

    /// When ``take(at:max:)`` may give something next, or something is to be brought back, if nothing ends before.
    package var nextDue: Instant? { (closed.values.compactMap { $0 } + [lanes.nextDue, absent?.next].compactMap { $0 }).min() }
}
