import ArgumentParser
import Pipeline
import Records
import Values

struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status", abstract: "Print what there is at each stage, and what is left to do.",
        discussion: """
            --idle ends with 0 only where nothing is left: no file to take, nothing to evaluate, nothing to deliver. openmetrics and prometheus are for \
            monitoring: docs/operations.md has a table of what they tell.
            """)

    /// How the status is printed.
    enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, openmetrics, prometheus }

    @Option(name: .long, help: "Folder that holds crossdock.yaml.") var root = "."
    @Option(name: .long, help: "How it is printed: text, json, openmetrics or prometheus.") var format = Format.text
    @Flag(name: .long, help: "End with 1 where anything is left to do.") var idle = false

    func run() async throws {
        let site = try SiteOptions.site(root)
        if let form = MetricText.Form(rawValue: format.rawValue) { return print(try SiteMetrics(site).text(form)) }
        let status = try SiteStatus(site)
        Console.answer(format == .json ? .json : .text, text: status.text, json: status.value)
        if idle, !status.isIdle { throw ExitCode(1) }
    }
}
