import ArgumentParser
import Attributes
import Microsegments
import Pipeline
import Values

extension SchemeCommand {
    struct Drivers: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say which attributes tell an outcome apart, so that it is known by what to divide.",
            discussion: "Prints for each attribute of the scheme's entities how much of the outcome's variance lies between its groups: values of a text or flag, fifths of a number.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "The attribute, a number, that is to be told apart, such as cost or days late.") var outcome: String
        @Option(name: .long, help: "The instant to evaluate as of; now unless said.") var asOf: String?

        func run() async throws {
            let site = try site.site()
            let state = try site.liveState()
            let found = try SchemeCommand.find(scheme, state)
            guard let slot = found.plan.layout.slot(of: outcome) else {
                throw ValidationError("there is no attribute \(outcome); there are \(found.plan.layout.names.joined(separator: ", "))")
            }
            let ranking = try Evaluator(store: site.store, state: state).drivers(found, outcome: slot, now: CommandTime.instant(asOf))
            func told(_ number: Double) -> ExactDecimal { ExactDecimal(number, scale: 4) ?? .zero }
            Console.answer(
                self.site.format,
                text: ranking.drivers.isEmpty
                    ? "no attribute tells \(outcome) apart"
                    : ranking.drivers.map { "\(told($0.etaSquared)) of the variance of \(outcome) lies between \($0.groups) groups of \($0.attribute), \($0.members) members" }.joined(separator: "\n"),
                json: .list(ranking.drivers.map {
                    .context(ContextValue([
                        ("attribute", .string($0.attribute)), ("groups", .integer($0.groups)), ("members", .integer($0.members)), ("etaSquared", .number(told($0.etaSquared))),
                    ]))
                }))
        }
    }
}
