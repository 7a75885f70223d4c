import Microsegments
import Records
import Testing
import Values

/// Who is in a cohort, and who draws on the same stock.
@Suite struct CohortTests {
    private func customer(_ number: Int) -> EntityKey { EntityKey(.customer, client: "NORDWIND", id: "C-\(number)") }
    private func item(_ name: String) -> EntityKey { EntityKey(.item, client: "NORDWIND", id: name) }
    private func cohort(_ share: String, salt: String = "CR-0001") throws -> Cohort {
        Cohort(salt: salt, unit: .kind(.customer), draw: .share(try #require(ExactDecimal(share))))
    }

    @Test func `with a greater share nobody leaves a cohort, and each holds about its share`() throws {
        let shares = ["0.01", "0.1", "0.5", "0.9"], units = (0..<20_000).map(customer)
        var former: Set<EntityKey> = []
        for share in shares {
            let cohort = try cohort(share), members = Set(units.filter(cohort.holds))
            #expect(former.isSubset(of: members))
            #expect(abs(Double(members.count) / 20_000 - (Double(share) ?? 0)) < 0.01, "\(share): \(members.count)")
            former = members
        }
        let half = try cohort("0.5"), other = try cohort("0.5", salt: "CR-0002")
        let both = units.count { half.holds($0) && other.holds($0) }
        #expect(abs(Double(both) / 20_000 - 0.25) < 0.02)
        #expect(!half.holds(nil))
    }

    @Test func `a cohort is read back from its line, and from no other`() throws {
        let share = try cohort("0.1")
        #expect(share.text == "share CR-0001 0.1 by customer")
        #expect(Cohort(share.text) { _ in nil } == share)
        for text in ["share CR-0001 0.1 by", "share CR-0001 0.10x by customer", "share CR-0001 0.1 by nobody", "part CR-0001 0.1 by customer", "share CR-0001  0.1 by customer"] {
            #expect(Cohort(text) { _ in nil } == nil, "\(text)")
        }
        let units: Set = [customer(1), item("A")]
        let list = Cohort(salt: "CR-0001", unit: .stock, draw: .list(units, digest: "ab12"))
        #expect(Cohort(list.text) { $0 == "ab12" ? Cohort.list(of: units) : nil } == list)
        #expect(Cohort(list.text) { _ in nil } == nil && Cohort(list.text) { _ in "nonsense\n" } == nil)
    }

    @Test func `whole groups that stock ties are drawn, and those that were drawn stay`() throws {
        var pools = StockPools()
        // 40 groups of a customer and two items, and one large one.
        for group in 0..<40 { for name in ["A", "B"] { pools.tie(customer(group), to: item("\(name)\(group)")) } }
        for large in 100..<140 { pools.tie(customer(large), to: item("L")) }
        #expect(pools.groups().count == 41 && pools.groups().map(\.count).max() == 41)
        let tenth = pools.draw(share: try #require(ExactDecimal("0.1")), salt: "CR-0001", keeping: [])
        #expect(!tenth.isEmpty && tenth.count <= 16 && tenth.count % 3 == 0)
        #expect(pools.shared { tenth.contains($0) } == nil)
        let half = pools.draw(share: try #require(ExactDecimal("0.5")), salt: "CR-0001", keeping: tenth)
        #expect(tenth.isSubset(of: half) && half.count > tenth.count && half.count <= 80)
        #expect(pools.shared { half.contains($0) } == nil)
    }

    @Test func `an item on whose stock both parts draw is found`() {
        var pools = StockPools()
        for group in 0..<10 { pools.tie(customer(group), to: item("A\(group)")) }
        #expect(pools.shared { $0 < customer(5) } == nil)
        pools.tie(customer(7), to: item("A2"))
        let shared = pools.shared { $0 < customer(5) }
        #expect(shared?.item == item("A2") && shared?.cohort == customer(2) && shared?.rest == customer(7))
    }
}
