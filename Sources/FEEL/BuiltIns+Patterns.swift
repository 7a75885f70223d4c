import Values

/// Functions over regular expressions (DMN 1.5, table 74): those of XPath and XQuery Functions 3.1.
extension BuiltIns {
    static var patterns: [BuiltIn] {
        [
            BuiltIn(
                name: "matches",
                forms: [
                    form([.string("input"), .string("pattern"), flags], .boolean, flagsAt: 2) { pattern, given, frame, range throws(Fault) in
                        let text = given.string(0)
                        return try counted(&frame, range) { steps throws(PatternLimit) in .boolean(try pattern.matches(text, steps: &steps)) }
                    }
                ]),
            BuiltIn(
                name: "replace",
                forms: [
                    form([.string("input"), .string("pattern"), .string("replacement"), flags], .string, flagsAt: 3, takesEmpty: false) {
                        pattern, given, frame, range throws(Fault) in
                        try replaced(given.string(0), pattern, given.string(2), &frame, range)
                    }
                ]),
            BuiltIn(
                name: "split",
                forms: [
                    form([.string("string"), .string("delimiter")], .list(.string), flagsAt: nil, takesEmpty: false) {
                        pattern, given, frame, range throws(Fault) in
                        try split(given.string(0), pattern, &frame, range)
                    }
                ]),
        ]
    }

    private static let flags = Parameter(name: "flags", type: .string, isOptional: true, takesNull: true)

    private typealias Use = @Sendable (TextPattern, Arguments, inout Frame, Range<Int>) throws(Fault) -> Value

    /// A form whose second parameter is a pattern, which is compiled once where it is constant.
    /// - Parameter takesEmpty: whether the pattern may match the empty text.
    private static func form(
        _ parameters: [Parameter], _ result: ValueType, flagsAt: Int?, takesEmpty: Bool = true, _ use: @escaping Use
    ) -> BuiltInForm {
        var form = BuiltInForm(parameters, result: { _ in result }, calling: { given, frame, range throws(Fault) in
            let pattern: TextPattern
            do throws(Refusal) {
                pattern = try compiled(given[1], flagsAt.map { given[$0] } ?? .null, takesEmpty)
            } catch {
                return try frame.reject(error, range)
            }
            return try use(pattern, given, &frame, range)
        })
        form.preparation = Preparation(parameter: 1) { constants throws(Refusal) in
            guard case .string? = constants[1] else { return nil }
            guard let flags = flagsAt.map({ constants[$0] }) ?? .some(.null) else { return nil }
            switch flags {
            case .string, .null: break
            default: return nil
            }
            let pattern = try compiled(constants[1] ?? .null, flags, takesEmpty)
            return { given, frame, range throws(Fault) in try use(pattern, given, &frame, range) }
        }
        return form
    }

    private static func compiled(_ pattern: Value, _ flags: Value, _ takesEmpty: Bool) throws(Refusal) -> TextPattern {
        guard case .string(let text) = pattern else { throw .type("the pattern is a \(pattern.typeName); expected string") }
        var letters = ""
        if case .string(let given) = flags { letters = given }
        let compiled: TextPattern
        do throws(PatternFailure) {
            compiled = try TextPattern(text, flags: letters)
        } catch {
            throw refusal(error, "pattern")
        }
        if !takesEmpty, compiled.matchesEmpty {
            throw Refusal(.feelPattern, "the pattern matches the empty text, so that nothing can be parted or replaced by it")
        }
        return compiled
    }

    private static func refusal(_ failure: PatternFailure, _ what: String) -> Refusal {
        Refusal(
            failure.isTooLarge ? .feelTooLarge : .feelPattern,
            "\(failure.fact), at character \(failure.place) of the \(failure.isAboutFlags ? "flags" : what)")
    }

    /// Runs a search on what is left of the evaluation's steps, and takes from them what it used.
    private static func counted<Result>(
        _ frame: inout Frame, _ range: Range<Int>, _ body: (inout Int) throws(PatternLimit) -> Result
    ) throws(Fault) -> Result {
        let allowed = frame.stepsLeft * patternStepsOfStep
        var left = allowed
        do throws(PatternLimit) {
            let result = try body(&left)
            frame.stepsLeft -= (allowed - left) / patternStepsOfStep
            return result
        } catch {
            throw Fault(.feelBudget, "the pattern takes more than the steps that are left, which are \(allowed)", range)
        }
    }

    /// As many moves of a search count as one step of an evaluation.
    private static let patternStepsOfStep = 4

    private static func replaced(
        _ text: String, _ pattern: TextPattern, _ replacement: String, _ frame: inout Frame, _ range: Range<Int>
    ) throws(Fault) -> Value {
        let parts: PatternReplacement
        do throws(PatternFailure) {
            parts = try PatternReplacement(replacement, groupCount: pattern.program.groupCount, isLiteral: pattern.program.flags.isLiteral)
        } catch {
            return try frame.reject(refusal(error, "replacement"), range)
        }
        let bytesMax = frame.context.budget.stringBytes
        let result = try counted(&frame, range) { steps throws(PatternLimit) in
            try pattern.replacing(in: text, by: parts, bytesMax: bytesMax, steps: &steps)
        }
        guard let result else { throw Fault(.feelBudget, "the string is longer than the limit of \(bytesMax) bytes", range) }
        return .string(result)
    }

    private static func split(_ text: String, _ pattern: TextPattern, _ frame: inout Frame, _ range: Range<Int>) throws(Fault) -> Value {
        let countMax = frame.context.budget.listLength
        let parts = try counted(&frame, range) { steps throws(PatternLimit) in
            try pattern.splitting(text, countMax: countMax, steps: &steps)
        }
        guard let parts else { throw Fault(.feelBudget, "the list is longer than the limit of \(countMax)", range) }
        return .list(parts.map(Value.string))
    }
}
