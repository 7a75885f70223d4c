import Diagnostics
import FEEL
import Values

// Functions as boxed expressions and as the logic of business knowledge models, and their invocation (DMN 1.5, 10.2.2.3, 10.2.2.7).
extension LogicCompiler {
    /// A function that keeps what it sees where it is made.
    mutating func lowerFunction(_ function: ModelFunction, _ scope: LogicScope) -> LoweredLogic {
        let compiled = compile(function, scope, result: nil)
        return LoweredLogic(type: .function(parameters: compiled.parameters.map(\.type), result: compiled.result)) { row, _ in
            .function(compiled.value(over: row))
        }
    }

    /// - Parameter result: what the result is held to besides the function's own type.
    mutating func compile(_ function: ModelFunction, _ scope: LogicScope, result: ModelValueType?) -> CompiledFunction {
        var inner = scope
        var parameters: [FunctionParameter] = []
        var parameterTypes: [ModelValueType] = []
        var slots: [Int] = []
        for parameter in function.parameters {
            let type = types.type(parameter.type, in: scope.model) ?? .any
            if parameters.contains(where: { $0.name == parameter.name }) {
                report(.modelDuplicate, "the function has two parameters \(parameter.name)", parameter.place)
            }
            let added = inner.adding(parameter.name, type.valueType)
            inner = added.scope
            slots.append(added.slot)
            parameters.append(FunctionParameter(name: parameter.name, type: type.valueType))
            parameterTypes.append(type)
        }
        var body: LoweredLogic
        if function.kind == .feel {
            body = lower(function.body, inner)
        } else {
            body = failing(Diagnostic(
                .modelExternal, .warning, "the function is defined by \(function.kind.rawValue) code, which is never run", at: function.place))
            body.type = .any
        }
        body = held(body, to: types.type(function.type, in: scope.model), "the result of the function", function.place)
        body = held(body, to: result, "the result of the function", function.place)
        return CompiledFunction(
            parameters: parameters, parameterTypes: parameterTypes, slots: slots, result: body.type == .null ? .any : body.type,
            body: body.code, place: function.place, isStrict: profile == .strict)
    }

    /// Arguments are given by the parameters' names.
    mutating func lowerInvocation(
        _ called: ModelExpression, _ bindings: [ModelBinding], _ scope: LogicScope, _ place: SourcePosition
    ) -> LoweredLogic {
        let function = lower(called, scope)
        var arguments: [(name: String, code: ModelCode)] = []
        for binding in bindings {
            let value = held(
                lower(binding.value, scope), to: types.type(binding.parameter.type, in: scope.model),
                "the argument \(binding.parameter.name)", binding.parameter.place)
            arguments.append((binding.parameter.name, value.code))
        }
        var result = ValueType.any
        if case .function(_, let type) = function.type { result = type }
        let given = arguments, functionCode = function.code, profile = profile
        let refusal = refusal(of: "what is invoked", .function(parameters: [], result: .any), called.place)
        return LoweredLogic(type: result) { row, context throws(EvaluationFailure) in
            let value = try functionCode(row, context)
            guard case .function(let function) = value else { return try refusal(value, context) }
            var values: [(name: String, value: Value)] = []
            for argument in given { values.append((argument.name, try argument.code(row, context))) }
            for parameter in function.parameters where !values.contains(where: { $0.name == parameter.name }) {
                values.append((parameter.name, .null))
            }
            return try FEEL.call(function, named: values, context, profile: profile)
        }
    }
}

/// A function of a model, checked and compiled.
struct CompiledFunction: Sendable {
    let parameters: [FunctionParameter]
    let parameterTypes: [ModelValueType]
    /// The slot of each parameter in the body's row.
    let slots: [Int]
    let result: ValueType
    let body: ModelCode
    let place: SourcePosition
    let isStrict: Bool

    /// The function as a value that keeps a row.
    func value(over row: [Value]) -> FunctionValue {
        FEEL.function(parameters: parameters, result: result) { arguments, context throws(EvaluationFailure) in
            try call(arguments, over: row, context)
        }
    }

    /// - Parameter arguments: one a parameter.
    func call(_ arguments: [Value], over row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        var row = row
        for (index, argument) in arguments.enumerated() {
            guard let value = try parameterTypes[index].brought(argument, context) else {
                return try LogicCompiler.refuse(
                    argument, parameterTypes[index], "the argument \(parameters[index].name)", place, isStrict, context)
            }
            row = row.setting(slots[index], value)
        }
        return try body(row, context)
    }
}
