package import ChangeControl
import Microsegments
import Records
import Store
import Values

/// Counts what a scheme would do to its members, one after the other, in the order of their keys.
package struct SchemeTally: Sendable {
    private struct Pair: Hashable {
        let from: String?
        let to: String
    }

    private let scheme: Scheme
    private var stays: [String: Int] = [:]
    private var moves: [Pair: Int] = [:]
    private var movers: [SchemeImpact.Mover] = []
    private var lowered: [String] = []
    private var notices: [SchemeImpact.Notice] = []
    private var kept: [String] = []
    private var value: ExactDecimal? = .zero
    /// Entities that the rules have no answer for.
    package private(set) var failures = 0

    /// - Parameter stays: members by micro-segment that are not told of one by one, as they stay where they are.
    init(_ scheme: Scheme, stays: [String: Int] = [:]) {
        self.scheme = scheme
        self.stays = stays
    }

    mutating func fail() { failures += 1 }
    mutating func stay(in microsegment: String) { stays[microsegment, default: 0] += 1 }

    /// One that the rules lower, and that something keeps.
    mutating func keep(_ entity: EntityKey) { kept.append(entity.description) }
    mutating func note(_ notice: SchemeImpact.Notice) { notices.append(notice) }

    mutating func move(_ entity: EntityKey, from: String?, to: String, formerRule: Int?, rule: Int, cause: String, worth: ExactDecimal) {
        moves[Pair(from: from, to: to), default: 0] += 1
        guard let from else { return }
        value = value.flatMap { try? $0.adding(worth) }
        if scheme.microsegment(from) != nil, scheme.lowers(from, to: to) { lowered.append(entity.description) }
        if movers.count < ImpactReport.samplesMax {
            movers.append(SchemeImpact.Mover(entity: entity.description, from: from, to: to, formerRule: formerRule, rule: rule, cause: cause))
        }
    }

    package var impact: SchemeImpact {
        var before = stays, after = stays
        for (pair, count) in moves {
            after[pair.to, default: 0] += count
            if let from = pair.from { before[from, default: 0] += count }
        }
        return SchemeImpact(
            scheme: scheme.name, members: before.values.reduce(0, +),
            moves: moves.map { SchemeImpact.Move(from: $0.key.from, to: $0.key.to, count: $0.value) }.sorted { ($0.from ?? "", $0.to) < ($1.from ?? "", $1.to) },
            sizes: Set(before.keys).union(after.keys).union(scheme.microsegments.map(\.name)).sorted().map {
                SchemeImpact.Size(microsegment: $0, before: before[$0] ?? 0, after: after[$0] ?? 0, least: scheme.microsegment($0) == nil ? 0 : scheme.granularity.minimumMembers ?? 1)
            },
            lowered: lowered.sorted(), notices: notices.sorted { $0.entity < $1.entity }, kept: kept.sorted(), movers: movers,
            valueMoved: scheme.valueSlot == nil ? nil : value)
    }
}

extension Scheme {
    /// What keeps an entity from the lower tier that the rules give it, for as long as it lasts: an attribute, a floor that nobody can tell, silent feeds,
    /// a budget.
    static let keeping: Set<StabilityOutcome.Verdict> = [.kept, .floorUnknown, .stale, .queued]

    /// Whether an entity stays where it is only because something keeps it from a lower tier.
    func isKept(_ standing: Standing) -> Bool { Self.keeping.contains(standing.verdict) && lowers(standing.stability.settled, to: standing.computed) }
}
