package import Diagnostics
package import FEEL
package import Values

/// Why a table answers a row as it does: of each rule all the cells that did not hold, and what is nearest to holding.
package struct RowExplanation: Sendable {
    /// What the table answers; nil where it fails.
    package let outcome: TableOutcome?
    /// Why it fails, or has no answer where the standard profile goes on with null.
    package let failure: Diagnostic?
    /// By rule, whatever the hit policy looks at.
    package let rules: [RuleExplanation]
    /// The rule that did not hold and is nearest to it: fewest cells, then least distance, then the upper one.
    package let nearest: RuleExplanation?
}

/// Why a rule did or did not hold for a row.
package struct RuleExplanation: Hashable, Sendable {
    /// From 1.
    package let rule: Int
    /// Its id, where it has one.
    package let id: String?
    /// All cells that did not hold, by column; none where the rule holds.
    package let failed: [FailedCell]

    package var isMatch: Bool { failed.isEmpty }
    /// How far the row is from the rule: the sum over its failed cells, each at most 1 where the row's value lies among those that
    /// the column is compared with.
    package var distance: ExactDecimal { failed.reduce(.zero) { sum($0, $1.distance) } }
}

/// An input cell that did not hold for a row.
package struct FailedCell: Hashable, Sendable {
    /// 1-based input column.
    package let column: Int
    /// The column's header, such as `hours to promise`.
    package let input: String
    /// The cell as written, such as `< 24`.
    package let test: String
    /// What the input was.
    package let value: Value
    /// The nearest value at which the cell holds, or begins to; nil where the cell and the value have no order.
    package let nearest: NearestValue?
    /// From the value to the nearest one, over the spread of the values that the column is compared with; 1 where there is no order.
    package let distance: ExactDecimal

    /// What would have to change: `hours to promise would have to be below 24 (< 24); it is 30`.
    package var text: String {
        let wanted = nearest.map { "\($0.text) (\(test))" } ?? test
        return "\(input) would have to be \(wanted); it is \(value.feelText)"
    }
}

/// A value at which a cell begins to hold.
package struct NearestValue: Hashable, Sendable {
    package enum Side: String, Hashable, Sendable { case at, below, above }

    package let value: Value
    /// Whether the cell holds at the value itself, or only just below or above it.
    package let side: Side

    package var text: String { side == .at ? value.feelText : "\(side.rawValue) \(value.feelText)" }
}

extension CompiledTable {
    /// Explains a row. Fails only where a cell fails, since then no rule can be told from another.
    package func explain(_ row: [Value], _ context: EvaluationContext) throws(EvaluationFailure) -> RowExplanation {
        let values = try inputValues(row, context)
        let scales = inputs.indices.map { AxisSpread(column: $0, of: self) }
        var explanations: [RuleExplanation] = []
        explanations.reserveCapacity(rules.count)
        for (index, rule) in rules.enumerated() {
            var failed: [FailedCell] = []
            for cell in rule.tests where try !cell.test.matches(values[cell.input], row, context) {
                failed.append(failedCell(cell, values[cell.input], scales[cell.input]))
            }
            explanations.append(RuleExplanation(rule: index + 1, id: table.rules[index].identity.id, failed: failed))
        }
        let nearest = explanations.filter { !$0.isMatch }.map { (rule: $0, distance: $0.distance) }.min { left, right in
            let a = left.rule.failed.count, b = right.rule.failed.count
            return a == b ? left.distance < right.distance : a < b
        }
        do throws(EvaluationFailure) {
            let outcome = try evaluate(row, context)
            return RowExplanation(outcome: outcome, failure: outcome.refusal, rules: explanations, nearest: nearest?.rule)
        } catch {
            return RowExplanation(outcome: nil, failure: error.diagnostic, rules: explanations, nearest: nearest?.rule)
        }
    }

    private func failedCell(_ cell: CompiledCell, _ value: Value, _ spread: AxisSpread) -> FailedCell {
        let nearest = cell.test.nearest(to: value)
        return FailedCell(
            column: cell.input + 1, input: table.inputs[cell.input].header.text, test: cell.test.source, value: value, nearest: nearest,
            distance: nearest.map { spread.distance(value, $0.value) } ?? .one)
    }
}

/// The spread of the values that a column is compared with, by which distances of several columns can be added.
private struct AxisSpread {
    private var low: ExactDecimal?
    private var high: ExactDecimal?

    init(column: Int, of table: CompiledTable) {
        for rule in table.rules {
            for cell in rule.tests where cell.input == column {
                for value in cell.test.ends {
                    guard case .number(let key)? = AxisKind(value)?.key(value) else { continue }
                    low = low.map { min($0, key) } ?? key
                    high = high.map { max($0, key) } ?? key
                }
            }
        }
    }

    func distance(_ value: Value, _ other: Value) -> ExactDecimal {
        guard let kind = AxisKind(value), case .number(let a)? = kind.key(value), case .number(let b)? = kind.key(other) else { return .one }
        let difference = sum(a, b.negated).magnitude
        guard let low, let high, low < high else { return difference.isZero ? .zero : .one }
        do throws(ArithmeticFailure) {
            return try difference.divided(by: sum(high, low.negated))
        } catch {
            return .one
        }
    }
}

extension CompiledTest {
    /// The values that the cell compares with.
    fileprivate var ends: [Value] {
        (constraint?.terms ?? []).flatMap { term -> [Value] in
            switch term {
            case .value(let value): [value]
            case .interval(let range): [range.lower, range.upper].compactMap(\.self)
            }
        }
    }

    /// Where, from a value that does not pass, the nearest one does.
    fileprivate func nearest(to value: Value) -> NearestValue? {
        guard DimensionBuilder.isConstant(self), let kind = AxisKind(value), kind != .text, let key = kind.key(value) else { return nil }
        let axis = OrderedAxis(kind: kind, cuts: Set(ends.compactMap { kind.key($0) }), scale: nil)
        let from = axis.position(of: key)
        var best: (nearest: NearestValue, distance: ExactDecimal)?
        for position in 0..<axis.positionCount where position != from {
            guard let witness = axis.witness(at: position), passes(witness) else { continue }
            // Of a stretch between two cuts the end that faces the value is the nearest.
            let cut = position % 2 == 1 ? position / 2 : (position < from ? position / 2 : position / 2 - 1)
            guard axis.cuts.indices.contains(cut), let end = kind.value(axis.cuts[cut]), case .number(let at) = axis.cuts[cut],
                case .number(let own) = key
            else { continue }
            let side: NearestValue.Side = position % 2 == 1 ? .at : (position < from ? .below : .above)
            let distance = sum(at, own.negated).magnitude
            if best.map({ distance < $0.distance || (distance == $0.distance && side == .at) }) ?? true {
                best = (NearestValue(value: end, side: side), distance)
            }
        }
        return best?.nearest
    }

    private func passes(_ value: Value) -> Bool {
        do throws(EvaluationFailure) {
            return try matches(value, [], DimensionBuilder.anywhere)
        } catch {
            return false
        }
    }
}

private func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal {
    do throws(ArithmeticFailure) {
        return try left.adding(right)
    } catch {
        return left
    }
}
