import Foundation
import Glibc
import Pipeline
import Store
import Transfers
import Values

/// What may befall a pull.
struct PullTroubles {
    /// Of a thousand steps at which the daemon can be killed, the connection be cut, or the store refuse a commit, at so many it is.
    var kills = 0, cuts = 0, refusals = 0
    /// Whether the power goes when the daemon is killed, now and then.
    var losesPower = false
    /// Whether the server denies what it is asked for a while.
    var denies = false
    var clockJumps = false

    static let none = PullTroubles()
}

/// One pull with a server, writers, a clock and the house's intake, none of which is real: everything that happens follows from the seed. What is real is ``PullState``,
/// the store, and the drop folder with what is staged in it.
///
/// A daemon that is killed leaves what it had written down, and files where they lay: nothing that the process would have done behind that point counts, whatever
/// its unwinding does here.
// One thread lives it; what is to be sendable of it is called on that thread alone.
final class SimulatedPull: @unchecked Sendable {
    /// In which way the server tells times.
    enum Times: CaseIterable {
        /// Seconds, in the listing too (MLSD).
        case listed
        /// Minutes in the listing, and seconds of a file that is asked for.
        case asked
        /// Minutes in the listing, and no more.
        case minutes
    }

    /// What a name on the server leads to. Who has it open goes on with it under whatever name it has by then.
    final class Node {
        var bytes: [UInt8]
        /// Seconds of the server's clock.
        var modified: Int64
        /// What lies there whole.
        var version: Int?
        var isWritten = false
        var isMarker = false

        init(_ bytes: [UInt8], at modified: Int64) {
            self.bytes = bytes
            self.modified = modified
        }
    }

    /// What a writer made.
    struct Version {
        let name: String
        let bytes: [UInt8]
        /// Whether the writer left it to be taken, and has neither replaced nor withdrawn it.
        var isLeft = true
        var taken = 0
    }

    struct Killed: Error {}

    /// What the pull is configured to do.
    struct Way: Sendable {
        let settings: PullSettings
        /// Folders of the server.
        let from: String, claims: String?, moved: String?
        let isMarked: Bool
    }

    let way: Way
    let driver: SimulatedDriver
    let store: Store
    /// Holds the drop folder, and what is kept of it at a kill.
    let root: String
    let times: Times
    let troubles: PullTroubles
    let quiet = 6_000
    /// What the server's seconds of a file that is asked for are off those of its listing.
    let zone: Int64
    let replacesOnRename: Bool

    private var random: UInt64
    /// True time in milliseconds; the clock on the wall is `offset` away from it, the server's clock is ahead by `ahead`.
    var time = 0
    var offset = 0
    var ahead = 0
    var events: [(at: Int, number: Int, event: Event)] = []
    var eventCount = 0
    var isCalm = false
    var isDenied = false
    var isLeaseUnsure = false

    // The server.
    var files: [String: Node] = [:]
    var versions: [Version] = []
    /// Versions by their bytes.
    var whole: [[UInt8]: Int] = [:]
    /// Files that were begun so far.
    var begun = 0
    /// Names of files that are written, or wait for their marker, where markers say what is whole.
    var busy: Set<String> = []
    /// What lay in the folder for files that were pulled before there was a pull.
    var older: [(path: String, bytes: [UInt8])] = []
    /// What the last thing that the server was asked looked at: a file, or all of a folder.
    var lastLook: String?

    // The site.
    var state: PullState?
    var isDead = false
    /// What lay where when the daemon was killed, and the other name that it is kept under.
    var asItLay: [(name: String, copy: String)] = []
    /// Files that were given their names here, which the disk may not know yet.
    var unsynced: [(name: String, place: String)] = []
    /// What the store held before each commit that may be lost with the power.
    var unsettled: [[[SQLValue]]] = []

    var faults: [String] = []
    var counts = Counts()
    /// Everything that was done, as one number.
    var trace: UInt64 = 0xcbf2_9ce4_8422_2325

    struct Counts {
        var versions = 0, taken = 0, kills = 0, powerLosses = 0, cuts = 0, lostAnswers = 0, doubtfulCommits = 0, changed = 0, rounds = 0

        static func + (one: Counts, other: Counts) -> Counts {
            Counts(
                versions: one.versions + other.versions, taken: one.taken + other.taken, kills: one.kills + other.kills,
                powerLosses: one.powerLosses + other.powerLosses, cuts: one.cuts + other.cuts, lostAnswers: one.lostAnswers + other.lostAnswers,
                doubtfulCommits: one.doubtfulCommits + other.doubtfulCommits, changed: one.changed + other.changed, rounds: one.rounds + other.rounds)
        }
    }

    /// - Parameter ways: one of them is the life's.
    init(seed: UInt64, ways: [Way], driver: SimulatedDriver, root: String) throws {
        random = seed
        func chance(_ one: Int, in all: Int, _ random: inout UInt64) -> Bool { Self.pick(1...all, &random) <= one }
        way = ways[Self.pick(0...ways.count - 1, &random)]
        times = Times.allCases[Self.pick(0...2, &random)]
        zone = times == .listed ? Int64(Self.pick(0...2, &random)) * 3_600 : 0
        replacesOnRename = chance(1, in: 2, &random)
        troubles = PullTroubles(
            kills: chance(1, in: 3, &random) ? 0 : Self.pick(1...25, &random), cuts: chance(1, in: 3, &random) ? 0 : Self.pick(1...60, &random),
            refusals: chance(1, in: 2, &random) ? 0 : Self.pick(1...60, &random), losesPower: chance(1, in: 2, &random), denies: chance(1, in: 3, &random),
            clockJumps: chance(1, in: 3, &random))
        self.driver = driver
        self.root = root
        store = try driver.empty()
        driver.life = self
        try prepareFolders()
    }

    // MARK: - Chance and time

    private static func pick(_ range: ClosedRange<Int>, _ random: inout UInt64) -> Int {
        random &+= 0x9e37_79b9_7f4a_7c15
        var bits = random
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return range.lowerBound + Int((bits ^ (bits >> 31)) % UInt64(range.count))
    }

    func pick(_ range: ClosedRange<Int>) -> Int { Self.pick(range, &random) }
    func chance(_ one: Int, in all: Int) -> Bool { pick(1...all) <= one }

    /// Lets time go by, with what happens in it.
    func pass(_ milliseconds: Int) {
        let end = time + milliseconds
        while let next = events.last, next.at <= end {
            events.removeLast()
            time = max(time, next.at)
            happen(next.event)
        }
        time = end
    }

    func add(_ event: Event, after milliseconds: Int) {
        eventCount += 1
        let item = (at: time + max(0, milliseconds), number: eventCount, event: event)
        // Latest first, so that the next one is the last.
        let place = events.lastIndex { ($0.at, $0.number) > (item.at, item.number) }
        events.insert(item, at: place.map { $0 + 1 } ?? 0)
    }

    var now: Instant {
        let wall = 1_790_000_000_000 + time + offset
        return Instant(seconds: Int64(wall / 1_000), nanoseconds: Int32(wall % 1_000) * 1_000_000)
    }

    func fault(_ text: String) { faults.append("at \(time) ms: \(text)") }

    func tell(_ text: String) {
        if Self.isTold { print("\(time) \(text)") }
        for byte in text.utf8 { trace = (trace ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
    }

    private static let isTold = getenv("SIMULATION_TRACE") != nil

    // MARK: - The daemon

    /// Minutes of trouble, and then calm until nothing is left to do.
    func live() throws {
        begin()
        while time < 120_000, faults.isEmpty {
            let round = try round()
            intake(all: false)
            if round == nil { pass(pick(0...20_000)) } else if round?.isCut != true || round?.taken == 0 { pass(pick(1_000...6_000)) }
        }
        calm()
        for _ in 0..<80 where faults.isEmpty {
            let round = try round()
            intake(all: true)
            if let failure = round?.failure { fault("the pull fails although all is well: \(failure.cause)") }
            if try isAllDone() { break }
            pass(max(1, round?.nextSettled.map { $0 - time } ?? 5_000))
        }
        try checkEnd()
    }

    /// One round, of a daemon that is started if there is none; nil where it was killed in it.
    private func round() throws -> PullState.Round? {
        counts.rounds += 1
        isLeaseUnsure = !isCalm && chance(1, in: 30)
        let isNew = state == nil
        var pull = state ?? start()
        state = nil
        do {
            if isNew { try pull.removeLeftovers() }
            let round = try pull.round()
            if !isDead {
                state = pull
                counts.changed += round.waiting.count { $0.reason.hasPrefix("it changed ") }
                return round
            }
        } catch let error {
            guard error is Killed else {
                fault("the daemon ends: \(error)")
                return nil
            }
        }
        try bury()
        return nil
    }

    private func start() -> PullState {
        tell("start")
        var pull = PullState(
            way.settings, from: self, into: { [folder] in folder }, store: store,
            clock: PullClock(monotonicMilliseconds: { self.time }, now: { self.now }), mayEmit: { self.mayEmit() }, events: { self.heard($0) })
        if chance(1, in: 4) { pull.askedMax = 2 }
        return pull
    }

    private func mayEmit() -> Bool {
        mayDie()
        return !isDead && !isLeaseUnsure
    }

    private func heard(_ event: PipelineEvent) {
        guard !isDead else { return }
        switch event {
        case .pulled(_, let name, _, _, let place):
            tell("pulled \(name) as \(place)")
            unsynced.append((name, place))
            mayDie()
        case .trouble(let subject, let cause, _) where cause.contains("not here any more") && counts.doubtfulCommits == 0:
            fault("\(subject): \(cause)")
        default: break
        }
    }

    /// Kills the daemon, as the seed has it.
    func mayDie() {
        guard !isDead, !isCalm, troubles.kills > 0, chance(troubles.kills, in: 1_000) else { return }
        tell("killed")
        counts.kills += 1
        isDead = true
        keepAsItLies()
    }
}
