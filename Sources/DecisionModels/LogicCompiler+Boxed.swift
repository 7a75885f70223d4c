import Diagnostics
import FEEL
import Values

// Boxed contexts, lists and relations (DMN 1.5 sections 10.2.2.1 to 10.2.2.6), conditionals, iterators and filters.
extension LogicCompiler {
    /// Each entry sees those before it. A last entry without a name is what the context gives.
    mutating func lowerContext(_ entries: [ModelContextEntry], _ scope: LogicScope) -> LoweredLogic {
        var inner = scope
        var steps: [(name: String, slot: Int, code: ModelCode)] = []
        var fields: [String: ValueType] = [:]
        var result: LoweredLogic?
        for (number, entry) in entries.enumerated() {
            guard let variable = entry.variable else {
                if number == entries.count - 1 {
                    result = lower(entry.value, inner)
                } else {
                    report(.modelMissing, "only the last entry of a context may have no name", entry.value.place)
                }
                continue
            }
            if fields[variable.name] != nil {
                report(.modelDuplicate, "the context has two entries \(variable.name)", variable.place)
                continue
            }
            let lowered = held(
                lower(entry.value, inner), to: types.type(variable.type, in: scope.model), "the entry \(variable.name)", variable.place)
            let added = inner.adding(variable.name, lowered.type)
            inner = added.scope
            fields[variable.name] = lowered.type
            steps.append((variable.name, added.slot, lowered.code))
        }
        let run = steps
        let resultCode = result?.code
        return LoweredLogic(type: result?.type ?? .context(fields)) { row, context throws(EvaluationFailure) in
            var row = row
            var values: [(name: String, value: Value)] = []
            for step in run {
                let value = try step.code(row, context)
                row = row.setting(step.slot, value)
                values.append((step.name, value))
            }
            if let resultCode { return try resultCode(row, context) }
            return .context(ContextValue(values))
        }
    }

    mutating func lowerList(_ items: [ModelExpression], _ scope: LogicScope) -> LoweredLogic {
        let lowered = items.map { lower($0, scope) }
        let codes = lowered.map(\.code)
        return LoweredLogic(type: .list(Self.shared(lowered.map(\.type)))) { row, context throws(EvaluationFailure) in
            var values: [Value] = []
            for code in codes { values.append(try code(row, context)) }
            return .list(values)
        }
    }

    /// The type that all have, null aside; any where they differ.
    private static func shared(_ types: [ValueType]) -> ValueType {
        let shown = types.filter { $0 != .null }
        guard let first = shown.first, shown.allSatisfy({ $0 == first }) else { return .any }
        return first
    }

    /// A list of contexts, one a row.
    mutating func lowerRelation(_ columns: [ModelVariable], _ rows: [[ModelExpression]], _ scope: LogicScope) -> LoweredLogic {
        var columnTypes: [ModelValueType?] = []
        for column in columns { columnTypes.append(types.type(column.type, in: scope.model)) }
        var cells: [[LoweredLogic]] = []
        for row in rows {
            cells.append(zip(row, zip(columns, columnTypes)).map { cell, column in
                held(lower(cell, scope), to: column.1, "the cell of \(column.0.name)", cell.place)
            })
        }
        let names = columns.map(\.name)
        let fields = Dictionary(
            names.enumerated().map { column, name in (name, columnTypes[column]?.valueType ?? Self.shared(cells.map { $0[column].type })) },
            uniquingKeysWith: { first, _ in first })
        let codes = cells.map { $0.map(\.code) }
        return LoweredLogic(type: .list(.context(fields))) { row, context throws(EvaluationFailure) in
            var values: [Value] = []
            for line in codes {
                var entries: [(name: String, value: Value)] = []
                for (name, code) in zip(names, line) { entries.append((name, try code(row, context))) }
                values.append(.context(ContextValue(entries)))
            }
            return .list(values)
        }
    }

    /// Null takes the else branch, as in FEEL; a condition that is no boolean gives null.
    mutating func lowerConditional(
        _ condition: ModelExpression, _ yes: ModelExpression, _ no: ModelExpression, _ scope: LogicScope, _ place: SourcePosition
    ) -> LoweredLogic {
        let test = lower(condition, scope), whenTrue = lower(yes, scope), whenFalse = lower(no, scope)
        expect(test.type, .boolean, "the condition", condition.place)
        let refusal = refusal(of: "the condition", .boolean, condition.place)
        let testCode = test.code, yesCode = whenTrue.code, noCode = whenFalse.code
        return LoweredLogic(type: Self.shared([whenTrue.type, whenFalse.type])) { row, context throws(EvaluationFailure) in
            switch try testCode(row, context) {
            case .boolean(true): return try yesCode(row, context)
            case .boolean(false), .null: return try noCode(row, context)
            case let other: return try refusal(other, context)
            }
        }
    }

    // MARK: - What iterates

    /// `for`: the body's value for each item, in order. `partial` is the list of those before.
    mutating func lowerLoop(
        _ variable: String, _ source: ModelExpression, _ body: ModelExpression, _ scope: LogicScope, _ place: SourcePosition
    ) -> LoweredLogic {
        let list = lower(source, scope)
        let item = scope.adding(variable, Self.element(of: list.type))
        let partial = item.scope.adding("partial", .list(.any))
        let inner = lower(body, partial.scope)
        let refusal = refusal(of: "what is iterated", .list(.any), source.place)
        let listCode = list.code, turn = Turn(parameters: 2, inner.code, [item.slot, partial.slot])
        return LoweredLogic(type: .list(inner.type == .null ? .any : inner.type)) { row, context throws(EvaluationFailure) in
            let value = try listCode(row, context)
            guard case .list(let items) = value else { return value == .null ? .null : try refusal(value, context) }
            var results: [Value] = []
            for item in items { results.append(try turn.value(row, [item, .list(results)], context)) }
            return .list(results)
        }
    }

    /// `some` and `every`. A test that is neither true nor false leaves the answer null.
    mutating func lowerQuantified(
        _ isEvery: Bool, _ variable: String, _ source: ModelExpression, _ test: ModelExpression, _ scope: LogicScope, _ place: SourcePosition
    ) -> LoweredLogic {
        let list = lower(source, scope)
        let item = scope.adding(variable, Self.element(of: list.type))
        let inner = lower(test, item.scope)
        expect(inner.type, .boolean, "the test", test.place)
        let refusal = refusal(of: "what is iterated", .list(.any), source.place)
        let noBoolean = self.refusal(of: "the test", .boolean, test.place)
        let listCode = list.code, turn = Turn(parameters: 1, inner.code, [item.slot])
        return LoweredLogic(type: .boolean) { row, context throws(EvaluationFailure) in
            let value = try listCode(row, context)
            guard case .list(let items) = value else { return value == .null ? .null : try refusal(value, context) }
            var isUnknown = false, answer = isEvery
            for item in items {
                switch try turn.value(row, [item], context) {
                case .boolean(let flag): if flag != isEvery { answer = flag }
                case .null: isUnknown = true
                case let other: return try noBoolean(other, context)
                }
            }
            return isUnknown && answer == isEvery ? .null : .boolean(answer)
        }
    }

    /// Items are seen as `item`, and where they are contexts their entries by name. A match that is no boolean gives null.
    mutating func lowerFilter(
        _ source: ModelExpression, _ match: ModelExpression, _ scope: LogicScope, _ place: SourcePosition
    ) -> LoweredLogic {
        let list = lower(source, scope)
        let element = Self.element(of: list.type)
        let item = scope.adding("item", element)
        var inner = item.scope
        var slots = [item.slot]
        var names: [String] = []
        if case .context(let fields) = element {
            for (name, type) in fields.sorted(by: { $0.key < $1.key }) where name != "item" {
                let added = inner.adding(name, type)
                inner = added.scope
                slots.append(added.slot)
                names.append(name)
            }
        }
        let test = lower(match, inner)
        expect(test.type, .boolean, "the match", match.place)
        let refusal = refusal(of: "what is filtered", .list(.any), source.place)
        let noBoolean = self.refusal(of: "the match", .boolean, match.place)
        let listCode = list.code, turn = Turn(parameters: slots.count, test.code, slots), members = names
        return LoweredLogic(type: list.type) { row, context throws(EvaluationFailure) in
            let value = try listCode(row, context)
            guard case .list(let items) = value else { return value == .null ? .null : try refusal(value, context) }
            var kept: [Value] = []
            for item in items {
                let entries: ContextValue? = if case .context(let entries) = item { entries } else { nil }
                switch try turn.value(row, [item] + members.map { entries?[$0] ?? .null }, context) {
                case .boolean(true): kept.append(item)
                case .boolean(false), .null: break
                case let other: return try noBoolean(other, context)
                }
            }
            return .list(kept)
        }
    }

    static func element(of type: ValueType) -> ValueType {
        if case .list(let element) = type { return element }
        return .any
    }

    /// In the strict profile a part is of a type, as far as that is known before it runs.
    mutating func expect(_ found: ValueType, _ wanted: ValueType, _ what: String, _ place: SourcePosition) {
        if profile == .strict, !wanted.accepts(found) { report(.modelType, "\(what) is a \(found); expected \(wanted)", place) }
    }

    /// What stands for a part that is of another type: null with its reason, or a failure.
    func refusal(
        of what: String, _ wanted: ValueType, _ place: SourcePosition
    ) -> @Sendable (Value, EvaluationContext) throws(EvaluationFailure) -> Value {
        let type = ModelValueType(wanted), isStrict = profile == .strict
        return { value, context throws(EvaluationFailure) in try Self.refuse(value, type, what, place, isStrict, context) }
    }
}

/// One turn of an iterator. It goes through a call, so that it counts against the budget of the run.
struct Turn: Sendable {
    private let parameters: [FunctionParameter]
    private let code: ModelCode
    private let slots: [Int]

    init(parameters count: Int, _ code: @escaping ModelCode, _ slots: [Int]) {
        parameters = (0..<count).map { FunctionParameter(name: "\($0)") }
        self.code = code
        self.slots = slots
    }

    /// - Parameter values: one a slot, in ascending order of the slots' making.
    func value(_ row: [Value], _ values: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> Value {
        let code = code, slots = slots
        let function = FEEL.function(parameters: parameters) { values, context throws(EvaluationFailure) in
            var inner = row
            for (slot, value) in zip(slots, values) { inner = inner.setting(slot, value) }
            return try code(inner, context)
        }
        return try FEEL.call(function, values, context)
    }
}
