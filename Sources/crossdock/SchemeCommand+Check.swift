import ArgumentParser
import Diagnostics
import Pipeline
import Values

extension SchemeCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the files of schemes as they lie on disk, without side effects.",
            discussion: "With a scheme: its file, its decision model, its attributes, and the actions and overrides that name it. `crossdock check` checks all else too.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme; all unless said.") var scheme: String?

        func run() async throws {
            guard let check = SchemeCheck(try StateFiles.onDisk(root: site.root), name: scheme) else {
                throw ValidationError("no file under Schemes declares a scheme \(scheme ?? "")")
            }
            Console.report(check.findings)
            let errors = check.findings.count { $0.severity == .error }
            Console.answer(
                site.format, text: check.isSound ? "\(check.schemes.joined(separator: ", ")): sound" : Console.count(errors, "error"),
                json: .context(ContextValue([
                    ("sound", .boolean(check.isSound)), ("schemes", .list(check.schemes.map { .string($0) })),
                    ("findings", .list(check.findings.map { $0.value })),
                ])))
            if !check.isSound { throw ExitCode(1) }
        }
    }
}
