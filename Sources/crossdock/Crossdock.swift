import ArgumentParser
import Diagnostics
import Pipeline

/// The command line of Crossdock.
@main
struct Crossdock: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "crossdock",
        abstract: "Files from ERP, WMS and carriers in; micro-segments, action files and webhooks out.",
        discussion: """
            Every command works on a site: the folder that holds crossdock.yaml (--root, the current folder unless said).
            Exit status: 0 done, 1 the answer is no or the data is bad, 2 the call is wrong.
            """,
        version: Site.engine,
        groupedSubcommands: [
            CommandGroup(name: "The daemon:", subcommands: [InitCommand.self, RunCommand.self, StatusCommand.self, BackupCommand.self, RestoreCommand.self, FallbackCommand.self, FeedsCommand.self, WebhookReceiverCommand.self]),
            CommandGroup(name: "Trying out, with no side effects:", subcommands: [CheckCommand.self, ReadCommand.self, WriteCommand.self, AckCommand.self, MapCommand.self, RecordsCommand.self, SchemaCommand.self, FEELCommand.self, TableCommand.self]),
            CommandGroup(name: "What happened and why:", subcommands: [WhyCommand.self, ExplainCommand.self, HistoryCommand.self, TransitionsCommand.self, AttributesCommand.self, OutboxCommand.self, QuarantineCommand.self, QualityCommand.self, SchemeCommand.self, OverrideCommand.self]),
            CommandGroup(name: "Change control:", subcommands: [ChangeCommand.self, GovernanceCommand.self, DisputeCommand.self, PrivacyCommand.self, AuditCommand.self]),
        ])

    /// Wrong calls end with 2, bad data and refusals with 1.
    static func main() async {
        do {
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch let code as ExitCode {
            exit(withError: code)
        } catch let failure as PipelineFailure {
            Console.note("error: \(failure)")
            exit(withError: ExitCode(1))
        } catch {
            let code = exitCode(for: error)
            if code == .success { exit(withError: error) }
            if code == .validationFailure || "\(type(of: error))" == "CommandError" {
                Console.note(fullMessage(for: error))
                exit(withError: ExitCode(2))
            }
            Console.note("error: \(error)")
            exit(withError: ExitCode(1))
        }
    }
}
