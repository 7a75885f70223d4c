import Diagnostics
import Values

/// One function of the language, with the ways in which it may be called.
struct BuiltIn: Sendable {
    let name: String
    let forms: [BuiltInForm]
    var readsClock = false

    /// Whether nothing that it gives holds an argument whole.
    var keepsNoArgument: Bool { Self.lookers.contains(name) }

    private static let lookers: Set<String> = [
        "count", "sum", "min", "max", "mean", "median", "mode", "stddev", "product", "all", "any", "list contains", "index of",
    ]

    /// Whether it looks into the items of its arguments' items.
    var looksDeep: Bool { Self.deepLookers.contains(name) }

    private static let deepLookers: Set<String> = [
        "string", "flatten", "distinct values", "union", "index of", "list contains", "is", "mode", "string join",
    ]

    /// How to call it, for hints.
    var usage: String {
        let calls = forms.map { form in
            "\(name)(" + form.parameters.map { $0.isOptional ? "\($0.name)?" : $0.name }.joined(separator: ", ") + (form.isVariadic ? ", ..." : "") + ")"
        }
        return "call it as " + calls.joined(separator: " or ")
    }
}

/// One list of parameters and what it does.
struct BuiltInForm: Sendable {
    typealias Body = @Sendable (Arguments, EvaluationContext) throws(Refusal) -> Value
    /// What takes functions, and so has to call them within the evaluation.
    typealias CallingBody = @Sendable (Arguments, inout Frame, Range<Int>) throws(Fault) -> Value

    let parameters: [Parameter]
    /// Whether the last parameter may come any number of times.
    var isVariadic = false
    /// Whether null is an argument like any other; otherwise one null gives null.
    var takesNull = false
    let result: @Sendable ([ValueType]) -> ValueType
    let body: Body
    var calling: CallingBody?
    var preparation: Preparation?

    init(
        _ parameters: [Parameter], _ result: ValueType, isVariadic: Bool = false, takesNull: Bool = false, _ body: @escaping Body
    ) {
        self.init(parameters, isVariadic: isVariadic, takesNull: takesNull, result: { _ in result }, body)
    }

    init(
        _ parameters: [Parameter], isVariadic: Bool = false, takesNull: Bool = false,
        result: @escaping @Sendable ([ValueType]) -> ValueType, _ body: @escaping Body
    ) {
        self.parameters = parameters
        self.isVariadic = isVariadic
        self.takesNull = takesNull
        self.result = result
        self.body = body
    }

    /// A form that calls functions.
    init(_ parameters: [Parameter], result: @escaping @Sendable ([ValueType]) -> ValueType, calling: @escaping CallingBody) {
        self.parameters = parameters
        self.result = result
        self.calling = calling
        body = { _, _ throws(Refusal) in throw .value("the function calls others and is run within an evaluation") }
    }

    func parameter(_ place: Int) -> Parameter { parameters[min(place, parameters.count - 1)] }

    /// The parameter of each argument, or nil where the number or the names do not fit. Arguments are all named or all not.
    func places(_ names: [String?]) -> [Int]? {
        let named = names.compactMap { $0 }
        let required = parameters.count { !$0.isOptional }
        if named.isEmpty {
            guard names.count >= required, isVariadic || names.count <= parameters.count else { return nil }
            return Array(names.indices)
        }
        guard named.count == names.count, Set(named).count == named.count else { return nil }
        var places: [Int] = []
        for name in named {
            guard let place = parameters.firstIndex(where: { $0.name == name }) else { return nil }
            places.append(place)
        }
        let isComplete = parameters.indices.allSatisfy { parameters[$0].isOptional || places.contains($0) }
        return isComplete ? places : nil
    }

}

/// What a form makes ready from constant arguments when a text is compiled, such as a pattern.
struct Preparation: Sendable {
    /// The parameter that a finding is about.
    let parameter: Int
    /// Gets the constant of each parameter, nil where it has none; gives nil where nothing can be made ready.
    let run: @Sendable ([Value?]) throws(Refusal) -> BuiltInForm.CallingBody?
}

extension ValueType {
    fileprivate var isList: Bool {
        if case .list = self { return true }
        return false
    }
}

/// One parameter of a built-in function.
struct Parameter: Sendable {
    let name: String
    let type: ValueType
    var isOptional = false
    var takesNull = false

    static func any(_ name: String) -> Parameter { Parameter(name: name, type: .any) }
    static func nullable(_ name: String) -> Parameter { Parameter(name: name, type: .any, takesNull: true) }
    static func string(_ name: String) -> Parameter { Parameter(name: name, type: .string) }
    static func number(_ name: String) -> Parameter { Parameter(name: name, type: .number) }
    static func boolean(_ name: String) -> Parameter { Parameter(name: name, type: .boolean) }
    static func date(_ name: String) -> Parameter { Parameter(name: name, type: .date) }
    static func list(_ name: String, of element: ValueType = .any) -> Parameter { Parameter(name: name, type: .list(element)) }
    static func function(_ name: String, _ arity: Int) -> Parameter {
        Parameter(name: name, type: .function(parameters: Array(repeating: .any, count: arity), result: .any))
    }
    static func context(_ name: String) -> Parameter { Parameter(name: name, type: .context([:])) }

    var optional: Parameter {
        var parameter = self
        parameter.isOptional = true
        return parameter
    }

    /// Whether a value of this static type may be given: a value stands for a list of itself.
    func accepts(_ given: ValueType, converting: Bool) -> Bool {
        if Compiler.fits(given, type) { return true }
        // A list of one becomes its item, which only the value can tell.
        if converting, case .list(let element) = given, !type.isList { return accepts(element, converting: true) }
        if case .list(let element) = type {
            if case .list = given { return false }
            return Compiler.fits(given, element)
        }
        return type == .date && given == .dateTime
    }

    /// The value as the function takes it, or nil where it is of another kind: a value becomes a list of itself, a list of
    /// one becomes its item, a date and time becomes its date (DMN 1.5, 10.3.2.9.4).
    func converted(_ value: Value) -> Value? {
        switch (type, value) {
        case (.any, _), (_, .null): return value
        case (.list, .list): return value
        case (.list, _): return .list([value])
        case (.date, .dateTime(let moment)): return .date(moment.date)
        case (.string, .string), (.number, .number), (.boolean, .boolean), (.date, .date), (.context, .context), (.range, .range),
            (.function, .function), (.time, .time), (.dateTime, .dateTime), (.dayTimeDuration, .dayTimeDuration), (.yearMonthDuration, .yearMonthDuration):
            return value
        case (_, .list(let items)) where items.count == 1 && items[0] != .null:
            if case .list = items[0] { return nil }
            return converted(items[0])
        default: return nil
        }
    }
}

/// The arguments of a call, already of their parameters' kinds.
struct Arguments {
    let values: [Value]
    /// In the standard profile a number that is not whole counts as its whole part where a whole one is wanted.
    var isStrict = true

    subscript(place: Int) -> Value { values[place] }
    func isGiven(_ place: Int) -> Bool { values[place] != .null }

    func string(_ place: Int) -> String {
        guard case .string(let string) = values[place] else { preconditionFailure("the parameter is a string") }
        return string
    }

    func number(_ place: Int) -> ExactDecimal {
        guard case .number(let number) = values[place] else { preconditionFailure("the parameter is a number") }
        return number
    }

    func list(_ place: Int) -> [Value] {
        guard case .list(let list) = values[place] else { preconditionFailure("the parameter is a list") }
        return list
    }

    func date(_ place: Int) -> CalendarDate {
        guard case .date(let date) = values[place] else { preconditionFailure("the parameter is a date") }
        return date
    }

    func function(_ place: Int) -> FunctionValue {
        guard case .function(let function) = values[place] else { preconditionFailure("the parameter is a function") }
        return function
    }

    func context(_ place: Int) -> ContextValue {
        guard case .context(let context) = values[place] else { preconditionFailure("the parameter is a context") }
        return context
    }

    func integer(_ place: Int, _ what: String) throws(Refusal) -> Int {
        if let whole = number(place).integer { return whole }
        guard !isStrict, let part = number(place).rounded(scale: 0, .down).integer else { throw .value("\(what) is not a whole number") }
        return part
    }
}
