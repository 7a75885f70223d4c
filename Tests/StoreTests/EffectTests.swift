import Outbox
import Store
import Testing
import Values

@Suite struct EffectTests {
    private func effect(_ id: String, kind: Effect.Kind = .webhook) -> Effect {
        Effect(
            id: id, kind: kind, target: "carrier-api", lane: "ACME/1", contentType: "application/json",
            fileName: kind == .actionFile ? "pick.csv" : nil, payload: [0, 1, 255], createdAt: Instant(seconds: 5),
            deadline: Instant(seconds: 500))
    }

    @Test func `an effect comes back byte for byte with its sources, and a second one of its id changes nothing`() throws {
        let fixture = try StoreFixture()
        for payload in [effect("e1"), effect("e1", kind: .actionFile)] {
            try fixture.store.driver.write {
                try Store.add(payload, action: "notify", position: 3, sources: [.decision("d1"), .record(7)], in: $0)
            }
        }
        let found = try #require(try fixture.store.effect("e1"))
        #expect(found.effect == effect("e1"))
        #expect(found.action == "notify")
        #expect(found.position == 3)
        #expect(found.delivery == DeliveryState(effectID: "e1", deadline: Instant(seconds: 500)))
        #expect(try fixture.store.sources(ofEffect: "e1") == [.decision("d1"), .record(7)])
        #expect(try fixture.store.unsettledWebhooks(to: "carrier-api", after: .start, limit: 10).map(\.id) == ["e1"])
        #expect(try fixture.store.unsettledFiles(to: "carrier-api", limit: 10).isEmpty && fixture.store.fileTargets().isEmpty)
    }

    @Test func `the delivery of an effect comes back in every phase`() throws {
        let fixture = try StoreFixture()
        try fixture.store.driver.write { try Store.add(effect("e1"), action: "notify", position: 3, sources: [], in: $0) }
        let phases: [DeliveryState.Phase] = [
            .sending(since: Instant(seconds: 8)), .waiting(until: Instant(seconds: 9, nanoseconds: 4)), .disabled, .pending,
            .delivered(at: Instant(seconds: 10), status: nil),
        ]
        for phase in phases {
            let state = DeliveryState(
                effectID: "e1", deadline: Instant(seconds: 77), phase: phase, attempts: 3, chargedFailures: 2, lastFailure: nil)
            try fixture.store.driver.write { try Store.update(state, in: $0) }
            #expect(try fixture.store.effect("e1")?.delivery == state)
        }
        #expect(try fixture.store.unsettledWebhooks(to: "carrier-api", after: .start, limit: 10).isEmpty)
    }

    @Test func `webhooks are found by the moment for which they wait, and the next one is told`() throws {
        let fixture = try StoreFixture()
        try fixture.store.driver.write { session in
            for (id, seconds) in [("e1", 20), ("e2", 10), ("e3", 10), ("e4", 30)] as [(String, Int64)] {
                try Store.add(effect(id), action: "notify", position: 3, sources: [], in: session)
                try Store.update(
                    DeliveryState(
                        effectID: id, deadline: Instant(seconds: 77), phase: .waiting(until: Instant(seconds: seconds)), attempts: 1, chargedFailures: 1,
                        lastFailure: .timeout), in: session)
            }
            try Store.add(effect("pending"), action: "notify", position: 3, sources: [], in: session)
            try Store.add(effect("file", kind: .actionFile), action: "notify", position: 3, sources: [], in: session)
        }
        func found(_ after: Int64, _ through: Int64, limit: Int = 10) throws -> (ids: [String], next: Instant?) {
            let (due, next) = try fixture.store.webhooksReturning(after: Instant(seconds: after), through: Instant(seconds: through), limit: limit)
            #expect(due.allSatisfy { $0.target == "carrier-api" && $0.lane == "ACME/1" })
            return (due.map(\.id), next)
        }
        let first = try found(9, 20)
        #expect(first.ids == ["e1", "e2", "e3"] && first.next == Instant(seconds: 30))
        #expect(try found(10, 19).ids.isEmpty && found(10, 19).next == Instant(seconds: 20))
        #expect(try found(10, 30).ids == ["e1", "e4"] && found(10, 30).next == nil)
        // Those first that are due first.
        #expect(try found(0, 100, limit: 2).ids == ["e2", "e3"])
    }

    @Test func `attempts and disabled targets are kept`() throws {
        let fixture = try StoreFixture()
        let attempt = Store.Attempt(number: 1, at: Instant(seconds: 6), milliseconds: 12, outcome: "delivered", detail: "status 200")
        try fixture.store.driver.write { session in
            try Store.add(effect("e1"), action: "notify", position: 3, sources: [], in: session)
            try Store.add(attempt, of: "e1", in: session)
            try Store.disable("carrier-api", at: Instant(seconds: 6), reason: "gone", in: session)
        }
        #expect(try fixture.store.attempts(ofEffect: "e1") == [attempt])
        #expect(try fixture.store.disabledTargets().map(\.target) == ["carrier-api"])
        try fixture.store.driver.write { try Store.enable("carrier-api", in: $0) }
        #expect(try fixture.store.disabledTargets().isEmpty)
    }
}
