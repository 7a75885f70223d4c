extension Governance {
    /// Who takes part in disputes: whoever proposes, approves or operates.
    private static let disputants: Set<GovernanceRole> = [.author, .approver, .operator]

    /// Judges what roles have to do with an event of a dispute: whoever does it takes part in disputes, a decider is an approver, and an owner takes part.
    ///
    /// Customers are no persons of governance: a planner raises what a customer disputes, and says so in the reason.
    package func expectMay(_ event: DisputeEvent) throws(ChangeRefusal) {
        // The clock alone has no name, and only escalates.
        guard let by = event.by else { return }
        try expectDisputant(by)
        switch event.content {
        case .triaged(let owner): try expectDisputant(owner)
        case .decided:
            guard person(by)?.roles.contains(.approver) == true else {
                throw ChangeRefusal(.role, by.name, "is not an approver", hint: "governance names the approvers, who decide disputes")
            }
        default: break
        }
    }

    private func expectDisputant(_ principal: Principal) throws(ChangeRefusal) {
        guard let person = person(principal) else {
            throw ChangeRefusal(.role, principal.name, "is no person of the live governance", hint: "governance names the persons")
        }
        guard !person.roles.isDisjoint(with: Self.disputants) else {
            throw ChangeRefusal(.role, principal.name, "is neither author nor approver nor operator", hint: "these take part in disputes")
        }
    }
}
