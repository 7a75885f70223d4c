import ArgumentParser
import ChangeControl
import Pipeline
import Values

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Check the log against itself and against the store.", subcommands: [Verify.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Verify the chain of the log, the live state, the decisions and effects of every run, and the archives of history.",
            discussion: """
                A whole chain says that nothing was changed since the last head that was noted elsewhere. Without \
                --genesis a log that was replaced as a whole does not show, and without --witness a dropped tail does not.
                """)

        @OptionGroup var options: SiteOptions
        @Option(help: "Hash of log entry 0, as `crossdock init` printed it.") var genesis: String?
        @Option(help: "A head noted earlier, as POSITION:HASH; this command prints the present one.") var witness: String?

        func validate() throws {
            guard genesis.map({ ContentDigest(hex: $0) != nil }) ?? true else { throw ValidationError("--genesis is 64 hexadecimal digits.") }
            guard witness == nil || head != nil else { throw ValidationError("--witness is POSITION:HASH.") }
        }

        private var head: LogHead? {
            let parts = (witness ?? "").split(separator: ":", maxSplits: 1)
            guard parts.count == 2, let position = Int(parts[0]), position >= 0, let hash = ContentDigest(hex: parts[1]) else { return nil }
            return LogHead(position: position, hash: hash)
        }

        func run() async throws {
            let audit = try LogAudit.verify(options.site(), genesis: genesis.flatMap { ContentDigest(hex: $0) }, witnessed: head)
            let last = audit.head.map { "\($0.position):\($0.hash.hex)" } ?? "none"
            for defect in audit.defects { Console.note("error: \(defect)") }
            Console.answer(
                options.format,
                text: audit.defects.isEmpty
                    ? "the log holds: \(audit.entries) entries, \(audit.runs) runs and \(audit.archives) archives digested again; head \(last)"
                    : "the log does not hold: \(audit.defects.count) defects after \(audit.entries) whole entries; head \(last)",
                json: .context(ContextValue([
                    ("holds", .boolean(audit.defects.isEmpty)), ("entries", .number(ExactDecimal(audit.entries))),
                    ("runs", .number(ExactDecimal(audit.runs))), ("archives", .integer(audit.archives)), ("head", .string(last)),
                    ("defects", .list(audit.defects.map { .string($0) })),
                ])))
            if !audit.defects.isEmpty { throw ExitCode(1) }
        }
    }
}
