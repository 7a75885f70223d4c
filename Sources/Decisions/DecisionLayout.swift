import Attributes
package import Microsegments
import Records
package import Values

/// The names that actions can use of a decision: what was decided, the parameters of the micro-segment, the attributes.
package struct DecisionLayout: Sendable {
    package let layout: Layout
    private let parameters: [String]

    /// Parameters of the scheme whose names every decision has already, so that nothing could read them.
    package let hiddenParameters: [String]

    private static let fixed: [(String, ValueType)] = [
        ("client", .string), ("entity", .string), ("microsegment", .string), ("former", .string), ("cause", .string),
        ("rule", .number), ("decided at", .string), ("decision", .string), ("state", .string), ("degraded", .boolean),
    ]

    /// Of a scheme that protects from going down; null where no notice begins with the decision.
    private static let ofNotices: [(String, ValueType)] = [
        ("notice from", .string), ("notice to", .string), ("notice since", .string), ("notice ends", .string), ("notice effective", .string),
    ]
    private let hasNotices: Bool

    /// Parameters and attributes of a scheme. What every decision has hides a parameter of the same name, and a parameter
    /// an attribute.
    package init(_ scheme: Scheme) {
        let given = Microsegment.parameters(of: scheme.microsegments)
        hasNotices = scheme.downgrade != nil
        let fixed = Self.fixed + (hasNotices ? Self.ofNotices : [])
        let taken = Set(fixed.map(\.0))
        hiddenParameters = given.map(\.name).filter(taken.contains)
        let told = given.filter { !taken.contains($0.name) }, names = Set(given.map(\.name))
        parameters = told.map(\.name)
        let attributes = scheme.plan.definitions.filter { !names.contains($0.name) && !taken.contains($0.name) }.map { ($0.name, $0.type) }
        layout = Layout(fixed + told.map { ($0.name, $0.type) } + attributes)
    }

    /// One decision as a row of the layout.
    package func row(_ decision: Decision) -> [Value] {
        var byName = Dictionary(decision.attributes.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        for name in parameters { byName[name] = decision.parameters[name] ?? .null }
        var fixed: [Value] = [
            .string(decision.entity.client), .string(decision.entity.id), .string(decision.microsegment),
            decision.former.map(Value.string) ?? .null, .string(decision.cause), .number(ExactDecimal(decision.rule)),
            .string(decision.at.description), .string(decision.id), .string(decision.state), .boolean(decision.isDegraded),
        ]
        if hasNotices {
            let notice = decision.notice
            fixed += [
                notice.map { _ in .string(decision.settled) } ?? .null, notice.map { .string($0.to) } ?? .null, notice.map { .string($0.since.description) } ?? .null,
                notice.map { .string($0.ends.description) } ?? .null, notice.map { .string($0.effective.description) } ?? .null,
            ]
        }
        return fixed + layout.names.dropFirst(fixed.count).map { byName[$0] ?? .null }
    }
}
