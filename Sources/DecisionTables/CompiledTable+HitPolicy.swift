import Diagnostics
import FEEL
package import Values

extension CompiledTable {
    /// The outcome as the one value that a DMN decision has: null where there is no answer; a context of the outputs where
    /// there are several; a list of these with RULE ORDER, OUTPUT ORDER and COLLECT.
    package func value(of outcome: TableOutcome) -> Value {
        guard !outcome.outputs.isEmpty else { return .null }
        if outcome.outputs.count == 1 { return outcome.outputs[0] }
        guard table.hitPolicy.givesList, !outcome.matchedRules.isEmpty else { return context(outcome.outputs) }
        return .list(outcome.matchedRules.indices.map { place in
            context(outcome.outputs.map { column in
                if case .list(let values) = column { values[place] } else { column }
            })
        })
    }

    private func context(_ outputs: [Value]) -> Value { .context(ContextValue(zip(outputNames, outputs).map { ($0, $1) })) }

    /// Applies the hit policy to the rules that match, from 0, in the order of the index: those that answer, in their order.
    func chosen(_ matched: [Int], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Int] {
        guard matched.count > 1 else { return matched }
        switch table.hitPolicy {
        case .unique, .first: return matched
        case .any:
            try checkAgreement(matched, row, context)
            return [matched[0]]
        case .priority where isRanked, .outputOrder where isRanked: return matched
        case .priority: return try [ordered(matched, row, context)[0]]
        case .outputOrder: return try ordered(matched, row, context)
        case .ruleOrder, .collect: return matched
        }
    }

    /// What the table answers where these rules decide, from 0, in their order.
    func outcome(of rules: [Int], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> TableOutcome {
        if rules.isEmpty { return try defaultOutcome(row, context) }
        if case .collect(let aggregation?) = table.hitPolicy { return try aggregated(rules, aggregation, row, context) }
        let numbers = rules.map { $0 + 1 }
        if table.hitPolicy.isSingle { return try TableOutcome(matchedRules: numbers, outputs: outputs(of: rules[0], row, context)) }
        var rows: [[Value]] = []
        for rule in rules { rows.append(try outputs(of: rule, row, context)) }
        return TableOutcome(matchedRules: numbers, outputs: outputNames.indices.map { column in .list(rows.map { $0[column] }) })
    }

    /// Whether a value passes the tests of its column's values. Null does: it is the absence of a value.
    static func isListed(_ value: Value, _ values: CompiledTest) -> Bool {
        guard value != .null, values.slots.isEmpty, !values.readsClock else { return true }
        do throws(EvaluationFailure) {
            return try values.matches(value, [], EvaluationContext(now: Instant(seconds: 0)))
        } catch {
            return false
        }
    }

    /// Each input is among the values that its column lists, where it lists any.
    func checkListed(_ values: [Value], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) {
        for (column, test) in inputValues.enumerated() {
            guard let test, values[column] != .null, try !test.matches(values[column], row, context) else { continue }
            throw failure(
                .tableValues, "\"\(table.inputs[column].header.text)\" is none of the values that it may have",
                table.inputs[column].values ?? table.inputs[column].header)
        }
    }

    // MARK: policies

    private func defaultOutcome(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> TableOutcome {
        guard defaults.contains(where: { $0 != nil }) else { return .none }
        var outputs: [Value] = []
        for entry in defaults { outputs.append(try entry?.evaluate(row, context) ?? .null) }
        return TableOutcome(matchedRules: [], outputs: outputs)
    }

    /// All rules that match give the same outputs, else TABLE-ANY at the first output that differs.
    private func checkAgreement(_ matched: [Int], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) {
        if let first = agreement[matched[0]], matched.allSatisfy({ agreement[$0] == first }) { return }
        let first = try outputs(of: matched[0], row, context)
        for rule in matched.dropFirst() {
            let other = try outputs(of: rule, row, context)
            guard let column = first.indices.first(where: { first[$0] != other[$0] }) else { continue }
            throw failure(
                .tableAny, "rules \(matched[0] + 1) and \(rule + 1) both match and differ in \"\(outputNames[column])\"",
                table.rules[rule].outputs[column], hint: "give both the same outputs, or set the hit policy to FIRST")
        }
    }

    /// The rules by the order of their outputs, where these are computed. Of rules with equal outputs the upper one comes first.
    private func ordered(_ matched: [Int], _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Int] {
        guard let ranking else { preconditionFailure("the policy was compiled without its output values") }
        var entries: [(rule: Int, rank: [Int])] = []
        for rule in matched { entries.append((rule, ranking.rank(try outputs(of: rule, row, context), context))) }
        return entries.sorted { $0.rank == $1.rank ? $0.rule < $1.rule : $0.rank.lexicographicallyPrecedes($1.rank) }.map(\.rule)
    }

    private func aggregated(
        _ matched: [Int], _ kind: HitPolicy.Aggregation, _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> TableOutcome {
        var results: [Value] = []
        for column in outputNames.indices {
            var result: Value?
            for rule in matched {
                let value = try output(column, of: rule, row, context)
                result = try combined(result, value, kind, table.rules[rule].outputs[column], context)
            }
            results.append(kind == .count ? .integer(matched.count) : result ?? .null)
        }
        return TableOutcome(matchedRules: matched.map { $0 + 1 }, outputs: results)
    }

    /// The sum, the lesser or the greater of two values, else TABLE-AGGREGATE at the cell of the second.
    private func combined(
        _ sofar: Value?, _ value: Value, _ kind: HitPolicy.Aggregation, _ cell: TableCell, _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        switch kind {
        case .count: return value
        case .sum:
            guard case .number(let right) = value else {
                throw failure(.tableAggregate, "\(kind.name) takes numbers; found \(value.type)", cell)
            }
            guard case .number(let left)? = sofar else { return value }
            do throws(ArithmeticFailure) {
                return .number(try left.adding(right))
            } catch {
                throw failure(.tableAggregate, "the sum is past the range of numbers", cell)
            }
        case .minimum, .maximum:
            guard let order = FEEL.order(sofar ?? value, value, context, profile: profile) else {
                throw failure(.tableAggregate, "\(kind.name) takes values of one kind that have an order; found \(value.type)", cell)
            }
            return (kind == .minimum) == (order <= 0) ? sofar ?? value : value
        }
    }

    // MARK: outputs

    private func outputs(of rule: Int, _ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> [Value] {
        var values: [Value] = []
        values.reserveCapacity(outputNames.count)
        for column in outputNames.indices { values.append(try output(column, of: rule, row, context)) }
        return values
    }

    private func output(
        _ column: Int, of rule: Int, _ row: [Value], _ context: EvaluationContext
    ) throws(EvaluationFailure) -> Value {
        let output = rules[rule].outputs[column]
        let value = try output.evaluate(row, context)
        // A constant was checked when the table was compiled; in the standard profile a wrong one was only warned of.
        if profile == .strict, output.constant != nil { return value }
        guard let fitting = fitting(value, column) else {
            throw failure(
                .tableType, "the output \"\(outputNames[column])\" is declared \(outputTypes[column]); found \(value.type)",
                table.rules[rule].outputs[column])
        }
        if let listed = outputValues[column], fitting != .null, try !listed.matches(fitting, row, context) {
            throw failure(
                .tableValues, "the output \"\(outputNames[column])\" is none of the values that it may have",
                table.rules[rule].outputs[column])
        }
        return fitting
    }

    /// The value as its column's declared type takes it; the standard profile goes from a list of one item to the item and
    /// back (DMN 1.5 section 10.3.2.9.4). Nil where it does not fit.
    private func fitting(_ value: Value, _ column: Int) -> Value? {
        guard let declared = table.outputs[column].type, declared != .any, value != .null else { return value }
        if profile == .standard { return FEEL.converted(value, to: declared) }
        return FEEL.isInstance(value, of: declared) ? value : nil
    }

    // MARK: failures

    func clash(_ first: Int, _ second: Int) -> Diagnostic {
        let rule = table.rules[second]
        var position = (rule.inputs.first ?? rule.outputs.first)?.position ?? SourcePosition()
        position.place = .cell(row: second + 1, column: nil, name: nil)
        return Diagnostic(
            .tableUnique, .error, "rules \(first + 1) and \(second + 1) both match, and the hit policy is UNIQUE", at: position,
            hint: "make the rules exclude each other, or set the hit policy to FIRST")
    }

    private func failure(_ code: DiagnosticCode, _ fact: String, _ cell: TableCell, hint: String? = nil) -> EvaluationFailure {
        EvaluationFailure(diagnostic: Diagnostic(code, .error, fact, at: cell.position, hint: hint))
    }
}
