package import ChangeControl
import Glibc
import Intake
import Mapping
import Microsegments
import Outbox
import Records
package import Store
package import Values

/// What there is at each stage of a site, and what is left to do.
package struct SiteStatus: Sendable {
    package let state: String
    package let log: Int
    package let files: [(feed: String, status: LedgerFile.Status, files: Int, bytes: Int64)]
    /// Files in drop folders that were not taken yet, by feed; or why its folder cannot be looked into.
    package let waiting: [(feed: String, files: Int, bytes: Int, oldest: Instant?, trouble: String?)]
    /// Files that no live feed looks at, and folders of no feed that cannot be looked into.
    package let unwatched: [UnwatchedFolder]
    /// Why `crossdock.yaml` as it lies there is not followed by the daemon.
    package let configurationRefusal: String?
    /// Why no files are taken for now.
    package let intakePaused: String?
    /// How folders are watched, as the daemon last found out.
    package let watch: (report: WatchReport, at: String)?
    /// Who has the right to work on the site, and whether that may still be at work.
    package let lease: (lease: StoreLease, isHeld: Bool)?
    /// How files are fetched from servers, as the daemon last found out.
    package let pulls: [PullStanding]
    package let totals: (loads: Int, read: Int, accepted: Int, reported: Int)
    package let records: [(kind: String, count: Int)]
    package let microsegments: [(scheme: String, microsegment: String, members: Int)]
    /// How many were told that they will be lowered, by scheme.
    package let notices: [(scheme: String, count: Int)]
    package let dirty: Int
    /// When time alone next changes an answer.
    package let nextChange: Instant?
    package let decisions: Int
    package let deliveries: [(kind: String, target: String, status: String, count: Int)]
    package let disabledTargets: [(target: String, reason: String)]
    /// Targets that do not answer and are left alone for a while.
    package let heldBackTargets: [(target: String, reason: String)]
    /// Action files that came back from whoever collects them, by target; nil where the folder cannot be read.
    package let returned: [(target: String, folder: String, files: Int?)]
    /// When the last whole backup was begun.
    package let lastBackup: Instant?
    /// Transaction sets that were sent, by partner and by what became of them.
    package let sent: [(partner: String, status: SentTransactionSet.Status, count: Int)]

    /// Open change requests, by status.
    package let requests: [(status: ChangeStatus, count: Int)]
    /// Rows of requests that cannot be read; `audit verify` says more.
    package let damagedRequests: Int
    /// Those that take effect by themselves.
    package let scheduled: [(request: ChangeRequestID, at: Instant)]
    /// What operators did to be safe.
    package let safety: SafetyLedger
    /// Requests that are in a shadow or a canary.
    package let rollouts: [(request: ChangeRequestID, progress: RolloutProgress)]
    /// The instant at which this was looked at; never before the time of the log.
    package let now: Instant
    /// By how much the machine's clock is behind the time of the log.
    package let clockBehind: DayTimeDuration

    /// Schemes in which nobody is lowered, as feeds have gone silent.
    package let degraded: [(scheme: String, feeds: [StaleFeed])]
    /// Disputes that are not closed, and those of them that are overdue; nil where the log of them cannot be replayed.
    package let disputes: (live: Int, overdue: Int)?

    /// The last checkpoint of the log.
    package let checkpoint: StoredCheckpoint?
    /// Folders of witnesses, with what each has; one that was not tried yet has nothing.
    package let witnesses: [WitnessStanding]

    /// Entities that changed their micro-segment more often lately than the limit allows, the most restless first.
    package let restless: [Store.Restless]
    package let restlessness: Restlessness

    /// When an entity counts as restless.
    package struct Restlessness: Sendable, Hashable {
        /// Changes that raise no alarm.
        package var changesMax = 3
        /// Whole days that are looked back.
        package var days = 7

        package init() {}
    }

    package init(_ site: Site, now: Instant = SystemClock.now(), restlessness: Restlessness = Restlessness()) throws {
        let store = site.store
        let live = try site.liveState()
        state = live.id
        pulls = try store.pulls()
        log = try store.lastLogEntry()?.position ?? -1
        files = try store.fileCounts()
        waiting = live.bundle.library.feeds.compactMap { Self.waiting(in: site.dropFolder(of: $0), of: $0) }
        unwatched = UnwatchedFolder.all(in: site, live.bundle.library.feeds)
        configurationRefusal = try FollowedConfiguration.refusal(in: store)
        intakePaused = try BackPressure.kept(in: store)
        watch = try WatchReport.kept(in: store)
        lease = try store.lease().map { ($0, $0.isHeld(boot: SystemClock.boot, at: SystemClock.millisecondsSinceBoot())) }
        totals = try store.loadTotals()
        records = try store.recordCounts().filter { $0.count > 0 }.map { ($0.kind.rawValue, $0.count) }
        microsegments = try store.standingCounts()
        notices = try store.noticeCounts()
        dirty = try store.dirtyCount()
        nextChange = try store.nextChange()
        decisions = try store.decisionCount()
        deliveries = try store.deliveryCounts()
        disabledTargets = try store.disabledTargets()
        heldBackTargets = try store.heldBackTargets()
        returned = site.configuration.returns.map { ($0.target, site.path($0.folder), Self.count(site.path($0.folder))) }.filter { $0.2 != 0 }
        sent = try store.sentCounts()
        lastBackup = try store.siteValue(Site.Fact.lastBackup).flatMap { Int64($0) }.map { Instant(storeNanoseconds: $0) }
        let rows = try store.requests(in: ChangeStatus.allCases.filter(\.isUnderWay).map(\.rawValue)), open = rows.compactMap { try? ChangeDesk.request($0) }
        damagedRequests = rows.count - open.count
        requests = ChangeStatus.allCases.map { status in (status, open.count { $0.status == status }) }.filter { $0.count > 0 }
        scheduled = open.compactMap { request in
            guard request.status == .scheduled, let effective = request.effective else { return nil }
            return (request.id, effective.instant)
        }.sorted { $0.at < $1.at }
        rollouts = open.compactMap { request in request.rollout.map { (request.id, $0) } }
        safety = try store.safety()
        let watch = SchemeWatch(store: store, state: live)
        degraded = try live.bundle.namedSchemes.map { ($0.name, try watch.staleFeeds(of: $0, now: now)) }.filter { !$0.1.isEmpty }
        let logged = try store.timeOfLog() ?? now
        self.now = max(now, logged)
        clockBehind = logged > now ? now.distance(to: logged) : .zero
        do {
            let reading = try DisputeDesk.reading(store, at: now)
            disputes = (reading.ledger.liveDisputes.count, reading.overdue.count)
        } catch is ChangeRefusal {
            // A log that was tampered with is told by `audit verify`; the rest of the status holds all the same.
            disputes = nil
        }
        checkpoint = try store.latestCheckpoint()
        let known = try store.witnesses()
        witnesses = site.configuration.witnesses.compactMap { witness in
            guard case .folder(let name) = witness else { return nil }
            return known.first { $0.name == name } ?? WitnessStanding(name: name, size: 0, at: now, failure: nil)
        }
        self.restlessness = restlessness
        restless = try store.restless(
            since: now.adding(DayTimeDuration(seconds: -Int64(restlessness.days) * 86_400)), changesMax: restlessness.changesMax)
    }

    private static func waiting(in folder: String, of feed: FeedDefinition) -> (feed: String, files: Int, bytes: Int, oldest: Instant?, trouble: String?)? {
        do {
            let files = try Folder.scan(folder, depth: feed.subfolderDepth)
            guard let oldest = files.map(\.identity.modified).min() else { return nil }
            return (feed.feed, files.count, files.reduce(0) { $0 + $1.identity.size }, Instant(storeNanoseconds: oldest), nil)
        } catch {
            // The daemon makes it when it starts.
            return error.cause == .system(ENOENT) ? nil : (feed.feed, 0, 0, nil, "\(error)")
        }
    }

    /// Nothing to take, to finish, to evaluate or to deliver; what waits for a later instant does not count.
    package var isIdle: Bool {
        waiting.isEmpty && dirty == 0
            && !files.contains { $0.status == .claimed || $0.status == .published || $0.status == .done }
            && !deliveries.contains { delivery in
                ["pending", "waiting", "sending"].contains(delivery.status) && !disabledTargets.contains { $0.target == delivery.target }
            }
    }

    /// Files in a folder and those below; nil where it cannot be read.
    private static func count(_ folder: String) -> Int? {
        var files = 0
        guard access(folder, R_OK | X_OK) == 0 else { return nil }
        do { try FolderTree(folder, hidden: false, follows: false).forEachFile({ _ in files += 1 }, passedOver: { _, _ in }) } catch { return nil }
        return files
    }

    private static let clockTolerance = DayTimeDuration(seconds: 60)

    /// Restless entities of a scheme that are named.
    private static let restlessTold = 3

    package var text: String {
        var lines = ["state    \(state.prefix(16))…, log position \(log)"]
        if let lease { lines.append("daemon   " + (lease.isHeld ? "\(lease.lease.holder) works" : "none works") + ", lease \(lease.lease.fence)") }
        if let watch { lines += watch.report.lines(at: watch.at) }
        let taken = Dictionary(grouping: files, by: \.feed).sorted { $0.key < $1.key }
        for (feed, rows) in taken {
            lines.append("feed     \(feed): " + rows.map { "\($0.files) \($0.status.rawValue)" }.joined(separator: ", "))
        }
        lines += pulls.map(\.line)
        for waiting in waiting {
            let what = waiting.trouble ?? "\(waiting.files) in the drop folder, \(waiting.bytes) bytes" + (waiting.oldest.map { ", the oldest written at \($0)" } ?? "")
            lines.append("waiting  \(waiting.feed): \(what)")
        }
        lines += unwatched.map(\.line)
        if let configurationRefusal { lines.append("config   crossdock.yaml is not followed, but what it was before: \(configurationRefusal.replacing("\n", with: " "))") }
        if let intakePaused { lines.append("paused   no files are taken: \(intakePaused)") }
        lines.append("records  \(totals.read) read, \(totals.accepted) accepted, \(totals.reported) reported in \(totals.loads) loads")
        if !records.isEmpty { lines.append("         " + records.map { "\($0.kind) \($0.count)" }.joined(separator: ", ")) }
        for (scheme, rows) in Dictionary(grouping: microsegments, by: \.scheme).sorted(by: { $0.key < $1.key }) {
            lines.append("scheme   \(scheme): " + rows.map { "\($0.microsegment) \($0.members)" }.joined(separator: ", "))
        }
        for (scheme, entities) in Dictionary(grouping: restless, by: \.scheme).sorted(by: { $0.key < $1.key }) {
            let told = entities.prefix(Self.restlessTold).map { "\($0.entity.told) \($0.changes) times" }.joined(separator: ", ")
            let more = entities.count > Self.restlessTold ? " and \(entities.count - Self.restlessTold) more" : ""
            lines.append("thrash   \(scheme): changed more than \(restlessness.changesMax) times in \(restlessness.days) days: \(told)\(more)")
        }
        for (scheme, count) in notices { lines.append("notice   \(scheme): \(count) told that they will be lowered") }
        if dirty > 0 { lines.append("to do    \(dirty) entities to evaluate") }
        if let nextChange { lines.append("next     time alone can change an answer at \(nextChange)") }
        lines.append("outbox   \(decisions) decisions; " + (deliveries.isEmpty ? "nothing" : deliveries.map { "\($0.target) \($0.kind): \($0.count) \($0.status)" }.joined(separator: ", ")))
        for (partner, rows) in Dictionary(grouping: sent, by: \.partner).sorted(by: { $0.key < $1.key }) {
            lines.append("sent     \(partner): " + rows.map { "\($0.count) \($0.status.rawValue)" }.joined(separator: ", "))
        }
        for (target, reason) in disabledTargets { lines.append("disabled \(target): \(reason)") }
        for (target, reason) in heldBackTargets { lines.append("left alone \(target): \(reason)") }
        for (target, folder, files) in returned {
            lines.append("returned \(target): " + (files.map { "\($0) files in \(folder) could not be sent on" } ?? "\(folder) cannot be read"))
        }
        for (scheme, feeds) in degraded { lines.append("degraded \(scheme): nobody is lowered; \(feeds.map(\.description).joined(separator: "; "))") }
        if !requests.isEmpty { lines.append("changes  " + requests.map { "\($0.count) \($0.status.rawValue)" }.joined(separator: ", ")) }
        if clockBehind > Self.clockTolerance {
            lines.append("clock    is behind the log by \(clockBehind): it was set back, or was ahead once; freezes, holds and requests go by the log's time")
        }
        if damagedRequests > 0 { lines.append("changes  \(damagedRequests) cannot be read: `crossdock audit verify` says why") }
        for (request, at) in scheduled { lines.append("due      \(request) takes effect at \(at)\(at <= now ? safety.freeze(at: now).map { "; it waits for the freeze until \($0.until)" } ?? "" : "")") }
        for (request, rollout) in rollouts { lines.append("rollout  \(request): \(rollout.text)") }
        if let freeze = safety.freeze(at: now) { lines.append("frozen   nothing is activated until \(freeze.until): \(freeze.reason) (\(freeze.name))") }
        if let hold = safety.hold(at: now) { lines.append("held     nothing goes out \(hold.untilText): \(hold.reason) (\(hold.by))") }
        for review in safety.openReviews {
            lines.append("review   \(review.position): \(review.by) \(review.deed); \(review.isOverdue(at: now) ? "OVERDUE since" : "due") \(review.due)")
        }
        switch disputes {
        case nil: lines.append("disputes cannot be replayed from the log: `crossdock audit verify` says why")
        case (let live, let overdue)? where live > 0: lines.append("disputes \(live) live, \(overdue) overdue")
        default: break
        }
        if let checkpoint { lines.append("audit    checkpoint of \(checkpoint.size) entries at \(checkpoint.at), of \(log + 1)") }
        for witness in witnesses {
            lines.append("witness  \(witness.name): has \(witness.size) entries" + (witness.failure.map { "; not handed more at \(witness.at): \($0)" } ?? ""))
        }
        if let lastBackup { lines.append("backup   last of \(Instant(seconds: lastBackup.seconds))") }
        let parked = deliveries.filter { delivery in ["pending", "waiting"].contains(delivery.status) && disabledTargets.contains { $0.target == delivery.target } }.reduce(0) { $0 + $1.count }
        lines.append(isIdle ? "idle     nothing is left to do" + (parked > 0 ? " but \(parked) effects for disabled targets" : "") : "busy     there is something left to do")
        return lines.joined(separator: "\n")
    }

    package var value: Value {
        func list<Element>(_ elements: [Element], _ entries: (Element) -> [(String, Value)]) -> Value {
            .list(elements.map { .context(ContextValue(entries($0))) })
        }
        return .context(ContextValue([
            ("state", .string(state)), ("log", .integer(log)), ("idle", .boolean(isIdle)),
            ("daemon", lease.flatMap { $0.isHeld ? .string($0.lease.holder) : nil } ?? .null), ("fence", lease.map { .integer(Int($0.lease.fence)) } ?? .null),
            ("watch", list(watch?.report.folders ?? []) { [("folder", .string($0.folder)), ("mode", .string($0.mode)), ("detail", .string($0.detail))] }),
            ("watchOverflows", watch.map { .integer($0.report.overflows) } ?? .null),
            ("files", list(files) { [("feed", .string($0.feed)), ("status", .string($0.status.rawValue)), ("files", .integer($0.files)), ("bytes", .integer(Int($0.bytes)))] }),
            ("waiting", list(waiting) { [("feed", .string($0.feed)), ("files", .integer($0.files)), ("bytes", .integer($0.bytes)), ("oldest", $0.oldest.map { .string($0.description) } ?? .null), ("trouble", $0.trouble.map { .string($0) } ?? .null)] }),
            ("unwatched", list(unwatched) { [("folder", .string($0.path)), ("files", .integer($0.files)), ("more", .boolean($0.isMore)), ("trouble", $0.trouble.map { .string($0) } ?? .null)] }),
            ("configurationRefusal", configurationRefusal.map { .string($0) } ?? .null),
            ("intakePaused", intakePaused.map { .string($0) } ?? .null),
            ("pulls", PullStanding.value(pulls)), ("read", .integer(totals.read)), ("accepted", .integer(totals.accepted)), ("reported", .integer(totals.reported)),
            ("records", .context(ContextValue(records.map { ($0.kind, .integer($0.count)) }))),
            ("microsegments", list(microsegments) { [("scheme", .string($0.scheme)), ("microsegment", .string($0.microsegment)), ("members", .integer($0.members))] }),
            ("notices", list(notices) { [("scheme", .string($0.scheme)), ("count", .integer($0.count))] }), ("dirty", .integer(dirty)), ("nextChange", nextChange.map { .string($0.description) } ?? .null), ("decisions", .integer(decisions)),
            ("deliveries", list(deliveries) { [("target", .string($0.target)), ("kind", .string($0.kind)), ("status", .string($0.status)), ("count", .integer($0.count))] }),
            ("lastBackup", lastBackup.map { .string($0.description) } ?? .null),
            ("returned", list(returned) { [("target", .string($0.target)), ("folder", .string($0.folder)), ("files", $0.files.map { .integer($0) } ?? .null)] }),
            ("sent", list(sent) { [("partner", .string($0.partner)), ("status", .string($0.status.rawValue)), ("count", .integer($0.count))] }),
            ("degraded", list(degraded) { [("scheme", .string($0.scheme)), ("feeds", .list($0.feeds.map { .string($0.feed) }))] }),
            ("changes", .context(ContextValue(requests.map { ($0.status.rawValue, .integer($0.count)) }))),
            ("scheduled", list(scheduled) { [("request", .string($0.request.description)), ("at", .string($0.at.description))] }),
            ("rollouts", list(rollouts) { [("request", .string($0.request.description)), ("step", .string($0.progress.step.description)), ("verdict", $0.progress.verdict.map { .string($0.outcome.rawValue) } ?? .null), ("because", $0.progress.verdict.map { .string($0.reason) } ?? .null)] }),
            ("frozenUntil", safety.freeze(at: now).map { .string($0.until.description) } ?? .null),
            ("clockBehind", .string(clockBehind.description)),
            ("heldUntil", safety.hold(at: now).map { .string($0.until.description) } ?? .null),
            ("openReviews", list(safety.openReviews) { [("review", .integer($0.position)), ("due", .string($0.due.description)), ("overdue", .boolean($0.isOverdue(at: now)))] }),
            ("disputes", disputes.map { .context(ContextValue([("live", .integer($0.live)), ("overdue", .integer($0.overdue))])) } ?? .null),
            ("checkpoint", checkpoint.map { .integer($0.size) } ?? .null),
            ("witnesses", list(witnesses) { [("folder", .string($0.name)), ("size", .integer($0.size)), ("failure", $0.failure.map { .string($0) } ?? .null)] }),
            ("restless", list(restless) { [("scheme", .string($0.scheme)), ("entity", .string($0.entity.description)), ("changes", .integer($0.changes))] }),
        ]))
    }
}
