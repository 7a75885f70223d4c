import Store

/// The daemon: one worker that takes files and evaluates, and one deliverer beside it, both under the site's lease.
package struct Daemon: Sendable {
    private let site: Site
    private let once: Bool
    private let events: EventHandler
    /// Where it was asked for at once.
    private let lease: SiteLease?

    /// - Parameter once: drain the inbox and the outbox, then end. Refused where another daemon works on the site; one that is to stay stands by.
    package init(site: Site, once: Bool, events: @escaping EventHandler) throws {
        self.site = site
        self.once = once
        self.events = events
        lease =
            switch once ? try SiteLease.claim(site) : nil {
            case .taken(let lease): lease
            case nil: nil
            case .held(let standing):
                throw PipelineFailure(
                    subject: site.path(site.configuration.store), cause: "another daemon works on this store (\(standing.holder))",
                    hint: "stop it first, or leave the work to it")
            }
    }

    /// Works until cancelled, or, with `once`, until all is drained. A daemon that has lost its lease stands by again.
    package func run() async throws {
        do {
            if let lease {
                try await work(under: lease)
            } else {
                while true {
                    let lease = try await SiteLease.wait(for: site, events: events)
                    do {
                        try await work(under: lease)
                    } catch let lost as LeaseLost {
                        events(.leaseLost(lost))
                        continue
                    }
                    break
                }
            }
        } catch is CancellationError {
            // Asked to stop while it stood by.
        }
        events(.stopped)
    }

    private func work(under lease: SiteLease) async throws {
        defer { lease.release() }
        events(.leaseTaken(fence: lease.fence))
        let site = lease.site, bell = Doorbell()
        let worker = try Worker(site: site, outboxBell: bell, events: events)
        let deliverer = try Deliverer(
            store: site.store, targets: TargetDirectory(site.configuration, root: site.root), doorbell: bell,
            mayEmit: { lease.isSurelyHeld }, events: events)
        do {
            try await deliverer.recover()
            try await work(worker, deliverer, lease)
            if !once { await worker.checkpoint() }
        } catch {
            await deliverer.shutDown()
            throw error
        }
        await deliverer.shutDown()
    }

    private func work(_ worker: Worker, _ deliverer: Deliverer, _ lease: SiteLease) async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await lease.keep() }
                if once {
                    group.addTask {
                        try await worker.run(once: true)
                        await worker.checkpoint()
                        try await deliverer.run(untilIdle: true)
                    }
                } else {
                    group.addTask { try await worker.run(once: false) }
                    group.addTask { try await deliverer.run(untilIdle: false) }
                }
                try await group.next()
                group.cancelAll()
                try await group.waitForAll()
            }
        } catch is CancellationError {
            // Asked to stop, or all is drained: what was committed is delivered at the next start.
        }
    }
}
