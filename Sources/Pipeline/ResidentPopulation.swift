import Attributes
import ChangeControl
package import DecisionTables
package import FEEL
package import Microsegments
package import Records
package import Store
package import Values

/// A population in columns with where its entities stand: read once, and asked as often as somebody wants to know what rules would say of it.
///
/// It is what a run over the whole population asks, and what `scheme compare` asks with rules that are not live.
package struct ResidentPopulation: Sendable {
    /// By row, in the order of their keys.
    package let entities: [EntityKey]
    /// What each is worth to the scheme.
    let worths: [ExactDecimal]
    /// Where each stood; nil where it was never assigned.
    let former: [Standing?]
    let batch: ColumnBatch
    let standings: StandingColumns

    /// - Parameters:
    ///   - batch: a column for each attribute of the plan, and one for the cluster where the scheme has clusters.
    ///   - former: by row.
    package init(entities: [EntityKey], worths: [ExactDecimal], former: [Standing?], batch: ColumnBatch) {
        self.entities = entities
        self.worths = worths
        self.former = former
        self.batch = batch
        var standings = StandingColumns()
        for standing in former { standings.append(standing?.stability, inEffect: standing?.microsegment) }
        self.standings = standings
    }

    /// Who has no attributes, or cannot be placed, is not among them: a run tells of it.
    init(_ items: [Evaluator.Item], of scheme: Scheme, known: [EntityKey: Standing], context: EvaluationContext) {
        var rows: [AttributeRow] = [], inputs: [[Value]] = []
        for item in items {
            guard case .success(let row) = item.attributes,
                case .success(let values) = Result(catching: { () throws(EvaluationFailure) in try scheme.ruleInputs(row.values, context: context) })
            else { continue }
            rows.append(row)
            inputs.append(values)
        }
        let width = scheme.plan.definitions.count + (scheme.clusters == nil ? 0 : 1)
        self.init(
            entities: rows.map(\.entity), worths: rows.map { scheme.worth($0.values) }, former: rows.map { known[$0.entity] },
            batch: ColumnBatch((0..<width).map { slot in Column(inputs.map { $0[slot] }) }, count: rows.count))
    }

    /// What a scheme says of everybody.
    ///
    /// - Parameter schemeChanged: whether the scheme is another one than when an entity was last evaluated.
    func assigned(
        by scheme: Scheme, overrides: OverrideSet = OverrideSet([]), schemeChanged: (Standing) -> Bool, formerTiers: (Standing?) -> [String], isStale: Bool,
        merges: [String: String] = [:], context: EvaluationContext
    ) -> BatchAssignment {
        let named = Set(overrides.all.filter { $0.scheme == scheme.name }.map(\.entity))
        let rows = named.isEmpty ? [:] : Dictionary(
            entities.indices.lazy.filter { named.contains(entities[$0]) }.map { (entities[$0], $0) }, uniquingKeysWith: { first, _ in first })
        return scheme.assign(
            batch, row: { rows[$0] }, entity: { entities[$0] }, standings: standings, overrides: overrides,
            schemeChanged: { row in former[row].map(schemeChanged) ?? false }, formerTiers: { formerTiers(former[$0]) }, isStale: isStale, merges: merges,
            context: context)
    }

    /// Members and worth of each micro-segment, as the rules say, before merges.
    func holdings(_ found: BatchAssignment) throws -> [String: Granularity.Holding] {
        var holdings: [String: Granularity.Holding] = [:]
        for row in entities.indices {
            guard let answer = found.answer(row) else { continue }
            var holding = holdings[answer] ?? Granularity.Holding(members: 0, value: .zero)
            holding.members += 1
            holding.value = try holding.value.adding(worths[row])
            holdings[answer] = holding
        }
        return holdings
    }

    /// What rules that are not live would do: who would go where, by which rule now and then. Budgets, which spread moves over cycles, are not looked at.
    ///
    /// - Parameters:
    ///   - schemeChanged: whether the scheme is another one than when an entity was last evaluated.
    ///   - formerTiers: the tiers of the scheme when an entity was last evaluated, where its micro-segment is no more.
    ///   - isStale: whether nobody may be lowered, as feeds are silent.
    package func impact(
        of scheme: Scheme, overrides: OverrideSet, schemeChanged: (Standing) -> Bool = { _ in true }, formerTiers: (Standing?) -> [String] = { _ in [] },
        isStale: Bool = false, context: EvaluationContext
    ) throws -> SchemeTally {
        func asked(_ merges: [String: String]) -> BatchAssignment {
            assigned(by: scheme, overrides: overrides, schemeChanged: schemeChanged, formerTiers: formerTiers, isStale: isStale, merges: merges, context: context)
        }
        var found = asked([:])
        if scheme.granularity.hasFloors {
            let merges = try scheme.granularity.merges(holdings(found))
            if !merges.isEmpty { found = asked(merges) }
        }
        var tally = SchemeTally(scheme)
        for row in entities.indices {
            guard found.failures[row] == nil, let to = found.standings.microsegment(row) else {
                tally.fail()
                continue
            }
            let from = standings.microsegment(row)
            if from != to || found.verdicts[row] != .same, let state = found.standings.state(row) {
                if found.verdicts[row] == .noticed, let notice = state.notice {
                    tally.note(SchemeImpact.Notice(entity: entities[row].description, from: state.settled, to: notice.to, effective: notice.effective))
                }
                if Scheme.keeping.contains(found.verdicts[row]), let answer = found.answer(row), scheme.lowers(state.settled, to: answer),
                    former[row].map({ !scheme.isKept($0) }) ?? true { tally.keep(entities[row]) }
                if from != to {
                    tally.move(
                        entities[row], from: from, to: to, formerRule: former[row]?.rule, rule: Int(found.rules[row]),
                        cause: found.overrides[row].map { "override \($0.id)" } ?? "rules", worth: worths[row])
                    continue
                }
            }
            tally.stay(in: to)
        }
        return tally
    }
}
