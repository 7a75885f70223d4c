import Outbox
import Store
import Values

/// Which webhooks are read from the store, and when: those that came, those whose time came, and, every now and then, all.
extension Deliverer {
    /// How far the webhooks of a target have been read since they were read from the first one on.
    struct Reading {
        var place = Store.Unsettled.Place.start
        let began = ContinuousClock.now
        /// So many of those that were read were here already, or are not due for a while.
        var passedOver = 0
    }

    /// Reads on where the last reading of a target ended.
    func read(_ target: String) throws {
        var reading = readings[target] ?? Reading()
        let items = try store.unsettledWebhooks(to: target, after: reading.place, limit: Self.knownMax), now = SystemClock.now()
        for item in items {
            let isAdded = dispatcher.add(item.id, target: target, lane: item.lane, due: item.dueAt, at: now)
            if !isAdded { reading.passedOver += 1 }
        }
        if let last = items.last { reading.place = last.place }
        readings[target] = reading
        // A full answer means that there is more behind it, which comes in as there is room.
        if items.count == Self.knownMax { more.insert(target) } else { more.remove(target) }
    }

    /// The webhooks of a target are read from the first one on.
    func startOver(_ target: String) {
        readings[target] = Reading()
        dispatcher.startOver(target)
        more.insert(target)
    }

    /// Brings back webhooks whose time has come.
    func bringBack() throws {
        guard let span = dispatcher.returning(at: SystemClock.now()) else { return }
        let (due, next) = try store.webhooksReturning(after: span.after, through: span.through, limit: Self.knownMax)
        for item in due where targets.endpoints[item.target] != nil {
            if dispatcher.count(of: item.target) < Self.knownMax {
                dispatcher.bringBack(item.id, target: item.target, lane: item.lane, due: item.dueAt)
            } else {
                dispatcher.fallBehind(item.target)
            }
        }
        // There may be more of them, of whatever target.
        if due.count == Self.knownMax { for target in targets.endpoints.keys { dispatcher.fallBehind(target) } }
        dispatcher.broughtBack(through: span.through, next: next)
    }

    func hasRoom(_ target: String) -> Bool { dispatcher.count(of: target) < Self.knownMax / 2 }

    /// Whether the store has webhooks that are wanted here although nobody put anything there.
    var wantsToRead: Bool {
        dispatcher.returning(at: SystemClock.now()) != nil || more.contains(where: hasRoom) || targets.endpoints.keys.contains { hasRoom($0) && isToStartOver($0) }
    }

    /// Whether a target is to be read from the first one on, as something was passed over that may leave by now.
    func isToStartOver(_ target: String) -> Bool { millisecondsToStartOver(target) == 0 }

    /// In how many milliseconds a target is to be read from the first one on; nil: it is not.
    func millisecondsToStartOver(_ target: String) -> Int? {
        guard dispatcher.isBehind(target) else { return nil }
        guard let reading = readings[target] else { return 0 }
        let left = Self.pause(passedOver: reading.passedOver) - reading.began.duration(to: .now)
        guard left > .zero else { return 0 }
        return 1 + Int(left.components.seconds) * 1_000 + Int(left.components.attoseconds / 1_000_000_000_000_000)
    }

    /// For how long nobody looks again at all that waits: a second or what is asked for, and more where much was passed over the last time.
    func pauseOfLooks(atLeast least: Duration) -> Duration { max(least, Self.pause(passedOver: readings.values.reduce(0) { $0 + $1.passedOver })) }

    /// Some 5 µs are needed for each webhook that is read and passed over, and that is to take no more than a twentieth of the time.
    private static func pause(passedOver: Int) -> Duration { .milliseconds(10 + passedOver / 10) }
}
