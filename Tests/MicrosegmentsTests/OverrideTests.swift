import Configurations
import Diagnostics
import Microsegments
import Records
import Testing
import Values

/// An override applies from its first instant until its expiry, and never after.
struct OverrideTests {
    private let from = Instant(written: "2026-11-21T12:00:00Z")
    private let expires = Instant(written: "2026-11-22T12:00:00Z")
    private let order = EntityKey(.order, client: "NORDWIND", id: "1")

    private func made(_ id: String = "OV-1", from: Instant?, expires: Instant, microsegment: String = "rush") -> Override {
        Override(
            id: id, scheme: "order-priority", entity: order, effect: .microsegment(microsegment), reason: "r", owner: "o", from: from, expires: expires)
    }

    private func text(_ id: String = "OV-1", scheme: String = "order-priority", microsegment: String = "rush", from: String? = nil, expires: String) -> String {
        """
        override: \(id)
        scheme: \(scheme)
        entity: { client: NORDWIND, id: "1" }
        microsegment: \(microsegment)
        reason: asked for
        owner: mia
        \(from.map { "from: \($0)\n" } ?? "")expires: \(expires)
        """
    }

    private func read(_ text: String) throws -> (override: Override?, diagnostics: [Diagnostic]) {
        SchemeReader.override(
            try Desk.root(text, SchemeFile.override, file: "Overrides/OV-1.yaml"), schemes: [try Desk.sample("order-priority", attributes: "order")])
    }

    @Test func `it is in force from its first instant until just before its expiry`() {
        let set = OverrideSet([made(from: from, expires: expires)])
        func inForce(_ now: Instant) -> Bool { set.inForce(scheme: "order-priority", entity: order, at: now) != nil }
        #expect(!inForce(from.later(0, nanoseconds: -1)))
        #expect(inForce(from))
        #expect(inForce(expires.later(0, nanoseconds: -1)))
        #expect(!inForce(expires))
        #expect(!inForce(expires.later(1_000_000)))
        #expect(set.inForce(scheme: "item-value", entity: order, at: from) == nil)
        #expect(set.inForce(scheme: "order-priority", entity: EntityKey(.order, client: "OTHER", id: "1"), at: from) == nil)
    }

    @Test func `its next change is its beginning, then its expiry, then nothing`() {
        let set = OverrideSet([made(from: from, expires: expires), made("OV-2", from: expires, expires: expires.later(60))])
        func next(_ now: Instant) -> Instant? { set.nextChange(scheme: "order-priority", entity: order, after: now) }
        #expect(next(from.later(-1)) == from)
        #expect(next(from) == expires)
        #expect(next(expires) == expires.later(60))
        #expect(next(expires.later(60)) == nil)
    }

    @Test func `without a beginning it was always in force`() {
        let set = OverrideSet([made(from: nil, expires: expires)])
        #expect(set.inForce(scheme: "order-priority", entity: order, at: Instant(seconds: -1)) != nil)
        #expect(set.nextChange(scheme: "order-priority", entity: order, after: from) == expires)
    }

    @Test func `it is read with its period`() throws {
        let (override, diagnostics) = try read(text(from: "2026-11-21T12:00:00Z", expires: "2026-11-22T12:00:00Z"))
        #expect(diagnostics.isEmpty)
        #expect(override == made(from: from, expires: expires).with(reason: "asked for", owner: "mia"))
    }

    @Test func `it says one thing about the micro-segment`() throws {
        func read(_ what: String, tiers: String = "tiers: [rush, careful, standard]\n") throws -> (override: Override?, diagnostics: [Diagnostic]) {
            let scheme = try #require(try Desk.read(
                Desk.text("Schemes/order-priority.yaml") + tiers, [Desk.plan(Desk.text("Schemes/attributes/order.yaml"))]).scheme)
            let text = "override: OV-1\nscheme: order-priority\nentity: { client: NORDWIND, id: \"1\" }\nreason: r\nowner: o\nexpires: 2026-11-22T12:00:00Z\n" + what
            return SchemeReader.override(try Desk.root(text, SchemeFile.override, file: "Overrides/OV-1.yaml"), schemes: [scheme])
        }
        #expect(try read("pin: true").override?.effect == .pin)
        #expect(try read("floor: careful").override?.effect == .bounds(floor: "careful", ceiling: nil))
        #expect(try read("floor: standard\nceiling: careful").override?.effect == .bounds(floor: "standard", ceiling: "careful"))
        #expect(try read("").diagnostics.map(\.fact) == ["it says nothing about the micro-segment"])
        #expect(try read("pin: true\nfloor: careful").diagnostics.map(\.fact) == ["it says several things about the micro-segment"])
        #expect(try read("floor: rush\nceiling: standard").diagnostics.map(\.fact) == ["the ceiling standard is below the floor rush"])
        #expect(try read("floor: carefull").diagnostics.map(\.hint) == ["did you mean careful?"])
        #expect(try read("ceiling: rush", tiers: "").diagnostics.map(\.fact) == ["scheme order-priority has no tiers"])
    }

    @Test func `unknown names and a period that ends before it begins are told with their place`() throws {
        let scheme = try #require(try read(text(scheme: "order-priorit", expires: "2026-11-22T12:00:00Z")).diagnostics.first)
        #expect(scheme.code == .overrideName && scheme.position.line == 2 && scheme.position.column == 9 && scheme.hint == "did you mean order-priority?")
        let segment = try #require(try read(text(microsegment: "rsh", expires: "2026-11-22T12:00:00Z")).diagnostics.first)
        #expect(segment.code == .overrideName && segment.position.line == 4 && segment.position.column == 15 && segment.hint == "did you mean rush?")
        let (override, period) = try read(text(from: "2026-11-22T12:00:00Z", expires: "2026-11-22T12:00:00Z"))
        #expect(override == nil && period.first?.code == .overridePeriod && period.first?.position.line == 8)
    }

    @Test func `two in force at the same time are refused, two that follow each other are not`() throws {
        func overlaps(_ periods: [(String?, String)]) throws -> [Diagnostic] {
            var items: [(override: Override, root: ConfigurationNode)] = []
            for (index, period) in periods.enumerated() {
                let text = text("OV-\(index)", from: period.0, expires: period.1)
                let root = try Desk.root(text, SchemeFile.override, file: "Overrides/OV-\(index).yaml")
                items.append((override: try #require(try read(text).override), root: root))
            }
            return SchemeReader.overlaps(items)
        }
        #expect(try overlaps([("2026-11-01T00:00:00Z", "2026-11-02T00:00:00Z"), ("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z")]).isEmpty)
        let found = try overlaps([("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"), (nil, "2026-11-02T00:00:01Z")])
        #expect(found.count == 1 && found[0].code == .overrideOverlap && found[0].position.file == "Overrides/OV-0.yaml" && found[0].position.line == 1)
        // A long one and two within it that follow each other: both are told.
        let nested = try overlaps([
            ("2026-11-01T00:00:00Z", "2026-11-10T00:00:00Z"), ("2026-11-02T00:00:00Z", "2026-11-03T00:00:00Z"),
            ("2026-11-05T00:00:00Z", "2026-11-06T00:00:00Z"),
        ])
        #expect(nested.compactMap(\.position.file) == ["Overrides/OV-1.yaml", "Overrides/OV-2.yaml"])
    }
}

extension Override {
    func with(reason: String, owner: String) -> Override {
        Override(id: id, scheme: scheme, entity: entity, effect: effect, reason: reason, owner: owner, from: from, expires: expires)
    }
}
