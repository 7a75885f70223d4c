import ArgumentParser
import ChangeControl
import Pipeline
import Store
import Values

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the log against itself, against checkpoints and against the store.",
        subcommands: [Verify.self, Export.self, MakeCheckpoint.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify the chain of the log, its checkpoints, and all that it answers for; or an exported log, from its file alone.",
            discussion: """
                Of a site: the chain, the live state, the decisions, effects and moves of every entry, the files of every state, the \
                change requests, the archives of history, and the checkpoints in the folders of its witnesses. With --file: the chain \
                and the checkpoints of an exported log; no store and no site is needed.
                Nothing behind a checkpoint that was kept elsewhere can be changed. Without one, and without --genesis, \
                a log that was replaced as a whole does not show, nor a dropped tail.
                """)

        @OptionGroup var options: SiteOptions
        @Option(help: "Exported log to verify, in place of a site's.") var file: String?
        @Option(help: "Checkpoint that was kept elsewhere, as a file, or a head noted earlier, as POSITION:HASH; may be given several times.")
        var witness: [String] = []
        @Option(help: "Key that checkpoints have to be signed by, as NAME+HASH+BASE64; may be given several times.") var key: [String] = []
        @Option(help: "Hash of log entry 0, as `crossdock init` printed it.") var genesis: String?

        func validate() throws {
            guard genesis.map({ ContentDigest(hex: $0) != nil }) ?? true else { throw ValidationError("--genesis is 64 hexadecimal digits.") }
            guard key.allSatisfy({ VerifierKey($0) != nil }) else { throw ValidationError("--key is NAME+HASH+BASE64, as `crossdock init` printed it.") }
            guard witness.compactMap(Self.head).count <= 1 else { throw ValidationError("Give one head: the last one covers those before.") }
        }

        /// A witness that is a head, and no file.
        private static func head(_ text: String) -> LogHead? {
            let parts = text.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let position = Int(parts[0]), position >= 0, let hash = ContentDigest(hex: parts[1]) else { return nil }
            return LogHead(position: position, hash: hash)
        }

        private var genesisHash: ContentDigest? { genesis.flatMap { ContentDigest(hex: $0) } }
        private var keys: [VerifierKey] { key.compactMap { VerifierKey($0) } }

        func run() async throws {
            let head = witness.compactMap(Self.head).first
            let checkpoints = try witness.filter { Self.head($0) == nil }.map { try WitnessFolders.read(CommandFiles.absolute($0), source: $0) }
            if let file { return try verify(file: file, head, checkpoints) }
            let audit = try LogAudit.verify(options.site(), genesis: genesisHash, witnessed: head, checkpoints: checkpoints, keys: keys)
            let last = audit.head.map { "\($0.position):\($0.hash.hex)" } ?? "none"
            var text = "the log holds: \(audit.entries) entries, \(audit.commits) commits and \(audit.archives) archives digested again"
            if audit.purged > 0 { text += ", and \(audit.purged) of which history was purged" }
            try answer(
                audit.defects,
                holds: text + Self.told(audit.checkpoints, audit.covered, audit.entries) + "; head \(last)",
                fails: "the log does not hold: \(Console.count(audit.defects.count, "defect")) after \(audit.entries) whole entries; head \(last)",
                [
                    ("entries", .integer(audit.entries)), ("commits", .integer(audit.commits)), ("purged", .integer(audit.purged)),
                    ("archives", .integer(audit.archives)), ("checkpoints", .integer(audit.checkpoints)), ("covered", .integer(audit.covered)),
                    ("keys", .list(audit.keys.map { .string($0.description) })), ("head", .string(last)),
                ])
        }

        private func verify(file: String, _ head: LogHead?, _ checkpoints: [WitnessedCheckpoint]) throws {
            var verification = LogFileVerification(
                genesis: genesisHash, witnessed: head, checkpoints: CheckpointVerification(witnessed: checkpoints, pinned: keys))
            try LogFileReading.verify(CommandFiles.absolute(file), &verification)
            let last = verification.head.map { "\($0.position):\($0.hash.hex)" } ?? "none", defects = verification.defect.map { [$0.fact] } ?? []
            try answer(
                defects,
                holds: "the exported log of \(verification.origin ?? "") holds: \(verification.entries) entries"
                    + Self.told(verification.held, verification.covered, verification.entries) + "; head \(last)",
                fails: "the exported log does not hold after \(verification.entries) whole entries; head \(last)",
                [
                    ("entries", .integer(verification.entries)), ("checkpoints", .integer(verification.held)), ("covered", .integer(verification.covered)),
                    ("keys", .list(verification.keys.map { .string($0.description) })), ("head", .string(last)),
                ])
        }

        private static func told(_ checkpoints: Int, _ covered: Int, _ entries: Int) -> String {
            checkpoints == 0 ? "; no checkpoint" : "; \(checkpoints) checkpoints hold, and cover \(covered) of \(entries) entries"
        }

        private func answer(_ defects: [String], holds: String, fails: String, _ fields: [(name: String, value: Value)]) throws {
            for defect in defects { Console.note("error: \(defect)") }
            Console.answer(
                options.format, text: defects.isEmpty ? holds : fails,
                json: .context(ContextValue([("holds", .boolean(defects.isEmpty))] + fields + [("defects", .list(defects.map { .string($0) }))])))
            if !defects.isEmpty { throw ExitCode(1) }
        }
    }

    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write the whole log, its checkpoints and its keys to one file, for `crossdock audit verify --file`.",
            discussion: "Each line is one entry or one checkpoint as JSON; docs/change-control.md says how to check them by hand. A file that is there is not replaced.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "File to write.") var file: String

        func run() async throws {
            let export = try LogExport.write(options.site(), to: CommandFiles.absolute(file))
            Console.answer(
                options.format, text: "\(export.entries) entries and \(export.checkpoints) checkpoints in \(file), \(export.bytes) bytes",
                json: .context(ContextValue([
                    ("entries", .integer(export.entries)), ("checkpoints", .integer(export.checkpoints)), ("bytes", .integer(export.bytes)), ("file", .string(file)),
                ])))
        }
    }

    struct MakeCheckpoint: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "checkpoint", abstract: "Sign a checkpoint of the log as it is now, hand it to the witnesses, and print it.",
            discussion: "Keep what it prints where nobody who can write to this machine can change it: `crossdock audit verify --witness FILE` takes it.")

        @OptionGroup var options: SiteOptions

        func run() async throws {
            let site = try options.site(), now = SystemClock.now()
            _ = try Checkpointer(site: site).sign(now: now)
            for (folder, failure) in try WitnessFolders(site).hand(now: now) { Console.note("warning: witness \(folder): \(failure)") }
            guard let stored = try site.store.latestCheckpoint() else {
                throw PipelineFailure(subject: site.root, cause: "there is no log yet", hint: "run `crossdock init`, which begins with the genesis ceremony")
            }
            Console.answer(
                options.format, text: String(stored.note.dropLast()),
                json: .context(ContextValue([("size", .integer(stored.size)), ("at", .string(stored.at.description)), ("checkpoint", .string(stored.note))])))
        }
    }
}
