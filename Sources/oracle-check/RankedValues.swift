import Attributes
import Diagnostics
import FEEL
import Records
import Values

/// Values of entities that are ranked with each other. Of equal ones the first comes first.
enum RankedValues {
    /// - Parameter cuts: shares of the total, ascending.
    /// - Returns: `A`, `B`, ... of each value.
    static func classes(_ values: [ExactDecimal], cuts: [ExactDecimal], _ crossing: PopulationMeasure.Crossing) throws(CaseFailure) -> [String] {
        var percents: [ExactDecimal] = []
        for cut in cuts { percents.append(try percent(cut)) }
        let names = (0...cuts.count).map { String(Unicode.Scalar(UInt8(65 + min($0, 25)))) }
        return try rank(values, .classes(cuts: percents, names: names, crossing: crossing)).map(\.text)
    }

    /// The tile of each value, from 1, the least first.
    static func tiles(_ values: [ExactDecimal], _ count: Int) throws(CaseFailure) -> [Int] {
        try rank(values, .tile(count: count), isAscending: true).map { if case .number(let number) = $0 { number.integer ?? 0 } else { 0 } }
    }

    /// The share of the total that each value and all before it hold, beside the values and by rank.
    static func shares(_ values: [ExactDecimal]) throws(CaseFailure) -> (beside: [Double], byRank: [Double]) {
        let shares = try rank(values, .share).map { CaseInputs.double($0) ?? 0 }
        let order = values.indices.sorted { values[$0] != values[$1] ? values[$1] < values[$0] : $0 < $1 }
        var beside = [Double](repeating: 0, count: values.count), byRank: [Double] = [], sum = 0.0
        for index in order {
            sum += shares[index] / 100
            beside[index] = sum
            byRank.append(sum)
        }
        return (beside, byRank)
    }

    private static func rank(
        _ values: [ExactDecimal], _ form: PopulationMeasure.Form, isAscending: Bool = false
    ) throws(CaseFailure) -> [Value] {
        // Keys of equal length, so that they are in the order of the values.
        let rows = values.enumerated().map { index, value in
            AttributeRow(
                entity: EntityKey(.item, client: "", id: String(String(index + 1_000_000_000).dropFirst())), values: [.number(value)], evidence: [[]],
                windowChange: nil)
        }
        do throws(EvaluationFailure) {
            return try PopulationMeasure(attribute: 0, form: form, isAscending: isAscending, scale: 15).values(rows)
        } catch {
            throw CaseFailure(error.diagnostic.text)
        }
    }

    private static func percent(_ share: ExactDecimal) throws(CaseFailure) -> ExactDecimal {
        do throws(ArithmeticFailure) {
            return try share.multiplying(by: ExactDecimal(100))
        } catch {
            throw CaseFailure("\(share) is no share")
        }
    }
}
