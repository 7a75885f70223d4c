import ArgumentParser
import ChangeControl
import Pipeline
import Values

extension ChangeCommand {
    struct Assess: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find anew what a request does, and bind it to that.",
            discussion: "Proposing does it once. Approvals of another report are void afterwards.")

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID

        func run() async throws {
            let (request, report) = try ChangeDesk(site: options.site()).assess(request, at: SystemClock.now())
            Console.answer(options.format, text: "\(ChangeText.line(request))\n\(report.page(title: "What \(request.id) does").markdown)", json: report.value)
        }
    }

    struct Impact: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Tell what a request does: who moves, what goes out, whose contracts are touched.",
            discussion: """
                It is found on a copy of what is live now, with the evaluator and the transactions of a real activation; nothing is kept. \
                --signed prints the report that approvals are bound to instead, byte for byte: its SHA-256 is in the statement.
                """)

        @OptionGroup var options: SiteOptions
        @Argument(help: "Request, such as CR-0001.") var request: ChangeRequestID
        @Flag(help: "Print the report that approvals are bound to, as it is digested.") var signed = false
        @Flag(help: "Answer as one HTML page.") var html = false

        func run() async throws {
            let desk = ChangeDesk(site: try options.site())
            if signed { return print(try desk.assessment(request), terminator: "") }
            let report = try desk.impact(request, at: SystemClock.now())
            let page = report.page(title: "What \(request) does")
            if html { return print(page.html) }
            Console.answer(options.format, text: page.markdown, json: report.value)
        }
    }
}
