package import FEEL
package import Mapping
package import Values

/// What is done with the decisions of a scheme: an action file of them, or a webhook for each.
package struct Action: Sendable {
    package enum Occasion: String, CaseIterable, Sendable {
        /// Where the micro-segment in effect changed, the first assignment included.
        case change
        /// At each evaluation.
        case evaluation
        /// Where a notice begins that the entity will be lowered.
        case notice
    }

    package enum Output: Sendable {
        /// All decisions of a run as one file, through an outbound mapping.
        case file(OutboundMapping)
        /// All decisions of a run as transaction sets or messages to a partner, through an outbound set of values.
        case interchange(OutboundSet, partner: String, SendingPolicy)
        /// One request a decision, ordered by entity.
        case webhook(event: String, fields: [(name: String, expression: CompiledExpression)], body: Body?)
    }

    /// A body that the action writes itself, in place of the house's own.
    package struct Body: Sendable {
        package let template: PayloadTemplate
        package let contentType: String
    }

    package let name: String
    package let scheme: String
    package let occasion: Occasion
    /// Only decisions for which this holds; nil is all.
    package let filter: CompiledExpression?
    package let target: String
    /// How long after the decision delivery is still wanted.
    package let deadline: DayTimeDuration
    package let output: Output
    /// The names that filter and fields were compiled against.
    package let names: DecisionLayout
    /// Slots of values that are written as a digest.
    let hashed: Set<Int>
    /// Digest-like fingerprint of the file: it tells whether the action itself changed between states.
    package var fingerprint = ""
    /// Which version of the scheme it acts for, where another one divides the other entities; nil is all decisions of the scheme.
    package private(set) var version: String?

    /// The same for the decisions of one version of the scheme.
    package func limited(toVersion version: String) -> Action {
        var action = self
        action.version = version
        return action
    }

    /// Whether a decision is of the scheme, and of the version, that it acts for.
    func acts(on decision: Decision) -> Bool { decision.scheme == scheme && (version == nil || version == decision.version) }

    /// Whether its effects are files, for a folder.
    package var wantsFolder: Bool {
        if case .webhook = output { false } else { true }
    }
}
