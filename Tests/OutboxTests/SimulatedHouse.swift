import Outbox
import Values

/// A small generator (SplitMix64), so that a life can be lived again from its seed.
struct Seeded: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }

    mutating func chance(_ one: Int, in all: Int) -> Bool { Int.random(in: 0..<all, using: &self) < one }
    mutating func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }
}

/// What may befall a house.
struct SimulatedTroubles {
    /// Of a thousand points at which a daemon can be killed or stopped, at so many it is.
    var kills = 20, stops = 8
    /// Whether commits fail for a while now and then.
    var fullDisks = true
    var clockJumps = true
    var badWeather = true
}

/// An outbox with the daemons that work on it, receivers, a network, a disk and a clock, none of which is real: everything that happens follows from the
/// seed. What is real is ``Dispatcher`` with lanes, gates and states.
///
/// The daemon is the Deliverer's turn in small: what ended and what begins is committed together under the fence, and only then sent. Between each two of its
/// steps it can be killed, or stopped for so long that another one takes over.
struct SimulatedHouse {
    /// An effect as the store holds it.
    struct Row {
        let id: String
        let target: String
        let lane: String?
        /// The how manieth it was.
        let place: Int
        var state: DeliveryState
        var isReplayed = false
    }

    struct Daemon {
        let number: Int
        let fence: Int
        /// True time, in milliseconds.
        var leaseUntil: Int
        var dispatcher: Dispatcher
        var ended: [Dispatcher.End] = []
        /// Effects of each target before this place were told to the dispatcher, as of so many replays.
        var read: [String: Int] = [:]
        var replays = 0
        /// When deadlines were looked at last.
        var lookedAtDeadlines: Int?
        /// Where it goes on when it is let go, or when there is room again.
        var isStopped = false
        var rest: Step = .turn
        /// The event that is to wake it; others of its are void.
        var waking = 0
    }

    enum Step {
        case turn
        case commit(states: [DeliveryState], started: [DeliveryState], disables: Set<String>)
        case send([DeliveryState])
    }

    enum Event {
        case arrive
        case wake(daemon: Int, waking: Int)
        case answer(daemon: Int, Dispatcher.End)
        case letGo(daemon: Int)
        case lookAtLease
        case weather(target: String)
        case disk
        case clock
        case operate
    }

    struct Receiver {
        var accepted: [String: Int] = [:]
        /// 0: fine; else what it answers, or does.
        var weather = 0
        var schedule: RetrySchedule
        var parallel: Int
        var bucket: (requests: Int, burst: Int)?
        var begins: [Int] = []
    }

    var random: Seeded
    let seed: UInt64
    let troubles: SimulatedTroubles
    /// True time in milliseconds; the clock on the wall is `offset` away from it.
    var time = 0
    var offset = 0
    var events: [(at: Int, number: Int, event: Event)] = []
    var eventCount = 0
    // What is durable.
    var rows: [String: Row] = [:]
    var order: [String] = []
    /// Those of them that may not be settled, in order.
    var open: [String] = []
    var lanes: [String: [String]] = [:]
    var replays = 0
    var disabled: Set<String> = []
    var fence = 0
    var isDiskFull = false
    // What is not.
    var daemons: [Int: Daemon] = [:]
    var worker: Int?
    var receivers: [String: Receiver] = [:]
    var isCalm = false
    var faults: [String] = []
    /// Everything that was told, as one number.
    var trace: UInt64 = 0xcbf2_9ce4_8422_2325
    var counts = (sends: 0, kills: 0, stops: 0, refused: 0)

    static let leaseMilliseconds = 3_000
    /// Effects of one target are read while fewer than so many are held in memory, and brought back while there are fewer than twice as many.
    static let roomMax = 6
    static let begin = 1_790_000_000

    /// - Parameter troubles: nil: as the seed has them; in some lives nobody is killed, so that what stands still is not set going by a restart.
    init(seed: UInt64, troubles: SimulatedTroubles? = nil) {
        var random = Seeded(state: seed)
        self.seed = seed
        self.troubles = troubles ?? SimulatedTroubles(
            kills: random.chance(1, in: 2) ? 0 : random.pick(1...30), stops: random.chance(1, in: 2) ? 0 : random.pick(1...15),
            fullDisks: random.chance(1, in: 2), clockJumps: random.chance(1, in: 2), badWeather: random.chance(9, in: 10))
        var receivers: [String: Receiver] = [:]
        for number in 0..<random.pick(1...4) {
            let steps = (0..<random.pick(1...6)).map { _ in DayTimeDuration(seconds: Int64(random.pick(0...120))) }
            receivers["t\(number)"] = Receiver(
                schedule: RetrySchedule(steps: steps, clientErrorAttemptsMax: random.pick(1...3)), parallel: random.pick(1...5),
                bucket: random.chance(1, in: 3) ? (random.pick(1...20), random.pick(1...5)) : nil)
        }
        (self.random, self.receivers) = (random, receivers)
    }

    var now: Instant { instant(time) }
    func instant(_ time: Int) -> Instant {
        let wall = time + offset
        return Instant(seconds: Int64(Self.begin + wall.flooredDivided(by: 1_000)), nanoseconds: Int32(wall.flooredRest(of: 1_000)) * 1_000_000)
    }

    mutating func fault(_ text: String) { faults.append("at \(time) ms: \(text)") }

    mutating func tell(_ text: String) { for byte in text.utf8 { trace = (trace ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 } }

    // MARK: - Events

    mutating func add(_ event: Event, after milliseconds: Int) {
        eventCount += 1
        let item = (at: time + max(0, milliseconds), number: eventCount, event: event)
        let place = events.lastIndex { ($0.at, $0.number) > (item.at, item.number) }
        // Latest first, so that the next one is the last.
        events.insert(item, at: place.map { $0 + 1 } ?? 0)
    }

    /// Lives for so many milliseconds of true time.
    mutating func live(_ milliseconds: Int, stepsMax: Int = 2_000_000) {
        let end = time + milliseconds
        var steps = 0
        while let next = events.last, next.at <= end, faults.isEmpty {
            events.removeLast()
            time = next.at
            steps += 1
            guard steps < stepsMax else { return fault("it goes on and on without an end") }
            happen(next.event)
        }
        time = max(time, end)
    }

    private mutating func happen(_ event: Event) {
        switch event {
        case .arrive:
            arrive()
            if !isCalm { add(.arrive, after: random.pick(1...6_000)) }
        case .wake(let daemon, let waking):
            guard let known = daemons[daemon], known.waking == waking, !known.isStopped else { return }
            work(daemon)
        case .answer(let daemon, let end):
            guard daemons[daemon] != nil else { return }
            daemons[daemon]?.ended.append(end)
            if daemons[daemon]?.isStopped == false, case .turn? = daemons[daemon]?.rest { wake(daemon, after: 0) }
        case .letGo(let daemon):
            guard daemons[daemon]?.isStopped == true else { return }
            daemons[daemon]?.isStopped = false
            work(daemon)
        case .lookAtLease:
            lookAtLease()
            add(.lookAtLease, after: isCalm ? 3_600_000 : 500)
        case .weather(let target):
            receivers[target]?.weather = isCalm || !troubles.badWeather || random.chance(1, in: 2) ? 0 : random.pick(1...9)
            if !isCalm { add(.weather(target: target), after: random.pick(1_000...60_000)) }
        case .disk:
            isDiskFull = !isCalm && troubles.fullDisks && !isDiskFull
            if !isCalm { add(.disk, after: isDiskFull ? random.pick(100...20_000) : random.pick(5_000...200_000)) }
        case .clock:
            if troubles.clockJumps, !isCalm {
                offset += random.pick(-3_600_000...3_600_000)
                add(.clock, after: random.pick(20_000...400_000))
            }
        case .operate:
            operate()
            if !isCalm { add(.operate, after: random.pick(10_000...120_000)) }
        }
    }

    mutating func begin() {
        add(.arrive, after: 0)
        add(.lookAtLease, after: 0)
        for target in receivers.keys.sorted() { add(.weather(target: target), after: random.pick(0...30_000)) }
        for event in [Event.disk, .clock, .operate] { add(event, after: random.pick(5_000...60_000)) }
    }

    /// From now on nothing new comes, and nothing goes wrong.
    mutating func calm() {
        isCalm = true
        isDiskFull = false
        for target in receivers.keys { receivers[target]?.weather = 0 }
        operate()
    }

    private mutating func arrive() {
        for _ in 0..<random.pick(1...random.pick(1...12)) {
            let target = "t\(random.pick(0...receivers.count - 1))", id = "e\(order.count)"
            let lane = random.chance(3, in: 4) ? "l\(random.pick(0...5))" : nil
            let deadline = now.adding(DayTimeDuration(seconds: Int64(random.pick(1...4) == 1 ? random.pick(1...60) : random.pick(600...200_000))))
            rows[id] = Row(id: id, target: target, lane: lane, place: order.count, state: DeliveryState(effectID: id, deadline: deadline))
            order.append(id)
            open.append(id)
            if let lane { lanes["\(target) \(lane)", default: []].append(id) }
        }
        if let worker, daemons[worker]?.isStopped == false, case .turn? = daemons[worker]?.rest { wake(worker, after: 0) }
    }

    /// An operator enables what answered 410, and sends dead letters again.
    private mutating func operate() {
        replays += 1
        if isCalm || random.chance(1, in: 2) { disabled = [] }
        for id in order where isCalm || random.chance(1, in: 20) {
            guard let row = rows[id], let again = row.state.replayed(deadline: now.adding(DayTimeDuration(seconds: 400_000))) else { continue }
            rows[id]?.state = again
            rows[id]?.isReplayed = true
            if !open.contains(id) { open.append(id) }
        }
        open.sort { rows[$0]?.place ?? 0 < rows[$1]?.place ?? 0 }
    }

    mutating func wake(_ daemon: Int, after milliseconds: Int) {
        guard let waking = daemons[daemon].map({ $0.waking + 1 }) else { return }
        daemons[daemon]?.waking = waking
        add(.wake(daemon: daemon, waking: waking), after: milliseconds)
    }
}

extension Int {
    fileprivate func flooredDivided(by divisor: Int) -> Int { self >= 0 ? self / divisor : -((-self + divisor - 1) / divisor) }
    fileprivate func flooredRest(of divisor: Int) -> Int { self - flooredDivided(by: divisor) * divisor }
}
