import Attributes
import Microsegments
import Records
import Store
import Testing
import Values

/// What has moved in a cycle is kept by cycle, in whatever order cycles are asked for.
@Suite struct ChurnTests {
    private func standing(_ id: String, _ value: Int) -> Standing {
        Standing(
            scheme: "value", entity: EntityKey(.customer, client: "ACME", id: id), microsegment: "a", cause: "rules", computed: "a", rule: 1,
            stability: StabilityState(settled: "a", since: Instant(seconds: 0)), verdict: .first, value: ExactDecimal(value), nextChange: nil, state: "s")
    }

    @Test func `the ledger of a cycle stays as it was while another cycle is written`() throws {
        let fixture = try StoreFixture()
        let budget = ChurnBudget(cycle: .day, members: ExactDecimal("0.5"), value: nil)
        func moves(_ ids: [String]) -> [ChurnBudget.Move] {
            ids.map { ChurnBudget.Move(entity: EntityKey(.customer, client: "ACME", id: $0), since: Instant(seconds: 0), value: ExactDecimal(10), isForced: false) }
        }
        try fixture.store.driver.write { session in
            for id in ["1", "2", "3", "4"] { try Store.write(standing(id, 25), former: nil, at: Instant(seconds: 0), position: 1, in: session) }
        }
        let first = Instant(seconds: 0), second = Instant(seconds: 86_400)
        // A tick of the first day is worked out after a run of the second, twice over.
        var admitted: [Int] = []
        for (cycle, ids) in [(first, ["1"]), (second, ["1", "2", "3"]), (first, ["2", "3"]), (second, ["4"]), (first, ["4"])] {
            try fixture.store.driver.write { session in
                var ledger = try Store.churn(scheme: "value", cycle: cycle, in: session)
                #expect(ledger.begin == cycle && ledger.members == 4 && ledger.value == ExactDecimal(100))
                admitted.append(try ledger.admit(moves(ids), budget).count)
                try Store.write(ledger, scheme: "value", in: session)
            }
        }
        #expect(admitted == [1, 2, 1, 0, 0], "two of four in each cycle")
    }
}
