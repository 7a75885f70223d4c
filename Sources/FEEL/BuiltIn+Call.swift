import Diagnostics
import Values

/// How arguments lie to the parameters of a form.
enum Arrangement {
    /// One value a parameter (an argument, where the form is variadic), each of its parameter's kind.
    case fits([Value])
    /// An argument is null where the form takes none, which gives null.
    case null(Parameter)
    /// An argument is of another kind than its parameter.
    case misfit(argument: Int, Parameter)
}

extension BuiltInForm {
    /// - Parameter places: the parameter of each argument, as ``places(_:)`` gives them.
    func arranged(_ values: [Value], _ places: [Int]) -> Arrangement {
        var given = Array(repeating: Value.null, count: isVariadic ? values.count : parameters.count)
        var missing: Parameter?
        for (index, value) in values.enumerated() {
            let parameter = parameter(places[index])
            guard let fitting = parameter.converted(value) else { return .misfit(argument: index, parameter) }
            if fitting == .null, !takesNull, !parameter.takesNull { missing = missing ?? parameter }
            given[places[index]] = fitting
        }
        return missing.map(Arrangement.null) ?? .fits(given)
    }

    /// What a function that calls others counts against the nesting of texts.
    private static let callingLevels = 10

    func run(_ given: [Value], of builtIn: BuiltIn, _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        try frame.spend(Self.cost(given), range)
        if builtIn.looksDeep { for value in given { try frame.spendWalk(value, range) } }
        let arguments = Arguments(values: given, isStrict: frame.isStrict)
        if let calling {
            try frame.enter(range, levels: Self.callingLevels)
            let result = try calling(arguments, &frame, range)
            frame.leave(levels: Self.callingLevels)
            return try frame.bounded(result, range)
        }
        let result: Value
        do throws(Refusal) {
            result = try body(arguments, frame.context)
        } catch {
            return try frame.reject(Refusal(error.code, "\(builtIn.name): \(error.fact)"), range)
        }
        return try frame.bounded(result, range)
    }

    /// What reading the arguments costs in steps: most functions look at each item and byte once.
    private static func cost(_ given: [Value]) -> Int {
        var steps = 1
        for value in given {
            switch value {
            case .list(let items): steps += items.count / 4
            case .string(let string) where string.utf8.count >= Frame.bytesOfStep: steps += string.utf8.count / Frame.bytesOfStep
            default: break
            }
        }
        return steps
    }
}

extension BuiltIn {
    /// Calls the first form that the arguments fit.
    func call(_ values: [Value], names: [String?], _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        return try call(values, choices(names), &frame, range) { _ in range }
    }

    /// The forms that arguments with these names fit, each with the parameter of each argument. `before(point: 1, range: r)` and
    /// `before(range: r, point: 1)` are two forms: those whose parameters are named in their order come first.
    func choices(_ names: [String?]) -> [(BuiltInForm, [Int])] {
        var inOrder: [(BuiltInForm, [Int])] = [], others: [(BuiltInForm, [Int])] = []
        for form in forms {
            guard let places = form.places(names) else { continue }
            if zip(places, places.dropFirst()).allSatisfy({ $0 < $1 }) { inOrder.append((form, places)) } else { others.append((form, places)) }
        }
        return inOrder + others
    }

    /// - Parameter place: where an argument stands, for findings.
    func call(
        _ values: [Value], _ choices: [(BuiltInForm, [Int])], _ frame: inout Frame, _ range: Range<Int>, place: (Int) -> Range<Int>
    ) throws(Fault) -> Value {
        var null: Parameter?
        var misfit: (argument: Int, parameter: Parameter)?
        for (form, places) in choices {
            switch form.arranged(values, places) {
            case .fits(let given): return try form.run(given, of: self, &frame, range)
            case .null(let parameter): null = null ?? parameter
            case .misfit(let argument, let parameter): misfit = misfit ?? (argument, parameter)
            }
        }
        if let null {
            frame.note(.feelType, range) { "\(name): \(null.name) is null" }
            return .null
        }
        guard let misfit else { return try frame.reject(Refusal(.feelArguments, "\(name) does not take \(values.count) arguments; \(usage)"), range) }
        return try frame.reject(
            .type("\(name): \(misfit.parameter.name) is a \(values[misfit.argument].typeName); expected \(misfit.parameter.type)"),
            place(misfit.argument))
    }
}
