package import Values

/// Which effects may leave next: at most one in flight per target and lane, in the order they were added; lanes and
/// effects without a lane side by side, up to a limit per target. Pure; every operation is logarithmic.
///
/// A head that waits for its retry holds its lane, which is what keeps the order. A dead letter frees it.
package struct DeliveryLanes: Sendable {
    /// At most this many effects of one target are in flight.
    package let runningPerTargetMax: Int
    /// The same for targets that have a limit of their own.
    package let runningMaxByTarget: [String: Int]
    private var entries: [String: Entry] = [:]
    private var lanes: [LaneKey: Lane] = [:]
    private var targets: [String: Target] = [:]
    private var due = DueHeap()
    private var sequence = 0

    package init(runningPerTargetMax: Int, byTarget: [String: Int] = [:]) {
        precondition(runningPerTargetMax >= 1, "a target needs room for one effect")
        precondition(byTarget.values.allSatisfy { $0 >= 1 }, "a target needs room for one effect")
        self.runningPerTargetMax = runningPerTargetMax
        runningMaxByTarget = byTarget
    }

    /// Effects known here: waiting, behind others in their lane, and in flight.
    package var count: Int { entries.count }

    /// Effects taken and not yet settled or postponed.
    package private(set) var inFlight = 0

    /// The next moment at which ``take(at:max:)`` could give something; nil if only a settlement or a release can.
    package var nextDue: Instant? { due.first?.due }

    /// Adds an effect behind those of its lane. One that is here already is left as it is.
    package mutating func add(_ id: String, target: String, lane: String?, due: Instant) {
        guard entries[id] == nil else { return }
        sequence += 1
        let key = lane.map { LaneKey(target: target, lane: $0) }
        entries[id] = Entry(target: target, lane: key, due: due, sequence: sequence)
        guard let key else { return offer(id) }
        lanes[key, default: Lane()].append(id)
        if lanes[key]?.first == id { offer(id) }
    }

    /// Takes up to `max` effects that may leave at `now`; each is in flight until it is settled or postponed.
    package mutating func take(at now: Instant, max: Int) -> [String] {
        var taken: [String] = []
        while taken.count < max, let first = due.first, first.due <= now {
            due.removeFirst()
            guard let entry = entries[first.id] else { continue }
            var target = targets[entry.target, default: Target()]
            targets[entry.target] = nil  // moved out, so that its list is not copied
            if target.isHeld || target.running >= runningMaxByTarget[entry.target, default: runningPerTargetMax] {
                target.blocked.append(first.id)
            } else {
                target.running += 1
                entries[first.id]?.isInFlight = true
                inFlight += 1
                taken.append(first.id)
            }
            targets[entry.target] = target
        }
        return taken
    }

    /// The effect is delivered or dead: it leaves, and the next of its lane is offered.
    package mutating func settle(_ id: String) {
        guard let entry = entries.removeValue(forKey: id) else { return }
        land(entry)
        guard let key = entry.lane else { return }
        guard lanes[key]?.first == id else {
            // Settled while behind others (an operator dropped it): it is skipped when its turn comes.
            return
        }
        lanes[key]?.removeFirst()
        while let next = lanes[key]?.first, entries[next] == nil { lanes[key]?.removeFirst() }
        if let next = lanes[key]?.first { offer(next) } else { lanes[key] = nil }
    }

    /// The effect is to be tried again at `due`; it keeps its place at the head of its lane.
    package mutating func postpone(_ id: String, until due: Instant) {
        guard let entry = entries[id], entry.isInFlight else { return }
        entries[id]?.isInFlight = false
        entries[id]?.due = due
        land(entry)
        offer(id)
    }

    /// Nothing more of this target is given out (disabled, or its breaker is open) until ``release(target:)``.
    package mutating func hold(target: String) { targets[target, default: Target()].isHeld = true }

    package mutating func release(target: String) {
        targets[target, default: Target()].isHeld = false
        unblock(target)
    }

    private mutating func offer(_ id: String) {
        guard let entry = entries[id] else { return }
        due.insert(DueHeap.Item(due: entry.due, sequence: entry.sequence, id: id))
    }

    private mutating func land(_ entry: Entry) {
        guard entry.isInFlight else { return }
        inFlight -= 1
        targets[entry.target]?.running -= 1
        unblock(entry.target)
    }

    /// Offers as many blocked effects again as the target has room for.
    private mutating func unblock(_ name: String) {
        guard let state = targets[name], !state.isHeld else { return }
        let room = runningMaxByTarget[name, default: runningPerTargetMax] - state.running
        guard room > 0 else { return }
        for _ in 0..<room {
            guard let id = targets[name]?.blocked.popFirst() else { break }
            offer(id)
        }
        if let state = targets[name], state.running == 0, state.blocked.isEmpty { targets[name] = nil }
    }
}

extension DeliveryLanes {
    private struct LaneKey: Hashable {
        var target: String
        var lane: String
    }

    private struct Entry {
        var target: String
        var lane: LaneKey?
        var due: Instant
        var sequence: Int
        var isInFlight = false
    }

    private struct Target {
        var running = 0
        var isHeld = false
        var blocked = Lane()
    }

    /// First in, first out, in amortised constant time.
    private struct Lane {
        private var ids: [String] = []
        private var head = 0

        var isEmpty: Bool { head == ids.count }
        var first: String? { isEmpty ? nil : ids[head] }

        mutating func append(_ id: String) { ids.append(id) }

        mutating func removeFirst() {
            head += 1
            if head > 32, head * 2 > ids.count {
                ids.removeFirst(head)
                head = 0
            }
        }

        mutating func popFirst() -> String? {
            guard let id = first else { return nil }
            removeFirst()
            return id
        }
    }
}

