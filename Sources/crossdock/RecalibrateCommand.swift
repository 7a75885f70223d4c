import ArgumentParser
import Foundation
import Microsegments
import Pipeline
import Values

extension SchemeCommand {
    struct Recalibrate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find new clusters for a scheme, try their stability, and write the model beside the scheme.",
            discussion: """
                Works on the scheme as it lies on disk and on the records of the store. Writes SCHEME.clusters.jsonl, the frozen model, and SCHEME.clusters.md, \
                its card; they go live with a change request. Where the clusters do not come again when the rows are drawn anew, nothing is written, and the exit status is 1.
                """)

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "The instant to evaluate as of; now unless said.") var asOf: String?
        @Option(name: .long, help: "Also write the card as a page of HTML to this file.") var html: String?
        @Flag(name: .long, help: "Try all methods, print how they compare, and write nothing.") var compare = false
        @Flag(name: .long, help: "Print the card, and write nothing.") var dryRun = false
        @Flag(name: .long, help: "Recalibrate although feeds are bad.") var despiteBadFeeds = false

        func run() async throws {
            let site = try site.site()
            if compare {
                let comparison = try SchemeRecalibration.compare(scheme, site: site, asOf: CommandTime.instant(asOf))
                return Console.answer(self.site.format, text: comparison.text, json: .string(comparison.text))
            }
            let found = try SchemeRecalibration(scheme, site: site, asOf: CommandTime.instant(asOf), despiteBadFeeds: despiteBadFeeds)
            let made = found.made, card = ModelCard(made), isWritten = !made.isHeld && !dryRun
            if found.isFormerModelUnfit { Console.note("warning: the former model does not fit the scheme any more; names begin anew") }
            if let html { try Data(card.page.html.utf8).write(to: URL(fileURLWithPath: html), options: .atomic) }
            if isWritten { try found.write(in: site) }
            let end = isWritten ? "wrote \(found.modelPath) and \(found.cardPath); propose them with `crossdock change propose`" : "nothing was written"
            Console.answer(
                self.site.format, text: (isWritten ? made.text : card.page.markdown) + "\n" + end,
                json: .context(ContextValue([
                    ("found", made.value), ("written", .boolean(isWritten)), ("model", .string(found.modelPath)), ("card", .string(found.cardPath)),
                ])))
            if made.isHeld { throw ExitCode(1) }
        }
    }
}
