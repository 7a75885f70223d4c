import Decisions
import Diagnostics
import Outbox
import Testing
import Values

/// Decisions become the same bytes, in whatever order they come.
struct RenderingTests {
    @Test func `the pick-priority list has one row for each order that changed`() throws {
        let action = try Desk.sample("pick-priority")
        let decisions = try [
            Desk.decision("B-2", hours: 40, former: "rush"), Desk.decision("A-1", hours: 5, former: "standard", tier: "gold"),
            Desk.decision("C-3", hours: 3, former: "rush"),
        ]
        let rendered = try Desk.render(action, decisions)
        #expect(rendered.count == 1)
        let effect = rendered[0].effect
        #expect(effect.kind == .actionFile && effect.target == "wms" && effect.contentType == "text/csv" && effect.lane == nil)
        #expect(effect.fileName == "pick-priority-41-\(effect.id.prefix(12)).csv")
        #expect(rendered[0].decisions == [decisions[1].id, decisions[0].id], "C-3 did not change")
        #expect(rendered[0].findings.isEmpty)
        #expect(String(decoding: effect.payload, as: UTF8.self) == """
            CLIENT;ORDER;PICK_PRIORITY;ALLOCATION_TIER;PACKING;CARRIER;MICROSEGMENT;FORMER;HOURS_TO_PROMISE;RULE;DECIDED_AT\r
            NORDWIND;A-1;10;1;standard;express;rush;standard;5.00;1;2026-11-23T07:00:00Z\r
            NORDWIND;B-2;90;3;standard;ground;standard;rush;40.00;4;2026-11-21T20:00:00Z\r

            """)
    }

    @Test func `the order of the decisions changes nothing`() throws {
        let action = try Desk.sample("pick-priority"), hook = try Desk.sample("order-priority-changed")
        let decisions = try ["C", "A", "B"].map { try Desk.decision($0, hours: 5) }
        for action in [action, hook] {
            let first = try Desk.render(action, decisions), other = try Desk.render(action, decisions.reversed())
            #expect(first.map(\.effect) == other.map(\.effect) && !first.isEmpty)
            #expect(first.map(\.decisions) == other.map(\.decisions))
        }
    }

    @Test func `nothing that changed is no file`() throws {
        #expect(try Desk.render(Desk.sample("pick-priority"), [Desk.decision("A", hours: 5, former: "rush")]).isEmpty)
        #expect(try Desk.render(Desk.sample("pick-priority"), []).isEmpty)
        #expect(try Desk.render(Desk.sample("stocking-policy"), [Desk.decision("A", hours: 5)]).isEmpty, "decisions of another scheme")
    }

    @Test func `each webhook tells one order, in its lane`() throws {
        let action = try Desk.sample("order-priority-changed")
        let decisions = try [Desk.decision("A-1", hours: 5), Desk.decision("B-2", hours: 40, former: "rush")]
        let rendered = try Desk.render(action, decisions)
        #expect(rendered.map(\.effect.lane) == ["order:NORDWIND/A-1", "order:NORDWIND/B-2"])
        #expect(rendered.map(\.decisions) == decisions.map { [$0.id] })
        let effect = rendered[0].effect
        #expect(effect.kind == .webhook && effect.target == "carrier-api" && effect.fileName == nil && effect.contentType == "application/json")
        #expect(effect.createdAt == Instant(written: "2026-11-23T11:00:00Z") && effect.deadline == Instant(written: "2026-11-24T11:00:00Z"))
        #expect(String(decoding: effect.payload, as: UTF8.self) == """
            {"type":"order.priority.changed","timestamp":"2026-11-23T11:00:00Z","data":{"order":"A-1","client":"NORDWIND",\
            "microsegment":"rush","former":null,"pickPriority":10,"carrier":"express","packing":"standard","hoursToPromise":5.00},\
            "reason":{"scheme":"order-priority","rule":2,"cause":"rules","decision":"\(decisions[0].id)","state":"5f2a"}}
            """)
    }

    @Test func `a filter chooses decisions, and each evaluation may act`() throws {
        let text = "action: a\nscheme: order-priority\non: evaluation\nwhen: pickPriority < 50 and hours to promise < 10\ntarget: t\nwebhook: { event: e, fields: { order: { feel: entity } } }\n"
        let action = try #require(try Desk.read(text).action)
        let decisions = try [
            Desk.decision("A", hours: 5, former: "rush"), Desk.decision("B", hours: 20, former: "standard"), Desk.decision("C", hours: 40),
        ]
        #expect(try Desk.render(action, decisions).map(\.effect.lane) == ["order:NORDWIND/A"])
    }

    @Test func `another run gives another id and another file name`() throws {
        let action = try Desk.sample("pick-priority")
        let one = try Desk.render(action, [Desk.decision("A", hours: 5, position: 41)])
        let two = try Desk.render(action, [Desk.decision("A", hours: 5, position: 42)])
        #expect(one[0].effect.id != two[0].effect.id && one[0].effect.fileName != two[0].effect.fileName)
    }
}
