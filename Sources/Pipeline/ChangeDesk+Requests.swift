package import ChangeControl
package import Diagnostics
import Signatures
import Store
package import Values

extension ChangeDesk {
    /// Puts what lies in the folders now before the approvers: it must compile, and its base is what is live. What it does is found at once.
    ///
    /// - Parameters:
    ///   - revising: an open request of the same author that gets this content instead, as its next revision;
    ///     approvals of the former one are void. nil is a new request.
    ///   - following: an open request whose target is the base; what this one does is found once that is live.
    ///   - effective: when it is to take effect, as a wall clock shows it in the zone of governance; nil is when somebody activates it.
    /// - Returns: the request, and warnings about its content.
    package func propose(
        author: Principal, title: String, reason: String, revising: ChangeRequestID? = nil, following: ChangeRequestID? = nil,
        effective: String? = nil, at now: Instant
    ) throws -> (request: ChangeRequest, findings: [Diagnostic]) {
        let live = try live(), now = try judged(now)
        let files = try StateFiles.onDisk(root: site.root)
        _ = try Self.governance(of: files)
        let (bundle, findings) = try compiled(files, "the files of the state")
        let former = try revising.map { try request($0) }
        let leading = try following.map { try request($0) }
        // What follows itself, directly or through others, could never become live.
        var ahead = leading, seen: Set<ChangeRequestID> = []
        while let request = ahead, seen.insert(request.id).inserted {
            guard request.id != revising else {
                throw ChangeRefusal(.staleBase, request.id.description, "it would follow itself", hint: "leave --after out, or name a request that does not follow this one")
            }
            ahead = request.after.flatMap { try? self.request($0) }
        }
        let base = leading?.target ?? live.description, offered = files.manifests.description
        // What is live for a part of the entities stays so under other overrides.
        let target = offered.with(canary: offered.bundle == base.bundle ? base.canary : nil)
        let expires = now.adding(live.governance.terms.lifetime)
        let moment = try effective.map { try instant($0, live.governance, subject: revising?.description ?? title) }
        let draft =
            if let former {
                try former.revised(
                    by: author, title: title, reason: reason, base: base, target: target, after: following, effective: moment, expires: expires)
            } else {
                try ChangeRequest.draft(
                    id: try nextID(), author: author, title: title,
                    reason: reason, base: base, target: target, after: following, effective: moment, expires: expires)
            }
        let proposed = try draft.proposed(live: live.description, after: leading, governance: live.governance, at: now)
        if leading == nil, let plan = try plan(of: proposed, files, bundle, live) { try expectCohort(plan, proposed, bundle, live, at: now) }
        try commit(
            proposed, after: former, live: live.id, at: now, kind: .changeProposed,
            body: LogBody.change(proposed, by: author, reason: reason)
        ) { session, _ in
            try files.keep(in: session)
            try Store.keepState(target.id.description, description: target.text, in: session)
        }
        return (leading == nil ? try assess(proposed.id, at: now).request : proposed, findings)
    }

    private func nextID() throws -> ChangeRequestID {
        let last = try list().last?.id.number ?? 0
        guard last < ChangeRequestID.limit else {
            throw PipelineFailure(subject: "change requests", cause: "the last one has the number \(last), and no greater one is used", hint: "restore the store from a backup")
        }
        return ChangeRequestID(number: last + 1)
    }

    private func instant(_ text: String, _ governance: Governance, subject: String) throws -> EffectiveInstant {
        guard let zone = ZoneFiles.catalogue[governance.terms.zone] else {
            throw PipelineFailure(subject: governance.terms.zone, cause: "the rules of the zone are not on this machine", hint: "install tzdata")
        }
        return try EffectiveInstant.read(text, zone: zone, subject: subject)
    }

    /// Adds a signed approval to the request that it names.
    ///
    /// - Parameters:
    ///   - id: the request that is meant; nil takes the statement's word for it.
    ///   - statement: the text that was signed, byte for byte.
    ///   - signature: the armour that `ssh-keygen -Y sign` wrote.
    package func approve(
        _ id: ChangeRequestID? = nil, statement text: String, signature: String, at now: Instant
    ) async throws -> ChangeRequest {
        let (statement, findings) = ApprovalStatement.parse(text)
        guard let statement else {
            throw PipelineFailure(
                subject: "the statement", cause: "it is no approval", hint: "print it with `crossdock change statement`, and sign exactly that",
                diagnostics: findings)
        }
        if let id, id != statement.request {
            throw ChangeRefusal(.otherContent, id.description, "the statement is of \(statement.request)", hint: "give the files of one request")
        }
        let approval = Approval(statement: statement, signature: signature)
        let live = try live(), now = try judged(now)
        let request = try request(statement.request)
        let own = try await verifier.verify(approval, governance: live.governance)
        let others = await verifier.verify(request.approvals, governance: live.governance).verified
        let approved = try request.approved(by: approval, verified: [own] + others, live: live.description, governance: live.governance, at: now)
        try commit(
            approved, after: request, live: live.id, at: now, kind: .changeApproved,
            body: LogBody.approval(approval, of: approved))
        return approved
    }

    /// Ends a request by an approver's no.
    package func reject(_ id: ChangeRequestID, by principal: Principal, reason: String, at now: Instant) throws -> ChangeRequest {
        let live = try live()
        let request = try request(id)
        let rejected = try request.rejected(by: principal, governance: live.governance)
        try commit(
            rejected, after: request, live: live.id, at: now, kind: .changeRejected,
            body: LogBody.change(rejected, by: principal, reason: reason))
        return rejected
    }

    /// Ends a request by its author.
    package func withdraw(_ id: ChangeRequestID, by principal: Principal, reason: String, at now: Instant) throws -> ChangeRequest {
        let live = try live()
        let request = try request(id)
        let withdrawn = try request.withdrawn(by: principal)
        try commit(
            withdrawn, after: request, live: live.id, at: now, kind: .changeWithdrawn,
            body: LogBody.change(withdrawn, by: principal, reason: reason))
        return withdrawn
    }
}
