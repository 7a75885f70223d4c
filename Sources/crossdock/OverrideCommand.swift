import ArgumentParser
import Microsegments
import Pipeline
import Values

struct OverrideCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "override", abstract: "Review the live overrides: what is in force, where people and rules disagree, what can be taken out.",
        subcommands: [List.self])

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "List the live overrides with what the rules say.",
            discussion: "An override is a file under Overrides/, or a row of a CSV file there; it goes live by a change request.")

        @OptionGroup var site: SiteOptions
        @Option(name: .long, help: "Only those of a scheme.") var scheme: String?
        @Flag(name: .long, help: "Only those in force that differ from what the rules say.") var disagreeing = false
        @Flag(name: .long, help: "Only those that somebody should look at.") var advised = false

        func run() async throws {
            let site = try site.site()
            let state = try site.liveState()
            let review = try OverrideReview(state.bundle.overrides, schemes: state.bundle.schemes, store: site.store, now: SystemClock.now())
            let entries = review.entries.filter { entry in
                (scheme.map { $0 == entry.override.scheme } ?? true) && (!disagreeing || entry.disagreesSince != nil) && (!advised || entry.advice != nil)
            }
            Console.answer(
                self.site.format, text: entries.isEmpty ? "there are none" : entries.map(\.text).joined(separator: "\n"),
                json: .list(entries.map(\.value)))
        }
    }
}
