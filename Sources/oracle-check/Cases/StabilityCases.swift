import Statistics
import Values

/// The group `stability`: states that do not thrash, and how they change.
enum StabilityCases {
    static let runners: [String: CaseRegistry.Runner] = ["hysteresis_deadband": hysteresis, "transition_matrix": transitionMatrix]

    /// The upper state is A, the lower one B.
    private static func hysteresis(_ given: OracleCase) throws(CaseFailure) -> Answer {
        let up = try given.inputs.number("up"), values = try given.inputs.numbers("x"), isUp = try given.inputs.text("start") == "A"
        guard
            var state = Hysteresis(up: up, down: try given.inputs.number("down"), dwell: try given.inputs.integer("dwell"), isUp: isUp)
        else { throw CaseFailure("there is no such dead band") }
        let states = values.map { state.add($0) }, naive = values.map { $0 >= up }
        return .object([
            "state": letters(states), "no_hysteresis": letters(naive), "switches": .integer(state.switches),
            "switches_naive": .integer(zip([isUp] + naive, naive).count { $0 != $1 }),
        ])
    }

    private static func letters(_ states: [Bool]) -> Answer { .texts(states.map { $0 ? "A" : "B" }) }

    private static func transitionMatrix(_ given: OracleCase) throws(CaseFailure) -> Answer {
        guard let matrix = TransitionMatrix(try given.inputs.matrix("P")) else { throw CaseFailure("P is no matrix of transitions") }
        return .object([
            "stationary": matrix.stationary.map(Answer.numbers) ?? .none, "expected_churn": .optional(matrix.expectedChurn),
            "mean_dwell": .list(matrix.meanDwell.map(Answer.optional)),
        ])
    }
}
