@testable import ChangeControl
import Testing
import Values

@Suite struct SafetyLedgerTests {
    /// A ledger, and the log that it is folded from.
    private struct Desk {
        let governance: Governance
        var ledger = SafetyLedger()
        var position = 0

        mutating func log(_ kind: LogEntryKind, at second: Int64, _ body: (SafetyLedger) throws -> String) rethrows {
            position += 1
            ledger.take(LogEntry(position: position, at: Site.at(second), kind: kind, body: try body(ledger), previous: .zero, hash: .zero))
        }
    }

    private func desk() throws -> Desk { Desk(governance: try Site().governance) }

    @Test func `an operator freezes for a time, and thaws`() throws {
        var desk = try desk()
        let governance = desk.governance
        try desk.log(.changesFrozen, at: 100) { try $0.frozen(until: Site.at(500), by: Site.ole, reason: "Peak", governance: governance, at: Site.at(100)) }
        #expect(desk.ledger.freeze(at: Site.at(99)) == nil && desk.ledger.freeze(at: Site.at(500)) == nil)
        #expect(desk.ledger.freeze(at: Site.at(100))?.reason == "Peak")
        try desk.log(.changesThawed, at: 200) { try $0.thawed(by: Site.ole, reason: "Over", governance: governance, at: Site.at(200)) }
        #expect(desk.ledger.freeze(at: Site.at(199)) != nil && desk.ledger.freeze(at: Site.at(200)) == nil)
        #expect(refusal { try desk.ledger.thawed(by: Site.ole, reason: "Over", governance: governance, at: Site.at(200)) } == .status)
    }

    @Test func `what an operator may do has an end, and takes the role and a reason`() throws {
        let desk = try desk()
        let governance = desk.governance, ledger = desk.ledger
        func freeze(_ until: Int64, _ person: Principal = Site.ole, _ reason: String = "r") -> ChangeRefusal.Kind? {
            refusal { try ledger.frozen(until: Site.at(until), by: person, reason: reason, governance: governance, at: Site.at(0)) }
        }
        #expect(freeze(1) == nil && freeze(30 * 86_400) == nil)
        #expect(freeze(0) == .effective && freeze(30 * 86_400 + 1) == .effective)
        #expect(freeze(1, Site.mia) == .role && freeze(1, Site.ole, "") == .text)
        func hold(_ until: Int64, _ person: Principal = Site.ole) -> ChangeRefusal.Kind? {
            refusal { try ledger.held(until: Site.at(until), by: person, reason: "r", governance: governance, at: Site.at(0)) }
        }
        #expect(hold(86_400) == nil && hold(86_401) == .effective && hold(1, Site.ana) == .role)
    }

    @Test func `a break of the glass opens a review that another person closes`() throws {
        var desk = try desk()
        let governance = desk.governance
        try desk.log(.emissionsHeld, at: 100) { try $0.held(until: Site.at(900), by: Site.ole, reason: "Wrong carrier", governance: governance, at: Site.at(100)) }
        #expect(desk.ledger.hold(at: Site.at(100))?.reason == "Wrong carrier" && desk.ledger.hold(at: Site.at(900)) == nil)
        let review = try #require(desk.ledger.openReviews.first)
        #expect(review.position == 1 && review.by == Site.ole && review.due == Site.at(100 + 48 * 3_600))
        #expect(!review.isOverdue(at: Site.at(101)) && review.isOverdue(at: review.due))
        #expect(refusal { try desk.ledger.closed(1, by: Site.ole, finding: "Fine", governance: governance) } == .ownChange)
        #expect(refusal { try desk.ledger.closed(1, by: Site.mia, finding: "Fine", governance: governance) } == .role)
        #expect(refusal { try desk.ledger.closed(7, by: Site.ana, finding: "Fine", governance: governance) } == .status)
        try desk.log(.reviewClosed, at: 200) { try $0.closed(1, by: Site.ana, finding: "The table was wrong", governance: governance) }
        #expect(desk.ledger.openReviews.isEmpty && desk.ledger.reviews.first?.finding == "The table was wrong")
        #expect(refusal { try desk.ledger.closed(1, by: Site.ana, finding: "Fine", governance: governance) } == .status)
        // What goes out again before its time keeps the review.
        try desk.log(.emissionsReleased, at: 300) { try $0.released(by: Site.ole, reason: "Mended", governance: governance, at: Site.at(300)) }
        #expect(desk.ledger.hold(at: Site.at(299)) != nil && desk.ledger.hold(at: Site.at(300)) == nil)
    }

    @Test func `a rollback opens a review too, and one of before there were reviews does not`() throws {
        let site = try Site()
        var desk = try desk()
        let plan = try Rollback.plan(
            to: site.first, live: site.second, formerlyActive: [site.first.id], wentOut: Site.at(0), by: Site.ole, reason: "Late", breaksGlass: true,
            governance: site.governance, at: Site.at(10))
        desk.log(.stateRolledBack, at: 10) { _ in LogBody.rollback(plan, undoing: [], reviewDue: Site.at(500)) }
        desk.log(.stateRolledBack, at: 20) { _ in #"{"by":"ole@example-dc","because":"Late","to":"x"}"# }
        #expect(desk.ledger.reviews.map(\.deed) == ["broke the glass and pinned state \(site.first.id.description.prefix(16))"])
    }
}
