import ArgumentParser
import Glibc
import Logging
import Pipeline
import ServiceLifecycle
import UnixSignals

struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Run the daemon: take files, keep micro-segments, deliver.",
        discussion: """
            SIGTERM and SIGINT stop it after the files at hand; what was committed is delivered at the next start. SIGHUP has it read crossdock.yaml again: all \
            of it is followed, or, where something is wrong with it, nothing. A second daemon on a site stands by and takes over.
            """)

    @OptionGroup var site: SiteOptions
    @Flag(name: .long, help: "Take what is ready, deliver what is due, then end. What waits for a retry or for its own end stays; `status --idle` tells.")
    var once = false

    func run() async throws {
        // Until it is listened to: whoever starts a daemon and has it reload at once does not end it.
        signal(SIGHUP, SIG_IGN)
        let events = EventLog()
        let site = try site.soundSite()
        let daemon = try Daemon(site: site, once: once, supervision: once ? nil : Supervision(), events: { events.take($0) })
        var logger = Logger(label: "crossdock")
        logger.logLevel = .warning
        let group = ServiceGroup(configuration: ServiceGroupConfiguration(
            services: [.init(service: DaemonService(daemon: daemon), successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
        try await group.run()
    }
}

/// The daemon as a service: a signal cancels it, and it ends after the commit at hand.
private struct DaemonService: Service {
    let daemon: Daemon

    func run() async throws {
        try await cancelWhenGracefulShutdown {
            try await withThrowingTaskGroup(of: Void.self) { group in
                let hangups = await UnixSignalsSequence(trapping: .sighup)
                group.addTask { for await _ in hangups { daemon.reload() } }
                try await daemon.run()
                group.cancelAll()
            }
        }
    }
}
