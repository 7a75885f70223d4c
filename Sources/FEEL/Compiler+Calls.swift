import Diagnostics
import Values

extension Compiler {
    mutating func lowerFunction(_ parameters: [SyntaxParameter], _ bodyNode: SyntaxNode) -> LoweredFunction {
        let locals = parameters.map { (name: $0.name, type: $0.type, local: newLocal()) }
        push(Dictionary(locals.map { ($0.name, .local($0.local, $0.type)) }, uniquingKeysWith: { first, _ in first }))
        let body = lower(bodyNode)
        pop()
        return LoweredFunction(parameters: locals, body: body)
    }

    mutating func lowerCall(_ name: String, _ nameRange: Range<Int>, _ arguments: [SyntaxArgument], _ range: Range<Int>) -> Lowered {
        switch binding(name) {
        case .function(let function): return lowerCall(of: function, name, nameRange, arguments, range)
        case .local, .member: return failed(.feelType, "\(name) is a value and cannot be called", nameRange)
        case nil: break
        }
        guard let builtIn = BuiltIns.table[name] else {
            if layout.slot(of: name) != nil { return failed(.feelType, "\(name) is a field and cannot be called", nameRange) }
            let nearest = NameSuggestion.nearest(to: name, among: BuiltIns.table.keys)
            return failed(.feelUnknownName, "unknown function \(name)", nameRange, hint: nearest.map { "did you mean \($0)?" })
        }
        if builtIn.readsClock { readsClock = true }
        if arguments.contains(where: { if case .function = $0.value.kind { true } else { false } }) || name == "sort" {
            return lowerOrderedCall(name, nameRange, arguments, range)
        }
        let values = arguments.map { lower($0.value) }
        guard let (form, places) = chooseForm(builtIn, arguments, values, nameRange) else {
            return .open(range)
        }
        return lowerBuiltIn(builtIn, form, places, values, range)
    }

    // MARK: own functions

    private mutating func lowerCall(
        of function: LoweredFunction, _ name: String, _ nameRange: Range<Int>, _ arguments: [SyntaxArgument], _ range: Range<Int>
    ) -> Lowered {
        var codes: [Code?] = Array(repeating: nil, count: function.parameters.count)
        guard arguments.count == codes.count else {
            return failed(.feelArguments, "\(name) takes \(codes.count) arguments; \(arguments.count) were given", nameRange)
        }
        for (place, argument) in arguments.enumerated() {
            let value = lower(argument.value)
            let target = argument.name.map { name in function.parameters.firstIndex { $0.name == name } } ?? place
            guard let target, codes[target] == nil else {
                return failed(.feelArguments, "\(name) has no argument \(argument.name ?? "") left", argument.nameRange)
            }
            check(value, is: function.parameters[target].type, "the argument \(function.parameters[target].name)")
            codes[target] = value.code
        }
        let run = codes.compactMap { $0 }
        let locals = function.parameters.map(\.local)
        let body = function.body.code
        return Lowered(function.body.type, range) { frame throws(Fault) in
            var values: [Value] = []
            for code in run { values.append(try code(&frame)) }
            for (local, value) in zip(locals, values) { frame.locals[local] = value }
            try frame.enter(range)
            let result = try body(&frame)
            frame.leave()
            return result
        }
    }

    /// `sort(list, function(x, y) x < y)`: the one built-in that takes a function.
    private mutating func lowerOrderedCall(
        _ name: String, _ nameRange: Range<Int>, _ arguments: [SyntaxArgument], _ range: Range<Int>
    ) -> Lowered {
        guard name == "sort" else { return refused(.feelUnsupported, "\(name) takes no function here", nameRange) }
        guard (1...2).contains(arguments.count) else {
            return failed(.feelArguments, "sort takes a list and a function; \(arguments.count) arguments were given", nameRange)
        }
        for (argument, name) in zip(arguments, ["list", "precedes"]) where argument.name != nil && argument.name != name {
            return failed(.feelArguments, "sort has no argument \(argument.name ?? "") here", argument.nameRange, hint: "write sort(list: ..., precedes: ...)")
        }
        let list = lower(arguments[0].value)
        let element: ValueType = if case .list(let inner) = list.type { inner } else { .any }
        let collection = list.code
        guard arguments.count == 2 else {
            return Lowered(.list(element), range) { frame throws(Fault) in
                let items = try Self.items(try collection(&frame))
                return try Sorting.ascending(items, &frame, range)
            }
        }
        guard let function = functionArgument(arguments[1], element), function.parameters.count == 2 else {
            return failed(.feelType, "sort takes a function of two arguments", arguments[1].value.range)
        }
        let first = function.parameters[0].local, second = function.parameters[1].local
        let body = function.body.code
        return Lowered(.list(element), range) { frame throws(Fault) in
            let items = try Self.items(try collection(&frame))
            try frame.enter(range)
            let sorted = try Sorting.merge(items, &frame) { a, b, frame throws(Fault) in
                try frame.spend(1, range)
                frame.locals[first] = a
                frame.locals[second] = b
                return try body(&frame) == .boolean(true)
            }
            frame.leave()
            return .list(sorted)
        }
    }

    private mutating func functionArgument(_ argument: SyntaxArgument, _ element: ValueType) -> LoweredFunction? {
        switch argument.value.kind {
        case .function(let parameters, let body):
            return lowerFunction(parameters.map { SyntaxParameter(name: $0.name, type: $0.type == .any ? element : $0.type) }, body)
        case .name(let name):
            if case .function(let function) = binding(name) { return function }
            return nil
        default: return nil
        }
    }

    // MARK: built-in functions

    /// The first form that takes these arguments, and the parameter of each argument. Reports and gives nil where none does.
    private mutating func chooseForm(
        _ builtIn: BuiltIn, _ arguments: [SyntaxArgument], _ values: [Lowered], _ nameRange: Range<Int>
    ) -> (BuiltInForm, [Int])? {
        var candidates: [(BuiltInForm, [Int])] = []
        for form in builtIn.forms { if let places = form.places(arguments.map(\.name)) { candidates.append((form, places)) } }
        guard let first = candidates.first else {
            reportArguments(builtIn, arguments, nameRange)
            return nil
        }
        let types = values.map(\.type)
        if let exact = candidates.first(where: { $0.0.accepts(types, $0.1) }) { return exact }
        for (value, place) in zip(values, first.1) where !first.0.parameter(place).accepts(value.type) {
            report(
                .feelType, "\(builtIn.name): \(first.0.parameter(place).name) is a \(value.type); expected \(first.0.parameter(place).type)",
                value.range, hint: builtIn.usage)
            return nil
        }
        return first
    }

    private mutating func reportArguments(_ builtIn: BuiltIn, _ arguments: [SyntaxArgument], _ nameRange: Range<Int>) {
        let names = builtIn.forms.flatMap { $0.parameters.map(\.name) }
        for argument in arguments {
            guard let name = argument.name, !names.contains(name) else { continue }
            let nearest = NameSuggestion.nearest(to: name, among: names)
            report(
                .feelArguments, "\(builtIn.name) has no argument \(name)", argument.nameRange,
                hint: nearest.map { "did you mean \($0)?" } ?? builtIn.usage)
            return
        }
        report(.feelArguments, "\(builtIn.name) does not take \(arguments.count) argument\(arguments.count == 1 ? "" : "s")", nameRange, hint: builtIn.usage)
    }

    private mutating func lowerBuiltIn(
        _ builtIn: BuiltIn, _ form: BuiltInForm, _ places: [Int], _ values: [Lowered], _ range: Range<Int>
    ) -> Lowered {
        let parameters = places.map { form.parameter($0) }
        let parts = zip(values, parameters).map { ($0.0.code, $0.1, $0.0.range) }
        let count = form.isVariadic ? values.count : form.parameters.count
        let targets = form.isVariadic ? Array(values.indices) : places
        var types = Array(repeating: ValueType.null, count: count)
        for (place, value) in zip(targets, values) { types[place] = value.type }
        let body = form.body
        let name = builtIn.name
        let takesNull = form.takesNull
        let node = Lowered(form.result(types), range) { frame throws(Fault) in
            var given = Array(repeating: Value.null, count: count)
            for (index, (code, parameter, valueRange)) in parts.enumerated() {
                let raw = try code(&frame)
                guard let value = parameter.converted(raw) else {
                    return try frame.reject(.type("\(name): \(parameter.name) is a \(raw.typeName); expected \(parameter.type)"), valueRange)
                }
                if value == .null, !takesNull, !parameter.takesNull { return .null }
                given[targets[index]] = value
            }
            do throws(Refusal) {
                let result = try body(given, frame.context)
                return try Self.bounded(result, &frame, range)
            } catch {
                return try frame.reject(Refusal(error.code, "\(name): \(error.fact)"), range)
            }
        }
        return builtIn.readsClock ? node : folded(node, from: values)
    }

    /// Holds a result to the limits; a limit is a refusal here, so that the profile's rule is applied in one place.
    private static func bounded(_ value: Value, _ frame: inout Frame, _ range: Range<Int>) throws(Refusal) -> Value {
        do throws(Fault) {
            return try frame.bounded(value, range)
        } catch {
            throw Refusal(error.code, error.fact)
        }
    }
}
