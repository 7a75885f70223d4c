import Statistics
import Values

/// The group `drift`: has demand shifted, and averages that forget.
enum DriftCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "psi_drift": stabilityIndex, "ks_drift": twoSampleTest, "page_hinkley": pageHinkley, "ewm_halflife2": halfLifeAverages,
    ]

    private static func stabilityIndex(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let index = StabilityIndex(reference: try given.inputs.numbers("ref"), current: try given.inputs.numbers("cur")) else {
            throw CaseFailure("the bins do not match")
        }
        return .object(["psi": .number(index.value)])
    }

    private static func twoSampleTest(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let test = TwoSampleTest(try given.inputs.numbers("a"), try given.inputs.numbers("b")) else { throw CaseFailure("a sample is empty") }
        return .object(["D": .number(test.distance), "p": .number(test.probability)])
    }

    private static func pageHinkley(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard var state = PageHinkley(delta: try given.inputs.number("delta"), lambda: try given.inputs.number("lambda")) else {
            throw CaseFailure("there is no test with this delta and lambda")
        }
        var statistics: [Double] = [], alarm: Int?
        for (index, value) in try given.inputs.numbers("x").enumerated() {
            if state.add(value), alarm == nil { alarm = index }
            statistics.append(state.statistic)
        }
        return .object(["stat": .numbers(statistics), "alarm_index": alarm.map(Answer.integer) ?? .none])
    }

    /// The half-life is in the case's name (`ewm_halflife2`), unless an input `halflife` says otherwise.
    private static func halfLifeAverages(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let halfLife = try given.inputs.number("halflife", default: Double(given.id.drop { !$0.isNumber }) ?? 2)
        guard let adjusted = HalfLifeAverage(halfLife: halfLife, .adjusted), let recursive = HalfLifeAverage(halfLife: halfLife, .recursive) else {
            throw CaseFailure("there is no such half-life")
        }
        let values = try given.inputs.numbers("x")
        return .object([
            "adjust_true": .list(adjusted.averages(values).map(Answer.optional)), "adjust_false": .list(recursive.averages(values).map(Answer.optional)),
        ])
    }
}
