import ChangeControl
import Foundation
import Microsegments
import Outbox
import Pipeline
import Records
import Store
import Testing
import Values

/// What a change does is foretold, signed for, and held to.
extension EndToEnd { @Suite struct ImpactTests {
    private static let twentieth = ExactDecimal(coefficient: 5, scale: 2)

    /// A site with the sample files taken.
    private func site() async throws -> DeskSite {
        let site = try await DeskSite.whole()
        let flow = try site.flow()
        for feed in ["customers", "item-master", "order-history", "x12-orders", "idoc-orders"] {
            for name in try DeskSite.samples(feed) where !name.hasSuffix(".done") { try site.take(DeskSite.sample("\(feed)/\(name)"), as: name, in: feed, flow: flow) }
        }
        try work(site, at: SystemClock.now())
        return site
    }

    /// What the daemon does after an activation.
    private func work(_ site: DeskSite, at now: Instant) throws {
        let evaluator = try site.evaluator()
        _ = try evaluator.drainDirty(now: now)
        for scheme in try evaluator.dueFullRuns(now: now) { _ = try evaluator.fullRun(scheme, now: now) }
    }

    private func approved(_ site: DeskSite, at now: Instant) async throws -> ChangeRequest {
        let request = try site.desk.propose(author: DeskSite.mia, title: "Another", reason: "Tried", at: now).request
        return try await site.approve(request.id)
    }

    /// Orders promised within so many hours are in a hurry.
    private func urgent(_ site: DeskSite, below hours: Int) throws {
        let scheme = "Schemes/order-priority.yaml"
        try site.write(scheme, site.read(scheme).replacing(/< \d+ +\| - +\|\| "rush" +\|\| the/, with: "< \(hours) | - || \"rush\" || the"))
    }

    /// One edit of the state, so that nobody, some or all move, and actions say other things.
    private func change(_ site: DeskSite, _ draw: inout SystemRandomNumberGenerator) throws {
        let scheme = "Schemes/order-priority.yaml", items = "Schemes/item-value.yaml"
        switch Int.random(in: 0..<6, using: &draw) {
        case 0: try site.write(scheme, site.read(scheme).replacing(/< \d+ +\| - +\|\| "rush" +\|\| gold/, with: "< \(Int.random(in: 1...9999, using: &draw)) | - || \"rush\" || gold"))
        case 1: try urgent(site, below: Int.random(in: 1...99_999, using: &draw))
        case 2: try site.write(scheme, site.read(scheme).replacing(/pickPriority: \d+, carrier: ground, packing: fragile/, with: "pickPriority: \(Int.random(in: 20...80, using: &draw)), carrier: ground, packing: fragile"))
        case 3: try site.write(items, site.read(items).replacing(/reviewDays: \d+,  costTarget: 0.12/, with: "reviewDays: \(Int.random(in: 2...29, using: &draw)),  costTarget: 0.12"))
        case 4:
            let orders = try site.site.store.standings(scheme: "order-priority")
            let order = try #require(orders.randomElement(using: &draw)).entity.id, name = ["rush", "careful", "standard"].randomElement(using: &draw) ?? "rush"
            try site.write("Overrides/test.csv", "override,scheme,entity.client,entity.id,microsegment,reason,owner,expires\nOV-\(Int.random(in: 1...999, using: &draw)),order-priority,NORDWIND,\(order),\(name),Asked,mia@site,2035-01-01T00:00:00Z\n")
        default:
            let hook = "Schemes/actions/order-priority-changed.yaml", text = try site.read(hook)
            try site.write(hook, text.contains("on: change") ? text.replacing("on: change", with: "on: evaluation") : text.replacing("on: evaluation", with: "on: change"))
        }
    }

    @Test func `over random changes, who moves and what goes out is what was foretold, byte for byte`() async throws {
        let site = try await site()
        let rounds = ProcessInfo.processInfo.environment["IMPACT_ROUNDS"].flatMap { Int($0) } ?? 10
        var draw = SystemRandomNumberGenerator(), moved = 0, emitted = 0
        for round in 0..<rounds {
            // What is drawn may move nobody; the first change moves orders for certain.
            if round == 0 { try urgent(site, below: 99_999) } else { try change(site, &draw) }
            guard try StateFiles.onDisk(root: site.root).manifests.description.id != StateID(site.site.liveState().id) else { continue }
            let now = SystemClock.now()
            let request = try await approved(site, at: now)
            let foretold = try site.desk.impact(request.id, at: now)
            let before = Dictionary(uniqueKeysWithValues: try standings(site).map { ("\($0.scheme) \($0.entity)", $0.microsegment) })
            _ = try await site.desk.activate(request.id, at: now)
            let position = try #require(try site.site.store.lastLogEntry()?.position) - 1
            try work(site, at: now)

            var moves: [String: Int] = [:]
            for standing in try standings(site) {
                let from = before["\(standing.scheme) \(standing.entity)"]
                if from != standing.microsegment { moves["\(standing.scheme): \(from ?? "new") to \(standing.microsegment)", default: 0] += 1 }
            }
            let expected = foretold.schemes.flatMap { scheme in scheme.moves.map { ("\(scheme.scheme): \($0.from ?? "new") to \($0.to)", $0.count) } }
            #expect(moves == Dictionary(uniqueKeysWithValues: expected), "round \(round)")
            for scheme in foretold.schemes {
                let counts = Dictionary(grouping: try site.site.store.standings(scheme: scheme.scheme), by: \.microsegment).mapValues(\.count)
                #expect(scheme.sizes.allSatisfy { $0.after == counts[$0.microsegment] ?? 0 })
            }
            let effects = Dictionary(grouping: try site.site.store.effects(after: position)) { "\($0.action) \($0.effect.target) \($0.effect.kind.rawValue)" }
            #expect(Set(effects.keys) == Set(foretold.emissions.map { "\($0.action) \($0.target) \($0.kind)" }), "round \(round)")
            for emission in foretold.emissions {
                let real = effects["\(emission.action) \(emission.target) \(emission.kind)"] ?? []
                let lines = real.map { "\($0.effect.id) \(ContentDigest(of: $0.effect.payload).hex)\n" }
                #expect(emission.count == real.count && emission.digest == ContentDigest(ofText: lines.joined()), "round \(round): \(emission.action)")
                emitted += real.count
            }
            moved += foretold.moved
        }
        #expect(moved > 0 && emitted > 0)
        #expect(try site.audit().defects.isEmpty)
        #expect(try FileManager.default.contentsOfDirectory(atPath: Site.parent(of: site.site.path(site.site.configuration.store))).filter { $0.contains("rehearsal") }.isEmpty)
    }

    @Test func `what a crash left of a rehearsal goes with the next start`() async throws {
        let site = try await DeskSite.whole()
        let store = site.site.path(site.site.configuration.store), files = FileManager.default
        for (name, age) in [("old", 7200.0), ("new", 60.0)] {
            try Data("x".utf8).write(to: URL(fileURLWithPath: "\(store).rehearsal-\(name)"))
            try files.setAttributes([.modificationDate: Date().addingTimeInterval(-age)], ofItemAtPath: "\(store).rehearsal-\(name)")
        }
        _ = try await site.runOnce()
        #expect(!files.fileExists(atPath: "\(store).rehearsal-old") && files.fileExists(atPath: "\(store).rehearsal-new"))
    }

    private func standings(_ site: DeskSite) throws -> [Standing] {
        try ["order-priority", "item-value"].flatMap { try site.site.store.standings(scheme: $0) }
    }

    @Test func `the report is what is signed, and says where nobody can tell`() async throws {
        let site = try await site()
        let request = try site.propose(hours: 99_999)
        let text = try site.desk.assessment(request.id)
        #expect(request.status == .assessed && request.impact == ContentDigest(ofText: text))
        #expect(try site.desk.statement(request.id, for: DeskSite.jo, reason: "Read").text.contains("\nimpact \(ContentDigest(ofText: text).hex)\n"))
        let report = try site.desk.impact(request.id, at: SystemClock.now())
        let orders = try #require(report.schemes.first { $0.scheme == "order-priority" })
        #expect(orders.moved > 3 && orders.moves.allSatisfy { $0.to == "rush" } && orders.movers.allSatisfy { $0.rule == 2 && $0.formerRule != nil })
        // Without tiers every move counts as one for the worse.
        #expect(orders.lowered.count == orders.moved && report.unknown.contains { $0.hasPrefix("whether moves of order-priority are for the worse") })
        #expect(report.promises.redistribute > 0 && report.promises.gain == 0)
        // The tables alone tell where they differ, with an instance each.
        let rules = try #require(report.rules.first { $0.scheme == "order-priority" })
        #expect(rules.isComplete && rules.changes.contains { $0.region.contains("hours to promise") && $0.answer == "\"rush\" (rule 2)" && $0.witness.contains("hours to promise = ") }, "\(rules)")
        let page = report.page(title: "What it does")
        #expect(page.markdown.contains("| standard | rush | ") && page.html.contains("<td>rush</td>"))
        #expect(ImpactMaterial(text: report.text) == ImpactMaterial(report))
    }

    @Test func `a change that would do more than was approved is not activated, and is to be approved again`() async throws {
        let site = try await site()
        let now = SystemClock.now()
        let request = try site.propose(hours: 99_999)
        _ = try await site.approve(request.id)
        // Meanwhile orders arrive that the approved report does not know of.
        for number in 0..<3 { try site.take(DeskSite.order("NEW-\(number)", control: 900 + number), as: "new\(number).edi", in: "x12-orders") }
        let refused = await #expect(throws: ChangeRefusal.self) { try await site.desk.activate(request.id, at: now) }
        #expect(refused?.kind == .impact && refused?.fact.contains("would be lowered, and 2 more, and the approved report does not say so") == true)
        let again = try site.desk.request(request.id)
        #expect(again.status == .assessed && again.approvals.isEmpty && again.impact != request.impact)
        #expect(try site.logKinds().last == "changeAssessed")
        _ = try await site.approve(request.id)
        _ = try await site.desk.activate(request.id, at: now)
        #expect(try site.desk.request(request.id).status == .active)
    }

    @Test func `with tiers only those who go down are lowered, and their contracts are named`() async throws {
        let site = try await site()
        try site.write("Schemes/order-priority.yaml", site.read("Schemes/order-priority.yaml") + "tiers: [rush, careful, standard]\n")
        try await site.activate("Tiers")
        try work(site, at: SystemClock.now())
        let up = try site.desk.impact(site.propose(hours: 99_999).id, at: SystemClock.now())
        #expect(up.moved > 3 && up.lowered == 0 && up.promises.gain > 0 && up.promises.lose == 0)
    }

    @Test func `nobody may be told of a lower tier, or lowered sooner, whom the approved report does not name`() throws {
        func report(lowered: [String] = [], noticed: [String] = []) throws -> ImpactMaterial {
            let notices = noticed.map { SchemeImpact.Notice(entity: $0, from: "a", to: "b", effective: DeskSite.at(9)) }
            let state = try #require(StateID(String(repeating: "ab", count: 32)))
            let report = ImpactReport(
                base: state, target: state, asOf: DeskSite.at(0), head: LogHead(position: 1, hash: .zero),
                schemes: [SchemeImpact(scheme: "s", members: 9, moves: [], sizes: [], lowered: lowered, notices: notices, movers: [], valueMoved: nil)], emissions: [],
                contracts: [], promises: PromiseImpact(), redundantOverrides: [], failures: 0, unknown: [])
            #expect(ImpactMaterial(text: report.text) == ImpactMaterial(report))
            return ImpactMaterial(report)
        }
        #expect(try report(noticed: ["x"]).excess(over: report(noticed: ["x", "y"]), tolerance: .zero) == nil)
        #expect(try report(noticed: ["x"]).excess(over: report(lowered: ["x"]), tolerance: .zero) == nil, "later than was approved")
        #expect(try report(noticed: ["x", "z"]).excess(over: report(noticed: ["x"]), tolerance: .one) == "s z would be told that it will be lowered, and the approved report does not say so")
        #expect(try report(lowered: ["x"]).excess(over: report(noticed: ["x"]), tolerance: .one) == "s x would be lowered, and the approved report does not say so")
    }

    @Test func `counts may differ within the tolerance`() throws {
        func report(_ moved: Int, lowered: [String] = []) throws -> ImpactMaterial {
            let scheme = SchemeImpact(
                scheme: "s", members: 100, moves: [SchemeImpact.Move(from: "a", to: "b", count: moved)], sizes: [], lowered: lowered, movers: [], valueMoved: nil)
            let state = try #require(StateID(String(repeating: "ab", count: 32)))
            return ImpactMaterial(ImpactReport(
                base: state, target: state, asOf: DeskSite.at(0), head: LogHead(position: 1, hash: .zero), schemes: [scheme], emissions: [], contracts: [],
                promises: PromiseImpact(), redundantOverrides: [], failures: 0, unknown: []))
        }
        #expect(try report(105).excess(over: report(100), tolerance: Self.twentieth) == nil)
        #expect(try report(106).excess(over: report(100), tolerance: Self.twentieth) == "s: a to b: 106, and the approved report says 100")
        #expect(try report(94).excess(over: report(100), tolerance: Self.twentieth) != nil)
        #expect(try report(2).excess(over: report(1), tolerance: Self.twentieth) == nil)
        #expect(try report(2).excess(over: report(1), tolerance: .zero) != nil)
        #expect(try report(1, lowered: ["x"]).excess(over: report(1, lowered: ["x", "y"]), tolerance: .zero) == nil)
        #expect(try report(1, lowered: ["x", "z"]).excess(over: report(1, lowered: ["x"]), tolerance: .one) == "s z would be lowered, and the approved report does not say so")
    }
}}
