import ArgumentParser
import Diagnostics
import FEEL
import Pipeline
import Values

struct FEELCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "feel", abstract: "Evaluate a FEEL expression.",
        discussion: "Names in it are the keys of --input, such as --input '{\"hours to promise\": 20.5}'.")

    @Argument(help: "The expression.") var expression: String
    @Option(name: .long, help: "A JSON object with the values of names.") var input = "{}"
    @Flag(name: .long, help: "Failures are null, as DMN says, instead of findings.") var standard = false

    func run() async throws {
        guard case .context(let names) = try JSONText.parse(input) else { throw ValidationError("--input is no JSON object") }
        let layout = Layout(names.entries.map { ($0.name, $0.value.type) })
        let compilation = FEEL.expression(expression, layout: layout, profile: standard ? .standard : .strict)
        if Console.report(compilation.diagnostics) { throw ExitCode(1) }
        guard let compiled = compilation.product else { throw ExitCode(1) }
        do {
            let context = EvaluationContext(now: SystemClock.now(), zones: ZoneFiles.catalogue)
            let (value, reasons) = try compiled.evaluateWithReasons(names.entries.map(\.value), context)
            // Why something is null, in the standard profile; each is told once, as the compiler may have done already.
            let told = Set(compilation.diagnostics.map(\.fact))
            Console.report(reasons.filter { !told.contains($0.fact) })
            print(JSONText.write(value))
        } catch {
            Console.report([error.diagnostic])
            throw ExitCode(1)
        }
    }
}
