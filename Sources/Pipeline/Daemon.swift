/// The daemon: one worker that takes files and evaluates, and one deliverer beside it.
package struct Daemon: Sendable {
    private let worker: Worker
    private let deliverer: Deliverer
    private let once: Bool
    private let events: EventHandler
    private let lock: SiteLock

    /// - Parameter once: drain the inbox and the outbox, then end.
    package init(site: Site, once: Bool, events: @escaping EventHandler) throws {
        lock = try SiteLock(store: site.path(site.configuration.store))
        let bell = Doorbell()
        worker = try Worker(site: site, outboxBell: bell, events: events)
        deliverer = try Deliverer(
            store: site.store, targets: TargetDirectory(site.configuration, root: site.root), doorbell: bell, events: events)
        self.once = once
        self.events = events
    }

    /// Works until cancelled, or, with `once`, until all is drained.
    package func run() async throws {
        try await deliverer.recover()
        do {
            if once {
                try await worker.run(once: true)
                await worker.checkpoint()
                try await deliverer.run(untilIdle: true)
            } else {
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { try await worker.run(once: false) }
                    group.addTask { try await deliverer.run(untilIdle: false) }
                    try await group.next()
                    group.cancelAll()
                    try await group.waitForAll()
                }
            }
        } catch is CancellationError {
            // Asked to stop: what was committed is delivered at the next start.
        }
        if !once { await worker.checkpoint() }
        await deliverer.shutDown()
        events(.stopped)
    }
}
