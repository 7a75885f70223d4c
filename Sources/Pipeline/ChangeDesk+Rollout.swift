package import ChangeControl
import Microsegments
import Signatures
import Store
import Values

extension ChangeDesk {
    /// How a request goes live: nil is for everybody at once, as its bundle has no plan or changes no decision. Refused where the plan cannot carry it.
    func plan(of request: ChangeRequest, _ files: StateFiles, _ bundle: Bundle, _ live: Live) throws -> RolloutPlan? {
        guard let plan = bundle.rollout, request.changedComponents.contains(.bundle) else { return nil }
        let base = try StateFiles.stored(request.status == .canary ? live.description.control : live.description, in: site.store)
        let former = try compiled(base, "what the rest has").bundle
        guard !bundle.changedSchemes(from: former).isEmpty else { return nil }
        let diff = ManifestDiff(from: base.manifests.bundle, to: files.manifests.bundle)
        let paths = diff.added.map(\.path) + diff.changed.map(\.path) + diff.removed.map(\.path)
        if let obstacle = plan.obstacle(to: bundle, from: former, components: request.changedComponents, paths: paths, sides: [base, files]) {
            throw ChangeRefusal(.rollout, request.id.description, obstacle, hint: "or take the rollout \(plan.name) out of what is proposed")
        }
        return plan
    }

    /// How what an open request makes live goes live, by the plan in its own bundle; nil is at once.
    package func plan(of id: ChangeRequestID) throws -> RolloutPlan? {
        let request = try request(id)
        guard request.status.isUnderWay, request.after == nil else { return nil }
        let files = try StateFiles.stored(request.target, in: site.store)
        guard let bundle = files.compile().bundle else { return nil }
        do { return try plan(of: request, files, bundle, try live()) } catch is ChangeRefusal { return nil }
    }

    /// Makes what a request has come to live, with its log entry: everybody has it, or the cohort of a stage; a shadow makes nothing live.
    ///
    /// - Returns: the state that is live then.
    func takeStep(
        _ next: ChangeRequest, after request: ChangeRequest, to landed: StateDescription, _ bundle: Bundle, _ plan: RolloutPlan?, _ live: Live, by person: Principal,
        at now: Instant
    ) throws -> StateID {
        var state = landed, bundle = bundle, list: Cohort.ListText?
        switch next.rollout?.step {
        case nil: break
        case .shadow:
            try commit(next, after: request, live: live.id, at: now, kind: .changeShadowed, body: LogBody.look(next))
            return live.id
        case .canary(let stage):
            guard let plan, let canary = plan.canary else { preconditionFailure("a canary has a plan") }
            let (cohort, text) = try cohort(of: canary, stage: stage, request.id, bundle, live, at: now)
            state = landed.with(canary: StateDescription.Canary(control: live.description.control.bundle, cohort: cohort.text))
            bundle = bundle.canary(control: try compiled(try StateFiles.stored(live.description.control, in: site.store), "what the rest has").bundle, cohort: cohort)
            list = text
        }
        try commit(
            next, after: request, live: live.id, at: now, kind: .stateActivated,
            body: LogBody.activation(next, from: live.description, to: state, by: person)
        ) { session, position in
            if let list { try Store.keep(Array(list.text.utf8), digest: list.digest, in: session) }
            try Store.keepState(state.id.description, description: state.text, in: session)
            try Self.makeLive(state, bundle, position: position, in: session)
        }
        return state.id
    }

    // MARK: - Looks

    /// Looks at a rollout whose time has come: it goes on, stays, or goes back.
    func keepRollout(of request: ChangeRequest, _ live: Live, at now: Instant) async throws -> TimedChange.Outcome {
        guard try isLogged(request) else { return .damaged }
        let landed: StateDescription, files: StateFiles, bundle: Bundle, plan: RolloutPlan
        do {
            landed = try request.landing(on: live.description, governance: live.governance)
            files = try StateFiles.stored(landed, in: site.store)
            bundle = try compiled(files, request.id.description).bundle
            guard let found = try self.plan(of: request, files, bundle, live) else {
                throw ChangeRefusal(.rollout, request.id.description, "its plan is gone", hint: "restore the store from a backup")
            }
            plan = found
        } catch let refusal as ChangeRefusal {
            // Nobody has anything of a shadow, so that it goes back to its author; a canary stays until an operator decides.
            if request.status == .shadow { return try putBack(request, because: refusal.fact, at: now) }
            return try hold(request, refusal.fact, live, at: now)
        }
        let step = Step(request: request, landed: landed, files: files, bundle: bundle, plan: plan, live: live)
        return request.status == .shadow ? try await lookAtShadow(step, at: now) : try await lookAtCanary(step, at: now)
    }

    /// Whether a request is as its last log entry has it: a step, or the time of one, that somebody wrote into the store is not gone on from.
    private func isLogged(_ request: ChangeRequest) throws -> Bool {
        let entries = try site.store.driver.read { session in try LogEntryKind.ofRequests.flatMap { try Store.entries(of: $0, in: session) } }
        for entry in entries.sorted(by: { $0.position > $1.position }) {
            guard case .context(let fields)? = try? JSONText.parse(entry.body), let change = fields["change"], case .context(let told) = change,
                told["request"] == .string(request.id.description)
            else { continue }
            return change == request.value
        }
        return false
    }

    /// A request in a step of its rollout, and what it is to become.
    private struct Step {
        let request: ChangeRequest
        let landed: StateDescription
        let files: StateFiles
        let bundle: Bundle
        let plan: RolloutPlan
        let live: Live

        /// Whether the step has lasted as long as the plan says.
        func isOver(at now: Instant) -> Bool { request.rollout.map { $0.since.adding(plan.duration(of: $0.step)) <= now } ?? false }
    }

    private func lookAtShadow(_ step: Step, at now: Instant) async throws -> TimedChange.Outcome {
        let (report, excess) = try excess(of: step.request, step.landed, step.files, step.bundle, step.live, at: now)
        if let excess {
            _ = try bind(step.request, to: report, step.live, because: excess, voiding: true, at: now)
            return .putBack(excess)
        }
        let effects = report.emissions.reduce(0) { $0 + $1.count }
        let verdict = RolloutVerdict(.pass, "\(report.moved) would move, \(report.lowered) be lowered, \(effects) effects go out, and nothing beyond what was approved")
        return step.isOver(at: now) ? try await goOn(step, verdict, at: now) : try note(step, verdict, report, at: now)
    }

    private func lookAtCanary(_ step: Step, at now: Instant) async throws -> TimedChange.Outcome {
        guard let canary = step.plan.canary, let rollout = step.request.rollout else { return try hold(step.request, "its plan has no canary", step.live, at: now) }
        let reader = CanaryReader(site: site, state: try site.state(step.live.id.description), canary, since: rollout.since)
        var verdict = canary.verdict(on: try reader.measured(now: now))
        if verdict.outcome == .pass, step.isOver(at: now) {
            let (_, excess) = try excess(of: step.request, step.landed, step.files, step.bundle, step.live, at: now)
            guard let excess else { return try await goOn(step, verdict, at: now) }
            verdict = RolloutVerdict(.fail, "for everybody it would do more than was approved: \(excess)")
        }
        guard verdict.outcome == .fail else { return try note(step, verdict, nil, at: now) }
        return try rollBack(step.live, because: "\(step.request.id), \(rollout.step): \(verdict.reason)", at: now)
    }

    /// Begins the next step, with every check of an activation; what stands against it holds the request where it is.
    private func goOn(_ step: Step, _ verdict: RolloutVerdict, at now: Instant) async throws -> TimedChange.Outcome {
        do {
            let verified = await verifier.verify(step.request.approvals, governance: step.live.governance).verified
            let looked = try step.request.looked(verdict, plan: step.plan, at: now)
            let next = try looked.advanced(
                live: step.live.description, stored: step.files.manifests.description, facts: try facts(of: step.request), verified: verified,
                governance: step.live.governance, freezes: try safety().freezes, plan: step.plan, at: now)
            // What let it go on is kept as well.
            try commit(looked, after: step.request, live: step.live.id, at: now, kind: .changeLookedAt, body: LogBody.look(looked))
            let state = try takeStep(next, after: looked, to: step.landed, step.bundle, step.plan, step.live, by: Rollback.daemon, at: now)
            return .stepped(next.rollout?.step, state)
        } catch let refusal as ChangeRefusal {
            return try note(step, RolloutVerdict(.inconclusive, "it cannot go on: \(refusal.fact)"), nil, at: now)
        }
    }

    /// Notes what a look found; the request stays in its step.
    private func note(_ step: Step, _ verdict: RolloutVerdict, _ report: ImpactReport?, at now: Instant) throws -> TimedChange.Outcome {
        let looked = try step.request.looked(verdict, plan: step.plan, at: now)
        try commit(looked, after: step.request, live: step.live.id, at: now, kind: .changeLookedAt, body: LogBody.look(looked, report: report?.digest)) { session, _ in
            if let report { try Store.keep(Array(report.text.utf8), digest: report.digest.hex, in: session) }
        }
        return .looked(verdict)
    }

    /// Stays as it is until somebody decides, or what stands against it is gone.
    private func hold(_ request: ChangeRequest, _ why: String, _ live: Live, at now: Instant) throws -> TimedChange.Outcome {
        let held = try request.held(RolloutVerdict(.inconclusive, why), at: now)
        try commit(held, after: request, live: live.id, at: now, kind: .changeLookedAt, body: LogBody.look(held))
        return .looked(RolloutVerdict(.inconclusive, why))
    }

    private func rollBack(_ live: Live, because reason: String, at now: Instant) throws -> TimedChange.Outcome {
        let history = try history(), control = live.description.canary?.control
        let former = try history.reversed().lazy.map { try self.description($0.state.description) }.first { $0.canary == nil && $0.bundle == control }
        guard let former else {
            throw PipelineFailure(subject: "state \(live.id)", cause: "the log knows no state in which everybody had what the rest has", hint: "`crossdock audit verify` says more")
        }
        _ = try goBack(by: try Rollback.automatic(to: former, live: live.description, reason: reason), history, live, at: now)
        return .rolledBack(reason)
    }
}
