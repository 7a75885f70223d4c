import ChangeControl
import Foundation
import Intake
import Mapping
import Microsegments
import Outbox
import Pipeline
import Records
import Store
import Testing
import Values

/// Downgrade protection over a real store: customers whose region stands for how good they are, whose tier is the floor of their contract, and whose
/// country says whether an order is open.
extension EndToEnd { @Suite struct DowngradeAttackTests {
    private static let start = Instant(seconds: 1_800_000_000)

    private static let attributes = """
        attributes: customer
        entity: customer
        values:
          region:          { field: region }
          tier:            { field: tier, default: none }
          contract floor:  { feel: 'if tier = "none" then null else tier' }
          country:         { field: country }
          under contract:  { feel: 'country = "CONTRACT"' }
          order confirmed: { feel: 'country = "OPEN"' }

        """

    private static func scheme(
        _ name: String = "service", cadence: String = "live", rules: [(region: String, tier: String)] = [("A", "gold"), ("B", "silver")],
        tiers: [String] = ["gold", "silver", "bronze"], downgrade: String = "notice: 14d, grace: 7d", stability: String = "{ confirmAfter: 1d }"
    ) -> String {
        """
        scheme: \(name)
        entity: customer
        cadence: \(cadence)
        rules:
          hitPolicy: FIRST
          table: |
            | region || microsegment |
        \(rules.map { "    | \"\($0.region)\" || \"\($0.tier)\" |" }.joined(separator: "\n"))
            | - || "\(tiers[tiers.count - 1])" |
        stability: \(stability)
        tiers: [\(tiers.joined(separator: ", "))]
        downgrade: { \(downgrade), floor: contract floor, floorRequired: under contract, keepWhile: order confirmed }
        microsegments: { \(tiers.enumerated().map { "\($1): { place: \($0) }" }.joined(separator: ", ")) }

        """
    }

    private static let action = """
        action: lower-ahead
        scheme: service
        on: notice
        target: carrier-api
        webhook:
          event: customer.lower.ahead
          fields:
            customer: { feel: entity }
            from: { feel: notice from }
            to: { feel: notice to }
            effective: { feel: notice effective }

        """

    /// - Parameter cadence: what is taken is evaluated by the clock of the machine where it is live; a daily scheme is run when the test says so.
    private func site(cadence: String = "live") async throws -> DeskSite {
        let site = try await DeskSite.whole()
        try site.write("Schemes/attributes/customer.yaml", Self.attributes)
        try site.write("Schemes/service.yaml", Self.scheme(cadence: cadence))
        try site.write("Schemes/actions/lower-ahead.yaml", Self.action)
        try await site.activate("Service")
        return site
    }

    private static func key(_ id: String) -> EntityKey { EntityKey(.customer, client: "NORDWIND", id: id) }

    /// Takes customers as they are from a day on.
    private func take(_ site: DeskSite, _ customers: [String], version: Int) throws {
        let month = 1 + version / 28, day = 1 + version % 28
        let date = "2026-\(month < 10 ? "0" : "")\(month)-\(day < 10 ? "0" : "")\(day)"
        let text = "customer,name,tier,region,country,changed\n" + customers.map { "\($0),\(date)\n" }.joined()
        let name = "customers-\(version).csv"
        let file = try site.take(text, as: name, in: "customers")
        try #require(file.status == .archived)
    }

    private func run(_ site: DeskSite, _ scheme: String = "service", at now: Instant) throws {
        _ = try site.evaluator().fullRun(#require(try site.site.liveState().bundle.scheme(scheme)), now: now)
    }

    private func standing(_ site: DeskSite, _ id: String, scheme: String = "service") throws -> Standing {
        try #require(try site.site.store.standing(scheme: scheme, Self.key(id)))
    }

    private func told(_ site: DeskSite, _ id: String) throws -> String {
        let standing = try standing(site, id)
        return "\(standing.microsegment) \(standing.verdict.rawValue)"
    }

    private func hooks(_ site: DeskSite) throws -> [String] {
        try site.site.store.effects(status: nil, limit: 1000).filter { $0.action == "lower-ahead" }.map { String(decoding: $0.effect.payload, as: UTF8.self) }
    }

    @Test func `a notice goes out once, and then time alone lowers by one tier a cycle`() async throws {
        let site = try await site()
        try take(site, ["K1,One,,A,AT", "K2,Two,,A,AT"], version: 1)
        #expect(try told(site, "K1") == "gold first" && hooks(site).isEmpty)
        try take(site, ["K1,One,,C,AT"], version: 2)
        #expect(try told(site, "K1") == "gold noticed")
        let notice = try #require(try standing(site, "K1").stability.notice)
        #expect(notice.to == "bronze" && notice.effective == notice.since.adding(seconds: 21 * 86_400))
        #expect(try standing(site, "K1").nextChange == notice.effective)
        #expect(try hooks(site).count == 1 && hooks(site)[0].contains(#""data":{"customer":"K1","from":"gold","to":"bronze","effective":"\#(notice.effective)"}"#))
        // A bad answer more tells nothing anew.
        try take(site, ["K1,One,,D,AT"], version: 3)
        #expect(try hooks(site).count == 1 && standing(site, "K1").stability.notice == notice)
        let text = try site.text(of: Self.key("K1"))
        #expect(text.contains("waits: bronze, which the rules say since") && text.contains("it will go down to bronze, not before \(notice.effective)"))
        #expect(text.contains("gives notice: from gold to bronze, not before \(notice.effective)"))
        #expect(try SiteStatus(site.site).text.contains("notice   service: 1 told that they will be lowered"))

        let before = notice.effective.aNanosecondBefore
        #expect(try site.evaluator().tick(now: before).changed == 0 && standing(site, "K1").microsegment == "gold")
        #expect(try site.evaluator().tick(now: notice.effective).changed == 1)
        #expect(try told(site, "K1") == "silver moved")
        let next = try #require(try standing(site, "K1").nextChange)
        #expect(next > notice.effective && next <= notice.effective.adding(seconds: 90_000), "the next day")
        #expect(try site.text(of: Self.key("K1")).contains("goes on: bronze, which the rules say since"))
        _ = try site.evaluator().tick(now: next.aNanosecondBefore)
        #expect(try told(site, "K1") == "silver moved")
        _ = try site.evaluator().tick(now: next)
        #expect(try told(site, "K1") == "bronze moved" && standing(site, "K1").stability.notice == nil)
        #expect(try told(site, "K2") == "gold first" && hooks(site).count == 1 && site.site.store.noticeCounts().isEmpty)
        #expect(try site.site.store.history(scheme: "service", Self.key("K1"), knownAt: .max).map(\.microsegment) == ["gold", "silver", "bronze"])
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `an upgrade in the grace ends the notice, and the next one is told anew`() async throws {
        let site = try await site(cadence: "daily")
        func day(_ number: Int64) -> Instant { Self.start.adding(seconds: number * 86_400) }
        try take(site, ["K1,One,,A,AT"], version: 1)
        try run(site, at: day(0))
        try take(site, ["K1,One,,B,AT"], version: 2)
        try run(site, at: day(1))
        #expect(try told(site, "K1") == "gold noticed")
        try take(site, ["K1,One,,A,AT"], version: 3)
        try run(site, at: day(17))
        #expect(try told(site, "K1") == "gold same" && standing(site, "K1").stability.notice == nil)
        try take(site, ["K1,One,,B,AT"], version: 4)
        try run(site, at: day(20))
        try run(site, at: day(40))
        #expect(try told(site, "K1") == "gold noticed" && hooks(site).count == 2)
        try run(site, at: day(41))
        #expect(try told(site, "K1") == "silver moved")
    }

    @Test func `a floor that is missing holds, a contract that ends in the grace does not stop the notice, and an open order stays`() async throws {
        let site = try await site(cadence: "daily")
        func day(_ number: Int64) -> Instant { Self.start.adding(seconds: number * 86_400) }
        try take(site, ["K1,Missing,,A,CONTRACT", "K2,Ends,S,A,CONTRACT", "K3,Open,,A,OPEN"], version: 1)
        try run(site, at: day(0))
        try take(site, ["K1,Missing,,C,CONTRACT", "K2,Ends,S,C,CONTRACT", "K3,Open,,C,OPEN"], version: 2)
        try run(site, at: day(1))
        #expect(try told(site, "K1") == "gold floorUnknown" && told(site, "K2") == "gold noticed" && told(site, "K3") == "gold kept")
        #expect(try standing(site, "K2").stability.notice?.to == "silver" && hooks(site).count == 1)
        #expect(try site.text(of: Self.key("K1")).contains("would lower it, and `contract floor` does not tell its floor"))
        #expect(try site.text(of: Self.key("K3")).contains("would lower it, and `order confirmed` is true"))
        // The contract of K2 ends in the grace.
        try take(site, ["K2,Ends,,C,AT"], version: 3)
        try run(site, at: day(16))
        #expect(try told(site, "K2") == "gold noticed")
        try run(site, at: day(22))
        #expect(try told(site, "K2") == "silver moved" && told(site, "K1") == "gold floorUnknown" && told(site, "K3") == "gold kept")
        // The order is closed: only now is its customer told.
        try take(site, ["K3,Open,,C,CLOSED"], version: 4)
        try run(site, at: day(30))
        #expect(try told(site, "K3") == "gold noticed")
        try run(site, at: day(51))
        #expect(try told(site, "K3") == "silver moved")
    }

    @Test func `a change of the rules is foretold with its notices, and goes neither below a floor nor past a notice`() async throws {
        let site = try await site()
        try take(site, ["K1,Floor,G,A,CONTRACT", "K2,Free,,A,AT", "K3,Middle,,B,AT", "K4,Best,,A,AT", "K5,Busy,,A,OPEN", "K6,Lost,,A,CONTRACT"], version: 1)
        try site.write("Schemes/service.yaml", Self.scheme(rules: [("X", "gold"), ("B", "silver")], downgrade: "notice: 0s, grace: 2h"))
        let request = try site.desk.propose(author: DeskSite.mia, title: "All are low", reason: "Tried", at: SystemClock.now()).request
        let now = SystemClock.now(), report = try site.desk.impact(request.id, at: now)
        let impact = try #require(report.schemes.first { $0.scheme == "service" })
        #expect(impact.moved == 0 && impact.lowered.isEmpty && impact.notices.map(\.entity) == ["customer:NORDWIND/K2", "customer:NORDWIND/K4"])
        #expect(impact.notices.allSatisfy { $0.from == "gold" && $0.to == "bronze" && $0.effective == now.adding(seconds: 7200) })
        // Who is kept by an open order, or by a floor that nobody can tell, would be told too: that is named, and counts for the class.
        #expect(impact.kept == ["customer:NORDWIND/K5", "customer:NORDWIND/K6"])
        #expect(try #require(ImpactFacts(report: report.text, components: [.bundle], paths: [])).lowered == 4)
        let compared = try SchemeComparison("service", site: site.site, now: now).impact
        #expect(compared.kept == impact.kept && compared.notices.map(\.entity) == impact.notices.map(\.entity))
        #expect(report.text.contains(#""earliestEffective":"\#(now.adding(seconds: 7200))""#))
        #expect(report.emissions.first { $0.action == "lower-ahead" }?.count == 2)
        let page = report.page(title: "t")
        #expect(page.sections.contains { $0.title == "Who is told of a lower tier in service" && $0.rows.count == 2 })
        // Whoever is told is named, so that one more voids the approvals.
        let material = try #require(ImpactMaterial(text: report.text))
        #expect(material == ImpactMaterial(report))

        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: SystemClock.now())
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        #expect(try told(site, "K1") == "gold heldFloor" && told(site, "K2") == "gold noticed" && told(site, "K3") == "silver same")
        let effective = try #require(try standing(site, "K2").stability.notice?.effective)

        // Another change takes tiers out: nobody goes down by that alone who need not.
        try site.write("Schemes/service.yaml", Self.scheme(rules: [("X", "gold")], tiers: ["gold", "bronze"]))
        try await site.activate("No silver")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        #expect(try told(site, "K1") == "gold heldFloor" && told(site, "K3") == "gold moved" && standing(site, "K3").stability.notice?.to == "bronze")
        #expect(try standing(site, "K2").stability.notice?.effective == effective, "what was told holds")
        _ = try site.evaluator().tick(now: effective.adding(seconds: 60))
        #expect(try told(site, "K2") == "bronze moved" && told(site, "K3") == "gold moved" && told(site, "K1") == "gold heldFloor")
        #expect(try site.audit().defects.isEmpty)
    }

    @Test func `an override goes down at once, and not below the floor`() async throws {
        let site = try await site()
        try take(site, ["K1,Floor,S,A,CONTRACT", "K2,Free,,A,AT"], version: 1)
        for id in ["K1", "K2"] {
            try site.writeOverride("OV-\(id)", scheme: "service", entity: id, microsegment: "bronze", expires: SystemClock.now().adding(seconds: 86_400))
        }
        try await site.activate("Both down")
        _ = try site.evaluator().drainDirty(now: SystemClock.now())
        #expect(try standing(site, "K1").microsegment == "silver" && standing(site, "K2").microsegment == "bronze")
        #expect(try standing(site, "K1").cause == "override OV-K1" && standing(site, "K1").stability.settled == "gold")
    }

    @Test func `full runs that ask in columns and those that ask one by one say the same`() async throws {
        let site = try await site(cadence: "daily"), wait = "notice: 3d, grace: 1d, cycle: week"
        // A budget that holds nobody back has the population asked in columns first.
        try site.write("Schemes/service-columns.yaml", Self.scheme(
            "service-columns", cadence: "daily", downgrade: wait, stability: "{ confirmAfter: 1d, budget: { per: week, members: 100% } }"))
        try site.write("Schemes/service.yaml", Self.scheme(cadence: "daily", downgrade: wait))
        try await site.activate("In columns too")
        var random = SystemRandomNumberGenerator(), lowered = 0
        var customers = (0..<12).map { _ in (region: "A", tier: "", country: "AT") }
        for day in 0..<30 {
            let now = Self.start.adding(seconds: Int64(day) * 86_400)
            for index in customers.indices where day > 0 {
                if Int.random(in: 0..<5, using: &random) == 0 { customers[index].region = ["A", "B", "C", "C"].randomElement(using: &random) ?? "A" }
                if Int.random(in: 0..<12, using: &random) == 0 { customers[index].tier = ["", "", "S", "G"].randomElement(using: &random) ?? "" }
                if Int.random(in: 0..<12, using: &random) == 0 { customers[index].country = ["AT", "OPEN", "CONTRACT"].randomElement(using: &random) ?? "AT" }
            }
            try take(site, customers.enumerated().map { "C\($0),N,\($1.tier),\($1.region),\($1.country)" }, version: day)
            for scheme in ["service", "service-columns"] { try run(site, scheme, at: now) }
            for index in customers.indices {
                let alone = try standing(site, "C\(index)"), columns = try standing(site, "C\(index)", scheme: "service-columns")
                #expect(alone.microsegment == columns.microsegment && alone.stability == columns.stability && alone.verdict == columns.verdict, "day \(day), customer \(index)")
                if columns.verdict == .moved, columns.stability.lowered == now { lowered += 1 }
            }
        }
        #expect(lowered > 0)
        #expect(try site.audit().defects.isEmpty)
    }
}}
