import ChangeControl
import Foundation
import Microsegments
import Pipeline
import Records
import Store
import Testing
import Values

/// Changes that go live step by step: shadow, canary, everybody; and back.
extension EndToEnd { @Suite struct RolloutTests {
    private static let hour: Int64 = 3_600, day: Int64 = 86_400
    private static let orders = 60

    private static func at(_ second: Int64) -> Instant { start.adding(seconds: second) }
    private static let start = SystemClock.now()

    /// An order of the depositor's system: who ordered one item, promised for long after.
    private static func order(_ number: Int, customer: String, item: String) -> String {
        """
          <IDOC BEGIN="1">
            <EDI_DC40 SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><DOCNUM>\(204_000 + number)</DOCNUM><IDOCTYP>ORDERS05</IDOCTYP><MESTYP>ORDERS</MESTYP><SNDPRN>NWPCLNT100</SNDPRN><CREDAT>20261108</CREDAT><CRETIM>071502</CRETIM></EDI_DC40>
            <E1EDK01 SEGMENT="1"><ACTION>000</ACTION><CURCY>EUR</CURCY><BSART>SO</BSART><BELNR>\(310_000 + number)</BELNR></E1EDK01>
            <E1EDK03 SEGMENT="1"><IDDAT>012</IDDAT><DATUM>20261108</DATUM></E1EDK03>
            <E1EDK03 SEGMENT="1"><IDDAT>002</IDDAT><DATUM>20350430</DATUM><UZEIT>160000</UZEIT></E1EDK03>
            <E1EDKA1 SEGMENT="1"><PARVW>AG</PARVW><PARTN>\(customer)</PARTN></E1EDKA1>
            <E1EDKA1 SEGMENT="1"><PARVW>WE</PARVW><PARTN>\(customer)</PARTN><REGIO>W</REGIO></E1EDKA1>
            <E1EDP01 SEGMENT="1"><POSEX>000010</POSEX><MENGE>2.000</MENGE><MENEE>PCE</MENEE><VPREI>329.00</VPREI><PEINH>1</PEINH><E1EDP19 SEGMENT="1"><QUALF>002</QUALF><IDTNR>\(item)</IDTNR><KTEXT>Ding</KTEXT></E1EDP19></E1EDP01>
          </IDOC>

        """
    }

    /// Sixty orders of twenty customers, each of whom orders items of their own.
    private func site(_ rollout: String = "", shared: Bool = false) async throws -> DeskSite {
        let site = try await DeskSite.whole { root in
            if !rollout.isEmpty { try rollout.write(toFile: "\(root)/Schemes/rollout.yaml", atomically: true, encoding: .utf8) }
        }
        let text = (0..<Self.orders).map { Self.order($0, customer: "C-\(2000 + $0 % 20)", item: shared && $0 % 20 < 2 ? "NW-1001" : "NX-\($0 % 20)") }.joined()
        try site.take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ORDERS05>\n\(text)</ORDERS05>\n", as: "orders.xml", in: "idoc-orders")
        try work(site, at: Self.at(0))
        #expect(try rushed(site).isEmpty && site.site.store.standings(scheme: "order-priority").count == Self.orders)
        return site
    }

    private func work(_ site: DeskSite, at now: Instant) throws {
        let evaluator = try site.evaluator()
        _ = try evaluator.drainDirty(now: now)
        for scheme in try evaluator.dueFullRuns(now: now) { _ = try evaluator.fullRun(scheme, now: now) }
    }

    private func rushed(_ site: DeskSite) throws -> Set<EntityKey> {
        Set(try site.site.store.standings(scheme: "order-priority").filter { $0.microsegment == "rush" }.map(\.entity))
    }

    /// Every order is in a hurry: approved, and begun.
    private func begun(_ site: DeskSite, hours: Int = 99_999) async throws -> ChangeRequest {
        let scheme = "Schemes/order-priority.yaml"
        try site.write(scheme, site.read(scheme).replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< \(hours) | - || \"rush\" || the"))
        let request = try site.desk.propose(author: DeskSite.mia, title: "Rush at \(hours)", reason: "Contract", at: Self.at(10)).request
        let text = try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text
        _ = try await site.desk.approve(statement: text, signature: try await site.sign(text, as: "jo"), at: Self.at(20))
        _ = try await site.desk.activate(request.id, at: Self.at(30))
        try work(site, at: Self.at(31))
        return try site.desk.request(request.id)
    }

    private func look(_ site: DeskSite, at second: Int64) async throws -> [TimedChange.Outcome] {
        let outcomes = try await site.desk.keepTime(at: Self.at(second)).map(\.outcome)
        try work(site, at: Self.at(second + 1))
        return outcomes
    }

    private func plan(_ further: String = "", by unit: String = "customer", minimum: Int = 3, share: String = "0.3") -> String {
        """
        rollout: careful
        canary:
          by: \(unit)
          minimum: \(minimum)
          every: 6h
          stages: [{ share: \(share), for: 1d }, { share: 0.6, for: 1d }]
        \(further)
        """
    }

    // MARK: Shadow

    @Test func `a shadow decides and emits nothing, and ends in the canary or for everybody`() async throws {
        let site = try await site("rollout: watched\nshadow: { for: 1d, every: 6h }\n")
        let state = try site.site.liveState().id, position = try #require(try site.site.store.lastLogEntry()?.position)
        let decisions = try site.site.store.decisionCount(), standings = try site.site.store.standings(scheme: "order-priority")
        let request = try await begun(site)
        #expect(request.status == .shadow && request.rollout?.step == .shadow)
        for second in [6 * Self.hour + 40, 12 * Self.hour + 80, 18 * Self.hour + 120] {
            guard case .looked(let verdict)? = try await look(site, at: second).first else { throw CocoaError(.coderInvalidValue) }
            #expect(verdict.outcome == .pass && verdict.reason.hasPrefix("60 would move"), "\(verdict)")
        }
        // Nothing is live, decided or in the outbox of it.
        #expect(try site.site.liveState().id == state && site.site.store.decisionCount() == decisions && site.site.store.effects(after: position).isEmpty)
        #expect(try site.site.store.standings(scheme: "order-priority") == standings)
        let kinds = try site.logKinds()
        #expect(kinds.count { $0 == "changeShadowed" } == 1 && kinds.count { $0 == "changeLookedAt" } == 3)
        #expect(try await look(site, at: Self.day + 200) == [.stepped(nil, request.target.id)])
        #expect(try site.desk.request(request.id).status == .active && rushed(site).count == Self.orders)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a shadow that would do more than was approved goes back to its approvers`() async throws {
        let site = try await site("rollout: watched\nshadow: { for: 1d, every: 6h }\n")
        let request = try await begun(site)
        let more = (100..<120).map { Self.order($0, customer: "C-3000", item: "NX-1") }.joined()
        try site.take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ORDERS05>\n\(more)</ORDERS05>\n", as: "more.xml", in: "idoc-orders")
        try work(site, at: Self.at(3 * Self.hour))
        guard case .putBack(let why)? = try await look(site, at: 7 * Self.hour).first else { throw CocoaError(.coderInvalidValue) }
        #expect(why.contains("and the approved report does not say so"), "\(why)")
        let waiting = try site.desk.request(request.id)
        #expect(waiting.status == .assessed && waiting.approvals.isEmpty && waiting.rollout == nil)
        #expect(try rushed(site).isEmpty)
    }

    // MARK: Canary

    @Test func `a canary reaches its cohort alone, grows, and ends with everybody; nobody moves twice`() async throws {
        let site = try await site(plan())
        let request = try await begun(site)
        let first = try rushed(site)
        #expect(request.status == .canary && !first.isEmpty && first.count < Self.orders, "\(first.count)")
        // All orders of a customer are together.
        #expect(first.count % 3 == 0)
        #expect(await refusal { try await site.desk.activate(request.id, at: Self.at(40)) } == .status)
        // A daemon that starts anew draws nobody else.
        let live = try site.site.liveState().id
        _ = try await site.runOnce()
        #expect(try site.site.liveState().id == live && rushed(site) == first)
        #expect(try await look(site, at: 7 * Self.hour).count == 1)
        guard case .stepped(.canary(1)?, let second)? = try await look(site, at: Self.day + 40).first else { throw CocoaError(.coderInvalidValue) }
        let grown = try rushed(site)
        #expect(first.isStrictSubset(of: grown) && grown.count < Self.orders)
        #expect(try site.site.liveState().id == second.description)
        guard case .stepped(nil, let last)? = try await look(site, at: 2 * Self.day + 100).first else { throw CocoaError(.coderInvalidValue) }
        #expect(last == request.target.id)
        #expect(try rushed(site).count == Self.orders && site.desk.request(request.id).status == .active)
        // Each order was told once of the change, by the arm that decided.
        for order in try site.site.store.standings(scheme: "order-priority").map(\.entity) {
            let moves = try site.site.store.decisions(client: order.client, entity: order.id).filter { $0.scheme == "order-priority" }
            #expect(moves.count == 2 && moves.filter { $0.microsegment == "rush" }.count == 1)
        }
        let member = try #require(first.min())
        let decision = try #require(try site.site.store.decisions(client: member.client, entity: member.id).first { $0.microsegment == "rush" })
        #expect(decision.body.contains("\"arm\":\"cohort\""))
        #expect(try site.text(of: member).contains("in the cohort of a change that was live for a part of the entities"))
        #expect(try site.audit().defects.isEmpty)
        // Undone it is as before its first canary.
        #expect(try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "Too many", at: Self.at(3 * Self.day)) == request.base.id)
        try work(site, at: Self.at(3 * Self.day + 1))
        #expect(try rushed(site).isEmpty && site.desk.request(request.id).status == .rolledBack)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a canary that fails goes back by itself to what everybody had, and opens a review`() async throws {
        let site = try await site(plan("  metrics: [{ metric: units, scheme: order-priority, attribute: units, most: 1 }]"))
        let request = try await begun(site), first = try rushed(site)
        #expect(!first.isEmpty)
        guard case .rolledBack(let why)? = try await look(site, at: 7 * Self.hour).first else { throw CocoaError(.coderInvalidValue) }
        #expect(why.contains("units is 2: it is to be at most 1"), "\(why)")
        #expect(try site.site.liveState().id == request.base.id.description && rushed(site).isEmpty)
        #expect(try site.desk.request(request.id).status == .rolledBack)
        let review = try #require(try site.desk.safety().openReviews.first)
        #expect(review.by == Rollback.daemon && review.reason.contains(request.id.description))
        // It is spent, and its canary is nothing to go back to.
        #expect(try await look(site, at: 14 * Self.hour).isEmpty)
        let canary = try #require(try site.desk.history().first { $0.request == request.id }).state
        #expect(await refusal { try site.desk.rollback(.state(canary), by: DeskSite.ops, reason: "r", at: Self.at(Self.day)) } == .neverActive)
        #expect(await refusal { try site.desk.rollback(.state(canary), by: DeskSite.ops, reason: "r", breaksGlass: true, at: Self.at(Self.day)) } == .neverActive)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a canary of whom too little is known stays as it is`() async throws {
        let site = try await site(plan("  metrics: [{ metric: late, scheme: order-priority, attribute: hours to promise, most: 999999 }]", minimum: 55))
        let request = try await begun(site), first = try rushed(site)
        for second in [7 * Self.hour, Self.day + 100, 3 * Self.day, 9 * Self.day] {
            guard case .looked(let verdict)? = try await look(site, at: second).first else { throw CocoaError(.coderInvalidValue) }
            #expect(verdict.outcome == .inconclusive && verdict.reason.contains("and 55 are needed"), "\(verdict)")
        }
        #expect(try site.desk.request(request.id).status == .canary && rushed(site) == first)
        // An operator decides.
        _ = try site.desk.rollback(.before(request.id), by: DeskSite.ops, reason: "It proves nothing", at: Self.at(10 * Self.day))
        try work(site, at: Self.at(10 * Self.day + 1))
        #expect(try rushed(site).isEmpty && site.desk.request(request.id).status == .rolledBack)
    }

    @Test func `a step that somebody wrote into the store is not gone on from`() async throws {
        let site = try await site(plan())
        let request = try await begun(site), first = try rushed(site)
        let row = try #require(try site.site.store.request(request.id.description))
        let later = row.body.replacing("\"step\":\"canary 1\"", with: "\"step\":\"canary 2\"").replacing(/"(since|next)":"20\d\d/, with: { "\"\($0.output.1)\":\"2020" })
        #expect(later != row.body)
        try site.site.store.driver.write { try Store.write(StoredRequest(id: row.id, status: row.status, base: row.base, target: row.target, body: later), in: $0) }
        #expect(try await look(site, at: 7 * Self.hour) == [.damaged])
        #expect(try await look(site, at: 3 * Self.day) == [.damaged])
        #expect(try rushed(site) == first && site.audit().defects.contains { $0.contains("is not as the log has it") })
    }

    @Test func `overrides go live during a canary, and another change of rules does not`() async throws {
        let site = try await site(plan())
        _ = try await begun(site)
        let first = try rushed(site), other = try #require(try site.site.store.standings(scheme: "order-priority").first { !first.contains($0.entity) })
        try site.write("Overrides/test.csv", "override,scheme,entity.client,entity.id,microsegment,reason,owner,expires\nOV-1,order-priority,NORDWIND,\(other.entity.id),careful,Asked,mia@site,2035-01-01T00:00:00Z\n")
        let request = try site.desk.propose(author: DeskSite.mia, title: "One order", reason: "Asked", at: Self.at(50)).request
        let text = try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text
        _ = try await site.desk.approve(statement: text, signature: try await site.sign(text, as: "jo"), at: Self.at(60))
        _ = try await site.desk.activate(request.id, at: Self.at(70))
        try work(site, at: Self.at(71))
        #expect(try rushed(site) == first && site.site.store.standing(scheme: "order-priority", other.entity)?.microsegment == "careful")
        let scheme = "Schemes/order-priority.yaml"
        try site.write(scheme, site.read(scheme).replacing("pickPriority: 90", with: "pickPriority: 91"))
        #expect(await refusal { try site.desk.propose(author: DeskSite.mia, title: "More", reason: "More", at: Self.at(80)) } == .staleBase)
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `a plan that cannot carry a change is refused when it is proposed`() async throws {
        let site = try await site(plan(by: "lane"))
        #expect(await refusal { try await begun(site) } == .rollout)
        let mixed = try await self.site(plan())
        try mixed.write("Overrides/test.csv", "override,scheme,entity.client,entity.id,microsegment,reason,owner,expires\nOV-1,order-priority,NORDWIND,310001,careful,Asked,mia@site,2035-01-01T00:00:00Z\n")
        #expect(await refusal { try await begun(mixed) } == .rollout)
    }

    // MARK: Experiments

    private static let compared = "  metrics: [{ metric: units, scheme: order-priority, attribute: units, overControl: 5 }]"

    @Test func `an experiment whose arms share the stock of an item is refused`() async throws {
        // Orders of one customer draw on the same items, so orders cannot be parted; customers can, as each has items of their own.
        let orders = try await site(plan(Self.compared, by: "entity"))
        #expect(await refusal { try await begun(orders) } == .rollout)
        let customers = try await site(plan(Self.compared))
        #expect(try await begun(customers).status == .canary)
        // One item that two customers order, one in each part. Which of them are parted hangs on the number of the request, which is the first.
        let cohort = Cohort(salt: "CR-0001", unit: .kind(.customer), draw: .share(try #require(ExactDecimal("0.3"))))
        func customer(_ number: Int) -> EntityKey { EntityKey(.customer, client: "NORDWIND", id: "C-\(2000 + number)") }
        let parted = cohort.holds(customer(0)) != cohort.holds(customer(1))
        let shared = try await site(plan(Self.compared), shared: true)
        if parted { #expect(await refusal { try await begun(shared) } == .rollout) }
        let stock = try await site(plan(Self.compared, by: "stock"), shared: true)
        let request = try await begun(stock), first = try rushed(stock)
        #expect(request.status == .canary && !first.isEmpty && first.count < Self.orders)
        let together = Set(try stock.site.store.standings(scheme: "order-priority").filter { ["310000", "310001"].contains($0.entity.id) }.map { first.contains($0.entity) })
        #expect(together.count == 1)
    }

    @Test func `an experiment whose arms come to share stock proves nothing any more`() async throws {
        let site = try await site(plan(Self.compared))
        _ = try await begun(site)
        guard case .looked(let sound)? = try await look(site, at: 7 * Self.hour).first else { throw CocoaError(.coderInvalidValue) }
        #expect(sound.outcome == .pass, "\(sound)")
        // Every customer orders one more item, the same.
        let text = (0..<20).map { Self.order(200 + $0, customer: "C-\(2000 + $0)", item: "NW-1001") }.joined()
        try site.take("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<ORDERS05>\n\(text)</ORDERS05>\n", as: "more.xml", in: "idoc-orders")
        try work(site, at: Self.at(8 * Self.hour))
        guard case .looked(let verdict)? = try await look(site, at: 14 * Self.hour).first else { throw CocoaError(.coderInvalidValue) }
        #expect(verdict.outcome == .inconclusive && verdict.reason.contains("draw on the same stock by now: item:NORDWIND/NW-1001"), "\(verdict)")
    }
} }
