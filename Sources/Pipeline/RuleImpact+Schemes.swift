import ChangeControl
import DecisionTables
import Microsegments

extension RuleImpact {
    /// Regions of one scheme that are told.
    static let regionsMax = 50

    /// What the rules of schemes say otherwise; nothing for those whose answers are the same, and for schemes that are new.
    static func of(_ schemes: [Scheme], from former: [Scheme]) -> [RuleImpact] {
        schemes.sorted { $0.name < $1.name }.compactMap { scheme in
            guard let before = former.first(where: { $0.name == scheme.name }), before.fingerprint != scheme.fingerprint else { return nil }
            let difference = scheme.difference(from: before)
            guard !difference.isSame else { return nil }
            return RuleImpact(
                scheme: scheme.name,
                changes: difference.changes.prefix(regionsMax).map { change in
                    Change(
                        region: difference.told(change.region), former: change.old.told, answer: change.new.told,
                        witness: change.region.witness.map(\.text).joined(separator: ", "))
                },
                undecided: difference.undecided.prefix(regionsMax).map(difference.told),
                isComplete: difference.isComplete && difference.changes.count <= regionsMax && difference.undecided.count <= regionsMax)
        }
    }
}
