@testable import ChangeControl
import Configurations
import Diagnostics
import Testing
import Values

/// Plans of rollouts, their verdicts, and the steps of a request.
@Suite struct RolloutTests {
    private static let day: Int64 = 86_400

    private func read(_ text: String) throws -> (plan: RolloutPlan?, facts: [String]) {
        let (root, syntax) = ConfigurationText.parse(text, file: "Schemes/rollout.yaml")
        let node = try #require(root)
        let shape = syntax + RolloutPlan.shape.check(node)
        guard shape.isEmpty else { return (nil, shape.map(\.fact)) }
        let (plan, findings) = RolloutPlan.read(node)
        return (plan, findings.map(\.fact))
    }

    private func plan(_ metrics: String = "", minimum: Int = 3, shadow: Bool = true) throws -> RolloutPlan {
        let read = try read("""
            rollout: careful
            \(shadow ? "shadow: { for: 2d, every: 6h }" : "# at once for a part")
            canary:
              by: customer
              minimum: \(minimum)
              stages: [{ share: 0.1, for: 1d }, { share: 0.5, for: 2d }]
              metrics: [\(metrics)]
            """)
        return try #require(read.plan, "\(read.facts)")
    }

    // MARK: The file

    @Test func `a plan is read, and what it cannot mean is refused`() throws {
        let plan = try plan("{ metric: late, scheme: order-priority, attribute: days late, most: 1.5, overControl: 0.2 }")
        #expect(plan.steps == [.shadow, .canary(0), .canary(1)] && plan.canary?.isExperiment == true)
        #expect(plan.text.contains("canary of 0.5 by customer for P2D") && plan.text.contains("late: days late of order-priority at most 1.5 and at most 0.2 over the rest"))
        #expect(try read("rollout: none").facts == ["a rollout with neither shadow nor canary does nothing"])
        #expect(try read("rollout: r\ncanary: { stages: [{ share: 0.5, for: 1d }, { share: 0.5, for: 1d }] }").facts.first?.hasPrefix("the share is 0.5; each is above the one before") == true)
        #expect(try read("rollout: r\ncanary: { stages: [{ share: 1, for: 1d }] }").facts.count == 1)
        #expect(try read("rollout: r\ncanary: { stages: [] }").facts.first?.hasPrefix("there are 0 stages") == true)
        #expect(try read("rollout: r\nshadow: { for: 1s }").facts.first?.contains("it is PT1M to P366D") == true)
        #expect(try read("rollout: r\ncanary: { stages: [{ share: 0.1, for: 1d }], metrics: [{ metric: m, scheme: s, attribute: a }, { metric: m, scheme: s, attribute: a, most: 1 }] }").facts
            == ["metric m has no limit", "there are two metrics m"])
    }

    @Test func `limits that no number meets, and shares of nobody, are refused`() throws {
        for (canary, fact) in [
            ("stages: [{ share: 0.00001, for: 1d }]", "the share is 0.00001"), ("stages: [{ share: 0.1, for: 1d }], metrics: [{ metric: m, scheme: s, attribute: a, most: 1, least: 5 }]", "metric m is to be at most 1 and at least 5"),
            ("stages: [{ share: 0.1, for: 1d }], metrics: [{ metric: m, scheme: s, attribute: a, overControl: -1 }]", "metric m may differ by less than nothing"),
        ] { #expect(try read("rollout: r\ncanary: { \(canary) }").facts.first?.hasPrefix(fact) == true, "\(canary)") }
    }

    // MARK: Verdicts

    private func mean(_ value: Int, of count: Int) -> CanaryMeasurement.Mean { CanaryMeasurement.Mean(value: ExactDecimal(value), count: count) }

    private func verdict(_ canary: RolloutPlan.Canary?, cohort: Int = 10, rest: Int = 90, failures: Int = 0, _ means: CanaryMeasurement.Means? = nil, shared: String? = nil) throws -> RolloutVerdict {
        var found = CanaryMeasurement()
        (found.cohort, found.rest, found.failures, found.sharedStock) = (cohort, rest, failures, shared)
        if let means { found.means["late"] = means }
        return try #require(canary).verdict(on: found)
    }

    @Test func `a metric that nobody has, or too few, holds a canary`() throws {
        let most = try plan("{ metric: late, scheme: s, attribute: a, most: 2 }").canary
        #expect(try verdict(most, CanaryMeasurement.Means(cohort: mean(1, of: 10), rest: nil)).outcome == .pass)
        #expect(try verdict(most).outcome == .inconclusive)
        #expect(try verdict(most, CanaryMeasurement.Means(cohort: nil, rest: mean(1, of: 90))).outcome == .inconclusive)
        #expect(try verdict(most, CanaryMeasurement.Means(cohort: mean(9, of: 2), rest: nil)).reason == "late is known of the cohort by 2 entities only, and 3 are needed")
        #expect(try verdict(most, CanaryMeasurement.Means(cohort: mean(3, of: 10), rest: nil)).outcome == .fail)
    }

    @Test func `a cohort of one customer proves nothing`() throws {
        let canary = try plan().canary
        #expect(try verdict(canary, cohort: 1) == RolloutVerdict(.inconclusive, "the cohort has 1 entities, and 3 are needed"))
        #expect(try verdict(canary, rest: 0).outcome == .inconclusive)
        #expect(try verdict(canary).outcome == .pass)
        #expect(try verdict(canary, cohort: 1, failures: 1).outcome == .fail)
    }

    @Test func `a cohort that is held against the rest needs both, and stock of its own`() throws {
        let canary = try plan("{ metric: late, scheme: s, attribute: a, overControl: 1, underControl: 5 }").canary
        let means = { (cohort: Int, rest: Int) in CanaryMeasurement.Means(cohort: self.mean(cohort, of: 10), rest: self.mean(rest, of: 90)) }
        #expect(try verdict(canary, means(3, 2)).outcome == .pass)
        #expect(try verdict(canary, means(4, 2)).reason == "late is 4, and 2 of the rest: it is to be at most 1 over the rest and at most 5 under the rest")
        #expect(try verdict(canary, means(2, 8)).outcome == .fail)
        #expect(try verdict(canary, CanaryMeasurement.Means(cohort: mean(3, of: 10), rest: nil)).outcome == .inconclusive)
        #expect(try verdict(canary, means(3, 2), shared: "item A goes to both") == RolloutVerdict(.inconclusive, "item A goes to both"))
    }

    // MARK: Steps

    private var facts: ImpactFacts {
        var facts = ImpactFacts()
        facts.components = [.bundle]
        return facts
    }

    private func canaryState(_ site: Site) -> StateDescription { site.second.with(canary: StateDescription.Canary(control: site.first.bundle, cohort: "share CR-0001 0.1 by customer")) }

    @Test func `a rollout goes from shadow over its stages to everybody, each step once it passed`() throws {
        let site = try Site(), plan = try plan(), (approved, proof) = try site.approved()
        func step(_ request: ChangeRequest, live: StateDescription, at second: Int64) throws -> ChangeRequest {
            try request.advanced(live: live, stored: site.second, facts: facts, verified: [proof], governance: site.governance, plan: plan, at: Site.at(second))
        }
        let pass = RolloutVerdict(.pass, "well"), open = RolloutVerdict(.inconclusive, "who knows")
        let shadow = try approved.activated(live: site.first, stored: site.second, facts: facts, verified: [proof], governance: site.governance, plan: plan, at: Site.at(0))
        #expect(shadow.status == .shadow && shadow.status.isOpen && shadow.rollout?.next == Site.at(6 * 3600))
        #expect(!shadow.isDue(at: Site.at(6 * 3600 - 1), live: site.first) && shadow.isDue(at: Site.at(6 * 3600), live: site.first))
        // Not before its time, not unlooked at, and not on an open verdict.
        #expect(throws: ChangeRefusal.self) { try step(shadow, live: site.first, at: 3 * Self.day) }
        #expect(throws: ChangeRefusal.self) { try step(shadow.looked(pass, plan: plan, at: Site.at(3600)), live: site.first, at: Self.day) }
        #expect(throws: ChangeRefusal.self) { try step(shadow.looked(open, plan: plan, at: Site.at(2 * Self.day)), live: site.first, at: 2 * Self.day) }
        let first = try step(shadow.looked(pass, plan: plan, at: Site.at(2 * Self.day)), live: site.first, at: 2 * Self.day)
        #expect(first.status == .canary && first.rollout?.step == .canary(0) && !first.status.isOpen && first.status.isUnderWay)
        // Only in the state that it is live in, for a part.
        let passed = try first.looked(pass, plan: plan, at: Site.at(3 * Self.day))
        #expect(throws: ChangeRefusal.self) { try step(passed, live: site.first, at: 3 * Self.day) }
        let second = try step(passed, live: canaryState(site), at: 3 * Self.day)
        #expect(second.rollout?.step == .canary(1) && second.rollout?.since == Site.at(3 * Self.day))
        let last = try step(second.looked(pass, plan: plan, at: Site.at(5 * Self.day)), live: canaryState(site), at: 5 * Self.day)
        #expect(last.status == .active && last.rollout == nil)
        let held = try second.looked(open, plan: plan, at: Site.at(4 * Self.day))
        #expect(ChangeRequest(second.value) == second && ChangeRequest(held.value)?.rollout?.verdict == open)
    }

    @Test func `no step of a rollout is taken by approvals that do not count any more, or in a freeze`() throws {
        let site = try Site(), plan = try plan(shadow: false), (approved, proof) = try site.approved()
        let canary = try approved.activated(live: site.first, stored: site.second, facts: facts, verified: [proof], governance: site.governance, plan: plan, at: Site.at(0))
            .looked(RolloutVerdict(.pass, "well"), plan: plan, at: Site.at(Self.day))
        func refused(_ proofs: [VerifiedSignature], freezes: [Freeze] = []) -> ChangeRefusal.Kind? {
            do throws(ChangeRefusal) {
                _ = try canary.advanced(
                    live: canaryState(site), stored: site.second, facts: facts, verified: proofs, governance: site.governance, freezes: freezes, plan: plan, at: Site.at(Self.day))
                return nil
            } catch { return error.kind }
        }
        #expect(refused([proof]) == nil)
        #expect(refused([]) == .threshold)
        #expect(refused([proof], freezes: [Freeze(name: "peak", from: Site.at(0), until: Site.at(2 * Self.day), reason: "Peak")]) == .frozen)
    }

    @Test func `nobody goes back to a bundle that only a part had`() throws {
        let site = try Site(), canary = canaryState(site)
        func refused(_ former: StateDescription, live: StateDescription) -> ChangeRefusal.Kind? {
            do throws(ChangeRefusal) {
                _ = try Rollback.plan(
                    to: former, live: live, formerlyActive: [site.first.id, canary.id], wentOut: Site.at(0), by: Site.ole, reason: "r", governance: site.governance, at: Site.at(1))
                return nil
            } catch { return error.kind }
        }
        #expect(refused(canary, live: site.first) == .neverActive)
        #expect(refused(site.first, live: canary) == nil)
        let plan = try Rollback.automatic(to: site.first, live: canary, reason: "late is 4")
        #expect(plan.target == site.first && plan.operator == Rollback.daemon)
        #expect(throws: ChangeRefusal.self) { try Rollback.automatic(to: site.second, live: canary, reason: "r") }
        #expect(throws: ChangeRefusal.self) { try Rollback.automatic(to: site.first, live: site.second, reason: "r") }
    }

    @Test func `while a change is live for a part no other change of the bundle becomes live`() throws {
        let site = try Site(), live = canaryState(site)
        let third = Site.state("rules 3", governance: site.governance.manifest), overrides = StateDescription(
            bundle: live.bundle, overrides: Site.digest("overrides 2"), governance: live.governance, engine: live.engine, zones: live.zones, canary: live.canary)
        func landing(_ target: StateDescription) throws -> StateDescription {
            try ChangeRequest.draft(id: ChangeRequestID(number: 2), author: Site.mia, title: "t", reason: "r", base: live, target: target, expires: Site.at(Self.day))
                .landing(on: live, governance: site.governance)
        }
        #expect(throws: ChangeRefusal.self) { try landing(third) }
        // Overrides may change, and who has what of the bundle stays.
        #expect(try landing(overrides) == overrides)
    }

    @Test func `the text of a state says who has its bundle, and is read back in no other form`() throws {
        let site = try Site(), state = canaryState(site)
        #expect(StateDescription.parse(state.text).state == state && state.id != site.second.id)
        #expect(StateDescription.parse(state.text.replacing(site.first.bundle.hex, with: site.second.bundle.hex)).state == nil)
        #expect(StateDescription.parse(state.text.replacing("cohort share", with: "cohort  share")).state == nil)
        #expect(StateDescription.parse(site.second.text + "control \(site.first.bundle.hex)\n").state == nil)
        #expect(StateDescription.parse(state.text + "more x\n").state == nil)
    }
}
