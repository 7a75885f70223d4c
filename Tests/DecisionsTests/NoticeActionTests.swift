import Attributes
import Decisions
import Diagnostics
import FEEL
import Microsegments
import Outbox
import Records
import Testing
import Values

/// Actions tell of a notice where it begins, with what the notice says.
struct NoticeActionTests {
    private static let tiers = "tiers: [rush, careful, standard]\ndowngrade: { notice: 14d, grace: 7d }\nmicrosegments:"

    private static func scheme() throws -> Scheme { try Desk.scheme("order-priority", attributes: "order", replacing: "\nmicrosegments:", by: "\n" + tiers) }

    private static let text = """
        action: told
        scheme: order-priority
        on: notice
        target: carrier-api
        webhook:
          event: order.lower.ahead
          fields:
            order: { feel: entity }
            from:  { feel: notice from }
            to:    { feel: notice to }
            effective: { feel: notice effective }
        """

    private static func decision(_ notice: StabilityState.Notice?) throws -> Decision {
        let scheme = try scheme(), now = Desk.promise, context = EvaluationContext(now: now)
        let plain = try Desk.decision("A", hours: 5, former: "rush", scheme: scheme)
        let row = try scheme.plan.evaluate(.init(entity: plain.entity, own: nil, related: [nil], measured: scheme.plan.measures.map { _ in [] }), context: context)
        let assignment = try scheme.assign(row, own: nil, state: StabilityState(settled: "rush", since: now), overrides: .init([]), schemeChanged: true, context: context)
        return Decision(assignment, former: "rush", notice: notice ?? assignment.stability.notice, scheme: scheme, attributes: [], at: now, state: "5f2a", position: 41)
    }

    @Test func `the webhook of a notice says from where, to where and from when on`() throws {
        let (action, diagnostics) = try Desk.read(Self.text, schemes: [Self.scheme()])
        let told = try #require(action, "\(diagnostics.map(\.text))")
        let decision = try Self.decision(nil)
        #expect(decision.notice?.to == "standard" && decision.microsegment == "rush")
        let effects = try Desk.render(told, [decision])
        #expect(effects.count == 1)
        let body = String(decoding: effects[0].effect.payload, as: UTF8.self)
        #expect(body.contains(#""data":{"order":"A","from":"rush","to":"standard","effective":"2026-12-14T12:00:00Z"}"#), "\(body)")
        #expect(try Desk.render(told, [Self.decision(nil)]).map(\.effect.id) == effects.map(\.effect.id), "the same notice has the same id")
        // A decision that begins no notice is none of its business, and a notice is no change.
        #expect(try Desk.render(told, [Desk.decision("A", hours: 5, former: "standard", scheme: Self.scheme())]).isEmpty)
        let changes = try #require(try Desk.read(Self.text.replacing("on: notice", with: "on: change"), schemes: [Self.scheme()]).action)
        #expect(try Desk.render(changes, [decision]).isEmpty)
        guard case .context(let json) = decision.json, case .context(let notice)? = json["notice"] else { Issue.record("no notice in \(decision.json)"); return }
        #expect(notice["from"] == .string("rush") && notice["effective"] == .string("2026-12-14T12:00:00Z"))
    }

    @Test func `the example of the page compiles, from the contract to the webhook`() throws {
        let blocks = try Desk.text("docs/schemes.md").matches(of: /(?s)```yaml\n(.*?)```/).map { String($0.1) }
        func block(_ part: String) throws -> String { try #require(blocks.first { $0.contains(part) }) }
        let attributes = try Desk.root(block("contract floor:"), AttributeFile.shape, file: "a.yaml")
        let plan = try #require(AttributePlanReader.read(attributes).plan)
        let (scheme, findings) = SchemeReader.scheme(
            try Desk.root(block("scheme: customer-service\nentity"), SchemeFile.scheme, file: "s.yaml"), plans: [.customer: plan], fingerprint: "f")
        #expect(findings.isEmpty, "\(findings.map(\.text))")
        let policy = try #require(scheme?.downgrade)
        #expect(policy.slots.map { plan.definitions[$0].name } == ["contract floor", "under contract", "order confirmed"])
        let (action, problems) = try Desk.read(block("on: notice"), schemes: [#require(scheme)])
        #expect(action?.occasion == .notice && problems.isEmpty, "\(problems.map(\.text))")
    }

    @Test func `a scheme that gives no notice has no action for it, and no words`() throws {
        let (action, diagnostics) = try Desk.read(Self.text.replacing("notice from", with: "entity").replacing("notice to", with: "entity").replacing("notice effective", with: "entity"))
        #expect(action == nil && diagnostics.map(\.code) == [.actionForm] && diagnostics[0].position.line == 3)
        #expect(try Desk.read(Self.text.replacing("on: notice", with: "on: change")).action == nil)
    }
}
