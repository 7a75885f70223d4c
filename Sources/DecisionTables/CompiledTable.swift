import Diagnostics
package import FEEL
package import Values

/// A decision table that was checked and compiled against a layout. It holds no state and may be evaluated anywhere.
package struct CompiledTable: Sendable {
    /// The table as written.
    package let table: DecisionTable
    /// Names of the output columns.
    package let outputNames: [String]
    /// What each output column holds in one rule; `any` where its cells do not say.
    package let outputTypes: [ValueType]
    /// The layout slots that the headers and cells read, ascending.
    package let slots: [Int]
    /// Whether the answer depends on `now()` or `today()`.
    package let readsClock: Bool

    let inputs: [CompiledExpression]
    let rules: [CompiledRule]
    /// One an input column; nil where its cells have to be asked.
    private let indexes: [ColumnIndex?]
    /// The sets of all indexes, one after the other, and where those of each column begin.
    private let sets: [UInt64]
    private let setsStart: [Int]

    /// Compiles a table. Every wrong cell is reported, with its line and column in the file and its place in the table.
    package static func compile(
        _ table: DecisionTable, layout: Layout, profile: FEELProfile = .strict
    ) -> Compilation<CompiledTable> {
        var compiler = TableCompiler(table: table, layout: layout, profile: profile)
        return compiler.compile()
    }

    init(
        table: DecisionTable, inputs: [CompiledExpression], inputTypes: [ValueType], rules: [CompiledRule],
        outputTypes: [ValueType]
    ) {
        self.table = table
        self.inputs = inputs
        self.rules = rules
        self.outputTypes = outputTypes
        outputNames = table.outputs.map(\.header.text)
        let indexes = inputTypes.enumerated().map { column, type in
            let cells = rules.enumerated().flatMap { rule, compiled in
                compiled.tests.filter { $0.input == column }.map { (rule: rule, test: $0.test) }
            }
            return ColumnIndex(cells: cells, ruleCount: rules.count, type: type)
        }
        self.indexes = indexes
        var sets: [UInt64] = [], setsStart: [Int] = []
        for index in indexes {
            setsStart.append(sets.count)
            sets += index?.sets ?? []
        }
        self.sets = sets
        self.setsStart = setsStart
        var slots = Set(inputs.flatMap(\.slots))
        for rule in rules {
            for cell in rule.tests { slots.formUnion(cell.test.slots) }
            for output in rule.outputs { slots.formUnion(output.slots) }
        }
        self.slots = slots.sorted()
        readsClock = inputs.contains(where: \.readsClock) || rules.contains { rule in
            rule.tests.contains(where: \.test.readsClock) || rule.outputs.contains(where: \.readsClock)
        }
    }

    /// Applies the hit policy to one row.
    ///
    /// Fails where a cell fails, and, for UNIQUE, where two rules match (TABLE-UNIQUE, naming both).
    /// - Parameter row: one value a slot of the layout.
    package func evaluate(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> TableOutcome {
        let values = try inputValues(row, context)
        var starts: [Int?] = []
        starts.reserveCapacity(values.count)
        for column in values.indices {
            starts.append(indexes[column]?.start(of: values[column]).map { $0 + setsStart[column] })
        }
        var matched: [Int] = []
        for word in 0..<((rules.count + 63) / 64) {
            var candidates = candidates(word, starts)
            while candidates != 0 {
                let rule = word * 64 + candidates.trailingZeroBitCount
                candidates &= candidates - 1
                guard try passesRest(rule, starts, values, row, context) else { continue }
                matched.append(rule)
                switch table.hitPolicy {
                case .first: return try outcome(matched, row, context)
                case .unique where matched.count > 1: throw EvaluationFailure(diagnostic: clash(matched[0], rule))
                case .unique, .collect: continue
                }
            }
        }
        return matched.isEmpty ? .none : try outcome(matched, row, context)
    }

    /// The rules of one word that no indexed column rules out.
    private func candidates(_ word: Int, _ starts: [Int?]) -> UInt64 {
        let left = rules.count - word * 64
        var candidates: UInt64 = left >= 64 ? .max : (1 << UInt64(left)) - 1
        for start in starts {
            if let start { candidates &= sets[start + word] }
        }
        return candidates
    }

    func inputValues(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(inputs.count)
        for input in inputs.indices { values.append(try inputs[input].evaluate(row, context)) }
        return values
    }

    /// Asks the cells of the columns that are not indexed for this row.
    private func passesRest(
        _ rule: Int, _ starts: [Int?], _ values: [Value], _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Bool {
        for cell in rules[rule].tests.indices {
            let column = rules[rule].tests[cell].input
            if starts[column] == nil, try !rules[rule].tests[cell].test.matches(values[column], row, context) { return false }
        }
        return true
    }

    private func outcome(
        _ matched: [Int], _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> TableOutcome {
        var outputs: [Value] = []
        outputs.reserveCapacity(outputNames.count)
        for column in outputNames.indices {
            guard case .collect(let aggregation) = table.hitPolicy else {
                outputs.append(try rules[matched[0]].outputs[column].evaluate(row, context))
                continue
            }
            var values: [Value] = []
            for rule in matched { values.append(try rules[rule].outputs[column].evaluate(row, context)) }
            outputs.append(try aggregation.map { kind throws(EvaluationFailure) in
                try aggregate(values, kind, column: column, matched)
            } ?? .list(values))
        }
        return TableOutcome(matchedRules: matched.map { $0 + 1 }, outputs: outputs)
    }

    private func clash(_ first: Int, _ second: Int) -> Diagnostic {
        let cell = table.rules[second].inputs[0]
        var position = cell.position
        position.place = .cell(row: second + 1, column: nil, name: nil)
        return Diagnostic(
            .tableUnique, .error, "rules \(first + 1) and \(second + 1) both match, and the hit policy is UNIQUE", at: position,
            hint: "make the rules exclude each other, or set the hit policy to FIRST")
    }

    /// Every value is a number, else TABLE-AGGREGATE at its cell.
    private func aggregate(
        _ values: [Value], _ kind: HitPolicy.Aggregation, column: Int, _ matched: [Int]
    ) throws(EvaluationFailure) -> Value {
        if kind == .count { return .integer(Set(values).count) }
        var result: ExactDecimal?
        for (value, rule) in zip(values, matched) {
            guard case .number(let number) = value else {
                throw failure("\(kind.name) takes numbers; found \(value.type)", rule, column)
            }
            guard let sofar = result else {
                result = number
                continue
            }
            switch kind {
            case .minimum: result = min(sofar, number)
            case .maximum: result = max(sofar, number)
            case .sum, .count:
                do throws(ArithmeticFailure) {
                    result = try sofar.adding(number)
                } catch {
                    throw failure("the sum is past the range of numbers", rule, column)
                }
            }
        }
        return result.map { .number($0) } ?? .null
    }

    private func failure(_ fact: String, _ rule: Int, _ column: Int) -> EvaluationFailure {
        EvaluationFailure(
            diagnostic: Diagnostic(.tableAggregate, .error, fact, at: table.rules[rule].outputs[column].position))
    }
}

/// One rule: the cells that can fail, in the order of the columns, and the outputs.
struct CompiledRule: Sendable {
    /// Cells other than `-`.
    var tests: [CompiledCell]
    var outputs: [CompiledExpression]
}

/// One input cell.
struct CompiledCell: Sendable {
    /// Index of the input column, from 0.
    var input: Int
    var test: CompiledTest
}
