import Diagnostics
package import FEEL
package import Values

extension CompiledModel {
    /// Evaluates a decision and all that it requires.
    ///
    /// Fails where the profile is strict and a value cannot be had, and in either profile where a limit is reached.
    /// - Parameter given: values by element: inputs, and decisions that are not to be evaluated. What is not given is null.
    package func evaluate(
        _ decision: ModelElement, given: [(element: ModelElement, value: Value)], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> ModelAnswer {
        let context = context.account == nil ? context.withAccount() : context
        let run = ModelRun(self, context)
        for pair in given { try run.give(pair.value, to: pair.element.number) }
        let value = try run.value(of: decision.number)
        return ModelAnswer(value: value, reasons: context.account?.reasons ?? [])
    }

    /// Calls a decision service or business knowledge model.
    /// - Parameter given: values by the names of its parameters; what is not given is null, and what has another name is not
    ///   looked at.
    package func invoke(
        _ callable: ModelElement, given: [(name: String, value: Value)], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> ModelAnswer {
        let context = context.account == nil ? context.withAccount() : context
        let run = ModelRun(self, context)
        guard case .function(let function) = try run.value(of: callable.number) else {
            return ModelAnswer(value: .null, reasons: context.account?.reasons ?? [])
        }
        let arguments = function.parameters.map { parameter in given.first { $0.name == parameter.name }?.value ?? .null }
        let profile: FEELProfile = elements[callable.number].isStrict ? .strict : .standard
        let value = try FEEL.call(function, arguments, context, profile: profile)
        return ModelAnswer(value: value, reasons: context.account?.reasons ?? [])
    }
}

/// One evaluation: the values of elements that are known so far. A call of a service is an evaluation of its own.
final class ModelRun {
    private let model: CompiledModel
    private let context: EvaluationContext
    private var known: [Int: Value] = [:]

    init(_ model: CompiledModel, _ context: EvaluationContext) {
        self.model = model
        self.context = context
    }

    /// Gives the value of an input, or of a decision that is not to be evaluated, brought to its declared type.
    func give(_ value: Value, to number: Int) throws(EvaluationFailure) {
        let element = model.elements[number]
        if let brought = try element.type.brought(value, context) {
            known[number] = brought
        } else {
            known[number] = try LogicCompiler.refuse(
                value, element.type, "the value of \"\(element.name)\"", element.place, element.isStrict, context)
        }
    }

    /// The value of an element, with all that it requires evaluated first, from the bottom up.
    func value(of number: Int) throws(EvaluationFailure) -> Value {
        var waiting = [number]
        while let next = waiting.last {
            if known[next] != nil {
                waiting.removeLast()
                continue
            }
            let missing = model.elements[next].values.filter { known[$0] == nil }
            if missing.isEmpty {
                known[next] = try own(next)
                waiting.removeLast()
            } else {
                waiting += missing.reversed()
            }
        }
        return known[number] ?? .null
    }

    /// The value of an element whose requirements are known.
    private func own(_ number: Int) throws(EvaluationFailure) -> Value {
        let element = model.elements[number]
        switch element.kind {
        case .input: return .null
        case .decision: return try element.code?(try row(of: element), context) ?? .null
        case .knowledge:
            guard let function = element.function else { return .null }
            // The row is filled when the function is called: it may hold the function itself.
            return .function(FEEL.function(parameters: function.parameters, result: function.result) { [model] arguments, context throws(EvaluationFailure) in
                let run = ModelRun(model, context)
                return try function.call(arguments, over: run.row(of: element), context)
            })
        case .service: return .function(service(number, element))
        }
    }

    func row(of element: CompiledElement) throws(EvaluationFailure) -> [Value] {
        var row: [Value] = []
        row.reserveCapacity(element.sources.count)
        for source in element.sources {
            switch source {
            case .element(let number): row.append(try value(of: number))
            case .imported(let members):
                var entries: [(name: String, value: Value)] = []
                for member in members { entries.append((member.name, try value(of: member.element))) }
                row.append(.context(ContextValue(entries)))
            }
        }
        return row
    }

    /// A service as a function: inputs first, then decisions that are given (DMN 1.5, 10.4).
    private func service(_ number: Int, _ element: CompiledElement) -> FunctionValue {
        let parameters = element.parameters.map {
            FunctionParameter(name: model.elements[$0].name, type: model.elements[$0].type.valueType)
        }
        return FEEL.function(parameters: parameters, result: element.result.valueType) { [model] arguments, context throws(EvaluationFailure) in
            let run = ModelRun(model, context)
            for (parameter, argument) in zip(element.parameters, arguments) { try run.give(argument, to: parameter) }
            var entries: [(name: String, value: Value)] = []
            for output in element.outputs { entries.append((model.elements[output].name, try run.value(of: output))) }
            let value: Value = entries.count == 1 ? entries[0].value : .context(ContextValue(entries))
            if let brought = try element.result.brought(value, context) { return brought }
            return try LogicCompiler.refuse(
                value, element.result, "the result of \"\(element.name)\"", element.place, element.isStrict, context)
        }
    }
}
