import Statistics
import Values

/// Of the groups `kpi`, `spc` and `experiment`, what stands on the room Statistics alone.
enum MeasureCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "forecast_accuracy": forecastAccuracy, "wilson_ci": wilsonInterval, "hhi_gini": concentration, "ab_two_prop": twoShareTest,
        "nelson_r1": controlRules, "nelson_r2": controlRules, "nelson_r3": controlRules, "nelson_r4": controlRules, "nelson_r5": controlRules,
        "nelson_r6": controlRules, "nelson_r7": controlRules, "nelson_r8": controlRules,
    ]

    private static func forecastAccuracy(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let accuracy = ForecastAccuracy(actual: try given.inputs.numbers("a"), forecast: try given.inputs.numbers("f")) else {
            throw CaseFailure("actuals and forecasts do not match")
        }
        return .object([
            "wmape": .optional(accuracy.weightedError), "bias": .optional(accuracy.bias), "mae": .number(accuracy.meanError),
            "rmse": .number(accuracy.rootMeanSquare), "tracking_signal": .number(accuracy.trackingSignal),
            "mape_nonzero": .optional(accuracy.meanRatio),
        ])
    }

    private static func wilsonInterval(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let interval = WilsonInterval(successes: try given.inputs.number("k"), cases: try given.inputs.number("n")) else {
            throw CaseFailure("there is no share of these numbers")
        }
        return .object(["lo": .number(interval.low), "hi": .number(interval.high)])
    }

    private static func concentration(_ given: OracleCase) throws(CaseFailure) -> Answer {
        .object([
            "hhi": .optional(Concentration.herfindahl(try given.inputs.numbers("share"))),
            "gini": .optional(Concentration.gini(try given.inputs.numbers("values"))),
        ])
    }

    private static func twoShareTest(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let successes = try given.inputs.numbers("success"), cases = try given.inputs.numbers("n")
        guard successes.count == 2, cases.count == 2,
            let test = TwoShareTest(successes: (successes[0], successes[1]), cases: (cases[0], cases[1]))
        else { throw CaseFailure("there are no two shares to compare") }
        return .object(["z": .number(test.z), "p": .number(test.probability)])
    }

    /// Of a chart about 0 with a sigma of 1: where each rule is broken. Rules that are not broken are not listed, and no other may be.
    private static func controlRules(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let rules = ControlRules(centre: 0, sigma: 1) else { throw CaseFailure("there is no such chart") }
        var broken: [String: [Int]] = [:]
        for (index, found) in rules.findings(try given.inputs.numbers("x")).enumerated() {
            for rule in found { broken["rule\(rule.rawValue)", default: []].append(index) }
        }
        return .object(broken.mapValues(Answer.integers), isWhole: true)
    }
}
