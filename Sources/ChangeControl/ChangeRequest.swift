/// Where a request stands. Everything but `draft`, `proposed`, `assessed` and `approved` is final.
package enum ChangeStatus: String, CaseIterable, Hashable, Sendable {
    case draft, proposed, assessed, approved, active, rolledBack, rejected, withdrawn

    /// Whether the request can still go somewhere.
    package var isOpen: Bool { [.draft, .proposed, .assessed, .approved].contains(self) }
}

/// A request to make one state live in place of another, as a pure state machine: each event gives the request that follows,
/// or a refusal and no change.
///
/// An approval is a signature over the digests of what it approves and is counted against them each time, so that one for
/// an earlier revision, another request or another site is void by its content and not by a workflow remembering to void it.
package struct ChangeRequest: Hashable, Sendable {
    package let id: ChangeRequestID
    package let author: Principal
    /// From 1; one more with each edit.
    package private(set) var revision: Int
    package private(set) var title: String
    package private(set) var reason: String
    package private(set) var base: StateDescription
    package private(set) var target: StateDescription
    package private(set) var status: ChangeStatus
    /// Digest of the impact report that approvals hang on; nil before it is assessed.
    package private(set) var impact: ContentDigest?
    package private(set) var approvals: [Approval]

    /// A request as it was stored. Its approvals count only with their signatures verified again.
    package init(
        id: ChangeRequestID, author: Principal, revision: Int, title: String, reason: String, base: StateDescription,
        target: StateDescription, status: ChangeStatus, impact: ContentDigest? = nil, approvals: [Approval]
    ) {
        self.id = id
        self.author = author
        self.revision = revision
        self.title = title
        self.reason = reason
        self.base = base
        self.target = target
        self.status = status
        self.impact = impact
        self.approvals = approvals
    }

    /// A new request, revision 1, in draft.
    package static func draft(
        id: ChangeRequestID, author: Principal, title: String, reason: String, base: StateDescription, target: StateDescription
    ) throws(ChangeRefusal) -> ChangeRequest {
        try checkContent(id, title: title, reason: reason, base: base, target: target)
        return ChangeRequest(
            id: id, author: author, revision: 1, title: title, reason: reason, base: base, target: target, status: .draft, approvals: [])
    }

    /// The components that the request changes. Empty where only the engine or the zone rules differ.
    package var changedComponents: [StateComponent] { target.components(differingFrom: base) }

    /// Another content for an open request: the next revision, in draft, with no approval left.
    ///
    /// Only the author edits: whoever changes the content is an author of it, and could approve their own work otherwise.
    package func revised(
        by editor: Principal, title: String? = nil, reason: String? = nil, base: StateDescription? = nil, target: StateDescription? = nil
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status.isOpen, "edited")
        guard editor == author else {
            throw ChangeRefusal(.role, id.description, "\(editor) is not the author, \(author)", hint: "propose a change request of your own")
        }
        let next = ChangeRequest(
            id: id, author: author, revision: revision + 1, title: title ?? self.title, reason: reason ?? self.reason,
            base: base ?? self.base, target: target ?? self.target, status: .draft, approvals: [])
        try ChangeRequest.checkContent(id, title: next.title, reason: next.reason, base: next.base, target: next.target)
        return next
    }

    /// draft → proposed: the base is live, and the author may propose.
    package func proposed(live: StateID, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .draft, "proposed")
        try checkBase(live: live, governance: governance)
        guard governance.person(author)?.roles.contains(.author) == true else {
            throw ChangeRefusal(.role, author.name, "is not an author", hint: "governance names the authors")
        }
        return moved(to: .proposed)
    }

    /// proposed, assessed or approved → assessed: what the change does was found, and approvals of another finding are void.
    ///
    /// - Parameter impact: digest of the report.
    package func assessed(impact: ContentDigest, live: StateID, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .proposed || status == .assessed || status == .approved, "assessed")
        try checkBase(live: live, governance: governance)
        var next = moved(to: .assessed)
        if impact != self.impact { next.approvals = [] }
        next.impact = impact
        return next
    }

    /// A further approval; assessed → approved where it is the last that was needed.
    ///
    /// - Parameter verified: the outcome of checking the signature of this approval and of those that the request has.
    package func approved(
        by approval: Approval, verified: [VerifiedSignature], live: StateID, governance: Governance
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .assessed || status == .approved, "approved")
        try checkBase(live: live, governance: governance)
        let count = ApprovalCount(request: self, governance: governance, verified: verified)
        let standing = count.counted
        if let refusal = count.refusal(of: approval, after: standing) { throw refusal }
        var next = moved(to: standing.count + 1 >= governance.threshold ? .approved : .assessed)
        next.approvals = approvals + [approval]
        return next
    }

    /// approved → active, once. Everything is checked again against what is live now, and nothing that was found before is trusted.
    ///
    /// - Parameters:
    ///   - stored: the description of the target's files as they will be used, made anew from their bytes.
    ///   - verified: the outcome of checking the signatures of the request's approvals now.
    package func activated(
        live: StateID, stored: StateDescription, verified: [VerifiedSignature], governance: Governance
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .approved, "activated")
        try checkBase(live: live, governance: governance)
        guard stored == target else {
            throw ChangeRefusal(
                .otherContent, id.description, "the files to be activated are state \(stored.id), and state \(target.id) was approved",
                hint: "revise the request with these files, or restore those that were approved")
        }
        let counted = ApprovalCount(request: self, governance: governance, verified: verified).counted
        guard counted.count >= governance.threshold else {
            throw ChangeRefusal(
                .threshold, id.description, "\(counted.count) of \(approvals.count) approvals stand and \(governance.threshold) are needed",
                hint: "change show says which approvals are void and why")
        }
        return moved(to: .active)
    }

    /// active → rolledBack: a rollback took its bundle out of use.
    package func rolledBack() throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .active, "rolled back")
        return moved(to: .rolledBack)
    }

    /// proposed, assessed or approved → rejected: one approver's no is enough.
    package func rejected(by principal: Principal, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .proposed || status == .assessed || status == .approved, "rejected")
        guard governance.person(principal)?.roles.contains(.approver) == true else {
            throw ChangeRefusal(.role, principal.name, "is not an approver", hint: "an author withdraws; an approver rejects")
        }
        return moved(to: .rejected)
    }

    /// Any open status → withdrawn, by the author.
    package func withdrawn(by principal: Principal) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status.isOpen, "withdrawn")
        guard principal == author else {
            throw ChangeRefusal(.role, principal.name, "is not the author, \(author)", hint: "an author withdraws; an approver rejects")
        }
        return moved(to: .withdrawn)
    }

    /// What a person has to sign to approve this revision on this site.
    package func statement(
        for principal: Principal, reason: String, governance: Governance
    ) throws(ChangeRefusal) -> ApprovalStatement {
        guard let person = governance.person(principal), person.roles.contains(.approver) else {
            throw ChangeRefusal(.role, principal.name, "is not an approver", hint: "governance names the approvers")
        }
        guard StatementLines.isLine(reason) else {
            throw ChangeRefusal(.text, id.description, "the reason is not one line of text", hint: "write one line, without control characters")
        }
        guard let impact else {
            throw ChangeRefusal(.status, id.description, "what it does was not found yet", hint: "crossdock change assess \(id)")
        }
        return ApprovalStatement(
            origin: governance.origin, request: id, revision: revision, author: author, base: base.id, target: target.id, impact: impact,
            bundle: target.bundle, overrides: target.overrides, governance: target.governance, title: title,
            principal: principal, name: person.name, meaning: .approve, reason: reason)
    }

    private func moved(to status: ChangeStatus) -> ChangeRequest {
        var next = self
        next.status = status
        return next
    }

    private func expect(_ holds: Bool, _ event: String) throws(ChangeRefusal) {
        guard !holds else { return }
        let isSpent = status == .active || status == .rolledBack
        throw ChangeRefusal(
            .status, id.description, "is \(status.rawValue) and cannot be \(event)",
            hint: isSpent ? "an activation spends a request; propose a new one" : "change show \(id) says what it waits for")
    }

    private func checkBase(live: StateID, governance: Governance) throws(ChangeRefusal) {
        guard base.id == live else {
            throw ChangeRefusal(
                .staleBase, id.description, "its base is state \(base.id), and state \(live) is live",
                hint: "revise the request on the live state; approvals are asked for again")
        }
        guard governance.manifest == base.governance else {
            throw ChangeRefusal(
                .staleBase, id.description, "the governance given is not that of its base", hint: "judge a change by the live governance")
        }
    }

    private static func checkContent(
        _ id: ChangeRequestID, title: String, reason: String, base: StateDescription, target: StateDescription
    ) throws(ChangeRefusal) {
        for (name, text) in [("title", title), ("reason", reason)] where !StatementLines.isLine(text) {
            throw ChangeRefusal(.text, id.description, "the \(name) is not one line of text", hint: "write one line, without control characters")
        }
        guard base != target else {
            throw ChangeRefusal(.nothingToChange, id.description, "the target is the base", hint: "edit a file of the state first")
        }
    }
}
