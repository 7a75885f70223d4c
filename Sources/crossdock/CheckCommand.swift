import ArgumentParser
import ChangeControl
import Diagnostics
import Mapping
import Microsegments
import Pipeline
import Values

struct CheckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Check all configuration as it lies on disk, without side effects.",
        discussion: "Checks crossdock.yaml, Mappings, Schemes, Overrides and Governance, and that actions and routes name targets that there are.")

    @OptionGroup var site: SiteOptions
    @Flag(name: .long, help: "Fail also where the daemon would not start on this machine, as a secret or a certificate is missing, or nothing is live yet.") var here = false

    func run() async throws {
        let configuration = try Site.readConfiguration(root: site.root)
        let files = try StateFiles.onDisk(root: site.root)
        let (bundle, findings) = files.compile()
        var persons = "no keys of persons yet", wrong: [Diagnostic] = [], startsNot = false
        do {
            persons = "\(try ChangeDesk.governance(of: files).persons.count) persons"
        } catch let failure as PipelineFailure where files.files.contains(where: { $0.path == Governance.signersPath }) {
            wrong = failure.diagnostics
            if wrong.isEmpty { throw failure }
        } catch {
            // A site whose keys are not made yet can still be mapped and tried.
            Console.note("warning: \(error)")
        }
        do {
            _ = try TargetDirectory(configuration, root: site.root)
            try configuration.checkPulls(root: site.root)
        } catch {
            // A secret may come with the machine that the daemon runs on.
            Console.note("\(here ? "error" : "warning"): the daemon would not start here: \(error)")
            startsNot = here
        }
        if here {
            do {
                _ = try Site.open(root: site.root, makesStore: false).liveState()
            } catch {
                // The daemon works by what was approved, and not by what lies on disk.
                Console.note("error: the daemon would not start here: \(error)")
                startsNot = true
            }
        }
        let all = findings + wrong + (bundle.map { configuration.missingTargets(of: $0) + configuration.missingFeeds(of: $0) + $0.library.untested } ?? [])
        let isBad = Console.report(all)
        let count = bundle.map { [persons] in "\($0.library.feeds.count) feeds, \($0.library.mappings.count) mappings, \($0.library.partners.partners.count) partners, \($0.schemes.count) schemes, \($0.actions.count) actions, \($0.overrides.all.count) overrides, \(persons)" }
        Console.answer(
            site.format,
            text: isBad ? Console.count(all.count { $0.severity == .error }, "error") : "\(count ?? ""): sound; state \(files.manifests.id)",
            json: .context(ContextValue([
                ("sound", .boolean(!isBad)), ("startsHere", here ? .boolean(!startsNot) : .null), ("state", .string(files.manifests.id.description)),
                ("findings", .list(all.map { $0.value })),
            ])))
        if isBad || startsNot { throw ExitCode(1) }
    }
}
