import Attributes
package import Microsegments
import Store
package import Values

extension StandingExplanation {
    private func name(_ slot: Int?) -> String { slot.map { scheme.plan.definitions[$0].name } ?? "an attribute" }

    /// What downgrade protection made of the answer of the rules; nil where it did nothing.
    var protection: String? {
        let state = standing.stability, policy = scheme.downgrade
        let waiting = state.candidate.map { "\($0.microsegment), which the rules say since \($0.since)," } ?? standing.computed
        switch standing.verdict {
        case .noticed: return "waits: \(waiting) would lower it, and that was told before"
        case .stepped:
            return "waits: \(waiting) would lower it further, and it went down at \(state.lowered.map { "\($0)" } ?? "an unknown instant"): one tier a \(policy?.cycle.rawValue ?? "cycle")"
        case .kept: return "stays: \(waiting) would lower it, and `\(name(policy?.keepSlot))` is true"
        case .heldFloor: return "stays: \(standing.computed) is below its floor, \(state.settled)"
        case .floorUnknown: return "stays: \(waiting) would lower it, and `\(name(policy?.floorSlot))` does not tell its floor"
        case .lifted: return "lifted: it was below its floor, \(state.settled)"
        case .moved where policy != nil && state.candidate != nil: return "goes on: \(waiting) is lower still, and it goes down one tier a \(policy?.cycle.rawValue ?? "cycle")"
        case .first where policy?.floorSlot != nil, .moved where policy?.floorSlot != nil:
            return scheme.lowers(state.settled, to: standing.computed) ? "held: \(standing.computed) is below its floor, or too small by itself" : nil
        default: return nil
        }
    }

    /// The notice that runs; nil where none does.
    var notice: String? { standing.stability.notice.map { $0.text(now: now) } }
}

extension StabilityState.Notice {
    /// In words.
    package func text(now: Instant) -> String {
        let phase = now < ends ? "notice until \(ends), then grace" : now < effective ? "in grace" : "notice and grace are over"
        return "told at \(since) that it will go down to \(to), not before \(effective); \(phase)"
    }
}
