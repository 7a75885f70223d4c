import Diagnostics
import FEEL
import Values

/// Compiles each header and cell of a table once, and gathers what is wrong with any of them.
struct TableCompiler {
    let table: DecisionTable
    private let layout: Layout
    private let profile: FEELProfile
    private let types: [String: ValueType]
    private var diagnostics: [Diagnostic] = []

    init(table: DecisionTable, layout: Layout, profile: FEELProfile, types: [String: ValueType]) {
        self.table = table
        self.layout = layout
        self.profile = profile
        self.types = types
    }

    mutating func compile() -> Compilation<CompiledTable> {
        checkForm()
        guard diagnostics.isEmpty else { return Compilation(product: nil, diagnostics: diagnostics) }
        checkPolicy()
        let inputs = table.inputs.map { compileInput($0) }
        // A column whose header is wrong still has its cells checked, against any type.
        let inputTypes = zip(table.inputs, inputs).map { column, input in column.type ?? input?.type ?? .any }
        let inputValues = zip(table.inputs, inputTypes).map { column, type in
            column.values.flatMap { compileTest($0, type: type) }
        }
        let outputValues = table.outputs.map { column in
            column.values.flatMap { compileTest($0, type: column.type ?? .any) }
        }
        let ranking = ranking(outputValues)
        var outputTypes = OutputTypes(table)
        var rules: [CompiledRule] = []
        rules.reserveCapacity(table.rules.count)
        for (number, rule) in table.rules.enumerated() {
            let tests = zip(rule.inputs, inputTypes).enumerated().compactMap { index, pair in
                compileTest(pair.0, type: pair.1).map { CompiledCell(input: index, test: $0) }
            }
            for cell in tests { checkListed(cell, rule.inputs[cell.input], inputValues[cell.input]) }
            var outputs: [CompiledExpression] = []
            for (column, cell) in rule.outputs.enumerated() {
                guard let output = compileOutput(cell) else { continue }
                outputs.append(output)
                checkOutput(output, cell, column: column, rule: number, &outputTypes, outputValues[column])
            }
            rules.append(CompiledRule(tests: tests.filter { !$0.test.isAny }, outputs: outputs))
        }
        let defaults = compileDefaults(&outputTypes, outputValues)
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            return Compilation(product: nil, diagnostics: diagnostics)
        }
        let product = CompiledTable(
            table: table, profile: profile, inputs: inputs.compactMap(\.self), inputTypes: inputTypes, inputValues: inputValues,
            rules: rules, outputTypes: outputTypes.types, outputValues: outputValues, defaults: defaults, ranking: ranking)
        return Compilation(product: product, diagnostics: diagnostics)
    }

    /// An error in the strict profile, a warning in the standard one, where the answer is null.
    private var severity: Severity { profile == .strict ? .error : .warning }

    /// A table that was not read from a pipe table can have any number of cells.
    private mutating func checkForm() {
        let place = table.inputs.first?.header ?? table.outputs.first?.header ?? TableCell("")
        if table.outputs.isEmpty { report(.tableHeader, .error, "a table has at least one output", place) }
        let columns = table.inputs.count + table.outputs.count + table.annotations.count
        if columns > DecisionTable.columnsMax {
            report(.tableSize, .error, "a table has at most \(DecisionTable.columnsMax) columns; \(columns) found", place)
        }
        if table.rules.count > DecisionTable.rulesMax {
            report(.tableSize, .error, "a table has at most \(DecisionTable.rulesMax) rules; \(table.rules.count) found", place)
        }
        for (number, rule) in table.rules.enumerated()
        where rule.inputs.count != table.inputs.count || rule.outputs.count != table.outputs.count {
            report(
                .tableRow, .error,
                "rule \(number + 1) has \(rule.inputs.count) input and \(rule.outputs.count) output cells; the table has \(table.inputs.count) and \(table.outputs.count)",
                rule.inputs.first ?? rule.outputs.first ?? place)
        }
    }

    // MARK: policy

    /// A sum is over numbers, the least and greatest over values that have an order.
    private mutating func checkPolicy() {
        for output in table.outputs {
            if let type = output.type, let wanted = Self.refused(type, by: table.hitPolicy) {
                report(
                    .tablePolicy, severity,
                    "\(table.hitPolicy) takes \(wanted); the output \"\(output.header.text)\" is declared \(type)", output.header)
            }
        }
    }

    /// What the policy takes, where it cannot take this type.
    private static func refused(_ type: ValueType, by policy: HitPolicy) -> String? {
        switch (policy, type) {
        case (.collect(.sum), _): ValueType.number.accepts(type) ? nil : "numbers"
        case (.collect(.minimum), .boolean), (.collect(.minimum), .list), (.collect(.minimum), .context),
            (.collect(.maximum), .boolean), (.collect(.maximum), .list), (.collect(.maximum), .context):
            "values that have an order"
        default: nil
        }
    }

    private mutating func ranking(_ values: [CompiledTest?]) -> OutputRanking? {
        guard table.hitPolicy.isByOutputValues else { return nil }
        // A column whose values could not be read has its own finding.
        guard zip(table.outputs, values).allSatisfy({ $0.values == nil || $1 != nil }) else { return nil }
        let ranking = OutputRanking(values, profile: profile)
        if ranking?.isEmpty == false { return ranking }
        let columns = table.outputs.filter { $0.values != nil }
        guard let cell = columns.first?.values ?? table.outputs.first?.header else { return nil }
        report(
            .tablePolicy, .error,
            "\(table.hitPolicy) goes by the order of the output values, and \(columns.isEmpty ? "no output lists any" : "these are not constants")",
            cell, hint: "list the values of an output from the one that counts most: \"high\", \"low\"")
        return nil
    }

    // MARK: inputs

    private mutating func compileInput(_ column: TableColumn) -> CompiledExpression? {
        let compilation = FEEL.expression(column.header.text, layout: layout, at: column.header.origin, profile: profile, types: types)
        take(compilation.diagnostics, column.header)
        if let declared = column.type, let found = compilation.product?.type, !declared.accepts(found) {
            report(.tableType, severity, "the input is declared \(declared) and gives \(found)", column.header)
        }
        return compilation.product
    }

    private mutating func compileTest(_ cell: TableCell, type: ValueType) -> CompiledTest? {
        // An empty entry is any input to the editors of DMN models.
        let text = cell.text.isEmpty && profile == .standard ? "-" : cell.text
        let compilation = FEEL.unaryTests(text, input: type, layout: layout, at: cell.origin, profile: profile, types: types)
        take(compilation.diagnostics, cell)
        return compilation.product
    }

    /// A cell that asks for a value which its column does not list can never hold.
    private mutating func checkListed(_ cell: CompiledCell, _ written: TableCell, _ values: CompiledTest?) {
        guard let values, let constraint = cell.test.constraint else { return }
        for case .value(let value) in constraint.terms where !CompiledTable.isListed(value, values) {
            report(.tableValues, severity, "\(value.text) is not among the values of \"\(table.inputs[cell.input].header.text)\"", written)
        }
    }

    // MARK: outputs

    private mutating func compileOutput(_ cell: TableCell) -> CompiledExpression? {
        if cell.text == "-" {
            report(.tableCell, severity, "an output has no -", cell, hint: "write the value, or null for no output")
            if profile == .strict { return nil }
        }
        let text = profile == .standard && (cell.text == "-" || cell.text.isEmpty) ? "null" : cell.text
        let compilation = FEEL.expression(text, layout: layout, at: cell.origin, profile: profile, types: types)
        take(compilation.diagnostics, cell)
        return compilation.product
    }

    private mutating func compileDefaults(_ types: inout OutputTypes, _ values: [CompiledTest?]) -> [CompiledExpression?] {
        table.outputs.enumerated().map { column, output in
            guard let cell = output.defaultEntry, let entry = compileOutput(cell) else { return nil }
            checkOutput(entry, cell, column: column, rule: nil, &types, values[column])
            return entry
        }
    }

    /// A cell gives the declared type of its column, or where none is declared, the type of the first cell that shows one;
    /// and a value that its column lists.
    private mutating func checkOutput(
        _ output: CompiledExpression, _ cell: TableCell, column: Int, rule: Int?, _ types: inout OutputTypes, _ values: CompiledTest?
    ) {
        let found = output.type
        let name = table.outputs[column].header.text
        if let declared = table.outputs[column].type {
            if !declared.accepts(found) {
                report(.tableType, severity, "the output \"\(name)\" is declared \(declared); found \(found)", cell)
            }
        } else if let first = types.firstTyped[column] {
            if !types.types[column].accepts(found) {
                report(
                    .tableType, severity, "the output \"\(name)\" is \(types.types[column]) in rule \(first + 1); found \(found)", cell,
                    hint: "give the same type in every rule, or declare it: \(name) : Any")
                if profile == .standard { types.types[column] = .any }
            }
        } else if found != .any, found != .null, let rule {
            types.types[column] = found
            types.firstTyped[column] = rule
            if let wanted = Self.refused(found, by: table.hitPolicy) {
                report(.tablePolicy, severity, "\(table.hitPolicy) takes \(wanted); the output \"\(name)\" is \(found)", cell)
            }
        }
        if let constant = output.constant, let values, !CompiledTable.isListed(constant, values) {
            report(.tableValues, severity, "\(constant.text) is not among the values of \"\(name)\"", cell)
        }
    }

    private mutating func take(_ found: [Diagnostic], _ cell: TableCell) {
        diagnostics += found.map { cell.relocated($0) }
    }

    private mutating func report(
        _ code: DiagnosticCode, _ severity: Severity, _ fact: String, _ cell: TableCell, hint: String? = nil
    ) {
        diagnostics.append(Diagnostic(
            code, severity, fact, at: cell.position, excerpt: Excerpt(text: cell.text, start: 0, length: cell.text.count),
            hint: hint))
    }
}

/// The types that the output columns have shown so far.
private struct OutputTypes {
    var types: [ValueType]
    /// The rule, from 0, that first showed the type of a column.
    var firstTyped: [Int: Int] = [:]

    init(_ table: DecisionTable) { types = table.outputs.map { $0.type ?? .any } }
}
