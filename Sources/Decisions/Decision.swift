import Attributes
import Crypto
package import Microsegments
package import Records
package import Values

/// What a micro-segment's policy says for one entity at one time, with the reasons.
package struct Decision: Sendable {
    /// Deterministic: from what was decided and the position of the run that decided it.
    package let id: String
    package let scheme: String
    /// The version of the scheme that decided; and `cohort` or `rest` where another version divides the other entities.
    package let version: String
    package let arm: String?
    package let entity: EntityKey
    package let microsegment: String
    /// The micro-segment before, nil at the first assignment.
    package let former: String?
    /// The notice that begins with it, where one does; and what the entity is settled in, of which the notice speaks.
    package let notice: StabilityState.Notice?
    package let settled: String
    /// Whether feeds that the scheme rests on were silent, so that nobody was lowered.
    package let isDegraded: Bool
    /// What the micro-segment gets.
    package let parameters: ContextValue
    /// The attributes that the rules saw, with the rows of the records behind each.
    package let attributes: [DecisionAttribute]
    /// Row of the decision table, 1-based, and the file that holds it.
    package let rule: Int
    package let ruleFile: String
    /// `rules`, or `override ID`.
    package let cause: String
    package let at: Instant
    /// State under which it was decided, and log position of the run.
    package let state: String
    package let position: Int
}

/// One attribute as a decision saw it.
package struct DecisionAttribute: Sendable, Hashable {
    package let name: String
    package let value: Value
    package let records: [Int64]

    package init(name: String, value: Value, records: [Int64]) {
        self.name = name
        self.value = value
        self.records = records
    }
}

extension Decision {
    /// The decision that follows from an assignment.
    ///
    /// - Parameters:
    ///   - former: the micro-segment in effect before; nil at the first assignment.
    ///   - notice: the one that the assignment begins.
    ///   - isDegraded: whether feeds of the scheme were silent.
    package init(
        _ assignment: Assignment, former: String?, notice: StabilityState.Notice? = nil, scheme: Scheme, attributes: [DecisionAttribute],
        isDegraded: Bool = false, at now: Instant, state: String, position: Int
    ) {
        self.scheme = scheme.name
        version = scheme.version
        arm = scheme.arm?.name
        self.isDegraded = isDegraded
        entity = assignment.entity
        microsegment = assignment.microsegment
        self.former = former
        self.notice = notice
        settled = assignment.stability.settled
        parameters = scheme.microsegment(assignment.microsegment)?.parameters ?? ContextValue([])
        self.attributes = attributes
        rule = assignment.computed.rule
        ruleFile = scheme.ruleFile
        cause = assignment.cause.text
        at = now
        self.state = state
        self.position = position
        id = DeterministicID.of(
            ["decision", state, "\(position)", scheme.name, assignment.entity.description, assignment.microsegment])
    }

    /// The decision as canonical JSON: what the store keeps and the log digests.
    package var json: Value {
        .context(ContextValue([
            ("id", .string(id)), ("scheme", .string(scheme)), ("entity", .string(entity.description)),
            ("microsegment", .string(microsegment)), ("former", former.map(Value.string) ?? .null),
            ("parameters", .context(parameters)),
            ("attributes", .list(attributes.map { attribute in
                .context(ContextValue([
                    ("name", .string(attribute.name)), ("value", attribute.value),
                    ("records", .list(attribute.records.map { .number(ExactDecimal(coefficient: $0)) })),
                ]))
            })),
            ("rule", .number(ExactDecimal(rule))), ("ruleFile", .string(ruleFile)), ("cause", .string(cause)),
            ("at", .string(at.description)), ("state", .string(state)), ("position", .number(ExactDecimal(position))),
        ] + (arm.map { [("arm", .string($0))] } ?? []) + (isDegraded ? [("degraded", .boolean(true))] : []) + (notice.map { [("notice", $0.json(from: settled))] } ?? [])))
    }
}

extension StabilityState.Notice {
    /// - Parameter settled: where the entity is until then.
    fileprivate func json(from settled: String) -> Value {
        .context(ContextValue([
            ("from", .string(settled)), ("to", .string(to)), ("since", .string(since.description)), ("ends", .string(ends.description)),
            ("effective", .string(effective.description)),
        ]))
    }
}

extension Assignment.Cause {
    /// `rules`, or `override ID`: what history and decisions record.
    package var text: String {
        switch self {
        case .rules: "rules"
        case .override(let id): "override \(id)"
        }
    }
}

/// Identifiers that a repeat gives again, so that whoever receives one twice can tell.
package enum DeterministicID {
    /// SHA-256 of the parts, each with its length before it, in hexadecimal, cut to 32 characters (128 bits).
    package static func of(_ parts: [String]) -> String {
        var hash = SHA256()
        for part in parts {
            hash.update(data: Array("\(part.utf8.count):".utf8))
            hash.update(data: Array(part.utf8))
        }
        return String(hash.finalize().flatMap { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }.prefix(32))
    }
}
