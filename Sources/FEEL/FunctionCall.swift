import Diagnostics
import Values

/// Calls function values, whoever made them.
enum FunctionCall {
    /// - Parameter values: the arguments in the order of the parameters; they are converted to the parameters' types.
    static func run(_ function: FunctionValue, _ values: [Value], _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        if let own = function.body as? BuiltInFunction {
            return try own.builtIn.call(values, names: Array(repeating: nil, count: values.count), &frame, range)
        }
        guard values.count == function.parameters.count else {
            return try frame.reject(
                Refusal(.feelArguments, "\(function) takes \(function.parameters.count) arguments; \(values.count) were given"), range)
        }
        var given = values
        for (place, parameter) in function.parameters.enumerated() where parameter.type != .any {
            guard let value = Conformance.converted(given[place], to: parameter.type) else {
                return try frame.reject(
                    .type("the argument \(parameter.name) is a \(given[place].typeName); expected \(parameter.type)"), range)
            }
            given[place] = value
        }
        switch function.body {
        case let closure as Closure: return try closure.call(given, &frame, range)
        case let native as NativeFunction:
            let value = try native.call(given, &frame, range)
            guard let result = Conformance.converted(value, to: function.result) else {
                return try frame.reject(.type("the function gives a \(value.typeName); expected \(function.result)"), range)
            }
            return result
        default: return try frame.reject(Refusal(.feelUnsupported, "the function cannot be called from an expression"), range)
        }
    }

    /// Named arguments. A parameter that is not named is null for functions outside of the language that allow it, and
    /// otherwise an argument too few.
    static func run(
        _ function: FunctionValue, named arguments: [(name: String, value: Value)], _ frame: inout Frame, _ range: Range<Int>
    ) throws(Fault) -> Value {
        if let own = function.body as? BuiltInFunction {
            return try own.builtIn.call(arguments.map(\.value), names: arguments.map(\.name), &frame, range)
        }
        var values: [Value?] = Array(repeating: nil, count: function.parameters.count)
        for argument in arguments {
            guard let place = function.parameters.firstIndex(where: { $0.name == argument.name }), values[place] == nil else {
                return try frame.reject(Refusal(.feelArguments, "\(function) has no argument \(argument.name) left"), range)
            }
            values[place] = argument.value
        }
        if let place = values.firstIndex(where: { $0 == nil }) {
            return try frame.reject(Refusal(.feelArguments, "the argument \(function.parameters[place].name) is not given"), range)
        }
        return try run(function, values.map { $0 ?? .null }, &frame, range)
    }
}
