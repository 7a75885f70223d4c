import Attributes
import Configurations
import Diagnostics
import FEEL
import Glibc
import Records
import Testing
import Values

/// Texts of attributes read as the bundle reads them, and facts made by the names of their fields.
enum Desk {
    static func read(_ text: String, file: String = "Schemes/attributes/test.yaml") -> (plan: AttributePlan?, diagnostics: [Diagnostic]) {
        let (root, problems) = ConfigurationText.parse(text, file: file)
        guard let root else { return (nil, problems) }
        let defects = AttributeFile.shape.check(root)
        guard defects.isEmpty else { return (nil, defects) }
        return AttributePlanReader.read(root)
    }

    /// The plan of some attributes, each `name: { ... }` on a line of its own.
    static func plan(_ entity: EntityKind, _ values: String) throws -> AttributePlan {
        let (plan, diagnostics) = read("attributes: test\nentity: \(entity.rawValue)\nvalues:\n" + values.split(separator: "\n").map { "  \($0)\n" }.joined())
        try #require(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(plan)
    }

    static func fact(_ kind: RecordKind, row: Int64 = 1, _ fields: [String: Value]) -> Fact {
        let definition = RecordCatalogue.definition(kind)
        var values = [Value](repeating: .null, count: definition.fields.count)
        for (name, value) in fields {
            guard let slot = definition.slot(name) else { preconditionFailure("\(kind) has no field \(name)") }
            values[slot] = value
        }
        return Fact(row: row, values: values)
    }

    static func sale(_ row: Int64, _ at: Instant, _ amount: ExactDecimal) -> Fact {
        fact(.salesLine, row: row, ["soldAt": time(at), "amount": .number(amount), "quantity": .number(amount)])
    }

    /// A row that is given, not computed.
    static func row(_ kind: EntityKind, _ id: String, _ values: [Value]) -> AttributeRow {
        AttributeRow(entity: EntityKey(kind, client: "ACME", id: id), values: values, evidence: values.map { _ in [] }, windowChange: nil)
    }

    static func time(_ instant: Instant) -> Value { .dateTime(instant.dateTime(in: .utc)) }

    static func context(_ now: Instant, _ zone: ZoneRules = .utc) -> EvaluationContext { EvaluationContext(now: now, zone: zone) }

    /// The value of the first attribute of a plan with one measure, over these facts.
    static func value(_ plan: AttributePlan, _ facts: [Fact], at now: Instant, zone: ZoneRules = .utc) throws -> Value {
        try row(plan, facts, at: now, zone: zone).values[0]
    }

    static func row(_ plan: AttributePlan, _ facts: [Fact], at now: Instant, zone: ZoneRules = .utc) throws -> AttributeRow {
        let entity = EntityFacts(
            entity: EntityKey(plan.entity, client: "ACME", id: "1"), own: nil,
            related: [Fact?](repeating: nil, count: plan.relations.count),
            measured: [[Fact]](repeating: facts, count: plan.measures.count))
        return try plan.evaluate(entity, context: context(now, zone))
    }

    static func zone(_ name: String) throws -> ZoneRules {
        let file = try #require(fopen("/usr/share/zoneinfo/\(name)", "r"), "tzdata is not installed")
        defer { fclose(file) }
        var buffer = [UInt8](repeating: 0, count: 65_536)
        let count = fread(&buffer, 1, buffer.count, file)
        return try #require(ZoneRules(name: name, tzif: Array(buffer[..<count])))
    }
}

/// Numbers that are the same in every run (Knuth's MMIX generator).
struct Draw: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}

extension Instant {
    /// An instant that the test writes itself.
    init(written text: String) {
        guard let instant = Instant(text) else { preconditionFailure("\(text) is no instant") }
        self = instant
    }

    func later(by nanoseconds: Int32) -> Instant { adding(DayTimeDuration(seconds: 0, nanoseconds: nanoseconds)) }
}

extension ExactDecimal: ExpressibleByStringLiteral {
    package init(stringLiteral text: String) {
        guard let number = ExactDecimal(text) else { preconditionFailure("\(text) is no number") }
        self = number
    }
}
