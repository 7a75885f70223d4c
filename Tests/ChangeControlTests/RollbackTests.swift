import ChangeControl
import Testing

@Suite struct RollbackTests {
    @Test func `a rollback swaps the bundle and keeps overrides, governance and engine as they are`() throws {
        let site = try Site()
        let live = StateDescription(
            bundle: Site.digest("rules 2"), overrides: Site.digest("overrides 2"), governance: site.first.governance,
            engine: "crossdock 0.2.0", zones: "2026b")
        let rollback = try Rollback.plan(
            to: site.first, live: live, formerlyActive: [site.first.id], wentOut: Site.at(0), by: Site.ole, reason: "Late shipments", governance: site.governance, at: Site.at(10))
        #expect(rollback.target.bundle == site.first.bundle)
        #expect(rollback.target.overrides == live.overrides)
        #expect(rollback.target.governance == live.governance)
        #expect(rollback.target.engine == "crossdock 0.2.0")
        #expect(rollback.target.zones == "2026b")
    }

    @Test func `a rollback goes only to what was active, by an operator, with a reason`() throws {
        let site = try Site()
        func plan(_ former: [StateID], _ person: Principal, _ reason: String, to state: StateDescription) -> ChangeRefusal.Kind? {
            refusal {
                try Rollback.plan(to: state, live: site.second, formerlyActive: former, wentOut: Site.at(0), by: person, reason: reason, governance: site.governance, at: Site.at(10))
            }
        }
        #expect(plan([site.first.id], Site.ole, "r", to: site.first) == nil)
        #expect(plan([], Site.ole, "r", to: site.first) == .neverActive)
        #expect(plan([site.first.id], Site.mia, "r", to: site.first) == .role)
        #expect(plan([site.first.id], Site.ole, "", to: site.first) == .text)
        #expect(plan([site.second.id], Site.ole, "r", to: site.second) == .nothingToChange)
        // Content that was never active, under the id list of one that was.
        #expect(plan([site.first.id], Site.ole, "r", to: Site.state("rules 7", governance: site.first.governance)) == .neverActive)
    }

    @Test func `what went out of use long ago takes a break of the glass`() throws {
        let site = try Site()
        func plan(breaksGlass: Bool, days: Int64) throws -> Rollback {
            try Rollback.plan(
                to: site.first, live: site.second, formerlyActive: [site.first.id], wentOut: Site.at(0), by: Site.ole, reason: "r", breaksGlass: breaksGlass,
                governance: site.governance, at: Site.at(days * 86_400))
        }
        #expect(try plan(breaksGlass: false, days: 90).breaksGlass == false)
        #expect(refusal { try plan(breaksGlass: false, days: 91) } == .effective)
        #expect(try plan(breaksGlass: true, days: 91).target.bundle == site.first.bundle)
    }
}
