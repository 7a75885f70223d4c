import ChangeControl
import Glibc
import Intake
import Mapping
import Outbox
import Store
package import Values

/// The numbers of a site as its store has them now. Nothing is counted in the daemon: what is in the store survives its restarts, and is there while it stands still.
package struct SiteMetrics: Sendable {
    private let site: Site
    private let status: SiteStatus
    private let now: Instant

    package init(_ site: Site, now: Instant = SystemClock.now()) throws {
        self.site = site
        self.now = now
        status = try SiteStatus(site, now: now)
    }

    package func text(_ form: MetricText.Form) throws -> String {
        var text = MetricText(form)
        try addFiles(&text)
        try addDeliveries(&text)
        addDaemon(&text)
        try addStore(&text)
        return text.text
    }

    // MARK: - What comes in

    private func addFiles(_ text: inout MetricText) throws {
        let rows = try site.store.fileMetrics(), ends = Store.classEnds
        let ended: [LedgerFile.Status] = [.archived, .quarantined, .duplicate]
        let names = try site.liveState().bundle.library.feeds.map(\.feed)
        // What has not happened yet is 0, so that an alert sees the first time too.
        let endings = Set(names + rows.map(\.feed)).sorted().flatMap { feed in
            ended.map { status in (feed: feed, status: status, row: rows.first { $0.feed == feed && $0.status == status }) }
        }
        text.add("crossdock_files", .counter, "Files that came to their end, by feed and status.", endings.map {
            .init($0.row?.files ?? 0, [("feed", $0.feed), ("status", $0.status.rawValue)])
        })
        text.add("crossdock_file_bytes", .counter, "Bytes of files that came to their end.", endings.map {
            .init(Int($0.row?.bytes ?? 0), [("feed", $0.feed), ("status", $0.status.rawValue)])
        })
        let feeds = Dictionary(grouping: rows.filter { !ended.contains($0.status) }, by: \.feed)
        text.add("crossdock_files_under_way", .gauge, "Files that were taken and are not at their end.", feeds.sorted { $0.key < $1.key }.map {
            .init($0.value.reduce(0) { $0 + $1.files }, [("feed", $0.key)])
        })
        text.add(
            histogram: "crossdock_file_seconds", "From the first sight of a file to the last commit that follows from it, of files that were used.", ends: ends,
            rows.filter { $0.status == .archived }.map { ([("feed", $0.feed)], $0.times.within, $0.times.count, $0.times.milliseconds) })
        let waiting = status.waiting
        text.add("crossdock_waiting_files", .gauge, "Files in drop folders that were not taken.", names.map { name in
            .init(waiting.first { $0.feed == name }?.files ?? 0, [("feed", name)])
        })
        text.add("crossdock_oldest_waiting_file_age_seconds", .gauge, "Since the oldest of them was last written to.", waiting.compactMap { item in
            item.oldest.map { .init(milliseconds: max(0, Int((now.storeNanoseconds - $0.storeNanoseconds) / 1_000_000)), [("feed", item.feed)]) }
        })
        text.add("crossdock_unwatched_files", .gauge, "Files in the inbox that no live feed looks at.", [.init(status.unwatched.reduce(0) { $0 + $1.files })])
        let pulls = site.configuration.pulls.compactMap { pull in status.pulls.first { $0.name == pull.name } }
        text.add("crossdock_pull_fails", .gauge, "Whether the last look at a server's folder failed.", pulls.map { .init($0.failure == nil ? 0 : 1, [("pull", $0.name)]) })
        text.add("crossdock_pull_last_look_timestamp_seconds", .gauge, "When a server's folder was looked at last.", pulls.map { .init(Int($0.lookedAt.seconds), [("pull", $0.name)]) })
        text.add("crossdock_pull_waiting_files", .gauge, "Files on a server that were not fetched, or not taken away there.", pulls.map { .init($0.waitingFiles.count, [("pull", $0.name)]) })
        text.add("crossdock_intake_paused", .gauge, "Whether files are left in their drop folders, as too much waits or there is no room.", [.init(status.intakePaused == nil ? 0 : 1)])
        let watch = status.watch?.report
        text.add("crossdock_watched_folders", .gauge, "Folders by how the daemon learns of files in them.", ["events", "polling", "unproved"].compactMap { mode in
            watch.map { report in .init(report.folders.count { $0.mode == mode }, [("mode", mode)]) }
        })
        text.add("crossdock_watch_overflows", .counter, "Times that the kernel dropped events since the daemon started.", watch.map { [.init($0.overflows)] } ?? [])
    }

    // MARK: - What goes out

    private func addDeliveries(_ text: inout MetricText) throws {
        let rows = try site.store.deliveryMetrics()
        let open = rows.filter { !["delivered", "dead"].contains($0.status) }
        // Targets that got nothing yet have their 0, so that an alert sees the first time too.
        let configured = site.configuration.targets.map { [$0.name, Self.kind(of: $0.target).rawValue] }
        let ends = Set(configured + rows.map { [$0.target, $0.kind] }).sorted { ($0[0], $0[1]) < ($1[0], $1[1]) }
        func counts(_ count: ([Store.DeliveryMetric]) -> Int) -> [MetricText.Sample] {
            ends.map { end in .init(count(rows.filter { $0.target == end[0] && $0.kind == end[1] }), [("target", end[0]), ("kind", end[1])]) }
        }
        text.add("crossdock_effects_delivered", .counter, "Effects that their target has.", counts { $0.first { $0.status == "delivered" }?.count ?? 0 })
        text.add("crossdock_dead_letters", .gauge, "Effects that were given up and not replayed.", counts { $0.first { $0.status == "dead" }?.count ?? 0 })
        text.add("crossdock_effects_open", .gauge, "Effects that wait, by status.", open.map {
            .init($0.count, [("target", $0.target), ("kind", $0.kind), ("status", $0.status)])
        })
        text.add("crossdock_oldest_open_effect_age_seconds", .gauge, "Since the oldest effect that a target does not have was committed.", ends.compactMap { end in
            let oldest = open.filter { $0.target == end[0] && $0.kind == end[1] }.compactMap(\.oldest).min()
            return oldest.map { .init(milliseconds: max(0, Int((now.storeNanoseconds - $0.storeNanoseconds) / 1_000_000)), [("target", end[0]), ("kind", end[1])]) }
        })
        text.add("crossdock_attempts", .counter, "Attempts to deliver, whatever they came to.", counts { $0.reduce(0) { $0 + $1.attempts } })
        text.add(
            histogram: "crossdock_delivery_seconds", "From the commit of an effect to its delivery.", ends: Store.classEnds,
            try site.store.deliveryTimes().map { ([("target", $0.target)], $0.times.within, $0.times.count, $0.times.milliseconds) })
        let names = site.configuration.targets.map(\.name).sorted()
        text.add("crossdock_target_left_alone", .gauge, "Whether a target does not answer and is left alone (its breaker is open).", names.map { name in
            .init(status.heldBackTargets.contains { $0.target == name } ? 1 : 0, [("target", name)])
        })
        text.add("crossdock_target_disabled", .gauge, "Whether a target answered 410 and gets nothing.", names.map { name in
            .init(status.disabledTargets.contains { $0.target == name } ? 1 : 0, [("target", name)])
        })
        text.add("crossdock_returned_files", .gauge, "Action files that came back, as they could not be sent on.", site.configuration.returns.compactMap { item in
            let found = status.returned.first { $0.target == item.target }
            return found.map { $0.files } == .some(nil) ? nil : .init(found?.files.flatMap { $0 } ?? 0, [("target", item.target)])
        })
        text.add("crossdock_emissions_held", .gauge, "Whether an operator holds what would go out.", [.init(status.safety.hold(at: status.now) == nil ? 0 : 1)])
    }

    private static func kind(of target: SiteConfiguration.Target) -> Effect.Kind {
        switch target {
        case .folder, .remote: .actionFile
        case .endpoint: .webhook
        }
    }

    // MARK: - The daemon and its store

    private func addDaemon(_ text: inout MetricText) {
        text.add("crossdock_configuration_refused", .gauge, "Whether crossdock.yaml as it lies there is not followed by the daemon.", [.init(status.configurationRefusal == nil ? 0 : 1)])
        text.add("crossdock_engine_info", .gauge, "The program that wrote this.", [.init(1, [("engine", Site.engine)])])
        text.add("crossdock_daemon_works", .gauge, "Whether a daemon has the lease of the site.", [.init(status.lease?.isHeld == true ? 1 : 0)])
        text.add("crossdock_leases", .counter, "Times that a daemon took the lease: starts, and losses to another one.", [.init(Int(status.lease?.lease.fence ?? 0))])
        text.add("crossdock_entities_to_evaluate", .gauge, "Entities whose records changed and that were not evaluated since.", [.init(status.dirty)])
        text.add("crossdock_records", .counter, "Records of files, by what became of them.", [
            .init(status.totals.accepted, [("outcome", "accepted")]), .init(status.totals.reported, [("outcome", "reported")]),
        ])
        text.add("crossdock_decisions", .counter, "Decisions.", [.init(status.decisions)])
        text.add("crossdock_disputes_overdue", .gauge, "Disputes that are not decided in time.", status.disputes.map { [.init($0.overdue)] } ?? [])
        text.add("crossdock_reviews_overdue", .gauge, "Reviews of emergency steps that are past their time.", [.init(status.safety.openReviews.count { $0.isOverdue(at: status.now) })])
    }

    private func addStore(_ text: inout MetricText) throws {
        let configuration = site.configuration, store = site.path(configuration.store)
        text.add("crossdock_log_entries", .counter, "Entries of the log.", [.init(status.log + 1)])
        text.add("crossdock_checkpoint_entries", .gauge, "Entries that the last checkpoint covers.", status.checkpoint.map { [.init($0.size)] } ?? [])
        text.add("crossdock_witness_entries", .gauge, "Entries that a witness's last checkpoint covers.", status.witnesses.map { .init($0.size, [("witness", $0.name)]) })
        text.add("crossdock_store_bytes", .gauge, "Size of the database, and of its write-ahead log.", [
            .init(try FileIdentity.of(store)?.size ?? 0, [("part", "database")]), .init(try FileIdentity.of(store + "-wal")?.size ?? 0, [("part", "log")]),
        ])
        let folders = [("store", Site.parent(of: store)), ("spool", site.path(configuration.spool)), ("archive", site.path(configuration.archive)), ("outbox", site.path(configuration.outbox))]
        text.add("crossdock_free_bytes", .gauge, "Room that is left where a folder of the site is.", folders.compactMap { name, path in
            Folder.freeBytes(path).map { .init($0, [("folder", name)]) }
        })
        text.add("crossdock_last_backup_timestamp_seconds", .gauge, "When the last whole backup was begun.", status.lastBackup.map { [.init(Int($0.seconds))] } ?? [])
    }
}
