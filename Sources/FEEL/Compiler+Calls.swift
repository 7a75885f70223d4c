import Diagnostics
import Values

extension Compiler {
    /// A function literal: a value that keeps what its text saw.
    /// - Parameters:
    ///   - expected: types of parameters that have none of their own.
    ///   - name: the name of the context entry that it is, by which it can call itself.
    mutating func lowerFunction(
        _ parameters: [SyntaxParameter], _ bodyNode: SyntaxNode, _ range: Range<Int>, expected: [ValueType] = [], name: String? = nil
    ) -> Lowered {
        var scope: [String: Binding] = [:]
        var ownLocal: Int?
        if let name {
            let local = newLocal()
            ownLocal = local
            scope[name] = .local(local, .function(parameters: parameters.map(\.type), result: .any))
        }
        var locals: [Int] = []
        var signature: [FunctionParameter] = []
        for (place, parameter) in parameters.enumerated() {
            let local = newLocal()
            locals.append(local)
            let type = parameter.type == .any && place < expected.count ? expected[place] : parameter.type
            scope[parameter.name] = .local(local, type)
            signature.append(FunctionParameter(name: parameter.name, type: parameter.type))
        }
        push(scope)
        let body = lower(bodyNode)
        pop()
        let code = ClosureCode(
            parameters: signature, locals: locals, ownLocal: ownLocal, result: body.type, body: body.code, height: bodyNode.height,
            cost: Self.cost(bodyNode), isStrict: isStrict, text: source)
        var lowered = Lowered(.function(parameters: parameters.map(\.type), result: body.type), range) { frame throws(Fault) in
            .function(Closure(code, frame).function)
        }
        lowered.parameterNames = parameters.map(\.name)
        return lowered
    }

    mutating func lowerCall(_ name: String, _ nameRange: Range<Int>, _ arguments: [SyntaxArgument], _ range: Range<Int>) -> Lowered {
        if let binding = binding(name) {
            return lowerInvocation(lowerBinding(binding, name, nameRange), name, nameRange, arguments, range)
        }
        if layout.slot(of: name) != nil || (BuiltIns.table[name] == nil && !openItems.isEmpty) {
            return lowerInvocation(lowerName(name, nameRange), name, nameRange, arguments, range)
        }
        guard let builtIn = BuiltIns.table[name] else {
            let nearest = NameSuggestion.nearest(to: name, among: BuiltIns.table.keys)
            return failed(.feelUnknownName, "unknown function \(name)", nameRange, hint: nearest.map { "did you mean \($0)?" })
        }
        if builtIn.readsClock { readsClock = true }
        let values = lowerArguments(of: builtIn, arguments)
        let choices = chooseForms(builtIn, arguments, values, nameRange)
        return choices.isEmpty ? rejected(range) : lowerBuiltIn(builtIn, choices, values, range)
    }

    // MARK: functions as values

    /// A call of whatever the callee turns out to be.
    /// - Parameter name: what the callee is called in findings.
    mutating func lowerInvocation(
        _ callee: Lowered, _ name: String, _ nameRange: Range<Int>, _ arguments: [SyntaxArgument], _ range: Range<Int>
    ) -> Lowered {
        let values = arguments.map { lower($0.value) }
        let result: ValueType
        switch callee.type {
        case .function(let parameters, let given):
            if let fault = misfit(arguments, values, parameters, callee.parameterNames, name) {
                return failed(fault.code, fault.fact, fault.range ?? nameRange)
            }
            result = given
        case .any, .null: result = .any
        default: return failed(.feelType, "\(name) is a \(callee.type) and cannot be called", nameRange)
        }
        if let clash = namesClash(arguments) { return failed(.feelArguments, clash.fact, clash.range) }
        let target = callee.code
        let parts = values.map { Part($0) }
        let names = arguments.compactMap(\.name)
        return Lowered(result, range) { frame throws(Fault) in
            guard case .function(let function) = try target(&frame) else {
                return try frame.reject(.type("\(name) is no function and cannot be called"), nameRange)
            }
            var given: [Value] = []
            given.reserveCapacity(parts.count)
            for part in parts { given.append(try part.run(&frame)) }
            if names.isEmpty { return try FunctionCall.run(function, given, &frame, range) }
            return try FunctionCall.run(function, named: Array(zip(names, given).map { (name: $0, value: $1) }), &frame, range)
        }
    }

    private struct Misfit {
        let code: DiagnosticCode
        let fact: String
        let range: Range<Int>?
    }

    /// What is wrong with the arguments as far as the types tell; nil where nothing is.
    private func misfit(
        _ arguments: [SyntaxArgument], _ values: [Lowered], _ parameters: [ValueType], _ names: [String]?, _ name: String
    ) -> Misfit? {
        guard arguments.count == parameters.count else {
            return Misfit(code: .feelArguments, fact: "\(name) takes \(parameters.count) arguments; \(arguments.count) were given", range: nil)
        }
        for (place, (argument, value)) in zip(arguments, values).enumerated() {
            var target: Int? = place
            if let given = argument.name {
                guard let names else { continue }
                target = names.firstIndex(of: given)
            }
            guard let target else {
                return Misfit(code: .feelArguments, fact: "\(name) has no argument \(argument.name ?? "")", range: argument.nameRange)
            }
            if !accepts(parameters[target], value.type) {
                let title = names?[target] ?? "\(target + 1)"
                return Misfit(code: .feelType, fact: "the argument \(title) is a \(value.type); expected \(parameters[target])", range: value.range)
            }
        }
        return nil
    }

    /// Whether a value of the given type may become one of the wanted type: in the standard profile with the conversions
    /// between a value and a list of it.
    private func accepts(_ wanted: ValueType, _ given: ValueType) -> Bool {
        if Self.fits(given, wanted) { return true }
        if isStrict { return false }
        switch (wanted, given) {
        case (.dateTime, .date): return true
        case (_, .list(let element)): return accepts(wanted, element)
        case (.list(let element), _): return accepts(element, given)
        default: return false
        }
    }

    /// Arguments are all named or all not, and no name comes twice.
    private func namesClash(_ arguments: [SyntaxArgument]) -> (fact: String, range: Range<Int>)? {
        var seen: Set<String> = []
        for argument in arguments {
            guard let name = argument.name else {
                if seen.isEmpty { continue }
                return ("arguments are all named or all not", argument.nameRange)
            }
            if seen.isEmpty, argument.nameRange != arguments[0].nameRange { return ("arguments are all named or all not", argument.nameRange) }
            if !seen.insert(name).inserted { return ("the argument \(name) is given twice", argument.nameRange) }
        }
        return nil
    }

    // MARK: built-in functions

    /// The arguments of a built-in function. A function literal among them gets the type of the list's items for parameters
    /// that have none of their own.
    private mutating func lowerArguments(of builtIn: BuiltIn, _ arguments: [SyntaxArgument]) -> [Lowered] {
        var values: [Lowered] = []
        for argument in arguments {
            guard case .function(let parameters, let body) = argument.value.kind, let first = values.first else {
                values.append(builtIn.keepsNoArgument ? lowerLookedInto(argument.value) : lower(argument.value))
                continue
            }
            let element: ValueType = if case .list(let inner) = first.type { inner } else { .any }
            values.append(
                lowerFunction(parameters, body, argument.value.range, expected: Array(repeating: element, count: parameters.count)))
        }
        return values
    }

    /// The forms that the arguments may fit, each with the parameter of each argument. Reports and gives none where none does.
    private mutating func chooseForms(
        _ builtIn: BuiltIn, _ arguments: [SyntaxArgument], _ values: [Lowered], _ nameRange: Range<Int>
    ) -> [(BuiltInForm, [Int])] {
        let candidates = builtIn.choices(arguments.map(\.name))
        guard let first = candidates.first else {
            reportArguments(builtIn, arguments, nameRange)
            return []
        }
        func takes(_ candidate: (BuiltInForm, [Int]), converting: Bool) -> Bool {
            zip(values, candidate.1).allSatisfy { candidate.0.parameter($1).accepts($0.type, converting: converting) }
        }
        let isSure = values.allSatisfy { $0.type != .any && $0.type != .null }
        // A form that takes anything says nothing: a conversion to another form may be what was meant.
        let exact = candidates.filter { takes($0, converting: false) }
        if isSure, let best = exact.first(where: { form, places in isStrict || places.allSatisfy { form.parameter($0).type != .any } }) { return [best] }
        let fitting = candidates.filter { takes($0, converting: !isStrict) }
        if !fitting.isEmpty { return fitting }
        for (value, place) in zip(values, first.1) where !first.0.parameter(place).accepts(value.type, converting: !isStrict) {
            report(
                .feelType, "\(builtIn.name): \(first.0.parameter(place).name) is a \(value.type); expected \(first.0.parameter(place).type)",
                value.range, hint: builtIn.usage)
            break
        }
        return isStrict ? [] : candidates
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
        _ builtIn: BuiltIn, _ choices: [(BuiltInForm, [Int])], _ values: [Lowered], _ range: Range<Int>
    ) -> Lowered {
        let choices = choices.map { (prepared($0.0, $0.1, values, builtIn.name), $0.1) }
        let (form, places) = choices[0]
        var types = Array(repeating: ValueType.null, count: form.isVariadic ? values.count : form.parameters.count)
        for (place, value) in zip(places, values) { types[place] = value.type }
        let type = choices.count == 1 ? form.result(types) : .any
        let parts = values.map { Part($0) }
        let ranges = values.map(\.range)
        let node = Lowered(type, range) { frame throws(Fault) in
            var given: [Value] = []
            given.reserveCapacity(parts.count)
            for part in parts { given.append(try part.run(&frame)) }
            return try builtIn.call(given, choices, &frame, range) { ranges[$0] }
        }
        return builtIn.readsClock ? node : folded(node, from: values)
    }

    /// The form with what its constant arguments allow to make ready now.
    private mutating func prepared(_ form: BuiltInForm, _ places: [Int], _ values: [Lowered], _ name: String) -> BuiltInForm {
        guard let preparation = form.preparation else { return form }
        var constants: [Value?] = form.parameters.map { $0.isOptional ? .null : nil }
        for (place, value) in zip(places, values) { constants[place] = value.constant }
        var ready = form
        do throws(Refusal) {
            ready.calling = try preparation.run(constants) ?? form.calling
        } catch {
            let place = places.firstIndex(of: preparation.parameter)
            report(error.code, "\(name): \(error.fact)", place.map { values[$0].range } ?? 0..<0)
        }
        return ready
    }
}
