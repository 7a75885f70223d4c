package import ChangeControl
import FoundationEssentials
import Outbox
package import Records
import Sealing
import Store
package import Values

/// What is personal at one site: what is held of a subject, who is due, and shredding, which destroys the subject's keys.
///
/// Live is what the approved state says: its personal fields, its holds, its operators and approvers.
package struct PrivacyDesk: Sendable {
    let site: Site
    let policy: RetentionPolicy
    /// Where another state is live by now, a hold may have come, and nothing is done.
    let state: String
    let governance: Governance

    package init(site: Site) throws {
        let live = try site.liveState()
        self.init(site: site, policy: live.bundle.retention, state: live.id, governance: try ChangeDesk(site: site).governance())
    }

    package init(site: Site, policy: RetentionPolicy, state: String, governance: Governance) {
        self.site = site
        self.policy = policy
        self.state = state
        self.governance = governance
    }

    package func holdings(of subject: PersonalSubject) throws -> SubjectHoldings {
        try site.store.driver.read { try survey(subject, in: $0, namedIn: filesSetAside(naming: values(of: subject, in: $0), in: $0)).holdings }
    }

    /// A subject with what shredding needs to know besides.
    struct Survey {
        let holdings: SubjectHoldings
        /// Personal values that are not sealed, by record.
        var plain: [(kind: RecordKind, row: Int64, slots: [Int])] = []
        /// Every value that can be read, the longest first.
        var values: [String] = []
    }

    /// Shorter values stand in too many texts to be looked for: a country, a letter.
    static let valueCharactersMin = 3

    /// The values of a subject that can be read and are long enough to be looked for, the longest first.
    func values(of subject: PersonalSubject, in session: any StoreSession) throws -> [String] {
        var values: Set<String> = []
        try site.store.forEachRecord(about: subject, policy.personal, in: session) { values.formUnion($0.open.values) }
        return Self.searched(values)
    }

    private static func searched(_ values: Set<String>) -> [String] {
        values.filter { $0.count >= valueCharactersMin }.sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// - Parameter namedIn: files that were set aside and whose text names the subject.
    func survey(_ subject: PersonalSubject, in session: any StoreSession, namedIn: [LedgerFile]) throws -> Survey {
        let store = site.store, keys = try Store.personalKeys(of: subject, in: session)
        var byKind: [RecordKind: SubjectHoldings.Records] = [:], values: Set<String> = [], plain: [(kind: RecordKind, row: Int64, slots: [Int])] = []
        var exposed: Set<Int64> = []
        try store.forEachRecord(about: subject, policy.personal, in: session) { record in
            var held = byKind[record.kind] ?? SubjectHoldings.Records(kind: record.kind)
            let unsealed = record.open.filter { record.stored[$0.key] == $0.value }.keys.sorted()
            held.count += 1
            held.readable += record.open.count
            held.plain += unsealed.count
            held.closed += record.stored.count - record.open.count
            byKind[record.kind] = held
            values.formUnion(record.open.values)
            if !record.open.isEmpty { exposed.insert(record.row) }
            if !unsealed.isEmpty { plain.append((record.kind, record.row, unsealed)) }
        }
        let told = Self.searched(values)
        let originals = try originals(Store.files(about: subject, in: session), namedIn, in: session)
        var effects: [SubjectHoldings.Held] = []
        for id in try Set(keys.flatMap { try Store.effects(sealedUnder: $0.id, in: session) }).sorted() {
            if let held = try held(id, in: session) { effects.append(held) }
        }
        for id in try Store.plainEffects(of: exposed, answering: Set(originals.map(\.file)), in: session) {
            guard let stored = try Store.effect(id, in: session), Self.names(stored.effect.payload, told), let held = try held(id, in: session) else { continue }
            effects.append(held)
        }
        let hasKey = try keys.last.map { try $0.shredded == nil && store.keys.key($0.id) != nil } ?? false
        let holdings = SubjectHoldings(
            subject: subject, keys: keys, hasKey: hasKey, records: byKind.values.sorted { $0.kind.rawValue < $1.kind.rawValue }, effects: effects,
            originals: originals, hold: policy.hold(of: subject.client))
        return Survey(holdings: holdings, plain: plain, values: told)
    }

    private func held(_ id: String, in session: any StoreSession) throws -> SubjectHoldings.Held? {
        guard let stored = try Store.effect(id, in: session), !stored.isRemoved else { return nil }
        var place: String?
        if case .folder(let folder)? = site.configuration.target(stored.effect.target), let name = stored.effect.fileName {
            let path = "\(TargetDirectory.path(folder, site.configuration, root: site.root))/\(name)"
            if FileManager.default.fileExists(atPath: path) { place = relative(path) }
        }
        return SubjectHoldings.Held(
            id: id, target: stored.effect.target, status: stored.delivery.phase.code, isSealed: stored.isSealed, lyingAt: place)
    }

    func relative(_ path: String) -> String { path.hasPrefix(site.root + "/") ? String(path.dropFirst(site.root.count + 1)) : path }

    // MARK: - Originals

    /// The files that brought records about a subject, those with the same bytes, and those that were set aside and hold one of its values.
    private func originals(_ brought: Set<Int64>, _ named: [LedgerFile], in session: any StoreSession) throws -> [SubjectHoldings.Original] {
        let gone = Dictionary(uniqueKeysWithValues: try Store.shreddedOriginals(in: session).map { ($0.file, $0.position) })
        var files: [Int64: (file: LedgerFile, isByText: Bool)] = [:]
        for id in brought {
            guard let file = try Store.file(id, in: session) else { continue }
            for same in try Store.files(digest: file.digest, in: session) { files[same.id] = (same, false) }
        }
        for file in named where files[file.id] == nil { files[file.id] = (file, true) }
        return files.values.sorted { $0.file.id < $1.file.id }.map { file, isByText in
            SubjectHoldings.Original(
                file: file.id, feed: file.feed, name: file.name, digest: file.digest, status: file.status,
                paths: ShreddedOriginals.paths(of: file, site).filter { FileManager.default.fileExists(atPath: $0) }.map(relative), shredded: gone[file.id], isByText: isByText)
        }
    }

    /// Files in quarantine and among the duplicates whose text holds one of some values. It reads each of them whole.
    func filesSetAside(naming values: [String], in session: any StoreSession) throws -> [LedgerFile] {
        guard !values.isEmpty else { return [] }
        let gone = Set(try Store.shreddedOriginals(in: session).map(\.file))
        return try (Store.files(.quarantined, in: session) + Store.files(.duplicate, in: session)).filter { file in
            !gone.contains(file.id) && ShreddedOriginals.paths(of: file, site).contains { FileText.holds(values, $0) }
        }
    }

    /// Whether bytes hold one of some texts, as UTF-8.
    static func names(_ bytes: [UInt8], _ values: [String]) -> Bool { values.contains { FileText.contains(bytes[...], Array($0.utf8)) } }

    // MARK: - Who is due

    /// A subject that has been without activity for longer than the policy keeps personal fields.
    package struct Due: Sendable, Hashable {
        package let subject: PersonalSubject
        package let lastActivity: Instant
        package let isHeld: Bool
    }

    /// Subjects with a key whose last order, shipment, sale, return, invoice, receipt or instruction came longer ago than `keep` of `personal`; of one that
    /// never had any, the first file that named it counts. Master data that comes every night is no activity.
    package func due(at now: Instant) throws -> [Due] {
        guard let keep = policy.keepPersonal else {
            throw PipelineFailure(
                subject: "Schemes/\(RetentionPolicy.file)", cause: "nothing says how long personal fields are kept",
                hint: "say `personal: { keep: 1095d }`, by a change request")
        }
        return try site.store.driver.read { session in
            var last: [PersonalSubject: Instant] = [:], first: [PersonalSubject: Instant] = [:]
            try Store.forEachActivity(in: session) { subject, describes, began, ended in
                if describes { first[subject] = min(first[subject] ?? began, began) } else { last[subject] = max(last[subject] ?? ended, ended) }
            }
            var due: [Due] = []
            try Store.forEachPersonalKey(in: session) { key in
                guard key.shredded == nil, let activity = last[key.subject] ?? first[key.subject], activity.adding(keep) <= now else { return }
                due.append(Due(subject: key.subject, lastActivity: activity, isHeld: policy.hold(of: key.subject.client) != nil))
            }
            return due.sorted { ($0.lastActivity, $0.subject) < ($1.lastActivity, $1.subject) }
        }
    }
}
