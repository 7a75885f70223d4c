import Attributes
package import DecisionTables
import Values

extension Scheme {
    /// What is known of the inputs of the rules, for their analysis: digits after the point, and whether a value can be missing.
    package var analysisScope: AnalysisScope {
        var domains: [String: InputDomain] = [:]
        for definition in plan.definitions {
            let isNeverNull = switch definition.source {
            case .fieldOr(_, let fallback), .related(_, _, let fallback): fallback != .null
            case .measure(let index): [.count, .sum, .any].contains(plan.measures[index].aggregate)
            case .field, .hoursUntil, .distance, .derived, .population: false
            }
            domains[definition.name] = InputDomain(scale: definition.type == .number ? definition.scale : nil, canBeNull: isNeverNull ? false : nil)
        }
        return AnalysisScope(domains: domains)
    }

    /// Where the rules answer otherwise than those of another version of the scheme, each with an instance.
    package func difference(from former: Scheme) -> TableDifference {
        var scope = analysisScope
        scope.domains.merge(former.analysisScope.domains) { kept, _ in kept }
        return TableDifference.make(from: former.table, to: table, scope)
    }
}
