import ArgumentParser
import ChangeControl
import Diagnostics
import Pipeline
import Values

/// `crossdock fallback`: work by hand, and back.
struct FallbackCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fallback", abstract: "Lists of what everybody has now, for work by hand; and the way back from it.",
        discussion: "docs/operations.md tells it step by step.", subcommands: [WriteList.self, CheckList.self, Take.self])

    struct WriteList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "write", abstract: "Write a list now: a CSV file for each scheme, with empty columns for what is decided by hand.")

        @OptionGroup var options: SiteOptions
        @Option(help: "Folder to put it into; that of crossdock.yaml, or Var/fallback, where it is left out.") var folder: String?

        func run() async throws {
            let site = try options.site()
            let parent = folder.map(CommandFiles.absolute) ?? site.path(site.configuration.fallback?.folder ?? "Var/fallback")
            let list = try FallbackList.write(site, to: parent, now: SystemClock.now())
            Console.answer(
                options.format,
                text: (["\(list.entities) standings in \(list.folder)"] + list.degraded.map { "degraded: \($0)" }).joined(separator: "\n"),
                json: .context(ContextValue([
                    ("folder", .string(list.folder)), ("entities", .integer(list.entities)), ("degraded", .list(list.degraded.map(Value.string))),
                ])))
        }
    }

    struct CheckList: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check", abstract: "Check that a list is as it was written, from its files alone: no store and no site is needed.")

        @Argument(help: "Folder of the list.") var folder: String
        @Option(help: "Key that checkpoints are signed by, as NAME+HASH+BASE64; `crossdock init` printed it.") var key: String

        func validate() throws {
            guard VerifierKey(key) != nil else { throw ValidationError("--key is NAME+HASH+BASE64, as `crossdock init` printed it.") }
        }

        func run() async throws {
            guard let key = VerifierKey(key) else { preconditionFailure("the options were not checked") }
            let defects = FallbackList.defects(in: CommandFiles.absolute(folder), key: key)
            print(defects.isEmpty ? "the list is as it was written" : defects.joined(separator: "\n"))
            if !defects.isEmpty { throw ExitCode(1) }
        }
    }

    struct Take: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Bring back what was decided by hand: reconcile it, make overrides of it, or flag it.",
            discussion: """
                The overrides are written under Overrides/ and are not live: `crossdock change propose` puts them before an approver. Each row is \
                answered for in the log. A file is taken once.
                """)

        @OptionGroup var options: SiteOptions
        @Argument(help: "CSV file of a list, filled in.") var file: String
        @Option(help: "Who brings it back: a person of governance.") var by: Principal

        func run() async throws {
            let taken = try FallbackReconciliation.take(CommandFiles.absolute(file), by: by, site: options.site(), now: SystemClock.now())
            let lines = taken.rows.map { row in
                switch row.outcome {
                case .agrees: "line \(row.line): \(LineText.name(row.entity)) is there already"
                case .override(let id): "line \(row.line): \(LineText.name(row.entity)) becomes override \(id)"
                case .flagged(let why): "line \(row.line): \(LineText.name(row.entity)) FLAGGED: \(LineText.line(why))"
                }
            }
            let next = taken.file.map { ["\($0) holds the overrides; put them before an approver: crossdock change propose"] } ?? []
            Console.answer(
                options.format, text: (lines.isEmpty ? ["no row was filled in"] : lines + next).joined(separator: "\n"),
                json: .context(ContextValue([
                    ("rows", .list(taken.rows.map(\.value))),
                    ("file", taken.file.map(Value.string) ?? .null),
                ])))
            if taken.flagged > 0 { throw ExitCode(1) }
        }
    }
}
