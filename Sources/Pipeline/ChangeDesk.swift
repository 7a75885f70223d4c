package import ChangeControl
import Diagnostics
package import Signatures
import Store
import Values

/// Change control of one site: where its pure events meet the store, the folders and `ssh-keygen`.
///
/// Each event judges what is live now and commits the request, its log entry and whatever follows in one transaction, which
/// looks again whether anything moved between judgement and commit. Nothing is written to the folders of the state: they
/// are the editor's.
package struct ChangeDesk: Sendable {
    let site: Site
    let verifier: SignatureVerifier

    package init(site: Site) { self.init(site: site, verifier: SignatureVerifier()) }

    /// - Parameter verifier: how signatures are checked, for a machine whose `ssh-keygen` is elsewhere.
    package init(site: Site, verifier: SignatureVerifier) {
        self.site = site
        self.verifier = verifier
    }

    /// What is live: the state, its files as the store keeps them, and the governance that judges changes of it.
    struct Live {
        let description: StateDescription
        let files: StateFiles
        let governance: Governance
        var id: StateID { description.id }
    }

    func live() throws -> Live {
        guard let id = try site.store.siteValue(Site.Fact.liveState) else {
            throw PipelineFailure(
                subject: site.root, cause: "nothing is live here yet", hint: "run `crossdock init`, which begins with the genesis ceremony")
        }
        let description = try description(id)
        let files = try StateFiles.stored(description, in: site.store)
        return Live(description: description, files: files, governance: try Self.governance(of: files))
    }

    /// The instant at which an event is judged: that of the machine, and never before the time of the log. A clock that is set back keeps
    /// nothing from expiring.
    func judged(_ now: Instant) throws -> Instant { try site.store.timeOfLog().map { max(now, $0) } ?? now }

    /// The live governance, for those who show names.
    package func governance() throws -> Governance { try live().governance }

    /// The description of a state that the store keeps.
    func description(_ id: String) throws -> StateDescription {
        let (description, findings) = StateDescription.parse(try site.store.stateDescription(id) ?? "")
        guard let description, description.id.description == id else {
            throw PipelineFailure(
                subject: "state \(id)", cause: "its description is missing or damaged", hint: "restore the store from a backup",
                diagnostics: findings)
        }
        return description
    }

    /// Reads the governance among the files of a state; throws with the findings where it does not hold together.
    package static func governance(of files: StateFiles) throws -> Governance {
        func bytes(_ path: String) throws -> [UInt8] {
            guard let file = files.files.first(where: { $0.path == path }) else {
                throw PipelineFailure(subject: path, cause: "there is no such file", hint: "Governance/README.md says how to make it")
            }
            return file.bytes
        }
        let (governance, findings) = Governance.read(
            configuration: try bytes(Governance.configurationPath), allowedSigners: try bytes(Governance.signersPath),
            revokedKeys: files.files.first { $0.path == Governance.revokedPath }?.bytes, manifest: files.manifests.governance.id)
        guard let governance else {
            throw PipelineFailure(subject: "Governance", cause: "it does not hold together", diagnostics: findings)
        }
        guard ZoneFiles.catalogue[governance.terms.zone] != nil else {
            throw PipelineFailure(
                subject: Governance.configurationPath, cause: "there is no zone \(governance.terms.zone)", hint: "write a name such as Europe/Berlin, or install tzdata")
        }
        return governance
    }

    /// Compiles files and checks that the site has the targets that they name; throws with the findings where it has errors.
    func compiled(_ files: StateFiles, _ subject: String) throws -> (bundle: Bundle, findings: [Diagnostic]) {
        let (bundle, findings) = files.compile()
        guard let bundle else {
            throw PipelineFailure(subject: subject, cause: "it has errors", hint: "`crossdock check` lists them as well", diagnostics: findings)
        }
        let unknown = site.configuration.missingTargets(of: bundle)
        guard unknown.isEmpty else {
            throw PipelineFailure(subject: subject, cause: "its targets and those of the site do not fit", diagnostics: findings + unknown)
        }
        return (bundle, findings)
    }

    // MARK: Requests

    /// A request by its number.
    package func request(_ id: ChangeRequestID) throws -> ChangeRequest {
        guard let row = try site.store.request(id.description) else {
            throw PipelineFailure(subject: id.description, cause: "there is no such change request", hint: "`crossdock change list` names them")
        }
        return try Self.request(row)
    }

    static func request(_ row: StoredRequest) throws -> ChangeRequest {
        let value: Value
        do { value = try JSONText.parse(row.body) } catch {
            throw PipelineFailure(subject: row.id, cause: "the stored request cannot be read: \(error)", hint: "restore the store from a backup")
        }
        guard let request = ChangeRequest(value), request.id.description == row.id else {
            throw PipelineFailure(subject: row.id, cause: "the stored request is not in its form", hint: "restore the store from a backup")
        }
        return request
    }

    static func row(_ request: ChangeRequest) -> StoredRequest {
        StoredRequest(
            id: request.id.description, status: request.status.rawValue, base: request.base.id.description,
            target: request.target.id.description, body: JSONText.write(request.value))
    }

    /// Every request, by number.
    package func list() throws -> [ChangeRequest] {
        try site.store.requests().map(Self.request).sorted { $0.id < $1.id }
    }

    /// A request with what its approvals are worth now: each is checked again.
    package func show(_ id: ChangeRequestID) async throws -> (request: ChangeRequest, verdicts: [ApprovalCount.Verdict]) {
        let request = try request(id)
        let governance = try live().governance
        let verified = await verifier.verify(request.approvals, governance: governance).verified
        return (request, ApprovalCount(request: request, governance: governance, verified: verified).verdicts)
    }

    /// Why an open request could not be made live as things are, whatever its approvals; nil where nothing stands against it.
    package func staleness(_ request: ChangeRequest) throws -> ChangeRefusal? {
        guard request.status.isOpen else { return nil }
        let live = try live()
        do throws(ChangeRefusal) { _ = try request.landing(on: live.description, governance: live.governance) } catch { return error }
        return nil
    }

    /// What a person has to sign to approve a request as it is now.
    package func statement(_ id: ChangeRequestID, for principal: Principal, reason: String) throws -> ApprovalStatement {
        try request(id).statement(for: principal, reason: reason, governance: try live().governance)
    }

    // MARK: Commits

    /// Writes the outcome of an event, with its log entry: one transaction, which is refused where the live state or the
    /// request moved since they were judged.
    func commit(
        _ next: ChangeRequest, after judged: ChangeRequest?, live: StateID, at now: Instant, kind: LogEntryKind, body: String,
        also work: (_ session: any StoreSession, _ position: Int) throws -> Void = { _, _ in }
    ) throws {
        try site.store.driver.write { session in
            try expectLive(live, in: session)
            let stored = try Store.request(next.id.description, in: session)
            guard stored?.body == judged.map({ JSONText.write($0.value) }) else {
                throw ChangeRefusal(
                    .status, next.id.description, "somebody else changed it at the same time", hint: "look at it again, and try again")
            }
            let position = try Store.append(kind, text: body, at: now, in: session).position
            try Store.write(Self.row(next), in: session)
            try work(session, position)
        }
    }

    func expectLive(_ judged: StateID, in session: any StoreSession) throws {
        let live = try Store.siteValue(Site.Fact.liveState, in: session) ?? ""
        guard live == judged.description else {
            throw ChangeRefusal(
                .staleBase, judged.description, "it was live a moment ago, and state \(live) is now",
                hint: "look at what was activated, and try again")
        }
    }
}
