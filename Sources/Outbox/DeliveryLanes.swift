package import Values

/// Which effects may leave next: at most one in flight per target and lane, in the order they were added; lanes and
/// effects without a lane side by side, up to a limit per target. Pure; every operation is logarithmic.
///
/// A head that waits for its retry holds its lane, which is what keeps the order. A dead letter frees it.
///
/// Not everything has to be here: a lane can be cut at an effect. Whoever adds effects in their order may then go on, and what belongs behind that effect is left
/// out until it is settled and all of the target is added anew, from its beginning.
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

    /// Adds an effect behind those of its lane, and tells whether it did. One that is here already is left as it is; one of a lane that is cut is left out.
    @discardableResult
    package mutating func add(_ id: String, target: String, lane: String?, due: Instant) -> Bool {
        guard slots[id] == nil else { return false }
        let number = number(of: target), key = lane.map { LaneKey(target: target, lane: $0) }
        if let lane, !targets[number].cuts.isEmpty {
            let bits = TextBits.of(lane)
            if targets[number].cuts[bits] != nil {
                targets[number].cuts[bits]?.hasMore = true
                return false
            }
        }
        insert(id, number, key, due)
        return true
    }

    /// Adds an effect whose time has come, before whatever of its lane was left out.
    package mutating func bringBack(_ id: String, target: String, lane: String?, due: Instant) {
        guard slots[id] == nil else { return }
        insert(id, number(of: target), lane.map { LaneKey(target: target, lane: $0) }, due)
    }

    private mutating func insert(_ id: String, _ number: Int, _ lane: LaneKey?, _ due: Instant) {
        sequence += 1
        let entry = Entry(id: id, target: number, lane: lane, due: due, sequence: sequence)
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
        guard let slot = slots[id] else { return }
        let entry = remove(slot)
        guard let key = entry.lane else { return }
        // One that is settled while behind others (an operator dropped it) is skipped when its turn comes.
        if lanes[key]?.first == Ticket(slot: slot, sequence: entry.sequence) {
            lanes[key]?.removeFirst()
            while let next = lanes[key]?.first, !isHere(next) { lanes[key]?.removeFirst() }
            if let next = lanes[key]?.first { offer(next) } else { lanes[key] = nil }
        }
        mend(key, of: entry.target, settled: id)
    }

    /// The same for an effect that may have been left out.
    package mutating func settle(_ id: String, target: String, lane: String?) {
        guard slots[id] == nil else { return settle(id) }
        guard let lane, let number = targetNumbers[target] else { return }
        mend(LaneKey(target: target, lane: lane), of: number, settled: id)
    }

    /// The effect is to be tried again at `due`; it keeps its place at the head of its lane.
    package mutating func postpone(_ id: String, until due: Instant) {
        guard let slot = slots[id], entries[slot].isInFlight else { return }
        land(entries[slot])
        entries[slot].isInFlight = false
        entries[slot].due = due
        offer(Ticket(slot: slot, sequence: entries[slot].sequence))
    }

    // MARK: - What is left out

    /// Leaves an effect out, and with it what comes behind it in its lane; tells whether it did. One that is here stays here.
    package mutating func leaveOut(_ id: String, target: String, lane: String?) -> Bool {
        guard slots[id] == nil else { return false }
        if let lane { cut(LaneKey(target: target, lane: lane), of: number(of: target), at: id, hasMore: false) }
        return true
    }

    /// An effect in flight is not to be tried again for a while: it leaves without being settled, and with it what is behind it in its lane.
    package mutating func putAside(_ id: String) {
        guard let slot = slots[id], entries[slot].isInFlight else { return }
        let entry = remove(slot)
        guard let key = entry.lane else { return }
        // The first of its lane is the one that was in flight, which has gone just now.
        let hadMore = drop(key, behind: 1)
        lanes[key] = nil
        cut(key, of: entry.target, at: id, hasMore: hadMore)
    }

    /// Leaves out what is behind an effect in its lane, where that is much.
    package mutating func shorten(behind id: String) {
        guard let slot = slots[id], let key = entries[slot].lane, lanes[key]?.count ?? 0 > Self.behindMax, drop(key, behind: 1) else { return }
        cut(key, of: entries[slot].target, at: id, hasMore: true)
    }

    /// Effects that a lane may have here behind one that waits.
    private static let behindMax = 16

    /// Whether something was left out that may leave by now. It comes in where all of the target is added anew.
    package func isBehind(_ target: String) -> Bool { targetNumbers[target].map { targets[$0].isBehind } ?? false }

    /// Something of the target was left out that may leave.
    package mutating func fallBehind(_ target: String) { targets[number(of: target)].isBehind = true }

    /// All unsettled effects of a target are added anew from now on, the first of them first: no lane is cut before that says so.
    package mutating func startOver(_ target: String) {
        let number = number(of: target)
        targets[number].cuts = [:]
        targets[number].isBehind = false
    }

    private mutating func cut(_ key: LaneKey, of number: Int, at id: String, hasMore: Bool) {
        let lane = TextBits.of(key.lane), first = TextBits.of(id), known = targets[number].cuts[lane]
        // Two effects at which a lane is cut (one was given up, and sent again): the other one is more.
        let isOther = known.map { $0.first != first } ?? false
        targets[number].cuts[lane] = Cut(first: known?.first ?? first, hasMore: hasMore || isOther || known?.hasMore == true)
    }

    /// Where the effect at which a lane is cut is settled, nothing is cut any more if nothing was left out; otherwise what was is wanted.
    private mutating func mend(_ key: LaneKey, of number: Int, settled id: String) {
        guard !targets[number].cuts.isEmpty else { return }
        let lane = TextBits.of(key.lane)
        guard let known = targets[number].cuts[lane], known.first == TextBits.of(id) else { return }
        if known.hasMore { targets[number].isBehind = true } else { targets[number].cuts[lane] = nil }
    }

    /// Takes an effect out of all but its lane.
    private mutating func remove(_ slot: Int) -> Entry {
        let entry = entries[slot]
        slots[entry.id] = nil
        entries[slot] = Entry.free
        freeSlots.append(slot)
        targets[entry.target].count -= 1
        if entry.isUnblocked { targets[entry.target].unblocked -= 1 }
        land(entry)
        return entry
    }

    /// Takes out all of a lane but its first ones; tells whether there were any.
    private mutating func drop(_ key: LaneKey, behind kept: Int) -> Bool {
        let dropped = (lanes[key]?.removeLast(behind: kept) ?? []).filter { isHere($0) }
        for ticket in dropped { _ = remove(ticket.slot) }
        return !dropped.isEmpty
    }

    // MARK: - Targets

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

    /// Where a lane is cut: at an effect that waits, here or left out. Lanes and effects are known by 64 bits of theirs, as there may be very many: of two
    /// lanes with the same, one would wait for the other.
    private struct Cut {
        var first: UInt64
        /// Whether anything behind it was left out.
        var hasMore: Bool
    }

    private struct Target {
        var name: String
        var runningMax: Int
        var cuts: [UInt64: Cut] = [:]
        var isBehind = false
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
        var count: Int { tickets.count - head }

        mutating func append(_ ticket: Ticket) { tickets.append(ticket) }

        mutating func removeFirst() {
            head += 1
            if head > 32, head * 2 > tickets.count {
                tickets.removeFirst(head)
                head = 0
            }
        }

        /// Takes out all but the first ones.
        mutating func removeLast(behind kept: Int) -> [Ticket] {
            let removed = Array(tickets[min(head + kept, tickets.count)...])
            tickets.removeLast(removed.count)
            return removed
        }

        mutating func popFirst() -> Ticket? {
            guard let ticket = first else { return nil }
            removeFirst()
            return ticket
        }
    }
}
