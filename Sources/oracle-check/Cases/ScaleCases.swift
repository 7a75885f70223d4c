import Statistics
import Values

/// The group `scale`: medians, fences, winsorising, scalers.
enum ScaleCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "robust_mad": robustScores,
        "modified_z_flags": modifiedScores,
        "tukey_fences": fences,
        "winsorize_10": winsorized,
        "robust_scaler": { (given) throws(CaseFailure) in try scaled(given, .robust) },
        "standard_scaler": { (given) throws(CaseFailure) in try scaled(given, .standard) },
    ]

    private static func sample(_ given: OracleCase) throws(CaseFailure) -> OrderedSample {
        guard let sample = OrderedSample(try given.inputs.numbers("x")) else { throw CaseFailure("there are no values") }
        return sample
    }

    private static func robustScores(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let values = try given.inputs.numbers("x")
        guard let scores = RobustScores(try sample(given)) else { throw CaseFailure("the values have no spread that a number holds") }
        return .object([
            "median": .number(scores.median), "mad_raw": .number(scores.deviation), "mad_scaled": .number(scores.scaledDeviation),
            "robust_z": .list(values.map { .optional(scores.score($0)) }),
        ])
    }

    private static func modifiedScores(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let scores = ModifiedScores(try given.inputs.numbers("x")) else { throw CaseFailure("there are no values") }
        return .object(["score": .numbers(scores.scores), "outlier_idx": .integers(scores.outliers())])
    }

    private static func fences(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let fences = OutlierFences(try sample(given), k: try given.inputs.number("k", default: 1.5)) else {
            throw CaseFailure("there are no fences")
        }
        return .object([
            "q1": .number(fences.lowerQuartile), "q3": .number(fences.upperQuartile), "lo": .number(fences.low), "hi": .number(fences.high),
        ])
    }

    /// The share is in the case's name, a tenth on each side, unless an input `limits` says otherwise.
    private static func winsorized(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let share = try given.inputs.number("limits", default: 0.1)
        guard let values = Winsorizing.byCount(try given.inputs.numbers("x"), low: share, high: share) else { throw CaseFailure("no such share") }
        return .object(["w": .numbers(values)])
    }

    private static func scaled(_ given: OracleCase, _ rule: Scaler.Rule) throws(CaseFailure) -> Answer {
        let values = try given.inputs.numbers("x")
        guard let scaler = Scaler(rule, values) else { throw CaseFailure("there are no values") }
        return .object(["y": .numbers(values.map(scaler.scaled))])
    }
}
