import Diagnostics
package import FEEL
import Values

/// How one result of a case came out.
package struct ConformanceVerdict: Sendable {
    package enum Outcome: String, Sendable {
        case passed
        case failed
        /// The answer hangs on Java code, which is never run.
        case needsJava = "needs-java"
    }

    package var node: String
    package var outcome: Outcome
    /// What was expected and found, and why; empty where it passed.
    package var detail: String

    package init(node: String, outcome: Outcome, detail: String) {
        self.node = node
        self.outcome = outcome
        self.detail = detail
    }
}

extension ConformanceCase {
    /// Evaluates the case against a model, each result by itself, in the context given; the model is of the standard profile.
    package func verdicts(on model: CompiledModel, _ context: EvaluationContext) -> [ConformanceVerdict] {
        results.map { result in
            let context = context.withAccount()
            var found = Value.null
            var reasons: [Diagnostic] = []
            do throws(EvaluationFailure) {
                let answer = try answer(result, model, context)
                found = answer.value
                reasons = answer.reasons
            } catch {
                reasons = [error.diagnostic]
            }
            return verdict(result, found, reasons)
        }
    }

    private func answer(
        _ result: ConformanceResult, _ model: CompiledModel, _ context: EvaluationContext
    ) throws(EvaluationFailure) -> ModelAnswer {
        if kind != .decision || invocableName != nil {
            guard let name = invocableName, let callable = model.elementAnywhere(name), callable.kind.isCallable else {
                throw Self.missing("the model has nothing to call by the name \(invocableName ?? "-")")
            }
            let answer = try model.invoke(callable, given: inputs.map { ($0.name, $0.value) }, context)
            // Of a service with several output decisions a result names one of them.
            guard model.outputNames(of: callable).count > 1, model.outputNames(of: callable).contains(result.name),
                case .context(let outputs) = answer.value
            else { return answer }
            return ModelAnswer(value: outputs[result.name] ?? .null, reasons: answer.reasons)
        }
        guard let decision = model.element(result.name, namespace: result.namespace) ?? model.elementAnywhere(result.name) else {
            throw Self.missing("the model has no element \(result.name)")
        }
        if decision.kind.isCallable {
            return try model.invoke(decision, given: inputs.map { ($0.name, $0.value) }, context)
        }
        var given: [(element: ModelElement, value: Value)] = []
        for input in inputs {
            guard let element = model.element(input.name, namespace: input.namespace) ?? model.elementAnywhere(input.name) else {
                throw Self.missing("the model has no element \(input.name)")
            }
            given.append((element, input.value))
        }
        return try model.evaluate(decision, given: given, context)
    }

    private static func missing(_ fact: String) -> EvaluationFailure {
        EvaluationFailure(diagnostic: Diagnostic(.modelReference, .error, fact))
    }

    private func verdict(_ result: ConformanceResult, _ found: Value, _ reasons: [Diagnostic]) -> ConformanceVerdict {
        let expected = result.isError ? Value.null : result.expected
        if ConformanceComparison.agree(found, expected) {
            return ConformanceVerdict(node: result.name, outcome: .passed, detail: "")
        }
        var detail = "expected \(Self.told(expected)), found \(Self.told(found))"
        if let reason = reasons.first { detail += ": \(reason.fact) [\(reason.code)]" }
        let isJava = expected != .null && reasons.contains { $0.code == .modelExternal || $0.code == .feelExternal }
        return ConformanceVerdict(node: result.name, outcome: isJava ? .needsJava : .failed, detail: detail)
    }

    private static let detailBytesMax = 400

    private static func told(_ value: Value) -> String {
        let text = JSONText.write(value)
        return text.utf8.count <= detailBytesMax ? text : String(text.prefix(detailBytesMax / 2)) + "..."
    }
}

/// Whether what was found is what was expected.
enum ConformanceComparison {
    /// All published runners of the kit compare numbers so.
    private static let tolerance = ExactDecimal(coefficient: 1, scale: 8)

    /// Numbers agree within 1e-8; all else is equal, lists in order and contexts by name.
    static func agree(_ found: Value, _ expected: Value) -> Bool {
        switch (found, expected) {
        case (.number(let left), .number(let right)):
            if left == right { return true }
            do throws(ArithmeticFailure) {
                return try left.subtracting(right).magnitude < tolerance
            } catch {
                return false
            }
        case (.list(let left), .list(let right)):
            return left.count == right.count && zip(left, right).allSatisfy { agree($0, $1) }
        case (.context(let left), .context(let right)):
            return left.count == right.count && right.entries.allSatisfy { entry in left[entry.name].map { agree($0, entry.value) } ?? false }
        default: return found == expected
        }
    }
}
