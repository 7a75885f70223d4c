import Diagnostics
import FEEL
import Values

extension TableAnalyzer {
    /// Cells that hold for no value, cells that exclude each other, and parts of cells that add nothing.
    mutating func checkCells() {
        for rule in 0..<space.ruleCount {
            if space.isNever[rule] { removed.insert(rule) }
            for (index, dimension) in space.dimensions.enumerated() where dimension.cell(of: rule).isEmpty { tellNever(rule, index) }
            guard !space.isNever[rule] else { continue }
            for cell in table.rules[rule].tests {
                let written = table.table.rules[rule].inputs[cell.input]
                guard let dimension = dimension(of: cell.input), DimensionBuilder.isConstant(cell.test), let constraint = cell.test.constraint
                else { continue }
                if isNullAlone(dimension, rule), !constraint.terms.contains(.value(.null)) {
                    mistaken.insert(rule)
                    tell(
                        .tableNever, .error, "in \(named(rule)) \(header(cell.input)) \(written.text) holds for no value but null", rules: [rule],
                        at: written.position)
                }
                if constraint.terms.count > 1 { checkParts(constraint, dimension, rule, written) }
            }
        }
    }

    private func header(_ column: Int) -> String { RuleSpace.name(table.table.inputs[column]) }

    private func dimension(of column: Int) -> InputDimension? { space.dimensions.first { $0.header == header(column) } }

    private func isNullAlone(_ dimension: InputDimension, _ rule: Int) -> Bool {
        let regions = dimension.regions(of: dimension.cell(of: rule))
        return regions.count == 1 && dimension.regions[regions[0]] == .null
    }

    private mutating func tellNever(_ rule: Int, _ index: Int) {
        let dimension = space.dimensions[index]
        let cells = table.rules[rule].tests.filter { header($0.input) == dimension.header }
        guard let cell = cells.first else { return }
        let written = table.table.rules[rule].inputs[cell.input]
        if cells.count > 1 {
            tell(
                .tableNever, .error,
                "\(named(rule)) can never hold: its cells \(cells.map(\.test.source).joined(separator: " and ")) about \(dimension.header) exclude each other",
                rules: [rule], at: written.position)
            return
        }
        tell(
            .tableNever, .error, "\(named(rule)) can never hold: no value of \(dimension.header) passes \(written.text)", rules: [rule],
            at: written.position, hint: reversed(cell.test).map { "\($0.0.feelText) is above \($0.1.feelText); were they meant the other way round?" })
    }

    /// The ends of a range that begins above its end.
    private func reversed(_ test: CompiledTest) -> (Value, Value)? {
        for case .interval(let range) in test.constraint?.terms ?? [] {
            if let low = range.lower, let high = range.upper,
                let order = FEEL.order(low, high, DimensionBuilder.anywhere, profile: table.profile), order > 0 { return (low, high) }
        }
        return nil
    }

    /// Tells the parts of a cell whose values other parts hold for already; of two equal ones the later.
    private mutating func checkParts(_ constraint: TestConstraint, _ dimension: InputDimension, _ rule: Int, _ written: TableCell) {
        let parts = constraint.terms.map { dimension.regions(of: $0) }
        for (index, part) in parts.enumerated() {
            var others: Set<Int> = []
            for (other, regions) in parts.enumerated() where other != index {
                // Equal parts do not excuse each other: only an earlier one makes a later one idle.
                if regions != part || other < index { others.formUnion(regions) }
            }
            guard part.isSubset(of: others) else { continue }
            let text = switch constraint.terms[index] {
            case .value(let value): value.feelText
            case .interval(let range): range.testText
            }
            tell(
                .tablePart, .note,
                part.isEmpty
                    ? "in \(named(rule)) the part \(text) of \(dimension.header) \(written.text) holds for no value"
                    : "in \(named(rule)) the part \(text) of \(dimension.header) \(written.text) adds nothing to the others",
                rules: [rule], at: written.position)
        }
    }
}

extension RangeValue {
    /// As a test: `< 2`, `[1..5)`.
    fileprivate var testText: String {
        switch (lower, upper) {
        case (nil, let end?): "\(includesUpper ? "<=" : "<") \(end.feelText)"
        case (let end?, nil): "\(includesLower ? ">=" : ">") \(end.feelText)"
        default: Value.range(self).feelText
        }
    }
}

extension InputDimension {
    /// The regions that one part of a cell holds for.
    func regions(of term: TestTerm) -> Set<Int> {
        Set(regions.indices.filter { region in
            switch (regions[region], term) {
            case (.position(let position), .value(let value)):
                guard let axis, let key = axis.kind.key(value) else { return false }
                return axis.position(of: key) == position
            case (.position(let position), .interval(let range)): return holds(range, position)
            case (.name(let name), .value(let value)): return value == .string(name)
            case (.flag(let flag), .value(let value)): return value == .boolean(flag)
            case (.null, .value(let value)): return value == .null
            default: return false
            }
        })
    }

    private func holds(_ range: RangeValue, _ position: Int) -> Bool {
        guard let axis else { return false }
        if let lower = range.lower.flatMap({ axis.kind.key($0) }) {
            let end = axis.position(of: lower)
            if position < end || (position == end && !range.includesLower) { return false }
        }
        if let upper = range.upper.flatMap({ axis.kind.key($0) }) {
            let end = axis.position(of: upper)
            if position > end || (position == end && !range.includesUpper) { return false }
        }
        return true
    }
}
