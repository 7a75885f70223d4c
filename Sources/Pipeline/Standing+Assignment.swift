import Decisions
import Microsegments
import Store

extension Standing {
    /// Where an entity stands after an assignment under a state.
    init(_ assignment: Assignment, state: String) {
        self.init(
            scheme: assignment.scheme, entity: assignment.entity, microsegment: assignment.microsegment,
            cause: assignment.cause.text, computed: assignment.computed.microsegment, rule: assignment.computed.rule,
            stability: assignment.stability, verdict: assignment.verdict, value: assignment.value, nextChange: assignment.nextChange, state: state)
    }
}

extension Evaluator.RunCounts {
    mutating func add(_ other: Evaluator.RunCounts) {
        evaluated += other.evaluated
        changed += other.changed
        decisions += other.decisions
        effects += other.effects
        failures += other.failures
    }
}
