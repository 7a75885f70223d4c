import Statistics
import Values

/// Of the group `cluster`, the weights of columns.
enum WeightCases {
    static let runners: [String: CaseRegistry.Runner] = ["ahp_weights": pairwiseWeights]

    private static func pairwiseWeights(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let weights = PairwiseWeights(try given.inputs.matrix("matrix")) else { throw CaseFailure("the matrix is not one of reciprocal judgements") }
        return .object([
            "w": .numbers(weights.weights), "lambda_max": .number(weights.eigenvalue), "CI": .number(weights.inconsistency),
            "CR": .optional(weights.inconsistencyRatio),
        ])
    }
}
