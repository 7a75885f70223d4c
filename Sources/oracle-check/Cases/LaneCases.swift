import Statistics
import Values

/// The group `lane`: room, reliability and scores of lanes.
enum LaneCases {
    static let runners: [String: CaseRegistry.Runner] = [
        "dim_weight": dimensionalWeight, "lane_score": laneScores, "beta_otp_shrink": onTimeRate,
    ]

    private static func dimensionalWeight(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let weight = DimensionalWeight(
            dimensions: try given.inputs.decimals("cm"), divisor: try given.inputs.decimal("divisor"), weight: try given.inputs.decimal("actual_kg"))
        guard let weight else { throw CaseFailure("there is no weight of these dimensions") }
        return .object([
            "dim": .optional(weight.dimensional.binary), "billable": .optional(weight.billable.binary),
        ])
    }

    /// Being on time is good; cost and risk are bad.
    private static func laneScores(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let weights = try given.inputs.numbers("w")
        guard weights.count == 3 else { throw CaseFailure("there are not three weights") }
        let scores = LaneScore.scores([
            .init(try given.inputs.numbers("otp"), weight: weights[0]),
            .init(try given.inputs.numbers("cost"), weight: weights[1], isSmallGood: true),
            .init(try given.inputs.numbers("risk"), weight: weights[2], isSmallGood: true),
        ])
        guard let scores else { throw CaseFailure("the measures do not match") }
        return .object(["score": .numbers(scores)])
    }

    private static func onTimeRate(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let prior = try given.inputs.numbers("prior")
        guard prior.count == 2, let believed = ShrunkRate.Prior(successes: prior[0], failures: prior[1]),
            let rate = ShrunkRate(successes: try given.inputs.number("on_time"), failures: try given.inputs.number("late"), believed)
        else { throw CaseFailure("there is no rate of these numbers") }
        var answers: [String: Answer] = ["mean": .number(rate.mean)]
        // `lower5` is the bound of 5 %.
        for name in given.expected.names where name.hasPrefix("lower") {
            if let percent = Double(name.dropFirst("lower".count)) { answers[name] = .number(rate.lowerBound(percent / 100)) }
        }
        return .object(answers)
    }
}
