import Store
import Synchronization

/// The daemon: one worker that takes files and evaluates, one deliverer beside it, and pullers that fill drop folders from servers, all under the site's
/// lease.
package final class Daemon: Sendable {
    private let site: Site
    private let once: Bool
    private let events: EventHandler
    /// Where it was asked for at once.
    private let lease: SiteLease?
    private let reloads = Doorbell()
    private let isReloadAsked = Mutex(false)
    /// What was followed last since a reload.
    private let followedLast = Mutex<SiteConfiguration?>(nil)
    private let supervision: Supervision?
    /// Of whoever supervises the daemon, or of nobody.
    private let liveness: Liveness

    /// - Parameters:
    ///   - once: drain the inbox and the outbox, then end. Refused where another daemon works on the site; one that is to stay stands by.
    ///   - supervision: the service manager that started the process.
    package init(site: Site, once: Bool, supervision: Supervision? = nil, events: @escaping EventHandler) throws {
        self.site = site
        self.once = once
        self.supervision = supervision
        liveness = supervision?.liveness ?? Liveness()
        self.events = { event in
            supervision?.take(event)
            events(event)
        }
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

    /// Asks for `crossdock.yaml` to be read again: it is followed as a whole, or, where something is wrong with it, not at all.
    package func reload() {
        isReloadAsked.withLock { $0 = true }
        reloads.ring()
    }

    /// Works until cancelled, or, with `once`, until all is drained. A daemon that has lost its lease stands by again.
    package func run() async throws {
        try await withTaskCancellationHandler { try await runToEnd() } onCancel: { supervision?.stopping() }
    }

    private func runToEnd() async throws {
        do {
            if let lease {
                events(.leaseTaken(fence: lease.fence))
                _ = try await work(under: lease, lease.site)
            } else {
                var lease = try await standBy()
                while true {
                    do {
                        try await workOn(under: lease)
                        break
                    } catch let lost as LeaseLost {
                        events(.leaseLost(lost))
                        lease = try await standBy()
                    }
                }
            }
        } catch is CancellationError {
            // Asked to stop while it stood by.
        }
        events(.stopped)
    }

    private func standBy() async throws -> SiteLease {
        try await withThrowingTaskGroup(of: SiteLease?.self) { group in
            group.addTask { try await self.liveness.with("standby") { try await SiteLease.wait(for: self.site, events: self.events) } }
            group.addTask {
                try await self.tellOfReloads()
                return nil
            }
            defer { group.cancelAll() }
            guard let lease = try await group.next() ?? nil else { throw CancellationError() }
            return lease
        }
    }

    /// Says of each reload that is asked for while another process works whether it could be followed: it is read once more when the lease is taken.
    private func tellOfReloads() async throws {
        while true {
            if isReloadAsked.withLock({ isAsked in defer { isAsked = false }; return isAsked }) {
                do {
                    _ = try site.configuredAnew()
                    events(.reloadWaits)
                } catch {
                    events(.trouble(subject: "crossdock.yaml", cause: "\(error)", hint: "mend it before this process takes over"))
                }
            }
            await reloads.wait(atMost: 3_600_000)
            try Task.checkCancellation()
        }
    }

    /// Works under one lease, with each configuration that is read meanwhile.
    private func workOn(under lease: SiteLease) async throws {
        events(.leaseTaken(fence: lease.fence))
        var site = configuredNow(lease.site), former: UnwatchedWatch?
        repeat {
            guard let next = try await work(under: lease, site, after: former) else { return }
            (site, former) = (next.site, next.unwatched)
            followedLast.withLock { $0 = next.site.configuration }
        } while true
    }

    /// The site as it is configured when the lease is taken, which may be long after this daemon began; where that cannot be followed, as it was followed last.
    private func configuredNow(_ site: Site) -> Site {
        do {
            let next = try site.configuredAnew()
            FollowedConfiguration.keep(root: site.root, store: site.store)
            return next
        } catch {
            FollowedConfiguration.note("\(error)", in: site.store)
            events(.trouble(subject: "crossdock.yaml", cause: "\(error)", hint: "mend it and reload; the daemon goes on with what it had"))
            return Site(root: site.root, configuration: followedLast.withLock(\.self) ?? site.configuration, store: site.store)
        }
    }

    /// - Parameter former: what was told of files in no feed before a reload, where this goes on with another configuration.
    /// - Returns: the site as it is configured anew, where that was asked for, and what was told; nil where the work is at its end.
    private func work(under lease: SiteLease, _ site: Site, after former: UnwatchedWatch? = nil) async throws -> (site: Site, unwatched: UnwatchedWatch)? {
        var next: Site?
        defer { if next == nil { lease.release() } }
        let bell = Doorbell()
        let worker = try Worker(site: site, outboxBell: bell, after: former, events: events)
        let deliverer = try Deliverer(
            store: site.store, targets: TargetDirectory(site.configuration, root: site.root), doorbell: bell,
            mayEmit: { lease.isSurelyHeld }, events: events)
        let pullers = try Puller.all(site, mayEmit: { lease.isSurelyHeld }, events: events)
        do {
            try await deliverer.recover()
            next = try await work(worker, deliverer, pullers, lease, site)
            if !once { await worker.checkpoint() }
        } catch {
            await deliverer.shutDown()
            throw error
        }
        await deliverer.shutDown()
        let unwatched = await worker.unwatched
        return next.map { (site: $0, unwatched: unwatched) }
    }

    private func work(_ worker: Worker, _ deliverer: Deliverer, _ pullers: [Puller], _ lease: SiteLease, _ site: Site) async throws -> Site? {
        var next: Site?
        do {
            try await withThrowingTaskGroup(of: Site?.self) { group in
                group.addTask {
                    try await self.liveness.with("lease", allowance: lease.renewalMilliseconds + Liveness.allowance) { try await lease.keep() }
                    return nil
                }
                if once {
                    group.addTask {
                        if !pullers.isEmpty { try await worker.lookAtIntake() }
                        try await withThrowingTaskGroup(of: Void.self) { pulls in
                            for puller in pullers { pulls.addTask { try await puller.drain() } }
                            try await pulls.waitForAll()
                        }
                        var left = Int.max
                        repeat {
                            let before = left
                            try await worker.run(once: true)
                            await worker.checkpoint()
                            try await deliverer.run(untilIdle: true)
                            left = try site.store.outboxLoad(upTo: .max).effects
                            // Where nothing goes out, files stay where they are.
                            guard await worker.isIntakePaused, left < before else { break }
                        } while true
                        return nil
                    }
                } else {
                    group.addTask {
                        try await self.liveness.with("worker") { try await worker.run(once: false) }
                        return nil
                    }
                    group.addTask {
                        try await self.liveness.with("deliverer") { try await deliverer.run(untilIdle: false) }
                        return nil
                    }
                    for puller in pullers {
                        group.addTask {
                            try await puller.run()
                            return nil
                        }
                    }
                    group.addTask { try await self.configuredAnew(site) }
                }
                next = try await group.next() ?? nil
                group.cancelAll()
                while let _ = try await group.next() {}
            }
        } catch is CancellationError {
            // Asked to stop, or all is drained: what was committed is delivered at the next start.
        }
        return next
    }

    /// Waits until the configuration is to be read again and can be followed.
    private func configuredAnew(_ site: Site) async throws -> Site {
        while true {
            if isReloadAsked.withLock({ isAsked in defer { isAsked = false }; return isAsked }) {
                supervision?.reloading()
                do {
                    let next = try site.configuredAnew()
                    FollowedConfiguration.keep(root: site.root, store: site.store)
                    return next
                } catch {
                    FollowedConfiguration.note("\(error)", in: site.store)
                    supervision?.notReloaded()
                    events(.trouble(subject: "crossdock.yaml", cause: "\(error)", hint: "mend it and reload once more; the daemon goes on with what it had"))
                }
            }
            await reloads.wait(atMost: 3_600_000)
            try Task.checkCancellation()
        }
    }
}
