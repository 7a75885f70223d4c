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
    /// Effects by slot; a slot is used again once its effect is settled, with another sequence.
    private var entries: [Entry] = []
    private var freeSlots: [Int] = []
    private var slots: [String: Int] = [:]
    private var lanes: [LaneKey: Lane] = [:]
    private var targets: [Target] = []
    private var targetNumbers: [String: Int] = [:]
    private var due = DueHeap()
    private var sequence = 0

    package init(runningPerTargetMax: Int, byTarget: [String: Int] = [:]) {
        precondition(runningPerTargetMax >= 1, "a target needs room for one effect")
        precondition(byTarget.values.allSatisfy { $0 >= 1 }, "a target needs room for one effect")
        self.runningPerTargetMax = runningPerTargetMax
        runningMaxByTarget = byTarget
    }

    /// Effects known here: waiting, behind others in their lane, and in flight.
    package var count: Int { slots.count }

    /// Effects of one target known here.
    package func count(of target: String) -> Int { targetNumbers[target].map { targets[$0].count } ?? 0 }

    /// Effects taken and not yet settled or postponed.
    package private(set) var inFlight = 0

    /// The next moment at which ``take(at:max:admit:)`` could give something; nil if only a settlement or a release can.
    package var nextDue: Instant? { due.first?.due }

    /// Adds an effect behind those of its lane. One that is here already is left as it is.
    package mutating func add(_ id: String, target: String, lane: String?, due: Instant) {
        guard slots[id] == nil else { return }
        sequence += 1
        let entry = Entry(id: id, target: number(of: target), lane: lane.map { LaneKey(target: target, lane: $0) }, due: due, sequence: sequence)
        let slot: Int
        if let free = freeSlots.popLast() {
            slot = free
            entries[slot] = entry
        } else {
            slot = entries.count
            entries.append(entry)
        }
        slots[id] = slot
        targets[entry.target].count += 1
        let ticket = Ticket(slot: slot, sequence: sequence)
        guard let key = entry.lane else { return offer(ticket) }
        lanes[key, default: Lane()].append(ticket)
        if lanes[key]?.first == ticket { offer(ticket) }
    }

    /// Takes up to `max` effects that may leave at `now`; each is in flight until it is settled or postponed.
    ///
    /// - Parameter admit: asked once for each effect that would leave, with its target. Where it says no, the target is held until ``release(target:)``.
    package mutating func take(at now: Instant, max: Int, admit: (String) -> Bool = { _ in true }) -> [String] {
        var taken: [String] = []
        while taken.count < max, let first = due.first, first.due <= now {
            due.removeFirst()
            let ticket = first.ticket
            guard entries[ticket.slot].sequence == ticket.sequence else { continue }
            let number = entries[ticket.slot].target
            if entries[ticket.slot].isUnblocked {
                entries[ticket.slot].isUnblocked = false
                targets[number].unblocked -= 1
            }
            let isFull = targets[number].isHeld || targets[number].running >= targets[number].room
            if !isFull, !admit(targets[number].name) { targets[number].isHeld = true }
            if isFull || targets[number].isHeld {
                targets[number].blocked.append(ticket)
            } else {
                targets[number].running += 1
                entries[ticket.slot].isInFlight = true
                inFlight += 1
                taken.append(entries[ticket.slot].id)
            }
        }
        return taken
    }

    /// The effect is delivered or dead: it leaves, and the next of its lane is offered.
    package mutating func settle(_ id: String) {
        guard let slot = slots.removeValue(forKey: id) else { return }
        let entry = entries[slot]
        entries[slot] = Entry.free
        freeSlots.append(slot)
        targets[entry.target].count -= 1
        if entry.isUnblocked { targets[entry.target].unblocked -= 1 }
        land(entry)
        // One that is settled while behind others (an operator dropped it) is skipped when its turn comes.
        guard let key = entry.lane, lanes[key]?.first == Ticket(slot: slot, sequence: entry.sequence) else { return }
        lanes[key]?.removeFirst()
        while let next = lanes[key]?.first, !isHere(next) { lanes[key]?.removeFirst() }
        if let next = lanes[key]?.first { offer(next) } else { lanes[key] = nil }
    }

    /// The effect is to be tried again at `due`; it keeps its place at the head of its lane.
    package mutating func postpone(_ id: String, until due: Instant) {
        guard let slot = slots[id], entries[slot].isInFlight else { return }
        land(entries[slot])
        entries[slot].isInFlight = false
        entries[slot].due = due
        offer(Ticket(slot: slot, sequence: entries[slot].sequence))
    }

    /// Nothing more of this target is given out (disabled, or its breaker is open) until ``release(target:)``.
    package mutating func hold(target: String) { targets[number(of: target)].isHeld = true }

    package mutating func release(target: String) {
        let number = number(of: target)
        targets[number].isHeld = false
        unblock(number)
    }

    /// Lets so many effects of a target be in flight beyond its limit: whoever gives them out keeps the limit on the wire, and has these at hand.
    package mutating func allow(ahead count: Int, of target: String) {
        let number = number(of: target)
        targets[number].ahead = count
        unblock(number)
    }

    private mutating func number(of target: String) -> Int {
        if let number = targetNumbers[target] { return number }
        targetNumbers[target] = targets.count
        targets.append(Target(name: target, runningMax: runningMaxByTarget[target, default: runningPerTargetMax]))
        return targets.count - 1
    }

    private func isHere(_ ticket: Ticket) -> Bool { entries[ticket.slot].sequence == ticket.sequence }

    private mutating func offer(_ ticket: Ticket) {
        guard isHere(ticket) else { return }
        due.insert(DueHeap.Item(due: entries[ticket.slot].due, ticket: ticket))
    }

    private mutating func land(_ entry: Entry) {
        guard entry.isInFlight else { return }
        inFlight -= 1
        targets[entry.target].running -= 1
        unblock(entry.target)
    }

    /// Offers as many blocked effects again as the target has room for.
    private mutating func unblock(_ number: Int) {
        guard !targets[number].isHeld else { return }
        while targets[number].running + targets[number].unblocked < targets[number].room, let ticket = targets[number].blocked.popFirst() {
            // One that was settled meanwhile takes nobody's place.
            guard isHere(ticket) else { continue }
            entries[ticket.slot].isUnblocked = true
            targets[number].unblocked += 1
            offer(ticket)
        }
    }
}

extension DeliveryLanes {
    /// An effect that is or was in a slot.
    struct Ticket: Hashable, Sendable {
        var slot: Int
        /// The order in which it was added.
        var sequence: Int
    }

    private struct LaneKey: Hashable {
        var target: String
        var lane: String
    }

    private struct Entry {
        var id: String
        var target: Int
        var lane: LaneKey?
        var due: Instant
        var sequence: Int
        var isInFlight = false
        /// It was blocked, and is offered as there is room.
        var isUnblocked = false

        static let free = Entry(id: "", target: 0, lane: nil, due: Instant(seconds: 0), sequence: 0)
    }

    private struct Target {
        var name: String
        var runningMax: Int
        var count = 0
        var ahead = 0
        var running = 0
        /// Offered as there was room, and not taken yet.
        var unblocked = 0
        var isHeld = false
        var blocked = Lane()

        var room: Int { runningMax + ahead }

        init(name: String, runningMax: Int) {
            self.name = name
            self.runningMax = runningMax
        }
    }

    /// First in, first out, in amortised constant time.
    private struct Lane {
        private var tickets: [Ticket] = []
        private var head = 0

        var first: Ticket? { head == tickets.count ? nil : tickets[head] }

        mutating func append(_ ticket: Ticket) { tickets.append(ticket) }

        mutating func removeFirst() {
            head += 1
            if head > 32, head * 2 > tickets.count {
                tickets.removeFirst(head)
                head = 0
            }
        }

        mutating func popFirst() -> Ticket? {
            guard let ticket = first else { return nil }
            removeFirst()
            return ticket
        }
    }
}
