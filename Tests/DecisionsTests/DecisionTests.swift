import Decisions
import Microsegments
import Records
import Testing
import Values

/// A decision is a function of what was decided.
struct DecisionTests {
    @Test func `the same decision has the same id and the same bytes`() throws {
        let first = try Desk.decision("A-1", hours: 5), again = try Desk.decision("A-1", hours: 5)
        #expect(first.id == again.id && JSONText.write(first.json) == JSONText.write(again.json))
        #expect(first.id.count == 32 && first.id.allSatisfy { "0123456789abcdef".contains($0) })
    }

    @Test func `what differs has another id`() throws {
        let ids = try [
            Desk.decision("A-1", hours: 5), Desk.decision("A-2", hours: 5), Desk.decision("A-1", hours: 40),
            Desk.decision("A-1", hours: 5, position: 42),
        ].map(\.id)
        #expect(Set(ids).count == ids.count)
        #expect(DeterministicID.of(["ab", "c"]) != DeterministicID.of(["a", "bc"]))
        #expect(DeterministicID.of(["a", ""]) != DeterministicID.of(["a"]))
        // SHA-256 of "1:a".
        #expect(DeterministicID.of(["a"]) == "4162fddd39a3e4225e8e2392eced237f")
    }

    @Test func `its text holds what was decided and what it rests on`() throws {
        let decision = try Desk.decision("A-1", hours: 5, former: "standard", tier: "gold")
        let text = JSONText.write(decision.json)
        #expect(text.hasPrefix("{\"id\":\"\(decision.id)\",\"scheme\":\"order-priority\",\"entity\":\"order:NORDWIND/A-1\",\"microsegment\":\"rush\",\"former\":\"standard\","))
        #expect(text.contains("\"parameters\":{\"allocationTier\":1,\"serviceLevel\":0.99,\"pickPriority\":10,"))
        #expect(text.contains("{\"name\":\"customer tier\",\"value\":\"gold\",\"records\":[7,8]}"))
        #expect(text.contains("{\"name\":\"hours to promise\",\"value\":5.00,\"records\":[7]}"))
        #expect(text.hasSuffix("\"rule\":1,\"ruleFile\":\"Schemes/order-priority.yaml\",\"cause\":\"rules\",\"at\":\"2026-11-23T07:00:00Z\",\"state\":\"5f2a\",\"position\":41}"))
    }

    @Test func `an override is the cause, and its micro-segment gives the parameters`() throws {
        let override = Override(
            id: "OV-1", scheme: "order-priority", entity: EntityKey(.order, client: "NORDWIND", id: "A-1"), effect: .microsegment("careful"),
            reason: "r", owner: "o", from: nil, expires: Instant(written: "2035-01-01T00:00:00Z"))
        let decision = try Desk.decision("A-1", hours: 5, overrides: [override])
        #expect(decision.cause == "override OV-1" && decision.microsegment == "careful")
        #expect(decision.parameters["packing"] == .string("fragile-lane"))
    }
}
