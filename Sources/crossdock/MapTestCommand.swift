import ArgumentParser
import Configurations
import Diagnostics
import FEEL
import FoundationEssentials
import Mapping
import Pipeline
import Values

struct MapTestCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test", abstract: "Run the tests that lie beside the mappings: input, expected records, expected findings.",
        discussion: """
            The cases of Mappings/x12/850-orders.yaml are in Mappings/x12/850-orders.tests: plain.edi is mapped, and what comes out must be \
            plain.records.jsonl and, as errors and warnings, plain.diagnostics.txt. The last line counts the cases.
            """)

    @OptionGroup var site: SiteOptions
    @Argument(help: "Mappings whose tests are run, such as x12/850-orders or x12/; all where none is named.") var mappings: [String] = []
    @Flag(name: .long, help: "Write what comes out as what is expected. Read the change before you commit it.") var update = false

    func run() async throws {
        let (compiled, findings) = try StateFiles.onDisk(root: site.root).compile()
        guard let bundle = compiled else {
            Console.report(findings)
            throw ExitCode(1)
        }
        let library = bundle.library
        let suites = library.tests.filter { suite in mappings.isEmpty || mappings.contains { suite.mapping == $0 || ($0.hasSuffix("/") && suite.mapping.hasPrefix($0)) } }
        for name in mappings where !suites.contains(where: { $0.mapping == name || (name.hasSuffix("/") && $0.mapping.hasPrefix(name)) }) {
            let known = library.tests.map(\.mapping)
            throw ValidationError("mapping \(name) has no tests; \(NearestName.of(name, in: known).map { "did you mean \($0)?" } ?? "there are those of \(known.joined(separator: ", "))")")
        }
        let context = EvaluationContext(now: SystemClock.now(), zone: bundle.zone, zones: bundle.zones)
        var passed = 0, failed: [Value] = []
        for suite in suites {
            for test in suite.cases {
                let result = library.run(test, of: suite, context: context)
                if update, result.isRun {
                    try write(result, test, suite)
                    passed += 1
                    continue
                }
                var outcomes = [(name: test.name, differences: result.differences)]
                for outbound in library.inverses(of: suite.mapping) {
                    guard let differences = library.roundTrip(test, through: outbound, of: suite, context: context) else { continue }
                    outcomes.append(("\(test.name), there and back through \(outbound)", differences))
                }
                for outcome in outcomes {
                    if outcome.differences.isEmpty { passed += 1 } else { failed.append(told(outcome.name, outcome.differences, test, suite)) }
                }
            }
        }
        Console.answer(
            site.format, text: update ? "\(passed) cases written" : "\(passed) passed, \(failed.count) failed",
            json: .context(ContextValue([
                ("passed", .integer(passed)), ("failed", .list(failed)), ("updated", .boolean(update)),
            ])))
        if !failed.isEmpty { throw ExitCode(1) }
    }

    private func told(_ name: String, _ differences: [String], _ test: MappingTestCase, _ suite: MappingTestSuite) -> Value {
        Console.note("\(suite.mapping), case \(name): \(test.input.path)")
        for difference in differences { Console.note("  " + difference) }
        return .context(ContextValue([
            ("mapping", .string(suite.mapping)), ("case", .string(name)), ("differences", .list(differences.map { .string($0) })),
        ]))
    }

    private func write(_ result: MappingTestResult, _ test: MappingTestCase, _ suite: MappingTestSuite) throws {
        try replace(test.records, MappingTestResult.text(result.records), suite.recordsPath(of: test))
        if result.findings.isEmpty, test.diagnostics != nil {
            // A case without findings has no file of them.
            try FileManager.default.removeItem(atPath: CommandFiles.absolute("\(site.root)/\(suite.diagnosticsPath(of: test))"))
            Console.note("took away \(suite.diagnosticsPath(of: test))")
        } else if !result.findings.isEmpty {
            try replace(test.diagnostics, MappingTestResult.text(result.findings), suite.diagnosticsPath(of: test))
        }
    }

    private func replace(_ file: BundleFile?, _ text: String, _ path: String) throws {
        guard file?.bytes != Array(text.utf8) else { return }
        try CommandFiles.write(text, to: CommandFiles.absolute("\(site.root)/\(path)"))
        Console.note("wrote \(path)")
    }
}
