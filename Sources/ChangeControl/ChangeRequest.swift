package import Values

/// Where a request stands. Everything but `draft`, `proposed`, `assessed`, `approved`, `scheduled`, `shadow` and `canary` is final.
package enum ChangeStatus: String, CaseIterable, Hashable, Sendable {
    case draft, proposed, assessed, approved, scheduled
    /// Approved, and watched without effect before anybody has it.
    case shadow
    /// Live for a part of the entities.
    case canary
    case active, rolledBack, rejected, withdrawn, expired

    /// Whether the request can still go somewhere, and nobody has anything of it.
    package var isOpen: Bool { [.draft, .proposed, .assessed, .approved, .scheduled, .shadow].contains(self) }

    /// Whether time has something to do with the request.
    package var isUnderWay: Bool { isOpen || self == .canary }
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
    /// The open request whose target is the base, where it was so when this was proposed.
    package private(set) var after: ChangeRequestID?
    /// When it takes effect; nil is as soon as somebody activates it.
    package private(set) var effective: EffectiveInstant?
    /// The first instant at which this revision is worth nothing any more.
    package private(set) var expires: Instant
    /// Digest of the impact report that approvals hang on; nil before it is assessed.
    package private(set) var impact: ContentDigest?
    /// What that report asks for under the governance that judges; nil before it is assessed.
    package private(set) var requirement: ApprovalRequirement?
    package private(set) var approvals: [Approval]
    /// How far its rollout is; nil where it is in none.
    package private(set) var rollout: RolloutProgress?

    /// A request as it was stored. Its approvals count only with their signatures verified again.
    package init(
        id: ChangeRequestID, author: Principal, revision: Int, title: String, reason: String, base: StateDescription, target: StateDescription,
        status: ChangeStatus, after: ChangeRequestID? = nil, effective: EffectiveInstant? = nil, expires: Instant, impact: ContentDigest? = nil,
        requirement: ApprovalRequirement? = nil, approvals: [Approval], rollout: RolloutProgress? = nil
    ) {
        self.id = id
        self.author = author
        self.revision = revision
        self.title = title
        self.reason = reason
        self.base = base
        self.target = target
        self.status = status
        self.after = after
        self.effective = effective
        self.expires = expires
        self.impact = impact
        self.requirement = requirement
        self.approvals = approvals
        self.rollout = rollout
    }

    /// A new request, revision 1, in draft.
    package static func draft(
        id: ChangeRequestID, author: Principal, title: String, reason: String, base: StateDescription, target: StateDescription,
        after: ChangeRequestID? = nil, effective: EffectiveInstant? = nil, expires: Instant
    ) throws(ChangeRefusal) -> ChangeRequest {
        try checkContent(id, title: title, reason: reason, base: base, target: target)
        return ChangeRequest(
            id: id, author: author, revision: 1, title: title, reason: reason, base: base, target: target, status: .draft, after: after,
            effective: effective, expires: expires, approvals: [])
    }

    /// The components that the request changes. Empty where only the engine or the zone rules differ.
    package var changedComponents: [StateComponent] { target.components(differingFrom: base) }

    /// Another content for an open request: the next revision, in draft, with no approval left.
    ///
    /// Only the author edits: whoever changes the content is an author of it, and could approve their own work otherwise.
    package func revised(
        by editor: Principal, title: String? = nil, reason: String? = nil, base: StateDescription? = nil, target: StateDescription? = nil,
        after: ChangeRequestID? = nil, effective: EffectiveInstant? = nil, expires: Instant
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status.isOpen, "edited")
        guard editor == author else {
            throw ChangeRefusal(.role, id.description, "\(editor) is not the author, \(author)", hint: "propose a change request of your own")
        }
        let next = ChangeRequest(
            id: id, author: author, revision: revision + 1, title: title ?? self.title, reason: reason ?? self.reason,
            base: base ?? self.base, target: target ?? self.target, status: .draft, after: after, effective: effective, expires: expires, approvals: [])
        try ChangeRequest.checkContent(id, title: next.title, reason: next.reason, base: next.base, target: next.target)
        return next
    }

    /// draft → proposed: the base is live, or what an open request makes live, and the author may propose.
    ///
    /// - Parameter former: the open request that this one follows, where it follows one.
    package func proposed(
        live: StateDescription, after former: ChangeRequest? = nil, governance: Governance, at now: Instant
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .draft, "proposed")
        if let former {
            guard former.id == after, former.status.isOpen, former.target == base else {
                throw ChangeRefusal(
                    .staleBase, id.description, "its base is not what \(former.id) would make live, or \(former.id) is \(former.status.rawValue)",
                    hint: "propose it on the live state, or after the request as it is now")
            }
        } else { _ = try landing(on: live, governance: governance) }
        guard governance.person(author)?.roles.contains(.author) == true else {
            throw ChangeRefusal(.role, author.name, "is not an author", hint: "governance names the authors")
        }
        try expectUnexpired(at: now)
        if let effective {
            guard now < effective.instant, effective.instant < expires else {
                throw ChangeRefusal(
                    .effective, id.description, "it would take effect at \(effective.text), and lives from \(now) until \(expires)",
                    hint: "name an instant in that time, or have governance give requests a longer lifetime")
            }
            if let freeze = governance.freezes.first(where: { $0.holds(at: effective.instant) }) { throw freeze.refusal(of: id, "name an instant") }
        }
        return moved(to: .proposed)
    }

    /// proposed, assessed, approved, scheduled or shadow → assessed: what the change does was found, and approvals of another finding are void. Where nothing
    /// else is found than before, the request stays what it is.
    ///
    /// - Parameters:
    ///   - impact: digest of the report.
    ///   - facts: what of the report decides who has to approve.
    ///   - voiding: whether approvals are void even where the finding is the same, as an instant was missed or the base moved.
    package func assessed(
        impact: ContentDigest, facts: ImpactFacts, live: StateDescription, governance: Governance, voiding: Bool = false
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status.isOpen && status != .draft, "assessed")
        _ = try landing(on: live, governance: governance)
        let needed = governance.requirement(for: facts)
        if impact == self.impact, needed == requirement, !voiding { return self }
        var next = moved(to: .assessed)
        next.requirement = needed
        next.impact = impact
        next.approvals = []
        next.rollout = nil
        return next
    }

    /// A further approval; assessed → approved where it is the last that was needed, and → scheduled where it is to take effect later.
    ///
    /// - Parameter verified: the outcome of checking the signature of this approval and of those that the request has.
    package func approved(
        by approval: Approval, verified: [VerifiedSignature], live: StateDescription, governance: Governance, at now: Instant
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .assessed || status == .approved || status == .scheduled, "approved")
        try expectUnexpired(at: now)
        _ = try landing(on: live, governance: governance)
        if let effective, effective.instant <= now {
            throw ChangeRefusal(
                .effective, id.description, "it was to take effect at \(effective.text), which has passed", hint: "propose it again with another instant: --revises \(id)")
        }
        let count = ApprovalCount(request: self, governance: governance, verified: verified)
        if let refusal = count.refusal(of: approval, after: count.counted) { throw refusal }
        let persons = (count.counted + [approval]).compactMap { governance.person($0.statement.principal) }
        let isEnough = requirement?.missing(persons) == nil
        var next = moved(to: !isEnough ? .assessed : effective == nil ? .approved : .scheduled)
        next.approvals = approvals + [approval]
        return next
    }

    /// approved or scheduled → active, once; or → shadow or canary, where a plan says that it goes live step by step. Everything is checked again against
    /// what is live now, and nothing that was found before is trusted.
    ///
    /// - Parameters:
    ///   - stored: the description of the files as they will be used, made anew from their bytes: ``landing(on:governance:)``.
    ///   - facts: what of the approved report decides who has to approve, read anew from its text.
    ///   - verified: the outcome of checking the signatures of the request's approvals now.
    ///   - freezes: of operators; those of governance it has itself.
    ///   - plan: how it is rolled out; nil is at once.
    package func activated(
        live: StateDescription, stored: StateDescription, facts: ImpactFacts, verified: [VerifiedSignature], governance: Governance,
        freezes: [Freeze] = [], plan: RolloutPlan? = nil, at now: Instant
    ) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .approved || status == .scheduled, "activated")
        try expectUnexpired(at: now)
        try expectReady(live: live, stored: stored, facts: facts, verified: verified, governance: governance, freezes: freezes, at: now)
        if let effective {
            guard effective.instant <= now else {
                throw ChangeRefusal(.effective, id.description, "it takes effect at \(effective.text), and it is \(now)", hint: "the daemon activates it then")
            }
            guard effective.instant.distance(to: now) <= governance.terms.lateness else {
                throw ChangeRefusal(
                    .effective, id.description, "it was to take effect at \(effective.text), and that was missed by more than \(governance.terms.lateness)",
                    hint: "propose it again with another instant: --revises \(id)")
            }
        }
        return stepped(to: plan?.steps.first, plan, at: now)
    }

    /// shadow or canary → the next step of the plan, or active after the last; once its time is over and the latest look passed. It is checked like an
    /// activation.
    package func advanced(
        live: StateDescription, stored: StateDescription, facts: ImpactFacts, verified: [VerifiedSignature], governance: Governance,
        freezes: [Freeze] = [], plan: RolloutPlan, at now: Instant
    ) throws(ChangeRefusal) -> ChangeRequest {
        guard let rollout, let place = plan.steps.firstIndex(of: rollout.step) else {
            throw ChangeRefusal(.status, id.description, "is \(status.rawValue), and in no step of \(plan.name)", hint: "change show \(id) says what it waits for")
        }
        if status == .shadow { try expectUnexpired(at: now) }
        guard rollout.verdict?.outcome == .pass, rollout.since.adding(plan.duration(of: rollout.step)) <= now else {
            throw ChangeRefusal(
                .status, id.description, "its \(rollout.step) has not passed yet", hint: "it goes on by itself; `crossdock change rollback` takes a canary back")
        }
        try expectReady(live: live, stored: stored, facts: facts, verified: verified, governance: governance, freezes: freezes, at: now)
        return stepped(to: place + 1 < plan.steps.count ? plan.steps[place + 1] : nil, plan, at: now)
    }

    /// shadow or canary, as it is: a look at it found something, and the next one follows.
    package func looked(_ verdict: RolloutVerdict, plan: RolloutPlan, at now: Instant) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .shadow || status == .canary, "looked at")
        guard let rollout else {
            throw ChangeRefusal(.status, id.description, "is \(status.rawValue), and in no step", hint: "restore the store from a backup")
        }
        let over = rollout.since.adding(plan.duration(of: rollout.step)), regular = now.adding(plan.pause(in: rollout.step))
        var next = self
        next.rollout = RolloutProgress(step: rollout.step, since: rollout.since, next: now < over ? min(over, regular) : regular, verdict: verdict)
        return next
    }

    /// canary, as it is: it can neither go on nor be looked at as things are. It is looked at again in a while.
    package func held(_ verdict: RolloutVerdict, at now: Instant) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .canary && rollout != nil, "held")
        var next = self
        next.rollout = rollout.map { RolloutProgress(step: $0.step, since: $0.since, next: now.adding(Self.heldFor), verdict: verdict) }
        return next
    }

    private static let heldFor = DayTimeDuration(seconds: 3600)

    private func stepped(to step: RolloutStep?, _ plan: RolloutPlan?, at now: Instant) -> ChangeRequest {
        guard let step, let plan else {
            var next = moved(to: .active)
            next.rollout = nil
            return next
        }
        var next = moved(to: step == .shadow ? .shadow : .canary)
        next.rollout = RolloutProgress(step: step, since: now, next: min(now.adding(plan.pause(in: step)), now.adding(plan.duration(of: step))), verdict: nil)
        return next
    }

    /// What holds before anything of a request becomes live.
    private func expectReady(
        live: StateDescription, stored: StateDescription, facts: ImpactFacts, verified: [VerifiedSignature], governance: Governance, freezes: [Freeze], at now: Instant
    ) throws(ChangeRefusal) {
        let landed = try landing(on: live, governance: governance)
        guard stored == landed else {
            throw ChangeRefusal(
                .otherContent, id.description, "the files to be activated are state \(stored.id), and state \(landed.id) was approved",
                hint: "revise the request with these files, or restore those that were approved")
        }
        let needed = governance.requirement(for: facts)
        guard requirement == needed else {
            throw ChangeRefusal(
                .otherContent, id.description, "it is of class \(needed.text), and was approved as \(requirement?.text ?? "none")", hint: "crossdock change assess \(id)")
        }
        let counted = ApprovalCount(request: self, governance: governance, verified: verified).counted
        if let missing = needed.missing(counted.compactMap({ governance.person($0.statement.principal) })) {
            throw ChangeRefusal(.threshold, id.description, missing, hint: "change show says which approvals are void and why")
        }
        if let freeze = (governance.freezes + freezes).first(where: { $0.holds(at: now) }) { throw freeze.refusal(of: id, "activate it") }
    }

    /// scheduled or shadow → proposed, with no finding and no approval left: its base is not live any more, so that only its author can go on with it.
    package func putBack() throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .scheduled || status == .shadow, "put back")
        var next = moved(to: .proposed)
        next.rollout = nil
        next.impact = nil
        next.requirement = nil
        next.approvals = []
        return next
    }

    /// Whether time alone has something to do with it: it expires, it is to take effect, its rollout is looked at, or what it follows is live.
    package func isDue(at now: Instant, live: StateDescription) -> Bool {
        guard status.isUnderWay else { return false }
        if status == .canary { return rollout.map { $0.next <= now } ?? false }
        if expires <= now { return true }
        if status == .shadow { return rollout.map { $0.next <= now } ?? false }
        if status == .scheduled { return effective.map { $0.instant <= now } ?? false }
        return status == .proposed && after != nil && stands(on: live)
    }

    /// Whether the parts that it changes, and what judges and evaluates, are those of its base.
    private func stands(on live: StateDescription) -> Bool {
        changedComponents.allSatisfy { live.digest(of: $0) == base.digest(of: $0) } && live.governance == base.governance && live.engine == base.engine
            && live.zones == base.zones && !(changedComponents.contains(.bundle) && live.canary != nil)
    }

    /// Whether its instant has come and gone by more than governance forgives.
    package func hasMissedItsInstant(at now: Instant, governance: Governance) -> Bool {
        guard status == .scheduled, let effective, effective.instant <= now else { return false }
        return effective.instant.distance(to: now) > governance.terms.lateness
    }

    /// Any open status → expired, once its time has passed.
    package func expired(at now: Instant) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status.isOpen && expires <= now, "expired")
        return moved(to: .expired)
    }

    /// active or canary → rolledBack: a rollback took its bundle out of use. How far its rollout was stays with it.
    package func rolledBack() throws(ChangeRefusal) -> ChangeRequest {
        try expect(status == .active || status == .canary, "rolled back")
        return moved(to: .rolledBack)
    }

    /// proposed, assessed, approved, scheduled or shadow → rejected: one approver's no is enough.
    package func rejected(by principal: Principal, governance: Governance) throws(ChangeRefusal) -> ChangeRequest {
        try expect(status.isOpen && status != .draft, "rejected")
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
        guard let impact, let requirement else {
            throw ChangeRefusal(.status, id.description, "what it does was not found yet", hint: after.map { "it follows \($0): what it does is found once that is live" } ?? "crossdock change assess \(id)")
        }
        return ApprovalStatement(
            origin: governance.origin, request: id, revision: revision, author: author, base: base.id, target: target.id, impact: impact,
            classes: requirement.text, effective: effective?.text ?? "at once", expires: expires, bundle: target.bundle, overrides: target.overrides, governance: target.governance, title: title,
            principal: principal, name: person.name, meaning: .approve, reason: reason)
    }

    private func moved(to status: ChangeStatus) -> ChangeRequest {
        var next = self
        next.status = status
        return next
    }

    private func expect(_ holds: Bool, _ event: String) throws(ChangeRefusal) {
        guard !holds else { return }
        let isSpent = [.active, .canary, .rolledBack].contains(status)
        throw ChangeRefusal(
            .status, id.description, "is \(status.rawValue) and cannot be \(event)",
            hint: isSpent ? "an activation spends a request; propose a new one" : "change show \(id) says what it waits for")
    }

    private func expectUnexpired(at now: Instant) throws(ChangeRefusal) {
        guard now < expires else {
            throw ChangeRefusal(.expired, id.description, "this revision expired at \(expires)", hint: "propose it again, on what is live now")
        }
    }

    /// The state that the request makes live: the parts that it changes, on the parts of others that are live by now, so that an override does not
    /// void a change of rules. Refused where somebody changed the same part meanwhile, or what judges.
    ///
    /// Where it is live for a part of the entities already, that is the state in which everybody has it.
    package func landing(on live: StateDescription, governance: Governance) throws(ChangeRefusal) -> StateDescription {
        try expect(status.isUnderWay, "made live")
        let changed = changedComponents
        if status != .canary, changed.contains(.bundle), live.canary != nil {
            throw ChangeRefusal(
                .staleBase, id.description, "another change of the bundle is live for a part of the entities", hint: "wait until everybody has it, or roll it back: `crossdock status` names it")
        }
        let drifted = changed.filter { live.digest(of: $0) != (status == .canary ? target : base).digest(of: $0) }.map(\.rawValue)
        guard drifted.isEmpty, live.engine == base.engine, live.zones == base.zones else {
            throw ChangeRefusal(
                .staleBase, id.description,
                "its base is state \(base.id), and state \(live.id) is live\(drifted.isEmpty ? "" : ", with other \(drifted.joined(separator: " and "))")",
                hint: after.map { "it follows \($0), and is assessed once that is live; if that ended otherwise, revise it on the live state" }
                    ?? "revise the request on the live state; approvals are asked for again")
        }
        guard governance.manifest == base.governance, live.governance == base.governance else {
            throw ChangeRefusal(
                .staleBase, id.description, "the governance that judges is not that of its base", hint: "revise the request on the live state; approvals are asked for again")
        }
        func part(_ component: StateComponent) -> ContentDigest { (changed.contains(component) ? target : live).digest(of: component) }
        return StateDescription(
            bundle: part(.bundle), overrides: part(.overrides), governance: part(.governance), engine: target.engine, zones: target.zones,
            canary: changed.contains(.bundle) ? nil : live.canary)
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
