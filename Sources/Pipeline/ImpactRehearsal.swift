import ChangeControl
import FoundationEssentials
import Microsegments
import Records
import Store
import Values

/// What a state would do if it became live now, found by letting it: on a copy of the store, with the evaluator and the transactions that
/// activation leads to. The site goes on meanwhile, and nothing of it is touched.
struct ImpactRehearsal {
    /// Log position of the snapshot, and the digest of its head.
    let head: LogHead
    /// What would be decided and emitted, in the order of the runs.
    let decisions: [StoredDecision]
    let effects: [StoredEffect]
    let counts: Evaluator.RunCounts
    /// Overrides in force that would say what the rules say too.
    let redundantOverrides: [String]
    /// Entities by scheme that the rules now lower, and that something keeps where they are.
    let kept: [String: [EntityKey]]
    /// What the members of schemes cost or get, and who is near a boundary, by scheme.
    let readings: [String: MemberReader.Reading]
    /// Where the entities of these decisions stood before.
    let former: [StoredDecision.Subject: Standing]

    /// - Parameters:
    ///   - target: the state, whose files are `files` and which compiles to `bundle`.
    ///   - live: what is live compiles to.
    ///   - now: the instant at which it would become live.
    init(_ target: StateDescription, _ files: StateFiles, _ bundle: Bundle, live: Bundle, site: Site, now: Instant) throws {
        let path = "\(site.path(site.configuration.store)).rehearsal-\(UUID().uuidString)"
        defer { Self.remove(path) }
        try site.store.driver.copy(to: path)
        let copy = try Store(driver: SQLiteDriver(path: path, isDurable: false))
        guard let last = try copy.lastLogEntry() else {
            throw PipelineFailure(subject: site.root, cause: "nothing is live here yet", hint: "run `crossdock init`")
        }
        head = last.head
        try copy.driver.write { session in
            // The entry of the activation: what follows goes by its position, not by what it says.
            let position = try Store.append(.stateActivated, text: "{}", at: now, in: session).position
            try files.keep(in: session)
            try ChangeDesk.makeLive(target, bundle, position: position, in: session)
        }
        let evaluator = Evaluator(store: copy, state: ActiveState(id: target.id.description, description: target, bundle: bundle))
        var counts = try evaluator.drainDirty(now: now)
        for scheme in try evaluator.dueFullRuns(now: now) { counts.add(try evaluator.fullRun(scheme, now: now)) }
        self.counts = counts
        let decisions = try copy.decisions(after: head.position)
        self.decisions = decisions
        effects = try copy.effects(after: head.position)
        redundantOverrides = try OverrideReview(bundle.overrides, schemes: bundle.schemes, store: copy, now: now).entries
            .filter { $0.phase == .inForce && $0.inEffect != nil && $0.disagreesSince == nil && !$0.isWaiting }.map(\.override.id).sorted()
        var kept: [String: [EntityKey]] = [:]
        for scheme in bundle.schemes where scheme.downgrade != nil || scheme.stability.budget != nil || !scheme.freshness.isEmpty {
            kept[scheme.name, default: []] += try copy.standings(scheme: scheme.name).filter { standing in
                guard scheme.isKept(standing) else { return false }
                return try site.store.standing(scheme: scheme.name, standing.entity).map { !scheme.isKept($0) } ?? true
            }.map(\.entity)
        }
        self.kept = kept.mapValues { Set($0).sorted() }
        readings = try MemberReader(evaluator: evaluator, former: live, before: site.store, now: now).readings()
        former = try site.store.driver.read { session in
            var former: [StoredDecision.Subject: Standing] = [:]
            for decision in decisions {
                guard let subject = decision.subject else { continue }
                former[subject] = try Store.standing(scheme: subject.scheme, subject.entity, in: session)
            }
            return former
        }
    }

    /// Takes away copies that a crash left behind. One that is younger than an hour may be at work in another process.
    static func removeLeftovers(of site: Site, now: Instant) {
        let store = site.path(site.configuration.store), folder = Site.parent(of: store)
        let name = String(store.dropFirst(folder.count + 1)), files = FileManager.default
        // What cannot be listed or removed costs room and nothing else; it is tried again at the next start.
        for file in (try? files.contentsOfDirectory(atPath: folder)) ?? [] where file.hasPrefix("\(name).rehearsal-") {
            let path = "\(folder)/\(file)", changed = try? files.attributesOfItem(atPath: path)[.modificationDate] as? Date
            if let changed, changed.timeIntervalSince1970 < Double(now.seconds) - 3600 { try? files.removeItem(atPath: path) }
        }
    }

    private static func remove(_ path: String) {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }
}
