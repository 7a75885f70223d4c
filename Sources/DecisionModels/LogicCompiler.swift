import Diagnostics
import FEEL
import Values

/// Compiles the logic of models: literal expressions, tables and all boxed expressions become closures over the slots of a row.
/// Findings are collected. In the standard profile what is in error is null when it is evaluated, and its finding a warning.
struct LogicCompiler {
    let profile: FEELProfile
    var types: TypeResolver
    private(set) var diagnostics: [Diagnostic] = []

    init(types: TypeResolver, profile: FEELProfile) {
        self.types = types
        self.profile = profile
    }

    // MARK: - Findings

    /// Takes findings of the expression language. In the standard profile an expression with an error is null, so that each is
    /// a warning.
    mutating func take(_ found: [Diagnostic]) {
        diagnostics += found.map { finding in
            guard profile == .standard, finding.severity == .error else { return finding }
            var demoted = finding
            demoted.severity = .warning
            return demoted
        }
    }

    mutating func report(_ code: DiagnosticCode, _ fact: String, _ place: SourcePosition, hint: String? = nil) {
        diagnostics.append(Diagnostic(code, profile == .strict ? .error : .warning, fact, at: place, hint: hint))
    }

    /// Logic that is null, and says why each time it is asked.
    func failing(_ reason: Diagnostic?) -> LoweredLogic {
        guard let reason else { return .null }
        return LoweredLogic(type: .null) { _, context in
            context.account?.note(reason)
            return .null
        }
    }

    // MARK: - Expressions

    mutating func lower(_ expression: ModelExpression, _ scope: LogicScope) -> LoweredLogic {
        let lowered = lowerLogic(expression, scope)
        return held(lowered, to: types.type(expression.type, in: scope.model), "the expression", expression.place)
    }

    private mutating func lowerLogic(_ expression: ModelExpression, _ scope: LogicScope) -> LoweredLogic {
        switch expression.logic {
        case .open: return .null
        case .literal(let text): return literal(text, scope)
        case .table(let table): return lowerTable(table, scope, expression.place)
        case .invocation(let function, let bindings): return lowerInvocation(function, bindings, scope, expression.place)
        case .context(let entries): return lowerContext(entries, scope)
        case .list(let items): return lowerList(items, scope)
        case .relation(let columns, let rows): return lowerRelation(columns, rows, scope)
        case .function(let function): return lowerFunction(function, scope)
        case .conditional(let condition, let yes, let no): return lowerConditional(condition, yes, no, scope, expression.place)
        case .loop(let variable, let source, let body): return lowerLoop(variable, source, body, scope, expression.place)
        case .quantified(let isEvery, let variable, let source, let test):
            return lowerQuantified(isEvery, variable, source, test, scope, expression.place)
        case .filter(let source, let match): return lowerFilter(source, match, scope, expression.place)
        }
    }

    private mutating func literal(_ text: ModelText, _ scope: LogicScope) -> LoweredLogic {
        let compilation = FEEL.expression(text.string, layout: scope.layout, at: text.origin, profile: profile, types: types.names(in: scope.model))
        let found = compilation.diagnostics.map { text.relocated($0) }
        take(found)
        guard let compiled = compilation.product else { return failing(found.first { $0.severity == .error } ?? found.first) }
        return LoweredLogic(type: compiled.type) { row, context throws(EvaluationFailure) in try compiled.evaluate(row, context) }
    }

    /// The logic with its value brought to a type; a value that does not conform is null in the standard profile, and fails in
    /// the strict one.
    mutating func held(_ lowered: LoweredLogic, to type: ModelValueType?, _ what: String, _ place: SourcePosition) -> LoweredLogic {
        guard let type, !type.isAny else { return lowered }
        if profile == .strict, !Self.mayConform(lowered.type, type.valueType) {
            report(.modelType, "\(what) is a \(lowered.type); \(type.name) is wanted", place)
        }
        let code = lowered.code, isStrict = profile == .strict
        return LoweredLogic(type: type.valueType) { row, context throws(EvaluationFailure) in
            let value = try code(row, context)
            if let brought = try type.brought(value, context) { return brought }
            return try Self.refuse(value, type, what, place, isStrict, context)
        }
    }

    /// What stands for a value that does not conform.
    static func refuse(
        _ value: Value, _ type: ModelValueType, _ what: String, _ place: SourcePosition, _ isStrict: Bool, _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        let reason = Diagnostic(
            .modelConformance, isStrict ? .error : .warning, "\(what) is a \(value.type) that does not conform to \(type.name)", at: place)
        if isStrict { throw EvaluationFailure(diagnostic: reason) }
        context.account?.note(reason)
        return .null
    }

    /// Whether a value of a static type can be brought to another.
    private static func mayConform(_ found: ValueType, _ wanted: ValueType) -> Bool {
        if wanted.accepts(found) { return true }
        switch (found, wanted) {
        case (.date, .dateTime): return true
        case (.list(let element), _) where wanted.accepts(element): return true
        case (_, .list(let element)): return element.accepts(found)
        default: return false
        }
    }
}
