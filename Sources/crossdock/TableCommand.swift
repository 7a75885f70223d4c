import ArgumentParser
import Attributes
import DecisionTables
import FEEL
import Microsegments
import Pipeline
import Values

struct TableCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "table", abstract: "Check, try and convert decision tables.",
        subcommands: [Check.self, Eval.self, Convert.self])

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print a table's inputs, outputs and rules.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String

        func run() async throws {
            let table = try site.schemeOnDisk(scheme).table
            let inputs = table.table.inputs.map(\.header.text)
            Console.answer(
                site.format,
                text: "\(table.table.hitPolicy), \(table.table.rules.count) rules; inputs: \(inputs.joined(separator: ", ")); outputs: \(table.outputNames.joined(separator: ", "))",
                json: .context(ContextValue([
                    ("hitPolicy", .string(table.table.hitPolicy.description)), ("rules", .integer(table.table.rules.count)),
                    ("inputs", .list(inputs.map(Value.string))), ("outputs", .list(table.outputNames.map(Value.string))),
                ])))
        }
    }

    struct Eval: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluate a table on attribute values, and say for each rule why it matches or not.")

        @OptionGroup var site: SiteOptions
        @Argument(help: "The scheme.") var scheme: String
        @Option(name: .long, help: "A JSON object with the attributes by name; those left out are null.") var input = "{}"

        func run() async throws {
            guard case .context(let given) = try JSONText.parse(input) else { throw ValidationError("--input is no JSON object") }
            let scheme = try site.schemeOnDisk(scheme)
            if let unknown = given.names.first(where: { scheme.plan.layout.slot(of: $0) == nil }) {
                throw ValidationError("the scheme has no attribute \(unknown); it has \(scheme.plan.layout.names.joined(separator: ", "))")
            }
            let row = scheme.plan.layout.names.map { given[$0] ?? .null }
            let context = EvaluationContext(now: SystemClock.now(), zones: ZoneFiles.catalogue)
            do {
                let outcome = try scheme.table.evaluate(row, context)
                let rules = try scheme.table.explain(row, context).rules
                let lines = rules.map { rule in
                    "  rule \(rule.rule): " + (rule.isMatch ? "yes" : "no, " + rule.failed.map { "\($0.input) is \(JSONText.write($0.value)) and \($0.test) was wanted" }.joined(separator: "; "))
                }
                Console.answer(
                    site.format,
                    text: (["\(outcome.outputs.map(\.text).joined(separator: ", ")) by rule \(outcome.matchedRules.map(String.init).joined(separator: ", "))"] + lines).joined(separator: "\n"),
                    json: .context(ContextValue([
                        ("outputs", .list(outcome.outputs)), ("rules", .list(outcome.matchedRules.map { .integer($0) })),
                    ])))
                if outcome.matchedRules.isEmpty { throw ExitCode(1) }
            } catch let failure as EvaluationFailure {
                Console.report([failure.diagnostic])
                throw ExitCode(1)
            }
        }
    }
}

extension SiteOptions {
    /// A scheme as it lies on disk.
    func schemeOnDisk(_ name: String) throws -> Scheme {
        let (bundle, findings) = try StateFiles.onDisk(root: root).compile()
        guard let bundle else {
            Console.report(findings)
            throw ExitCode(1)
        }
        guard let scheme = bundle.scheme(name) else {
            throw ValidationError("there is no scheme \(name); there are \(bundle.schemes.map(\.name).joined(separator: ", "))")
        }
        return scheme
    }
}
