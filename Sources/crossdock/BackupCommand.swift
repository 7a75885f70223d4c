import ArgumentParser
import ChangeControl
import Glibc
import Pipeline
import Values

/// `crossdock backup`: the site as it is, while the daemon works on it.
struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Copy store, originals and configuration of a site, also while the daemon works; and verify such a copy.",
        discussion: "docs/operations.md tells what is in it and what is not, and how to restore.",
        subcommands: [Write.self, Verify.self], defaultSubcommand: Write.self)

    struct Write: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write", abstract: "Write a backup into a folder of backups.",
            discussion: """
                Files that did not change since the backup before are linked to it, so that they take no room again. Secrets, the key of the checkpoints \
                and the keys of personal fields are not in it.
                """)

        @OptionGroup var options: SiteOptions
        @Argument(help: "Folder of backups, apart from the site; it is made where it is not there.") var folder: String
        @Flag(name: .long, help: "Copy all files anew, and link none.") var full = false
        @Option(name: .long, help: "Backups to keep in the folder; older ones go once this one is whole.") var keep: Int?
        @Option(name: .long, help: "Folder to copy the file of keys of personal fields to, apart from the backups.") var keys: String?
        @Flag(name: .long, help: "Go on in the folder of the site that this one was restored from, once that works no more.") var takeOver = false

        func validate() throws {
            guard keep.map({ $0 > 0 }) ?? true else { throw ValidationError("--keep is a number from 1.") }
        }

        func run() async throws {
            // The daemon's work goes first.
            _ = nice(10)
            var choices = Backup.Options()
            (choices.isFull, choices.keep, choices.keys, choices.takesOver) = (full, keep, keys.map(CommandFiles.absolute), takeOver)
            let backup = try Backup.write(options.site(), to: CommandFiles.absolute(folder), choices, now: SystemClock.now())
            for path in backup.passedOver { Console.note("warning: \(path) is a link or no regular file, or its name is not UTF-8: it is not in the backup") }
            for place in backup.missing { Console.note("warning: \(place) is named by the store and is not there") }
            if backup.missing.count < backup.note.missing { Console.note("warning: and \(backup.note.missing - backup.missing.count) more: see \(backup.folder)/MISSING") }
            let note = backup.note
            var lines = ["\(note.files) files, \(note.bytes) bytes in \(backup.folder), \(backup.linked) of them linked to the one before; head \(note.head.position):\(note.head.hash.hex)"]
            if backup.erased > 0 { lines.append("\(backup.erased) files of former backups are erased, as they were shredded") }
            if !backup.removed.isEmpty { lines.append("removed \(backup.removed.joined(separator: ", "))") }
            if let keys = backup.keys { lines.append("keys of personal fields in \(keys)") }
            Console.answer(
                options.format, text: lines.joined(separator: "\n"),
                json: .context(ContextValue([
                    ("folder", .string(backup.folder)), ("files", .integer(note.files)), ("bytes", .integer(note.bytes)), ("linked", .integer(backup.linked)),
                    ("missing", .integer(note.missing)), ("head", .string("\(note.head.position):\(note.head.hash.hex)")), ("erased", .integer(backup.erased)),
                    ("removed", .list(backup.removed.map { .string($0) })), ("keys", backup.keys.map { .string($0) } ?? .null),
                ])))
        }
    }

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "verify", abstract: "Verify a backup from its files alone: digests, signature, database, log, and the original of every file of the ledger.",
            discussion: "No site is needed, and nothing is written. Without --key the key counts that the backup's own log names.")

        @Argument(help: "Folder of a backup, or of backups, of which the last one is taken.") var folder: String
        @Option(help: "Key that checkpoints are signed by, as NAME+HASH+BASE64; may be given several times.") var key: [String] = []
        @Option(help: "Hash of log entry 0, as `crossdock init` printed it.") var genesis: String?
        @Option(name: .long, help: "How answers are printed: text or json.") var format = OutputFormat.text

        func validate() throws {
            guard key.allSatisfy({ VerifierKey($0) != nil }) else { throw ValidationError("--key is NAME+HASH+BASE64, as `crossdock init` printed it.") }
            guard genesis.map({ ContentDigest(hex: $0) != nil }) ?? true else { throw ValidationError("--genesis is 64 hexadecimal digits.") }
        }

        func run() async throws {
            let found = try BackupVerification.verify(
                CommandFiles.absolute(folder), keys: key.compactMap { VerifierKey($0) }, genesis: genesis.flatMap { ContentDigest(hex: $0) })
            for defect in found.defects + found.originals { Console.note("error: \(defect)") }
            if found.originalsLost > found.originals.count { Console.note("error: and \(found.originalsLost - found.originals.count) more originals") }
            if found.originalsLost > 0 { Console.note("  hint: \(BackupVerification.originalsHint). A restore goes on without them") }
            let signed = found.key.map { "\($0)" + (found.isKeyKnown ? "" : ", which the backup itself names") } ?? "no key"
            let shredded = found.shredded > 0 ? "; \(found.shredded) were shredded since" : ""
            let missing = found.note.map { $0.missing > 0 ? "; \($0.missing) originals were not there when it was made" : "" } ?? ""
            Console.answer(
                format,
                text: found.holds
                    ? "the backup \(found.folder) holds: \(found.files) files, \(found.bytes) bytes, \(found.entries) entries\(shredded)\(missing); signed by \(signed)"
                    : "the backup \(found.folder) does not hold: \(Console.count(found.defects.count + found.originalsLost, "defect"))",
                json: .context(ContextValue([
                    ("holds", .boolean(found.holds)), ("folder", .string(found.folder)), ("files", .integer(found.files)), ("bytes", .integer(found.bytes)),
                    ("entries", .integer(found.entries)), ("shredded", .integer(found.shredded)), ("key", found.key.map { .string($0.description) } ?? .null),
                    ("defects", .list((found.defects + found.originals).map { .string($0) })), ("originalsLost", .integer(found.originalsLost)),
                ])))
            if !found.holds { throw ExitCode(1) }
        }
    }
}
