import Attributes
import ChangeControl
import DecisionTables
import Microsegments
import Values

extension Scheme {
    private static let nearness = ExactDecimal(coefficient: 5, scale: 2)

    /// How many of these rows are near each number that the rules compare an attribute with; a comparison with 0 has no nearness.
    func boundaries(_ rows: some Sequence<AttributeRow>) throws -> [SchemeImpact.Boundary] {
        let bands = try table.slotThresholds.filter { $0.threshold != .zero && $0.slot < plan.definitions.count }.map { slot, threshold in
            let share = try threshold.multiplying(by: Self.nearness), ends = [try threshold.subtracting(share), try threshold.adding(share)].sorted()
            return (slot: slot, threshold: threshold, least: ends[0], most: ends[1])
        }
        var counts = [Int](repeating: 0, count: bands.count)
        for row in rows {
            for (place, band) in bands.enumerated() {
                if case .number(let value) = row.values[band.slot], value >= band.least, value <= band.most { counts[place] += 1 }
            }
        }
        return zip(bands, counts).map { SchemeImpact.Boundary(attribute: plan.definitions[$0.slot].name, threshold: $0.threshold, entities: $1) }
    }
}
