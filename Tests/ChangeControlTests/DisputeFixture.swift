@testable import ChangeControl
import Testing
import Values

/// Disputes of the site in memory, on a log whose clock a test sets: hours since it began.
struct DisputeFixture {
    static let mia = Site.mia, ole = Site.ole, ana = Site.ana
    static let start = Instant(seconds: 1_795_000_000)
    static let first = DisputeID(number: 1)

    let governance: Governance
    private(set) var ledger = DisputeLedger()
    private(set) var entries: [LogEntry]
    /// The latest instant of the log.
    private(set) var time = DisputeFixture.start

    init() throws {
        var made = try Site().governance
        made.disputes = DisputePolicy(sla: Self.hours(48), pauseMax: Self.hours(72), reopenMax: 2)
        governance = made
        entries = [.genesis(at: Self.start, body: "{}")]
    }

    static func hours(_ count: Int64) -> DayTimeDuration { DayTimeDuration(seconds: count * 3600) }
    static func at(_ hour: Int64) -> Instant { start.adding(hours(hour)) }

    static func assignment(
        _ entity: String = "order:ACME/4711", scheme: String = "order-priority", position: Int = 0, state: String = "state 1", authors: [Principal] = [mia]
    ) -> DisputedAssignment {
        DisputedAssignment(
            scheme: scheme, entity: entity, microsegment: "standard", cause: "rules", position: position, state: StateID(Site.digest(state)), authors: authors)
    }

    /// Something else is logged.
    mutating func tick(_ at: Instant) { log(.tick, "{}", at) }

    /// Judges an event as the live governance does, and logs it, at an instant of the machine's clock.
    mutating func take(_ content: DisputeEvent.Content, of id: DisputeID = first, by person: Principal?, reason: String? = "Said", at: Instant) throws {
        let event = DisputeEvent(id, content, by: person, reason: person == nil ? nil : reason, time: max(time, at))
        try governance.expectMay(event)
        try ledger.take(event)
        log(.dispute, event.body, at)
    }

    mutating func raise(_ assignment: DisputedAssignment = assignment(), by person: Principal = ole, hour: Int64) throws {
        try take(.raised(assignment, governance.disputes), of: ledger.nextID, by: person, at: Self.at(hour))
    }

    mutating func triage(_ id: DisputeID = first, owner: Principal = ana, hour: Int64) throws {
        try take(.triaged(owner: owner), of: id, by: Self.ole, at: Self.at(hour))
    }

    mutating func reopen(_ id: DisputeID = first, hour: Int64) throws {
        try take(.reopened(governance.disputes), of: id, by: Self.ole, at: Self.at(hour))
    }

    /// What the daemon does when it looks: every escalation that is due.
    @discardableResult
    mutating func look(at: Instant) throws -> [DisputeEvent] {
        let due = ledger.escalations(at: max(time, at))
        for event in due {
            try ledger.take(event)
            log(.dispute, event.body, at)
        }
        return due
    }

    func dispute(_ id: DisputeID = first) throws -> Dispute { try ledger.dispute(id) }

    private mutating func log(_ kind: LogEntryKind, _ body: String, _ at: Instant) {
        time = max(time, at)
        guard let last = entries.last else { preconditionFailure("the log has begun") }
        entries.append(.next(after: last.head, at: at, kind: kind, body: body))
    }
}

/// The same numbers on every machine (splitmix64).
struct DisputeDraw: RandomNumberGenerator {
    var state: UInt64
    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
