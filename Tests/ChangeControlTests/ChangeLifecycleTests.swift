@testable import ChangeControl
import Diagnostics
import Foundation
import Testing
import Values

/// Classes by impact, instants of effect, freezes, expiry, chains and drift of parts that a request does not change.
@Suite struct ChangeLifecycleTests {
    private static let day: Int64 = 86_400

    /// Governance with classes and freezes, and with functions of the two approvers.
    private func site(_ classes: [ApprovalClass] = [], freezes: [Freeze] = [], functions: [Principal: Set<String>] = [:], lateness: Int64 = 3_600) throws -> Site {
        var site = try Site()
        var terms = ChangeTerms()
        terms.lateness = DayTimeDuration(seconds: lateness)
        let persons = site.governance.persons.map { Person(principal: $0.principal, name: $0.name, roles: $0.roles, functions: functions[$0.principal] ?? []) }
        site.governance = try #require(Governance.make(
            origin: "example-dc", threshold: 1, terms: terms, classes: classes, freezes: freezes, persons: persons, signers: site.governance.signers,
            manifest: site.governance.manifest).governance)
        return site
    }

    private func approvalClass(_ name: String, approvals: Int = 1, functions: [String] = [], _ set: (inout ApprovalClass.Limits) -> Void) -> ApprovalClass {
        var limits = ApprovalClass.Limits()
        set(&limits)
        return ApprovalClass(name: name, limits: limits, approvals: approvals, functions: functions)
    }

    private func facts(_ set: (inout ImpactFacts) -> Void) -> ImpactFacts {
        var facts = ImpactFacts()
        facts.components = [.bundle]
        set(&facts)
        return facts
    }

    private func draft(_ site: Site, effective: EffectiveInstant? = nil, target: StateDescription? = nil, base: StateDescription? = nil, after: ChangeRequestID? = nil) throws -> ChangeRequest {
        try ChangeRequest.draft(
            id: ChangeRequestID(number: after == nil ? 1 : 2), author: Site.mia, title: "t", reason: "r", base: base ?? site.first, target: target ?? site.second,
            after: after, effective: effective, expires: Site.at(30 * Self.day))
    }

    private func scheduled(_ site: Site, at second: Int64) throws -> (ChangeRequest, VerifiedSignature) {
        let effective = EffectiveInstant(instant: Site.at(second), local: "then")
        let request = try draft(site, effective: effective).proposed(live: site.first, governance: site.governance)
            .assessed(impact: Site.impact, live: site.first, governance: site.governance)
        let (approval, proof) = try site.approval(of: request, by: Site.ole)
        return (try request.approved(by: approval, verified: [proof], live: site.first, governance: site.governance), proof)
    }

    private func activate(_ request: ChangeRequest, _ site: Site, _ proofs: [VerifiedSignature], at second: Int64, freezes: [Freeze] = []) throws -> ChangeRequest {
        try request.activated(
            live: site.first, stored: site.second, facts: facts { _ in }, verified: proofs, governance: site.governance, freezes: freezes, at: Site.at(second))
    }

    // MARK: Classes

    @Test func `the class follows from what a change does, and asks for persons and functions`() throws {
        let classes = [
            approvalClass("lowers customers", approvals: 2, functions: ["sales"]) { $0.lowered = 1 }, approvalClass("contract", functions: ["legal"]) { $0.contracts = 1 },
            approvalClass("money", approvals: 2) { $0.value = ExactDecimal(1_000) }, approvalClass("models", functions: ["data"]) { $0.paths = ["Schemes/models/"] },
        ]
        let site = try site(classes, functions: [Site.ole: ["sales", "data"], Site.ana: ["legal"]])
        func requirement(_ set: (inout ImpactFacts) -> Void) -> ApprovalRequirement { site.governance.requirement(for: facts(set)) }
        #expect(requirement { _ in } == ApprovalRequirement(classes: [], approvals: 1, functions: []))
        #expect(requirement { $0.lowered = 1; $0.contracts = 3 } == ApprovalRequirement(classes: ["lowers customers", "contract"], approvals: 2, functions: ["legal", "sales"]))
        #expect(requirement { $0.value = ExactDecimal(999) }.classes.isEmpty)
        #expect(requirement { $0.value = ExactDecimal(1_000) }.classes == ["money"])
        // What nobody can tell counts as above.
        #expect(requirement { $0.value = nil }.classes == ["money"])
        #expect(requirement { $0.paths = ["Schemes/models/item.json"] }.functions == ["data"])
        // Governance takes two, whatever it says of itself.
        #expect(requirement { $0.components = [.governance] }.approvals == 2)
    }

    @Test func `a request waits for the function that its class asks for`() throws {
        let site = try site([approvalClass("contract", functions: ["legal"]) { $0.contracts = 1 }], functions: [Site.ana: ["legal"]])
        let found = facts { $0.contracts = 1 }
        let request = try draft(site).proposed(live: site.first, governance: site.governance)
            .assessed(impact: Site.impact, facts: found, live: site.first, governance: site.governance)
        let (first, proof) = try site.approval(of: request, by: Site.ole)
        #expect(first.statement.classes == "contract")
        let half = try request.approved(by: first, verified: [proof], live: site.first, governance: site.governance)
        #expect(half.status == .assessed)
        let (second, other) = try site.approval(of: half, by: Site.ana)
        let whole = try half.approved(by: second, verified: [proof, other], live: site.first, governance: site.governance)
        #expect(whole.status == .approved)
        func activate(_ request: ChangeRequest, _ facts: ImpactFacts) throws -> ChangeRequest {
            try request.activated(live: site.first, stored: site.second, facts: facts, verified: [proof, other], governance: site.governance, at: Site.at(20))
        }
        #expect(try activate(whole, found).status == .active)
        // As if somebody wrote another class, or fewer approvals, into the store.
        let lighter = ChangeRequest(
            id: whole.id, author: whole.author, revision: 1, title: "t", reason: "r", base: whole.base, target: whole.target, status: .approved,
            expires: whole.expires, impact: whole.impact, requirement: ApprovalRequirement(classes: [], approvals: 1, functions: []), approvals: [first])
        #expect(refusal { try activate(lighter, found) } == .otherContent)
        let fewer = ChangeRequest(
            id: whole.id, author: whole.author, revision: 1, title: "t", reason: "r", base: whole.base, target: whole.target, status: .approved,
            expires: whole.expires, impact: whole.impact, requirement: whole.requirement, approvals: [first])
        #expect(refusal { try activate(fewer, found) } == .threshold)
    }

    @Test func `a change of governance takes two approvals, and must leave a quorum that can be reached`() throws {
        let site = try Site()
        let target = Site.state("rules 1", governance: Site.digest("governance 2"))
        let request = try draft(site, target: target).proposed(live: site.first, governance: site.governance)
            .assessed(impact: Site.impact, live: site.first, governance: site.governance)
        let (first, proof) = try site.approval(of: request, by: Site.ole)
        let half = try request.approved(by: first, verified: [proof], live: site.first, governance: site.governance)
        #expect(half.status == .assessed && half.requirement?.approvals == 2)
        let (second, other) = try site.approval(of: half, by: Site.ana)
        #expect(try half.approved(by: second, verified: [proof, other], live: site.first, governance: site.governance).status == .approved)

        func codes(_ classes: [ApprovalClass], _ persons: [Person]? = nil) -> [DiagnosticCode] {
            Governance.make(
                origin: "x", threshold: 1, classes: classes, persons: persons ?? site.governance.persons, signers: site.governance.signers, manifest: .zero
            ).diagnostics.filter { $0.severity == .error }.map(\.code)
        }
        #expect(codes([approvalClass("big", approvals: 3) { $0.moved = 1 }]) == [.governanceQuorum])
        #expect(codes([approvalClass("legal", functions: ["legal"]) { $0.moved = 1 }]) == [.governanceQuorum])
        #expect(codes([approvalClass("standard") { $0.moved = 1 }]) == [.governanceShape])
        #expect(codes([], site.governance.persons.filter { $0.principal != Site.ana } + [Person(principal: Site.ana, name: "Ana Cruz", roles: [])]) == [.governanceQuorum])
    }

    // MARK: Instants

    @Test func `an approved request with an instant waits for it, and is too late after it`() throws {
        let site = try site(lateness: 600)
        let (request, proof) = try scheduled(site, at: 1_000)
        #expect(request.status == .scheduled)
        #expect(refusal { try activate(request, site, [proof], at: 999) } == .effective)
        #expect(try activate(request, site, [proof], at: 1_000).status == .active)
        #expect(try activate(request, site, [proof], at: 1_600).status == .active)
        #expect(!request.hasMissedItsInstant(at: Site.at(1_600), governance: site.governance))
        #expect(request.hasMissedItsInstant(at: Site.at(1_601), governance: site.governance))
        #expect(refusal { try activate(request, site, [proof], at: 1_601) } == .effective)
        // What was missed is assessed anew, and no approval of before counts, nor can another be given to that instant.
        let again = try request.assessed(impact: Site.impact, facts: facts { _ in }, live: site.first, governance: site.governance, voiding: true)
        #expect(again.status == .assessed && again.approvals.isEmpty)
        #expect(refusal {
            try again.approved(by: request.approvals[0], verified: [proof], live: site.first, governance: site.governance, at: Site.at(1_700))
        } == .effective)
    }

    @Test func `an instant that was approved cannot be exchanged`() throws {
        let site = try Site()
        let (request, proof) = try scheduled(site, at: 1_000)
        let sooner = ChangeRequest(
            id: request.id, author: request.author, revision: 1, title: "t", reason: "r", base: request.base, target: request.target, status: .scheduled,
            effective: EffectiveInstant(instant: Site.at(20), local: "then"), expires: request.expires, impact: request.impact,
            requirement: request.requirement, approvals: request.approvals)
        #expect(refusal { try activate(sooner, site, [proof], at: 20) } == .threshold)
        let immortal = ChangeRequest(
            id: request.id, author: request.author, revision: 1, title: "t", reason: "r", base: request.base, target: request.target, status: .scheduled,
            effective: request.effective, expires: Site.at(300 * Self.day), impact: request.impact, requirement: request.requirement, approvals: request.approvals)
        #expect(refusal { try activate(immortal, site, [proof], at: 1_000) } == .threshold)
    }

    @Test func `an instant lies ahead, within the life of the request and in no freeze`() throws {
        let freeze = Freeze(name: "year end", from: Site.at(5_000), until: Site.at(6_000), reason: "Stocktaking")
        let site = try site(freezes: [freeze])
        func propose(_ second: Int64) -> ChangeRefusal.Kind? {
            refusal {
                try draft(site, effective: EffectiveInstant(instant: Site.at(second), local: "then")).proposed(live: site.first, governance: site.governance)
            }
        }
        #expect(propose(0) == .effective)
        #expect(propose(30 * Self.day) == .effective)
        #expect(propose(5_000) == .frozen)
        #expect(propose(4_999) == nil)
        #expect(propose(6_000) == nil)
    }

    @Test func `in a freeze nothing is activated, be it of governance or of an operator`() throws {
        let freeze = Freeze(name: "year end", from: Site.at(100), until: Site.at(200), reason: "Stocktaking")
        let site = try site(freezes: [freeze])
        let (request, proof) = try site.approved()
        let mine = Freeze(name: "ole@example-dc", from: Site.at(300), until: Site.at(400), reason: "Peak")
        #expect(try activate(request, site, [proof], at: 99, freezes: [mine]).status == .active)
        #expect(refusal { try activate(request, site, [proof], at: 100, freezes: [mine]) } == .frozen)
        #expect(refusal { try activate(request, site, [proof], at: 199, freezes: [mine]) } == .frozen)
        #expect(try activate(request, site, [proof], at: 200, freezes: [mine]).status == .active)
        #expect(refusal { try activate(request, site, [proof], at: 300, freezes: [mine]) } == .frozen)
    }

    @Test func `a request expires, and then nothing can be done with it`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        #expect(refusal { try activate(request, site, [proof], at: 30 * Self.day) } == .expired)
        #expect(try activate(request, site, [proof], at: 30 * Self.day - 1).status == .active)
        #expect(refusal { try request.expired(at: Site.at(30 * Self.day - 1)) } == .status)
        let expired = try request.expired(at: Site.at(30 * Self.day))
        #expect(expired.status == .expired && !expired.status.isOpen)
        #expect(refusal { try activate(expired, site, [proof], at: 20) } == .status)
        #expect(refusal { try expired.revised(by: Site.mia, title: "again") } == .status)
    }

    @Test func `a time that the clock skips or shows twice is not guessed at`() throws {
        let berlin = try #require(ZoneRules(name: "Europe/Berlin", tzif: Array(try Data(contentsOf: URL(fileURLWithPath: "/usr/share/zoneinfo/Europe/Berlin")))))
        func read(_ text: String) throws -> EffectiveInstant { try EffectiveInstant.read(text, zone: berlin, subject: "CR-0001") }
        #expect(try read("2026-12-01T06:00").text == "2026-12-01T05:00:00Z (2026-12-01T06:00:00@Europe/Berlin)")
        #expect(try read("2026-12-01T06:00:00Z").text == "2026-12-01T06:00:00Z (2026-12-01T06:00:00Z)")
        let gap = #expect(throws: ChangeRefusal.self) { try read("2026-03-29T02:30") }
        #expect(gap?.kind == .effective && gap?.hint == "write 2026-03-29T01:30:00+01:00 or 2026-03-29T03:30:00+02:00")
        let fold = #expect(throws: ChangeRefusal.self) { try read("2026-10-25T02:30") }
        #expect(fold?.hint == "write 2026-10-25T02:30:00+02:00 or 2026-10-25T02:30:00+01:00")
        #expect(try read("2026-10-25T02:30+01:00").instant == Instant("2026-10-25T01:30:00Z"))
        for bad in ["tomorrow", "2026-13-01T06:00", "", "2026-12-01T06:00@America/Chicago"] { #expect(refusal { try read(bad) } == .effective, "\(bad)") }
    }

    // MARK: Chains and drift

    @Test func `an override that went live meanwhile does not void a change of rules`() throws {
        let site = try Site()
        let (request, proof) = try site.approved()
        let live = Site.state("rules 1", governance: site.first.governance, overrides: "overrides 2")
        let landed = try request.landing(on: live, governance: site.governance)
        #expect(landed == Site.state("rules 2", governance: site.first.governance, overrides: "overrides 2"))
        #expect(try request.activated(live: live, stored: landed, verified: [proof], governance: site.governance).status == .active)
        // The state as it was approved would take the override back.
        #expect(refusal { try request.activated(live: live, stored: site.second, verified: [proof], governance: site.governance) } == .otherContent)
        // Other rules are another matter, and so is another program.
        #expect(refusal { try request.landing(on: Site.state("rules 3", governance: site.first.governance), governance: site.governance) } == .staleBase)
        let upgraded = StateDescription(
            bundle: site.first.bundle, overrides: site.first.overrides, governance: site.first.governance, engine: "crossdock 0.2.0", zones: site.first.zones)
        #expect(refusal { try request.landing(on: upgraded, governance: site.governance) } == .staleBase)
    }

    @Test func `a request may follow another, and is assessed once that is live`() throws {
        let site = try Site()
        let former = try site.proposed()
        let third = Site.state("rules 3", governance: site.first.governance)
        let next = try draft(site, target: third, base: site.second, after: former.id)
        #expect(refusal { try next.proposed(live: site.first, governance: site.governance) } == .staleBase)
        let chained = try next.proposed(live: site.first, after: former, governance: site.governance, at: Site.at(0))
        #expect(chained.status == .proposed)
        #expect(refusal { try chained.assessed(impact: Site.impact, live: site.first, governance: site.governance) } == .staleBase)
        #expect(try chained.assessed(impact: Site.impact, live: site.second, governance: site.governance).status == .assessed)
        let withdrawn = try former.withdrawn(by: Site.mia)
        #expect(refusal { try next.proposed(live: site.first, after: withdrawn, governance: site.governance, at: Site.at(0)) } == .staleBase)
        let other = try former.revised(by: Site.mia, target: third)
        #expect(refusal { try next.proposed(live: site.first, after: other, governance: site.governance, at: Site.at(0)) } == .staleBase)
    }
}
