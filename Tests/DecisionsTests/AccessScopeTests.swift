import Configurations
import Decisions
import Diagnostics
import Outbox
import Testing
import Values

/// A target is told what it may know, and nothing else.
struct AccessScopeTests {
    private func scope(_ text: String) throws -> (scope: AccessScope?, diagnostics: [Diagnostic]) {
        AccessScope.read(try Desk.root("access: carrier-api\n\(text)\n", AccessScope.shape, file: "Schemes/access.yaml"), schemes: [try Desk.orderPriority.get()])
    }

    private func read(_ action: String, _ scope: AccessScope) throws -> (action: Action?, diagnostics: [Diagnostic]) {
        ActionFile.read(
            try Desk.root(action, ActionFile.shape, file: "Schemes/actions/test.yaml"), schemes: [try Desk.orderPriority.get()],
            library: try Desk.outbounds.get(), access: [scope])
    }

    private let all = "allow: [entity, client, microsegment, former, pickPriority, carrier, packing, hours to promise]"

    @Test func `what is allowed is written as it is, and what is hashed as one pseudonym a value`() throws {
        let hook = try Desk.text("Schemes/actions/order-priority-changed.yaml")
        let all = try #require(try scope(all).scope)
        let open = try #require(try read(hook, all).action)
        let decisions = try [Desk.decision("A-1", hours: 5), Desk.decision("B-2", hours: 6)]
        #expect(try Desk.render(open, decisions).map(\.effect.payload) == Desk.render(Desk.sample("order-priority-changed"), decisions).map(\.effect.payload))

        let narrow = try #require(try scope(self.all.replacing("entity, client,", with: "") + "\nhash: [entity, client]").scope)
        let closed = try #require(try read(hook, narrow).action)
        let payloads = try Desk.render(closed, decisions).map { String(decoding: $0.effect.payload, as: UTF8.self) }
        #expect(payloads.allSatisfy { !$0.contains("NORDWIND") && !$0.contains("A-1") && !$0.contains("B-2") })
        func field(_ name: String, _ payload: String) throws -> Substring? { try payload.firstMatch(of: Regex("\"\(name)\":\"([0-9a-f]{32})\"", as: (Substring, Substring).self))?.1 }
        #expect(try field("client", payloads[0]) != nil && field("client", payloads[0]) == field("client", payloads[1]))
        #expect(try field("order", payloads[0]) != nil && field("order", payloads[0]) != field("order", payloads[1]))
    }

    @Test func `what is not allowed is refused at its place, in webhooks and in files, whatever it is called there`() throws {
        let narrow = try #require(try scope("allow: [entity, microsegment, pickPriority]").scope)
        let hook = """
            action: a
            scheme: order-priority
            when: hours to promise < 4
            target: carrier-api
            webhook:
              event: e
              fields:
                order: { feel: entity }
                left: { feel: 'if hours to promise > 3 then "long" else "short"' }

            """
        let (action, diagnostics) = try read(hook, narrow)
        #expect(action == nil)
        #expect(diagnostics.map { "\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code) \($0.fact)" } == ["9:19 ACTION-ACCESS carrier-api may not be told hours to promise"])
        #expect(try read(hook.replacing("if hours to promise > 3 then \"long\" else \"short\"", with: "string(pickPriority)"), narrow).diagnostics.isEmpty, "when may look at anything")
        let file = try read("action: a\nscheme: order-priority\ntarget: carrier-api\nfile: { outbound: wms/pick-priority }\n", narrow)
        #expect(file.action == nil && file.diagnostics.allSatisfy { $0.code == .actionAccess && $0.position.line == 4 } && file.diagnostics.count > 3)
        #expect(try read(hook.replacing("carrier-api", with: "wms"), narrow).diagnostics.isEmpty, "it binds its own target alone")
    }

    @Test func `a scope that names nothing, or one value twice, is refused`() throws {
        for (text, found) in [
            ("allow: [entity, carier]", "2:17 ACTION-ACCESS no decision has a value carier; did you mean carrier?"),
            ("allow: [entity]\nhash: [entity]", "3:8 ACTION-ACCESS entity is under allow too; allow it, or have it written as a digest"),
        ] {
            let diagnostics = try scope(text).diagnostics
            #expect(diagnostics.map { "\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code) \($0.fact); \($0.hint ?? "")" } == [found])
        }
        let numbers = try #require(try scope("allow: [entity]\nhash: [pickPriority]").scope)
        let hook = "action: a\nscheme: order-priority\ntarget: carrier-api\nwebhook:\n  event: e\n  fields: { x: { feel: pickPriority } }\n"
        #expect(try read(hook, numbers).diagnostics.map(\.fact) == ["carrier-api gets pickPriority as a digest, and it is a number"])
    }
}
