import ArgumentParser
import ChangeControl
import Pipeline
import Store
import Values

extension HistoryCommand {
    struct Archive: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Move spans that are over from the store to compressed archives, signed for by the log.",
            discussion: """
                A span goes that ended before the instant, or that was superseded by a log entry before it. Nothing goes of clients that \
                Schemes/retention.yaml holds, and nothing that it keeps in the store. `crossdock history SCHEME ENTITY --archived` answers as before.
                """)

        @OptionGroup var site: SiteOptions
        @Option(name: .long, help: "What ended before this instant goes; unless said, all that the retention lets go.") var before: String?
        @Option(name: .long, help: "The scheme; all that have a history unless said.") var scheme: String?

        func run() async throws {
            let site = try site.site()
            let now = SystemClock.now()
            let live = try site.liveState()
            let archiver = HistoryArchiver(site: site, policy: live.bundle.retention, state: live.id)
            let known = try site.store.historySchemes()
            if let scheme, !known.contains(scheme) { throw ValidationError("there is no history of \(scheme); there is one of \(known.joined(separator: ", "))") }
            var manifests: [HistoryManifest] = []
            for name in scheme.map({ [$0] }) ?? known {
                guard let end = try before.map({ try CommandTime.instant($0) }) ?? archiver.latest(scheme: name, now: now) else {
                    throw ValidationError("say --before: no retention says how long history of \(name) stays in the store")
                }
                manifests += try archiver.archive(scheme: name, before: end, now: now)
            }
            Console.answer(
                self.site.format,
                text: manifests.isEmpty ? "nothing is left to archive" : manifests.map { manifest in
                    "\(manifest.scheme): \(manifest.rows) rows of \(manifest.clients.count) clients to \(manifest.name), \(manifest.contentBytes) bytes as \(manifest.packedBytes)"
                }.joined(separator: "\n"),
                json: .list(manifests.map {
                    .context(ContextValue([
                        ("archive", .string($0.name)), ("scheme", .string($0.scheme)), ("before", .string($0.before.description)), ("rows", .integer($0.rows)),
                        ("bytes", .integer($0.contentBytes)), ("packedBytes", .integer($0.packedBytes)), ("manifest", .string($0.digest.hex)),
                    ]))
                }))
        }
    }

    struct Archives: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the archives of history that the log knows, and files beside them that it does not.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "Only those of this scheme.") var scheme: String?

        func run() async throws {
            let archives = try HistoryArchives(site.site())
            let entries = archives.entries.filter { scheme == nil || $0.scheme == scheme }
            let unknown = try scheme == nil ? archives.unknown() : []
            let lines = entries.map { entry in
                "\(entry.name): \(entry.rows) rows of \(entry.scheme) before \(entry.before), log entry \(entry.position)" + (entry.purged.map { ", purged by log entry \($0)" } ?? "")
            } + unknown.map { "\($0): no log entry names it; its rows are in the store" }
            Console.answer(
                site.format, text: lines.isEmpty ? "none" : "\(archives.folder)\n" + lines.map { "  \($0)" }.joined(separator: "\n"),
                json: .context(ContextValue([
                    ("folder", .string(archives.folder)),
                    ("archives", .list(entries.map { entry in
                        .context(ContextValue([
                            ("archive", .string(entry.name)), ("scheme", .string(entry.scheme)), ("before", .string(entry.before.description)),
                            ("rows", .integer(entry.rows)), ("position", .integer(entry.position)), ("manifest", .string(entry.manifest.hex)),
                            ("purged", entry.purged.map { .integer($0) } ?? .null),
                        ]))
                    })),
                    ("unknown", .list(unknown.map { .string($0) })),
                ])))
        }
    }

    struct Purge: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete an archive whose time has passed; the log and its manifest keep what was there.",
            discussion: "Schemes/retention.yaml says how long archives are kept (keepArchived), and whose are held. It cannot be undone.")

        @OptionGroup var site: SiteOptions
        @Option(name: .long, help: "The archive, as `crossdock history archives` names it.") var archive: String
        @Option(name: .long, help: "Who purges: an operator of the live governance.") var by: String
        @Option(name: .long, help: "Why.") var reason: String

        func run() async throws {
            let site = try site.site()
            guard let principal = Principal(by) else { throw ValidationError("\(by) is no name of a person; write it as governance does") }
            let live = try site.liveState()
            let archiver = HistoryArchiver(site: site, policy: live.bundle.retention, state: live.id)
            let entry = try archiver.purge(archive, by: principal, governance: ChangeDesk(site: site).governance(), reason: reason, now: SystemClock.now())
            Console.answer(
                self.site.format, text: "\(entry.name) is purged: \(entry.rows) rows of \(entry.scheme) before \(entry.before)",
                json: .context(ContextValue([("archive", .string(entry.name)), ("scheme", .string(entry.scheme)), ("rows", .integer(entry.rows))])))
        }
    }
}
