import Attributes
import Diagnostics
import FEEL
package import Microsegments
package import Values

/// What a scheme would say of its whole population as of an instant: the same evaluator as live runs, and nothing is kept.
package struct SchemeReport: Sendable {
    /// One attribute over the population: how many have it, the sum and range of numbers, the members of few-valued texts.
    package struct Column: Sendable {
        package let name: String
        package var known = 0
        package var sum: ExactDecimal?
        package var least: ExactDecimal?
        package var greatest: ExactDecimal?
        /// Members by value, for texts and flags with at most 24 values.
        package var members: [String: Int] = [:]
        package var isManyValued = false
    }

    package let scheme: String
    package let asOf: Instant
    package let entities: Int
    package private(set) var columns: [Column]
    /// Members by micro-segment, as the rules say now, before stability and overrides.
    package private(set) var computed: [String: Int] = [:]
    package private(set) var failures = 0

    private static let valuesMax = 24

    /// Evaluates the population of a scheme without committing anything.
    package init(_ scheme: Scheme, evaluator: Evaluator, asOf: Instant) throws {
        let items = try evaluator.population(scheme, now: asOf)
        let context = evaluator.state.context(now: asOf)
        self.scheme = scheme.name
        self.asOf = asOf
        entities = items.count
        columns = scheme.plan.definitions.map { Column(name: $0.name) }
        for item in items {
            guard case .success(let row) = item.attributes,
                case .success(let answer) = Result(catching: { () throws(EvaluationFailure) in try scheme.compute(row, own: item.own, context: context) })
            else {
                failures += 1
                continue
            }
            computed[answer.microsegment, default: 0] += 1
            for (index, value) in row.values.enumerated() { try columns[index].add(value) }
        }
    }

    package var text: String {
        var lines = ["\(scheme) as of \(asOf): \(entities) entities" + (failures > 0 ? ", \(failures) failed" : "")]
        lines.append("  rules: " + list(computed))
        for column in columns {
            var line = "  \(column.name): \(column.known) known"
            if let sum = column.sum, let least = column.least, let greatest = column.greatest { line += ", sum \(sum), from \(least) to \(greatest)" }
            if !column.members.isEmpty { line += ", " + list(column.members) }
            lines.append(line)
        }
        return lines.map { LineText.line($0) }.joined(separator: "\n")
    }

    package var value: Value {
        func counts(_ members: [String: Int]) -> Value {
            .context(ContextValue(members.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }))
        }
        return .context(ContextValue([
            ("scheme", .string(scheme)), ("asOf", .string(asOf.description)), ("entities", .integer(entities)),
            ("failures", .integer(failures)), ("computed", counts(computed)),
            ("attributes", .context(ContextValue(columns.map { column in
                (column.name, .context(ContextValue([
                    ("known", .integer(column.known)), ("sum", column.sum.map(Value.number) ?? .null),
                    ("least", column.least.map(Value.number) ?? .null), ("greatest", column.greatest.map(Value.number) ?? .null),
                    ("members", counts(column.members)),
                ])))
            }))),
        ]))
    }

    private func list(_ members: [String: Int]) -> String {
        members.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }.joined(separator: ", ")
    }

    fileprivate static var limit: Int { valuesMax }
}

extension SchemeReport.Column {
    fileprivate mutating func add(_ value: Value) throws {
        switch value {
        case .null: return
        case .number(let number):
            sum = try (sum ?? .zero).adding(number)
            least = least.map { min($0, number) } ?? number
            greatest = greatest.map { max($0, number) } ?? number
        case .string, .boolean:
            if !isManyValued { members[value.text, default: 0] += 1 }
            if members.count > SchemeReport.limit { (isManyValued, members) = (true, [:]) }
        default: break
        }
        known += 1
    }
}
