import Attributes
import ChangeControl
import Microsegments
import Records
import Store
import Values

/// Looks at the members of schemes before and after a change: what they cost or get, where the scheme declares figures, and how many are near a boundary of changed
/// rules.
struct MemberReader {
    struct Reading {
        var figures: [SchemeImpact.Figure] = []
        var boundaries: [SchemeImpact.Boundary] = []
    }

    /// Of the copy on which the change was let.
    let evaluator: Evaluator
    let former: Bundle
    /// The store as it is without the change.
    let before: Store
    let now: Instant

    /// By scheme; none of those that have neither.
    func readings() throws -> [String: Reading] {
        let bundle = evaluator.state.bundle, context = evaluator.state.context(now: now)
        var all: [String: Reading] = [:]
        for scheme in bundle.namedSchemes {
            let isChanged = former.scheme(scheme.name)?.fingerprint != scheme.fingerprint
            guard isChanged || !scheme.figures.isEmpty else { continue }
            let population = try evaluator.population(of: scheme.plan, describedOnly: scheme.cadence == .live, now: now)
            let old = try members(of: scheme.name, in: before), new = try members(of: scheme.name, in: evaluator.store)
            var sums = scheme.figures.map { _ in Sum() }
            for row in population.rows where !scheme.figures.isEmpty {
                let own = population.owns[row.entity]
                guard let microsegment = new[row.entity] else { continue }
                func told(_ bundle: Bundle, _ microsegment: String?) -> [ExactDecimal?]? {
                    guard let microsegment, let version = bundle.schemes.first(where: { $0.name == scheme.name && $0.divides(row.entity, own: own) }),
                        let parameters = version.microsegment(microsegment)?.parameters
                    else { return nil }
                    return scheme.figures(row.values, parameters: parameters, context: context)
                }
                let earlier = told(former, old[row.entity]), later = told(bundle, microsegment)
                for index in sums.indices { sums[index].add(earlier?[index], later?[index]) }
            }
            // Those whose attributes could not be computed.
            for index in sums.indices { sums[index].unknown += population.failures.count }
            let figures = zip(scheme.figures, sums).map { figure, sum in
                SchemeImpact.Figure(
                    name: figure.name, unit: figure.unit, isMoney: figure.isMoney, before: sum.before, after: sum.after, known: sum.known, unknown: sum.unknown)
            }
            all[scheme.name] = Reading(figures: figures, boundaries: isChanged ? try scheme.boundaries(population.rows) : [])
        }
        return all
    }

    private func members(of scheme: String, in store: Store) throws -> [EntityKey: String] {
        Dictionary(try store.standings(scheme: scheme).map { ($0.entity, $0.microsegment) }, uniquingKeysWith: { first, _ in first })
    }

    private struct Sum {
        var before = ExactDecimal.zero, after = ExactDecimal.zero, known = 0, unknown = 0

        mutating func add(_ earlier: ExactDecimal??, _ later: ExactDecimal??) {
            guard let earlier = earlier ?? nil, let later = later ?? nil, let left = try? before.adding(earlier), let right = try? after.adding(later) else {
                unknown += 1
                return
            }
            (before, after, known) = (left, right, known + 1)
        }
    }
}
