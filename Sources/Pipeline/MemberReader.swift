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
        var isChanged = false
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
            let live = former.scheme(scheme.name), isChanged = live?.fingerprint != scheme.fingerprint
            guard isChanged || !scheme.figures.isEmpty else { continue }
            let population = try evaluator.population(of: scheme.plan, describedOnly: scheme.cadence == .live, now: now)
            let old = try members(of: scheme.name, in: before), new = try members(of: scheme.name, in: evaluator.store)
            var sums = scheme.figures.map { _ in Sum() }
            for row in population.rows where !scheme.figures.isEmpty {
                let own = population.owns[row.entity]
                guard let microsegment = new[row.entity] else { continue }
                // Each by its own expressions: what a figure was is what the live scheme says that it is.
                func told(_ bundle: Bundle, _ microsegment: String?) -> [String: ExactDecimal] {
                    guard let microsegment, let version = bundle.schemes.first(where: { $0.name == scheme.name && $0.divides(row.entity, own: own) }),
                        let parameters = version.microsegment(microsegment)?.parameters
                    else { return [:] }
                    let declared = version.figures.isEmpty ? scheme : version, values = Self.values(row.values, of: scheme.plan, as: declared.plan)
                    let numbers = declared.figures(values, parameters: parameters, context: context)
                    var found = Dictionary(zip(declared.figures.map(\.name), numbers), uniquingKeysWith: { first, _ in first }).compactMapValues { $0 }
                    // One that the live scheme does not have yet is asked of it all the same.
                    let missing = scheme.figures.filter { figure in !declared.figures.contains { $0.name == figure.name } }
                    if !missing.isEmpty {
                        for (figure, number) in zip(scheme.figures, scheme.figures(row.values, parameters: parameters, context: context)) where missing.contains(where: { $0.name == figure.name }) {
                            found[figure.name] = number
                        }
                    }
                    return found
                }
                let earlier = told(former, old[row.entity]), later = told(bundle, microsegment)
                for (index, figure) in scheme.figures.enumerated() { sums[index].add(earlier[figure.name], later[figure.name]) }
            }
            // Those whose attributes could not be computed.
            for index in sums.indices { sums[index].unknown += population.failures.count }
            let figures = zip(scheme.figures, sums).map { figure, sum in
                SchemeImpact.Figure(
                    name: figure.name, unit: figure.unit, isMoney: figure.isMoney, before: sum.before, after: sum.after, known: sum.known, unknown: sum.unknown)
            }
            // Money that is not told any more is money that nobody can tell.
            let told = Set(scheme.figures.filter(\.isMoney).map(\.name))
            let lost = (live?.figures ?? []).filter { $0.isMoney && !told.contains($0.name) }.map { figure in
                SchemeImpact.Figure(name: figure.name, unit: figure.unit, isMoney: true, before: .zero, after: .zero, known: 0, unknown: max(1, population.rows.count))
            }
            all[scheme.name] = Reading(isChanged: isChanged, figures: figures.filter { figure in !lost.contains { $0.name == figure.name } } + lost, boundaries: isChanged ? try scheme.boundaries(population.rows) : [])
        }
        return all
    }

    /// Attributes by the names of another plan; null where the population has none of a name.
    private static func values(_ values: [Value], of plan: AttributePlan, as other: AttributePlan) -> [Value] {
        let places = Dictionary(zip(plan.definitions.map(\.name), values), uniquingKeysWith: { first, _ in first })
        return other.definitions.map { places[$0.name] ?? .null }
    }

    private func members(of scheme: String, in store: Store) throws -> [EntityKey: String] {
        Dictionary(try store.standings(scheme: scheme).map { ($0.entity, $0.microsegment) }, uniquingKeysWith: { first, _ in first })
    }

    private struct Sum {
        var before = ExactDecimal.zero, after = ExactDecimal.zero, known = 0, unknown = 0

        mutating func add(_ earlier: ExactDecimal?, _ later: ExactDecimal?) {
            guard let earlier, let later, let left = try? before.adding(earlier), let right = try? after.adding(later) else {
                unknown += 1
                return
            }
            (before, after, known) = (left, right, known + 1)
        }
    }
}
