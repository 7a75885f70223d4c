import Attributes
package import FEEL
import Statistics
package import Values

/// What one entity costs, ties up or gets under the parameters of its micro-segment: what a change is told to do to safety stock, carrying cost, service and
/// cost to serve.
package struct Figure: Sendable {
    package let name: String
    /// Such as `piece` or `EUR`; nil where none was said.
    package let unit: String?
    /// Whether it is money, which limits of governance count.
    package let isMoney: Bool
    let expression: CompiledExpression

    /// Digits behind the point that a figure of one entity is rounded to, so that sums of many are exact.
    static let scale = 4
}

/// The names that figures are computed from: the parameters of a micro-segment, what follows from them, and the attributes of the entity.
package struct FigureLayout: Sendable {
    package let layout: Layout
    private let parameters: [String]
    private let attributes: [Int]

    /// How many standard deviations a level of service takes: the quantile of the standard normal distribution at the parameter `serviceLevel`
    /// (Silver, Pyke and Thomas, "Inventory and Production Management in Supply Chains", 4th edition, chapter 6), to six digits.
    package static let safetyFactor = "safety factor"
    static let serviceLevel = "serviceLevel"

    /// A parameter hides an attribute of its name.
    init(_ plan: AttributePlan, _ microsegments: [Microsegment]) {
        let given = Microsegment.parameters(of: microsegments), names = given.map(\.name)
        parameters = names
        let derived: [(String, ValueType)] = names.contains(Self.serviceLevel) ? [(Self.safetyFactor, .number)] : []
        let taken = Set(names + derived.map(\.0))
        attributes = plan.definitions.indices.filter { !taken.contains(plan.definitions[$0].name) }
        layout = Layout(given.map { ($0.name, $0.type) } + derived + attributes.map { (plan.definitions[$0].name, plan.definitions[$0].type) })
    }

    func row(_ given: ContextValue, _ values: [Value]) -> [Value] {
        let derived = parameters.contains(Self.serviceLevel) ? [Self.safetyFactor(given[Self.serviceLevel])] : []
        return parameters.map { given[$0] ?? .null } + derived + attributes.map { values[$0] }
    }

    private static func safetyFactor(_ level: Value?) -> Value {
        guard case .number(let level)? = level, let factor = ExactDecimal(NormalDistribution.quantile(level.binary), scale: 6) else { return .null }
        return .number(factor)
    }
}

extension Scheme {
    /// Each figure of one entity; nil where it cannot be computed.
    ///
    /// - Parameters:
    ///   - values: its attributes.
    ///   - parameters: of the micro-segment that it is in.
    package func figures(_ values: [Value], parameters: ContextValue, context: EvaluationContext) -> [ExactDecimal?] {
        guard !figures.isEmpty, let figureLayout else { return [] }
        let row = figureLayout.row(parameters, values)
        return figures.map { figure in
            do throws(EvaluationFailure) {
                guard case .number(let number) = try figure.expression.evaluate(row, context) else { return nil }
                return number.rounded(scale: Figure.scale, .halfEven)
            } catch { return nil }
        }
    }
}
