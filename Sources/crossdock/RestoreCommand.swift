import ArgumentParser
import ChangeControl
import Pipeline
import Records
import Values

/// `crossdock restore`: a site from a backup.
struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore", abstract: "Make a site anew from a backup, in an empty folder.",
        discussion: """
            The backup is verified before, and the site afterwards. Nothing goes out of it until an operator releases that: \
            `crossdock change break-glass release`. docs/operations.md tells it step by step.
            """)

    @Argument(help: "Folder of a backup, or of backups, of which the last one is taken.") var folder: String
    @Option(name: .long, help: "Folder of the new site: empty, or not there.") var root: String
    @Option(name: .long, help: "File of keys of personal fields, as `crossdock backup --keys` copied it.") var keys: String?
    @Option(help: "Checkpoint that was kept elsewhere, as a file, or a head noted earlier, as POSITION:HASH; may be given several times.") var witness: [String] = []
    @Option(help: "Key that checkpoints are signed by, as NAME+HASH+BASE64; may be given several times.") var key: [String] = []
    @Option(help: "Hash of log entry 0, as `crossdock init` printed it.") var genesis: String?
    @Option(name: .long, help: "Control numbers to leave out for each partner: at least as many as were used since the backup.") var skipNumbers = 0
    @Option(name: .long, help: "How answers are printed: text or json.") var format = OutputFormat.text

    func validate() throws {
        guard genesis.map({ ContentDigest(hex: $0) != nil }) ?? true else { throw ValidationError("--genesis is 64 hexadecimal digits.") }
        guard key.allSatisfy({ VerifierKey($0) != nil }) else { throw ValidationError("--key is NAME+HASH+BASE64, as `crossdock init` printed it.") }
        guard witness.compactMap({ LogHead(noted: $0) }).count <= 1 else { throw ValidationError("Give one head: the last one covers those before.") }
        guard (0...1_000_000).contains(skipNumbers) else { throw ValidationError("--skip-numbers is 0 to 1000000.") }
    }

    func run() async throws {
        var options = Restoration.Options()
        options.keys = keys.map(CommandFiles.absolute)
        options.head = witness.compactMap { LogHead(noted: $0) }.first
        options.checkpoints = try witness.filter { LogHead(noted: $0) == nil }.map { try WitnessFolders.read(CommandFiles.absolute($0), source: $0) }
        options.signers = key.compactMap { VerifierKey($0) }
        options.genesis = genesis.flatMap { ContentDigest(hex: $0) }
        options.skippedNumbers = skipNumbers
        let done = try Restoration.restore(CommandFiles.absolute(folder), to: CommandFiles.absolute(root), options, now: SystemClock.now())
        var lines = [
            "restored \(done.files) files, \(done.bytes) bytes of \(done.note.at) to \(done.root); the log holds, and goes on at \(done.position)",
            "nothing goes out until an operator releases it: crossdock change break-glass release --root \(done.root) --by PERSON --reason TEXT",
        ]
        if done.lost > 0 { lines.append("lost: witnesses know \(done.lost) log entries after this backup, \(done.note.head.position + 1) to \(done.note.head.position + done.lost)") }
        lines.append("\(done.unfinished) files go on from the spool; files that came after the backup are to be dropped again")
        for (target, count) in done.waiting { lines.append("\(count) effects wait for \(target), some of which may have gone out since: they have the same ids and bytes") }
        if !done.keyless.isEmpty {
            let told = done.keyless.prefix(10).map(\.told).joined(separator: ", ") + (done.keyless.count > 10 ? " and \(done.keyless.count - 10) more" : "")
            lines.append("no key: \(told). Who was shredded after the backup is to be shredded again, so that the log says so; otherwise put the file of keys back")
        }
        lines += done.tasks.map { "to do: \($0)" }
        Console.answer(
            format, text: lines.joined(separator: "\n"),
            json: .context(ContextValue([
                ("root", .string(done.root)), ("files", .integer(done.files)), ("bytes", .integer(done.bytes)), ("backup", .string(done.note.name)),
                ("at", .string(done.note.at.description)), ("position", .integer(done.position)), ("lost", .integer(done.lost)), ("unfinished", .integer(done.unfinished)),
                ("waiting", .context(ContextValue(done.waiting.map { ($0.target, .integer($0.count)) }))),
                ("keyless", .list(done.keyless.map { .string($0.description) })), ("tasks", .list(done.tasks.map { .string($0) })),
            ])))
    }
}
