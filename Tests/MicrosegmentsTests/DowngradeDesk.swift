import Attributes
import Diagnostics
import FEEL
import Microsegments
import Records
import Testing
import Values

/// Customers in three tiers by revenue, whose attributes a test gives as it likes, and one of them on its way through time.
struct DowngradeDesk {
    static let start = Instant(written: "2026-11-02T00:00:00Z")
    static let tiers = ["gold", "silver", "bronze"]

    static let attributes = """
        attributes: customer
        entity: customer
        values:
          revenue:        { sum: salesLine, by: customer, of: amount, scale: 2 }
          contract floor: { field: tier }
          under contract: { feel: 'revenue < 0' }
          order confirmed: { feel: 'revenue < 0' }
        """

    static func text(
        _ downgrade: String, cadence: String = "live", stability: String = "{ confirmAfter: 1d }", tiers: [String] = tiers, gold: Int = 1000, more: String = ""
    ) -> String {
        """
        scheme: service
        entity: customer
        cadence: \(cadence)
        rules:
          hitPolicy: FIRST
          table: |
            | revenue  || microsegment |
            | >= \(gold) || "\(tiers[0])"   |
            | >= 100   || "\(tiers[tiers.count > 1 ? 1 : 0])" |
            | -        || "\(tiers[tiers.count - 1])" |
        stability: \(stability)
        tiers: [\(tiers.joined(separator: ", "))]
        \(downgrade.isEmpty ? "" : "downgrade: \(downgrade)")
        microsegments: { \(tiers.enumerated().map { "\($1): { place: \($0) }" }.joined(separator: ", ")) }
        \(more)
        """
    }

    static let usual = "{ notice: 14d, grace: 7d, cycle: week, floor: contract floor, floorRequired: under contract, keepWhile: order confirmed }"

    static func scheme(
        _ downgrade: String = usual, cadence: String = "live", stability: String = "{ confirmAfter: 1d }", tiers: [String] = tiers, gold: Int = 1000
    ) throws -> Scheme {
        let (scheme, diagnostics) = try Desk.read(
            text(downgrade, cadence: cadence, stability: stability, tiers: tiers, gold: gold), [try Desk.plan(attributes)])
        try #require(!diagnostics.contains { $0.severity == .error }, "\(diagnostics.map(\.text))")
        return try #require(scheme)
    }

    static let entity = EntityKey(.customer, client: "N", id: "1")

    static func row(_ revenue: Int, floor: Value = .null, required: Bool? = false, confirmed: Bool = false, entity: EntityKey = entity) -> AttributeRow {
        AttributeRow(
            entity: entity, values: [.number(ExactDecimal(revenue)), floor, required.map { .boolean($0) } ?? .null, .boolean(confirmed)],
            evidence: [[], [], [], []], windowChange: nil)
    }

    static func day(_ number: Int, _ seconds: Int64 = 0) -> Instant { start.later(Int64(number) * 86_400 + seconds) }

    // MARK: - One on its way

    var scheme: Scheme
    var state: StabilityState?
    var inEffect: String?

    init(_ scheme: Scheme, settled: String = "gold") {
        self.scheme = scheme
        state = StabilityState(settled: settled, since: Self.start)
        inEffect = settled
    }

    mutating func at(
        _ now: Instant, _ row: AttributeRow, overrides: [Override] = [], changed: Bool = false, formerTiers: [String] = [], isStale: Bool = false,
        admission: ChurnBudget.Admission = .free
    ) throws -> Assignment {
        let assignment = try scheme.assign(
            row, own: nil, state: state, inEffect: inEffect, overrides: OverrideSet(overrides), schemeChanged: changed, formerTiers: formerTiers, isStale: isStale,
            admission: admission, context: Desk.context(now))
        (state, inEffect) = (assignment.stability, assignment.microsegment)
        return assignment
    }

    /// Where it stands on a day, and by which verdict.
    mutating func on(_ day: Int, _ row: AttributeRow, changed: Bool = false, isStale: Bool = false) throws -> String {
        let assignment = try at(Self.day(day), row, changed: changed, isStale: isStale)
        return "\(assignment.microsegment) \(assignment.verdict.rawValue)"
    }
}
