import Diagnostics
package import Values

/// The expression language of mappings, tables and rules: FEEL of DMN 1.5 (OMG formal/2024-08-01, chapter 10), with the
/// built-in functions of ``BuiltIns``, under limits of size, depth and steps.
package enum FEEL {
    /// Compiles an expression. The product is nil where the text has an error; findings carry line and column in the file.
    /// - Parameters:
    ///   - layout: the names that the expression may use, with their slots and types.
    ///   - origin: where the text's first character stands.
    ///   - types: types by the names that a model gives them, for `instance of` and the parameters of functions.
    package static func expression(
        _ text: String, layout: Layout, at origin: TextOrigin = TextOrigin(), profile: FEELProfile = .strict, types: [String: ValueType] = [:]
    ) -> Compilation<CompiledExpression> {
        let source = ExpressionSource(text, origin)
        var parser = Parser(source.bytes, scope: NameScope(layout: layout), profile: profile, types: types)
        let node: SyntaxNode
        do throws(SyntaxFault) {
            node = try parser.parseExpression()
        } catch {
            return Compilation(product: nil, diagnostics: [source.diagnostic(error.code, .error, error.fact, error.range, hint: error.hint)])
        }
        var compiler = Compiler(layout: layout, source: source, profile: profile, inputType: nil)
        let lowered = compiler.lower(node)
        if profile == .strict, lowered.parameterNames != nil {
            _ = compiler.refused(
                .feelUnsupported, "the expression gives a function and not a value", lowered.range, hint: "call it with its arguments in parentheses")
        }
        if compiler.diagnostics.contains(where: { $0.severity == .error }) {
            return Compilation(product: nil, diagnostics: compiler.diagnostics)
        }
        let product = CompiledExpression(
            source: text, type: lowered.type, slots: compiler.slots.sorted(), readsClock: compiler.readsClock,
            constant: lowered.constant, plainSlot: lowered.slot, test: lowered.test, code: lowered.code,
            localCount: compiler.localCount, height: node.height, isStrict: profile == .strict, text: source)
        return Compilation(product: product, diagnostics: compiler.diagnostics)
    }

    /// Compiles the unary tests of a table's cell, such as `< 24`, `"gold", "silver"`, `[1..5)`, `not(null)` or `-`.
    /// - Parameter input: the type of the value that is tested; `any` where it is not known.
    package static func unaryTests(
        _ text: String, input: ValueType, layout: Layout, at origin: TextOrigin = TextOrigin(), profile: FEELProfile = .strict,
        types: [String: ValueType] = [:]
    ) -> Compilation<CompiledTest> {
        let source = ExpressionSource(text, origin)
        var parser = Parser(source.bytes, scope: NameScope(layout: layout), profile: profile, types: types)
        let syntax: SyntaxTests
        do throws(SyntaxFault) {
            syntax = try parser.parseUnaryTests()
        } catch {
            return Compilation(product: nil, diagnostics: [source.diagnostic(error.code, .error, error.fact, error.range, hint: error.hint)])
        }
        var compiler = Compiler(layout: layout, source: source, profile: profile, inputType: input)
        let tests = syntax.tests.map { compiler.lowerTest($0, input: input) }
        if compiler.diagnostics.contains(where: { $0.severity == .error }) {
            return Compilation(product: nil, diagnostics: compiler.diagnostics)
        }
        let (constraint, thresholds) = normalForm(tests, syntax)
        // `!= x` alone is kept as the negation of `= x` in the normal form; its code negates by itself.
        let quick = constraint.flatMap { $0.isNegated == syntax.negated ? QuickTest($0) : nil }
        let product = CompiledTest(
            source: text, slots: compiler.slots.sorted(), readsClock: compiler.readsClock, thresholds: thresholds,
            isAny: syntax.isAny, constraint: constraint, codes: tests.map { Part($0.code) }, isNegated: syntax.negated,
            localCount: compiler.localCount, isStrict: profile == .strict, text: source, quick: quick)
        return Compilation(product: product, diagnostics: compiler.diagnostics)
    }

    private static func normalForm(_ tests: [LoweredTest], _ syntax: SyntaxTests) -> (TestConstraint?, [ExactDecimal]) {
        let terms = tests.compactMap(\.term)
        let thresholds = Set(terms.flatMap(\.numbers)).sorted()
        let negations = tests.count { $0.isNegated }
        guard terms.count == tests.count, negations == 0 || tests.count == 1 else { return (nil, thresholds) }
        return (TestConstraint(terms: terms, isNegated: syntax.negated != (negations == 1)), thresholds)
    }
}
