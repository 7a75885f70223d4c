package import Values

/// The bodies of change control's own log entries, as canonical JSON. Each holds the evidence whole, so that an exported log
/// can be judged with nothing else at hand.
package enum LogBody {
    /// For `genesis`: the statement, and the signatures of its first and second root.
    package static func genesis(_ statement: GenesisStatement, first: String, second: String) -> String {
        write([
            ("origin", .string(statement.origin)), ("state", .string(statement.state.id.description)),
            ("statement", .string(statement.text)), ("first", .string(first)), ("second", .string(second)),
        ])
    }

    /// For `changeProposed`, `changeRejected`, `changeWithdrawn` and `changeExpired`: the request as it is after the event.
    package static func change(_ request: ChangeRequest, by person: Principal, reason: String) -> String {
        write([("by", .string(person.name)), ("because", .string(reason)), ("change", request.value)])
    }

    /// For `changeAssessed`: the request with the digest of the report, and why it was assessed again where it was.
    package static func assessment(_ request: ChangeRequest, because: String?) -> String {
        write([("because", because.map(Value.string) ?? .null), ("change", request.value)])
    }

    /// For `changeApproved`: the approval that was added, and the request with it.
    package static func approval(_ approval: Approval, of request: ChangeRequest) -> String {
        write([
            ("request", .string(request.id.description)), ("revision", .integer(request.revision)),
            ("status", .string(request.status.rawValue)), ("approval", approval.value), ("change", request.value),
        ])
    }

    /// For `stateActivated`: the state that is live from here, which has the parts that the request changes on those that were live, and the
    /// request with its approvals that made it so.
    package static func activation(_ request: ChangeRequest, from live: StateDescription, to landed: StateDescription, by person: Principal) -> String {
        write([
            ("from", .string(live.id.description)), ("to", .string(landed.id.description)),
            ("state", .string(landed.text)), ("by", .string(person.name)), ("change", request.value),
        ])
    }

    /// For `changeShadowed` and `changeLookedAt`: the request with how far its rollout is, and the digest of the report of the look where there is one.
    package static func look(_ request: ChangeRequest, report: ContentDigest? = nil) -> String {
        write([("change", request.value), ("report", report.map { .string($0.hex) } ?? .null)])
    }

    /// For `stateUpgraded`: the same files under another program or other rules of zones, and the digest of the report of what that does.
    package static func upgrade(from live: StateDescription, to target: StateDescription, impact: ContentDigest) -> String {
        write([
            ("from", .string(live.id.description)), ("to", .string(target.id.description)), ("state", .string(target.text)), ("impact", .string(impact.hex)),
        ])
    }

    /// For what an operator does to be safe, and for reviews.
    static func precaution(by person: Principal, reason: String, _ fields: [(name: String, value: Value)]) -> String {
        write([("by", .string(person.name)), ("because", .string(reason))] + fields)
    }

    /// For `stateRolledBack`: the state that is live from here, whose bundle it took, and the requests that are undone by it.
    ///
    /// - Parameter reviewDue: when another person has looked at it.
    package static func rollback(_ rollback: Rollback, undoing changes: [ChangeRequest], reviewDue: Instant) -> String {
        write([
            ("from", .string(rollback.from.id.description)), ("to", .string(rollback.target.id.description)),
            ("state", .string(rollback.target.text)), ("former", .string(rollback.former.id.description)),
            ("by", .string(rollback.operator.name)), ("because", .string(rollback.reason)), ("glass", .boolean(rollback.breaksGlass)),
            ("review", .string(reviewDue.description)), ("changes", .list(changes.map(\.value))),
        ])
    }

    /// For `checkpointKey`: the key that signs checkpoints from here on, in the form that verifiers of signed notes take.
    package static func checkpointKey(_ key: VerifierKey) -> String { write([("key", .string(key.description))]) }

    private static func write(_ fields: [(name: String, value: Value)]) -> String {
        JSONText.write(.context(ContextValue(fields)))
    }
}
