import Diagnostics
import FEEL
import Values

/// Compiles each header and cell of a table once, and gathers what is wrong with any of them.
struct TableCompiler {
    private let table: DecisionTable
    private let layout: Layout
    private let profile: FEELProfile
    private var diagnostics: [Diagnostic] = []

    init(table: DecisionTable, layout: Layout, profile: FEELProfile) {
        self.table = table
        self.layout = layout
        self.profile = profile
    }

    mutating func compile() -> Compilation<CompiledTable> {
        checkPolicy()
        let inputs = table.inputs.map { compileInput($0) }
        // A column whose header is wrong still has its cells checked, against any type.
        let inputTypes = zip(table.inputs, inputs).map { column, input in column.type ?? input?.type ?? .any }
        var rules: [CompiledRule] = []
        rules.reserveCapacity(table.rules.count)
        var outputTypes = table.outputs.map { $0.type ?? .any }
        var firstTyped: [Int: Int] = [:]
        for (number, rule) in table.rules.enumerated() {
            let tests = zip(rule.inputs, inputTypes).enumerated().compactMap { index, pair in
                compileTest(pair.0, type: pair.1).map { CompiledCell(input: index, test: $0) }
            }
            var outputs: [CompiledExpression] = []
            for (column, cell) in rule.outputs.enumerated() {
                guard let output = compileOutput(cell) else { continue }
                outputs.append(output)
                checkOutput(output.type, cell, column: column, rule: number, &outputTypes, &firstTyped)
            }
            rules.append(CompiledRule(tests: tests.filter { !$0.test.isAny }, outputs: outputs))
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else {
            return Compilation(product: nil, diagnostics: diagnostics)
        }
        let product = CompiledTable(
            table: table, inputs: inputs.compactMap(\.self), inputTypes: inputTypes, rules: rules, outputTypes: outputTypes)
        return Compilation(product: product, diagnostics: diagnostics)
    }

    /// Sum, minimum and maximum are over numbers.
    private mutating func checkPolicy() {
        guard case .collect(let aggregation?) = table.hitPolicy, aggregation != .count else { return }
        for output in table.outputs {
            if let type = output.type, !ValueType.number.accepts(type) {
                report(
                    .tablePolicy, "\(table.hitPolicy) takes numbers; the output \"\(output.header.text)\" is declared \(type)",
                    output.header)
            }
        }
    }

    private mutating func compileInput(_ column: TableColumn) -> CompiledExpression? {
        let compilation = FEEL.expression(column.header.text, layout: layout, at: column.header.origin, profile: profile)
        take(compilation.diagnostics, column.header)
        if let declared = column.type, let found = compilation.product?.type, !declared.accepts(found) {
            report(.tableType, "the input is declared \(declared) and gives \(found)", column.header)
        }
        return compilation.product
    }

    private mutating func compileTest(_ cell: TableCell, type: ValueType) -> CompiledTest? {
        let compilation = FEEL.unaryTests(cell.text, input: type, layout: layout, at: cell.origin, profile: profile)
        take(compilation.diagnostics, cell)
        return compilation.product
    }

    private mutating func compileOutput(_ cell: TableCell) -> CompiledExpression? {
        if cell.text == "-" {
            report(.tableCell, "an output has no -", cell, hint: "write the value, or null for no output")
            return nil
        }
        let compilation = FEEL.expression(cell.text, layout: layout, at: cell.origin, profile: profile)
        take(compilation.diagnostics, cell)
        return compilation.product
    }

    /// A cell gives the declared type of its column, or where none is declared, the type of the first cell that shows one.
    private mutating func checkOutput(
        _ found: ValueType, _ cell: TableCell, column: Int, rule: Int, _ types: inout [ValueType],
        _ firstTyped: inout [Int: Int]
    ) {
        let declared = table.outputs[column].type
        let name = table.outputs[column].header.text
        if let declared {
            if !declared.accepts(found) {
                report(.tableType, "the output \"\(name)\" is declared \(declared); found \(found)", cell)
            }
        } else if let first = firstTyped[column] {
            if !types[column].accepts(found) {
                report(
                    .tableType, "the output \"\(name)\" is \(types[column]) in rule \(first + 1); found \(found)", cell,
                    hint: "give the same type in every rule, or declare it: \(name) : Any")
            }
        } else if found != .any, found != .null {
            types[column] = found
            firstTyped[column] = rule
            if case .collect(let aggregation?) = table.hitPolicy, aggregation != .count, found != .number {
                report(.tablePolicy, "\(table.hitPolicy) takes numbers; the output \"\(name)\" is \(found)", cell)
            }
        }
    }

    private mutating func take(_ found: [Diagnostic], _ cell: TableCell) {
        diagnostics += found.map { cell.relocated($0) }
    }

    private mutating func report(_ code: DiagnosticCode, _ fact: String, _ cell: TableCell, hint: String? = nil) {
        diagnostics.append(Diagnostic(
            code, .error, fact, at: cell.position, excerpt: Excerpt(text: cell.text, start: 0, length: cell.text.count),
            hint: hint))
    }
}
