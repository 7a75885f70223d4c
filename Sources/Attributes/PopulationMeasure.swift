import Diagnostics
import FEEL
import Records
package import Values

/// Where a measure of an entity stands within the population, or within the entities that share some attributes with it.
///
/// Entities go in descending order of the measure (or ascending, where that is wanted); equal values stand together. An entity
/// without the measure is not ranked: it has no rank, and the last class.
package struct PopulationMeasure: Sendable {
    package enum Form: Sendable {
        /// ABC classes: cuts where the cumulative share passes them. Ascending percents between 0 and 100, one fewer than names.
        /// What is zero or negative is in the last class.
        case classes(cuts: [ExactDecimal], names: [String], crossing: Crossing)
        /// Rank, from 1; equal values share the least.
        case rank
        /// Percent of those ranked that stand before it, and half of those beside it (mid-rank).
        case percentile
        /// Percent of the total that it and all before or beside it hold.
        case cumulativeShare
        /// Percent of the total that it holds.
        case share
        /// Number of one of k groups, 1 holding the first; equal values are told apart by their keys ("rank first"). Rank `r` of `n` is in
        /// group `ceil(k (r - 1) / (n - 1))`, at least 1: groups end at the type-7 quantiles of the ranks, as quintiles of RFM are commonly cut.
        case tile(count: Int)
    }

    /// Which class the entity gets whose share reaches across a cut.
    package enum Crossing: String, CaseIterable, Sendable {
        /// The better one: it is judged by the share of those before it.
        case up
        /// The worse one: it is judged by the share with itself, and those beside it as the first of them. One entity that holds more than
        /// the first cut leaves the first class empty.
        case down
    }

    /// Index of the attribute that is ranked.
    package let attribute: Int
    package let form: Form
    package let isAscending: Bool
    /// Attributes that must be equal for entities to be compared; none compares all.
    package let within: [Int]
    /// Whether only entities of one client are compared.
    package let isWithinClient: Bool
    /// Digits after the point of a percent.
    package let scale: Int

    package init(
        attribute: Int, form: Form, isAscending: Bool = false, within: [Int] = [], isWithinClient: Bool = false, scale: Int = 0
    ) {
        if case .classes(let cuts, let names, _) = form { precondition(names.count == cuts.count + 1, "there is one name more than cuts") }
        self.attribute = attribute
        self.form = form
        self.isAscending = isAscending
        self.within = within
        self.isWithinClient = isWithinClient
        self.scale = scale
    }

    /// The group within which an entity is compared.
    func group(of row: AttributeRow) -> PopulationGroup {
        PopulationGroup(client: isWithinClient ? row.entity.client : nil, values: within.map { row.values[$0] })
    }

    /// The number that is ranked: ascending order is that of the negated numbers.
    func ranked(_ row: AttributeRow) -> ExactDecimal? {
        guard case .number(let number) = row.values[attribute] else { return nil }
        return number
    }

    /// What the place of an entity amounts to; nil is an entity without the measure.
    ///
    /// Shares are compared with cuts exactly, without division. Fails with ATTR-OVERFLOW where the total has more than 34 digits.
    func value(_ number: ExactDecimal?, at place: PopulationPlace?) throws(EvaluationFailure) -> Value {
        if case .classes(let cuts, let names, let crossing) = form {
            guard let number, let place, number > .zero, let name = names.last else { return .string(names.last ?? "") }
            var reached = place.positiveBefore
            if crossing == .down { guard reached.add(number) else { throw Self.pastTotal } }
            guard let part = reached.value, let total = place.positiveTotal.value else { throw Self.pastTotal }
            let share = try Self.product(part, ExactDecimal(100))
            var index = 0
            while index < cuts.count, try Self.passed(cuts[index], of: total, by: share, crossing) { index += 1 }
            return .string(index < names.count ? names[index] : name)
        }
        guard let number, let place else { return .null }
        do throws(ArithmeticFailure) {
            switch form {
            case .classes: return .null
            case .rank: return .number(ExactDecimal(place.before + 1))
            case .percentile:
                return try percent(ExactDecimal(2 * place.before + place.beside), of: ExactDecimal(2 * place.count))
            case .cumulativeShare:
                guard let part = (place.positiveBefore + place.positiveBeside).nearest, let total = place.positiveTotal.nearest else { throw .overflow }
                return try percent(part, of: total)
            case .share:
                guard let total = place.positiveTotal.nearest else { throw .overflow }
                return try percent(number > .zero ? number : .zero, of: total)
            case .tile(let tiles):
                let gaps = max(place.count - 1, 1)
                return .number(ExactDecimal(max(1, (tiles * place.ordinal + gaps - 1) / gaps)))
            }
        } catch {
            throw Self.pastTotal
        }
    }

    private func percent(_ part: ExactDecimal, of whole: ExactDecimal) throws(ArithmeticFailure) -> Value {
        guard whole > .zero else { return .null }
        return .number(try part.multiplying(by: ExactDecimal(100)).divided(by: whole).rounded(scale: scale))
    }

    /// Whether an entity whose share is `share` (times the total) is past a cut. Going up, a share that has just reached the cut is
    /// past it; going down, one that has just reached it is still within.
    private static func passed(
        _ cut: ExactDecimal, of total: ExactDecimal, by share: ExactDecimal, _ crossing: Crossing
    ) throws(EvaluationFailure) -> Bool {
        let bound = try product(cut, total)
        return crossing == .up ? bound <= share : bound < share
    }

    /// A product that 34 digits hold; a rounded one could put an entity on the wrong side of a cut.
    private static func product(_ left: ExactDecimal, _ right: ExactDecimal) throws(EvaluationFailure) -> ExactDecimal {
        let left = left.normalized, right = right.normalized
        do throws(ArithmeticFailure) {
            let product = try left.multiplying(by: right)
            if left.isZero || right.isZero || product.scale >= left.scale + right.scale { return product }
        } catch {
            throw pastTotal
        }
        throw pastTotal
    }

    static var pastTotal: EvaluationFailure {
        EvaluationFailure(diagnostic: Diagnostic(
            .attributeOverflow, .error, "the total of the population has more than 34 digits",
            hint: "give the measure that is ranked fewer digits"))
    }
}

/// What entities have in common that are compared with each other.
struct PopulationGroup: Hashable, Sendable {
    let client: String?
    let values: [Value]

    /// The group as it is stored: canonical JSON, the client first where only entities of one are compared. Equal groups have one text.
    var text: String {
        let values = values.map { value -> Value in if case .number(let number) = value { .number(number.normalized) } else { value } }
        return JSONText.write(.list([client.map { .string($0) } ?? .null] + values))
    }
}

/// Where one entity stands in its group.
struct PopulationPlace: Sendable {
    /// How many stand before those with an equal number, and how many have an equal one, itself included.
    let before: Int
    let beside: Int
    /// How many stand before it where equal ones are told apart by their keys.
    let ordinal: Int
    let count: Int
    /// Sums of the numbers above zero.
    let positiveBefore: ExactSum
    let positiveBeside: ExactSum
    let positiveTotal: ExactSum
}
