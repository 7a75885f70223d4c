package import Values

/// Going back to a bundle that was active before: one operator and a reason, and no approval, because what is made live was approved once.
/// Overrides, governance, engine and zone rules stay as they are now, so that a rollback revives no revoked key and no expired override.
package struct Rollback: Hashable, Sendable {
    package let `operator`: Principal
    package let reason: String
    package let from: StateDescription
    /// The formerly active state whose bundle is taken.
    package let former: StateDescription
    /// The state that becomes live.
    package let target: StateDescription
    /// Whether it goes further back than the window, which is for emergencies.
    package let breaksGlass: Bool

    /// - Parameters:
    ///   - formerlyActive: the states that the log says were live, the live one among them or not.
    ///   - wentOut: when the state that is gone back to was last live.
    ///   - breaksGlass: an emergency, in which the window does not count.
    package static func plan(
        to former: StateDescription, live: StateDescription, formerlyActive: [StateID], wentOut: Instant, by person: Principal, reason: String,
        breaksGlass: Bool = false, governance: Governance, at now: Instant
    ) throws(ChangeRefusal) -> Rollback {
        guard formerlyActive.contains(former.id) else {
            throw ChangeRefusal(
                .neverActive, former.id.description, "the state was never active", hint: "new content takes a change request and approvals")
        }
        guard former.canary == nil else {
            throw ChangeRefusal(
                .neverActive, former.id.description, "its bundle was live for a part of the entities only", hint: "name a state that everybody had: `crossdock change list --states` lists them")
        }
        guard former.bundle != live.bundle else {
            throw ChangeRefusal(.nothingToChange, former.id.description, "its bundle is the live one", hint: "a rollback takes back rules and mappings only: to take back overrides or governance, propose their former files; `crossdock change list --states` lists states")
        }
        guard governance.manifest == live.governance else {
            throw ChangeRefusal(.staleBase, former.id.description, "the governance given is not the live one", hint: "judge a rollback by the live governance")
        }
        guard governance.person(person)?.roles.contains(.operator) == true else {
            throw ChangeRefusal(.role, person.name, "is not an operator", hint: "governance names the operators")
        }
        guard breaksGlass || wentOut.distance(to: now) <= governance.terms.rollbackWindow else {
            throw ChangeRefusal(
                .effective, former.id.description, "it was last live at \(wentOut), which is longer ago than \(governance.terms.rollbackWindow)",
                hint: "propose its content as a change, or in an emergency: crossdock change break-glass pin")
        }
        guard StatementLines.isLine(reason) else {
            throw ChangeRefusal(.text, former.id.description, "the reason is not one line of text", hint: "write one line, without control characters")
        }
        return Rollback(operator: person, reason: reason, from: live, former: former, target: live.withBundle(former.bundle), breaksGlass: breaksGlass)
    }

    /// Back to what the rest has, by the daemon alone, as a canary failed: it was live for everybody until then.
    ///
    /// - Parameters:
    ///   - former: a state whose bundle is that of the rest.
    ///   - reason: one line.
    package static func automatic(to former: StateDescription, live: StateDescription, reason: String) throws(ChangeRefusal) -> Rollback {
        guard let control = live.canary?.control, control == former.bundle, former.canary == nil else {
            throw ChangeRefusal(.neverActive, former.id.description, "it is not what the rest has", hint: "name a state that everybody had: `crossdock change list --states` lists them")
        }
        return Rollback(operator: daemon, reason: reason, from: live, former: former, target: live.withBundle(control), breaksGlass: false)
    }

    /// Who goes back where nobody is asked.
    package static let daemon: Principal = {
        guard let principal = Principal("crossdock") else { preconditionFailure("the name is sound") }
        return principal
    }()
}

extension StateDescription {
    /// The same with another bundle, for everybody.
    fileprivate func withBundle(_ bundle: ContentDigest) -> StateDescription {
        StateDescription(bundle: bundle, overrides: overrides, governance: governance, engine: engine, zones: zones)
    }
}
