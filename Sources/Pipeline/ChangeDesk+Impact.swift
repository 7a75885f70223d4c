package import ChangeControl
import Diagnostics
import Store
package import Values

extension ChangeDesk {
    /// Finds what a proposed change does, on a copy of what is live now, and binds the request to the report: approvals of another report are
    /// void from here on.
    package func assess(_ id: ChangeRequestID, at now: Instant) throws -> (request: ChangeRequest, report: ImpactReport) {
        let live = try live()
        let report = try impact(id, live, at: now)
        return (try bind(try request(id), to: report, live, because: nil, at: now), report)
    }

    /// What a request would do if it were activated at an instant; nothing is kept.
    package func impact(_ id: ChangeRequestID, at now: Instant) throws -> ImpactReport { try impact(id, try live(), at: now) }

    private func impact(_ id: ChangeRequestID, _ live: Live, at now: Instant) throws -> ImpactReport {
        let landed = try request(id).landing(on: live.description, governance: live.governance)
        let files = try StateFiles.stored(landed, in: site.store)
        return try rehearse(landed, files, try compiled(files, id.description).bundle, live, at: now)
    }

    /// What of the report that a request is bound to decides who has to approve, with the files that it changes.
    func facts(of request: ChangeRequest) throws -> ImpactFacts { try facts(of: request, report: try assessment(request.id)) }

    private func facts(of request: ChangeRequest, report: String) throws -> ImpactFacts {
        let base = try StateFiles.stored(request.base, in: site.store).manifests, target = try StateFiles.stored(request.target, in: site.store).manifests
        let paths = StateComponent.allCases.flatMap { component in
            let diff = ManifestDiff(from: base.manifest(of: component), to: target.manifest(of: component))
            return diff.added.map(\.path) + diff.changed.map(\.path) + diff.removed.map(\.path)
        }
        guard let facts = ImpactFacts(report: report, components: request.changedComponents, paths: paths) else {
            throw PipelineFailure(subject: "the impact report of \(request.id)", cause: "it cannot be read", hint: "assess the request again")
        }
        return facts
    }

    /// The text of the report that a request is bound to: canonical JSON, whose SHA-256 is in the statement.
    package func assessment(_ id: ChangeRequestID) throws -> String {
        guard let digest = try request(id).impact else {
            throw ChangeRefusal(.status, id.description, "what it does was not found yet", hint: "crossdock change assess \(id)")
        }
        guard let bytes = try site.store.content(digest.hex), ContentDigest(of: bytes) == digest else {
            throw PipelineFailure(subject: "the impact report \(digest.hex)", cause: "the store's copy is missing or damaged", hint: "assess the request again")
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Before a change takes effect: what it does now is what was approved, within the tolerance of the live governance. Where it does more, the
    /// request is bound to the new report, its approvals are void, and the activation is refused.
    func expectImpact(_ request: ChangeRequest, _ landed: StateDescription, _ files: StateFiles, _ bundle: Bundle, _ live: Live, at now: Instant) throws {
        let (report, excess) = try excess(of: request, landed, files, bundle, live, at: now)
        guard let excess else { return }
        _ = try bind(request, to: report, live, because: excess, voiding: true, at: now)
        throw ChangeRefusal(
            .impact, request.id.description, "it would do more now than was approved: \(excess)",
            hint: "it is assessed anew, and its approvals are void: look at `crossdock change impact \(request.id)`, and have it approved again")
    }

    /// What a change would do now, and what of that goes beyond what was approved; nil where nothing does. Of a canary a part is done.
    func excess(
        of request: ChangeRequest, _ landed: StateDescription, _ files: StateFiles, _ bundle: Bundle, _ live: Live, at now: Instant
    ) throws -> (report: ImpactReport, excess: String?) {
        guard let approved = ImpactMaterial(text: try assessment(request.id)) else {
            throw PipelineFailure(subject: "the impact report of \(request.id)", cause: "it cannot be read", hint: "assess the request again")
        }
        let report = try rehearse(landed, files, bundle, live, at: now)
        return (report, ImpactMaterial(report).excess(over: approved, tolerance: live.governance.tolerance, isPartlyDone: request.status == .canary))
    }

    func rehearse(_ target: StateDescription, _ files: StateFiles, _ bundle: Bundle, _ live: Live, at now: Instant) throws -> ImpactReport {
        let former = try compiled(live.files, "the live state").bundle
        let rehearsal = try ImpactRehearsal(target, files, bundle, live: former, site: site, now: now)
        return try ImpactReport(rehearsal, base: live.id, target: target.id, bundle: bundle, former: former, store: site.store, now: now)
    }

    /// Finds what a request does now, and has it approved anew whatever is found.
    func reassess(_ request: ChangeRequest, because: String, at now: Instant) throws -> ChangeRequest {
        let live = try live()
        return try bind(request, to: try impact(request.id, live, at: now), live, because: because, voiding: true, at: now)
    }

    func bind(
        _ request: ChangeRequest, to report: ImpactReport, _ live: Live, because: String?, voiding: Bool = false, at now: Instant
    ) throws -> ChangeRequest {
        let text = report.text, digest = report.digest
        let assessed = try request.assessed(
            impact: digest, facts: try facts(of: request, report: text), live: live.description, governance: live.governance, voiding: voiding)
        try commit(
            assessed, after: request, live: live.id, at: now, kind: .changeAssessed, body: LogBody.assessment(assessed, because: because)
        ) { session, _ in try Store.keep(Array(text.utf8), digest: digest.hex, in: session) }
        return assessed
    }
}
