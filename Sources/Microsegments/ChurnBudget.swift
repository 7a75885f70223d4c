package import Attributes
package import Records
package import Values

/// How much of a scheme's population may move in one cycle, so that a change of many is spread over time and seen coming.
package struct ChurnBudget: Hashable, Sendable {
    package let cycle: CalendarBucket
    /// Part of the members at the beginning of the cycle: 0.05 is 5 %.
    package let members: ExactDecimal?
    /// Part of what those members are worth.
    package let value: ExactDecimal?

    package init(cycle: CalendarBucket, members: ExactDecimal?, value: ExactDecimal?) {
        self.cycle = cycle
        self.members = members
        self.value = value
    }

    /// Whether a move takes effect, or when to ask again.
    package enum Admission: Hashable, Sendable {
        case free
        case refused(until: Instant)
    }

    /// A move that stability would let take effect.
    package struct Move: Hashable, Sendable {
        package let entity: EntityKey
        /// Since when the rules say so.
        package let since: Instant
        package let value: ExactDecimal
        /// The micro-segment that the entity is in is no more: it moves whatever the budget says, and counts.
        package let isForced: Bool

        package init(entity: EntityKey, since: Instant, value: ExactDecimal, isForced: Bool) {
            self.entity = entity
            self.since = since
            self.value = value
            self.isForced = isForced
        }
    }

    /// The first instant of the cycle that an instant is in.
    package func begin(at now: Instant, zone: ZoneRules) -> Instant { cycle.begin(cycle.index(now, zone), zone) }

    /// The first instant of the next cycle.
    package func end(at now: Instant, zone: ZoneRules) -> Instant { cycle.begin(cycle.index(now, zone) + 1, zone) }
}

/// What has moved in the present cycle of a scheme, and of how much.
package struct ChurnLedger: Hashable, Sendable {
    /// First instant of the cycle.
    package let begin: Instant
    /// Members at its beginning, and what they are worth.
    package let members: Int
    package let value: ExactDecimal
    package private(set) var moved: Int
    package private(set) var movedValue: ExactDecimal

    package init(begin: Instant, members: Int, value: ExactDecimal, moved: Int = 0, movedValue: ExactDecimal = .zero) {
        self.begin = begin
        self.members = members
        self.value = value
        self.moved = moved
        self.movedValue = movedValue
    }

    /// Chooses which of several moves take effect and counts them: those first for which the rules have said so longest, then the most
    /// valuable, then by their keys. One that the rest of the budget does not hold is passed over, so that smaller ones behind it are not held
    /// up. A share of the members is rounded down, so it is never exceeded.
    package mutating func admit(_ moves: [ChurnBudget.Move], _ budget: ChurnBudget) throws(ArithmeticFailure) -> Set<EntityKey> {
        var admitted: Set<EntityKey> = []
        for move in moves where move.isForced {
            try count(move)
            admitted.insert(move.entity)
        }
        for move in moves.sorted(by: Self.precedes) where !move.isForced {
            guard try holds(move, budget) else { continue }
            try count(move)
            admitted.insert(move.entity)
        }
        return admitted
    }

    private static func precedes(_ left: ChurnBudget.Move, _ right: ChurnBudget.Move) -> Bool {
        if left.since != right.since { return left.since < right.since }
        if left.value != right.value { return left.value > right.value }
        return left.entity < right.entity
    }

    private func holds(_ move: ChurnBudget.Move, _ budget: ChurnBudget) throws(ArithmeticFailure) -> Bool {
        if let share = budget.members, try ExactDecimal(moved + 1) > ExactDecimal(members).multiplying(by: share) { return false }
        if let share = budget.value, try movedValue.adding(move.value) > value.multiplying(by: share) { return false }
        return true
    }

    private mutating func count(_ move: ChurnBudget.Move) throws(ArithmeticFailure) {
        moved += 1
        movedValue = try movedValue.adding(move.value)
    }
}
