import Attributes
package import DecisionTables
import Diagnostics
package import FEEL
package import Records
package import Values

/// The assignments of many entities at once, a row each.
package struct BatchAssignment: Sendable {
    /// Rules that decided, from 1; 0 where the row has no assignment.
    package fileprivate(set) var rules: [UInt32]
    package fileprivate(set) var verdicts: [StabilityOutcome.Verdict]
    /// What is remembered now, and what is in effect. A row without an assignment keeps what it had.
    package fileprivate(set) var standings: StandingColumns
    /// Rows without an assignment, and why.
    package fileprivate(set) var failures: [Int: EvaluationFailure] = [:]
    /// The answers of rules that are constants, by rule; nil for no rule and for the others.
    fileprivate var answers: [String?] = [nil]
    /// By row the answer of the rules where it is no constant.
    fileprivate var computed: [Int: String] = [:]
    /// By row the override in force.
    package fileprivate(set) var overrides: [Int: Override] = [:]
    /// By row when an override next begins or ends.
    package fileprivate(set) var nextChanges: [Int: Instant] = [:]

    /// The answer of the rules; nil where the row has no assignment.
    package func answer(_ row: Int) -> String? {
        failures[row] == nil ? answers[Int(rules[row])] ?? computed[row] : nil
    }
}

extension Scheme {
    /// Assigns many entities at once, each as ``assign(_:own:state:inEffect:overrides:schemeChanged:formerTiers:isStale:merges:admission:context:)`` would.
    ///
    /// The rules are asked column by column. Most entities stay where they are, which two codes tell; those whose answer differs are folded one
    /// by one, with dead bands and all, and with downgrade protection everybody is. Only schemes with a period have a batch: what time alone changes of a live one is told entity by entity.
    ///
    /// - Parameters:
    ///   - batch: one column an attribute of the plan, and one more for the cluster where the scheme has clusters.
    ///   - row: where an entity stands; nil where it is not of the batch.
    ///   - entity: which entity a row is of.
    ///   - standings: by row.
    ///   - schemeChanged: whether the scheme changed since a row was last folded.
    ///   - formerTiers: by row, the tiers of the scheme as it was then, where the settled micro-segment is no more.
    ///   - admission: whether the budget lets the move of a row take effect.
    package func assign(
        _ batch: ColumnBatch, row: (EntityKey) -> Int?, entity: (Int) -> EntityKey, standings: StandingColumns, overrides: OverrideSet, schemeChanged: (Int) -> Bool = { _ in false },
        formerTiers: (Int) -> [String] = { _ in [] }, isStale: Bool = false, merges: [String: String] = [:], admission: (Int) -> ChurnBudget.Admission = { _ in .free }, context: EvaluationContext
    ) -> BatchAssignment {
        precondition(cadence != .live, "a live scheme is asked entity by entity")
        precondition(batch.count == standings.count, "standings are those of the rows")
        precondition(batch.columns.count == plan.definitions.count + (clusters == nil ? 0 : 1), "a column stands for an attribute")
        let outcome = table.evaluate(batch, context)
        var result = BatchAssignment(
            rules: [UInt32](repeating: 0, count: batch.count), verdicts: [StabilityOutcome.Verdict](repeating: .same, count: batch.count),
            standings: standings)
        let codes = ruleCodes(merges, &result)
        let hasStarts = !outcome.starts.isEmpty
        for row in 0..<batch.count {
            let rule = hasStarts ? 0 : Int(outcome.rules[row]), code = codes[rule], settled = result.standings.settled[row]
            if downgrade == nil, code != StandingColumns.none, code == settled || settled == StandingColumns.none {
                if code != settled {
                    result.standings.settled[row] = code
                    result.standings.since[row] = context.now
                    result.verdicts[row] = .first
                }
                result.rules[row] = UInt32(rule)
                result.standings.endWaiting(row)
                result.standings.inEffect[row] = code
                continue
            }
            settle(
                row, rule: code == StandingColumns.none ? nil : rule, outcome, batch, entity, schemeChanged: schemeChanged(row), formerTiers: formerTiers(row), isStale: isStale,
                merges: merges, admission: admission(row), context, &result)
        }
        apply(overrides, row, batch, standings, context.now, &result)
        return result
    }

    /// By rule the code of its answer, after merges; none for no rule and for rules whose answer has to be looked at.
    private func ruleCodes(_ merges: [String: String], _ result: inout BatchAssignment) -> [UInt16] {
        var codes = [StandingColumns.none]
        for outputs in table.constantOutputs {
            // The standard profile may take a constant for another value.
            if table.profile == .strict, case .string(let answer)?? = outputs.first, microsegment(answer) != nil {
                result.answers.append(answer)
                codes.append(result.standings.code(of: merges[answer] ?? answer))
            } else {
                result.answers.append(nil)
                codes.append(StandingColumns.none)
            }
        }
        return codes
    }

    /// Folds one row whose answer differs from what is settled, or has to be looked at.
    private func settle(
        _ row: Int, rule: Int?, _ outcome: BatchOutcome, _ batch: ColumnBatch, _ entity: (Int) -> EntityKey, schemeChanged: Bool, formerTiers: [String],
        isStale: Bool, merges: [String: String], admission: ChurnBudget.Admission, _ context: EvaluationContext, _ result: inout BatchAssignment
    ) {
        let computed: (microsegment: String, rule: Int)
        if let rule, let answer = result.answers[rule] {
            computed = (answer, rule)
        } else {
            do throws(EvaluationFailure) {
                computed = try named(by: table.outcome(ofRow: row, of: outcome, in: batch, context), entity(row))
            } catch {
                result.failures[row] = error
                return
            }
            if result.answers[computed.rule] == nil { result.computed[row] = computed.microsegment }
        }
        result.rules[row] = UInt32(computed.rule)
        let state = result.standings.state(row), answer = merges[computed.microsegment] ?? computed.microsegment
        let folded = settle(
            answer, attributes(row, of: batch), from: state, formerTiers: formerTiers, schemeChanged: schemeChanged, isStale: isStale, admission: admission,
            context: context)
        result.verdicts[row] = folded.verdict
        result.standings.set(folded.state, inEffect: nil, at: row)
    }

    private func attributes(_ row: Int, of batch: ColumnBatch) -> [Value] { Array(batch.row(at: row).prefix(plan.definitions.count)) }

    /// Puts overrides over what is settled: they are few, so each is looked for among the rows.
    private func apply(
        _ overrides: OverrideSet, _ row: (EntityKey) -> Int?, _ batch: ColumnBatch, _ former: StandingColumns, _ now: Instant, _ result: inout BatchAssignment
    ) {
        for entity in Set(overrides.all.lazy.filter { $0.scheme == name }.map(\.entity)) {
            guard let row = row(entity), result.failures[row] == nil else { continue }
            result.nextChanges[row] = overrides.nextChange(scheme: name, entity: entity, after: now)
            guard let override = overrides.inForce(scheme: name, entity: entity, at: now), let state = result.standings.state(row) else { continue }
            result.overrides[row] = override
            result.standings.inEffect[row] = result.standings.code(of: effective(
                override, settled: state.settled, inEffect: former.microsegment(row), floor: floor(of: attributes(row, of: batch))))
        }
    }
}
