import ArgumentParser
import Pipeline
import Records
import Values

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Print what there is at each stage, and what is left to do.",
        discussion: "--idle ends with 0 only where nothing is left: no file to take, nothing to evaluate, nothing to deliver.")

    @OptionGroup var site: SiteOptions
    @Flag(name: .long, help: "End with 1 where anything is left to do.") var idle = false

    func run() async throws {
        let site = try site.site()
        let status = try SiteStatus(site)
        Console.answer(self.site.format, text: status.text, json: status.value)
        if idle, !status.isIdle { throw ExitCode(1) }
    }
}
