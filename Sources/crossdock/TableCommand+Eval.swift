import ArgumentParser
import DecisionTables
import Diagnostics
import FEEL
import Pipeline
import Values

extension TableCommand {
    struct Eval: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Evaluate a table on one row, and say for each rule why it holds or not.")

        @OptionGroup var site: SiteOptions
        @OptionGroup var options: TableOptions
        @Argument(help: "A scheme, or a file with a table.") var table: String
        @Option(name: .long, help: "A JSON object with the values by name; those left out are null.") var input = "{}"

        func run() async throws {
            let explanation = try TableCommand.explanation(TableSource.read(table, site, options), input)
            let lines = explanation.rules.map { rule in
                "  rule \(rule.rule): " + (rule.isMatch ? "yes" : "no, " + rule.failed.map { "\($0.input) is \(JSONText.write($0.value)) and \($0.test) was wanted" }.joined(separator: "; "))
            }
            Console.answer(
                site.format, text: ([explanation.answerText] + lines).joined(separator: "\n"),
                json: .context(ContextValue(explanation.answer)))
            if explanation.hasNoAnswer { throw ExitCode(1) }
        }
    }

    struct Explain: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say why a row gets its answer and no other: what failed in each rule, which rule is nearest, and what would have to change.")

        @OptionGroup var site: SiteOptions
        @OptionGroup var options: TableOptions
        @Argument(help: "A scheme, or a file with a table.") var table: String
        @Option(name: .long, help: "A JSON object with the values by name; those left out are null.") var input = "{}"

        func run() async throws {
            let source = try TableSource.read(table, site, options)
            let explanation = try TableCommand.explanation(source, input)
            Console.answer(site.format, text: explanation.text(source.table), json: explanation.value)
            if explanation.hasNoAnswer { throw ExitCode(1) }
        }
    }

    fileprivate static func explanation(_ source: TableSource, _ input: String) throws -> RowExplanation {
        guard case .context(let given) = try JSONText.parse(input) else { throw ValidationError("--input is no JSON object") }
        do {
            let explanation = try source.table.explain(source.row(given), EvaluationContext(now: SystemClock.now(), zones: ZoneFiles.catalogue))
            if let failure = explanation.failure { Console.report([failure]) }
            return explanation
        } catch let failure as EvaluationFailure {
            Console.report([failure.diagnostic])
            throw ExitCode(1)
        }
    }
}

extension RowExplanation {
    fileprivate var hasNoAnswer: Bool { failure != nil || outcome.map { $0.matchedRules.isEmpty && $0.outputs.isEmpty } ?? true }

    fileprivate var answerText: String {
        guard !hasNoAnswer, let outcome else { return failure == nil ? "no answer: no rule holds" : "no answer" }
        let outputs = outcome.outputs.map(\.text).joined(separator: ", ")
        if outcome.matchedRules.isEmpty { return "\(outputs) as no rule holds" }
        return "\(outputs) by rule \(outcome.matchedRules.map(String.init).joined(separator: ", "))"
    }

    fileprivate func text(_ table: CompiledTable) -> String {
        var lines = [answerText]
        let deciding = Set(outcome?.matchedRules ?? [])
        for rule in rules {
            let name = "  rule \(rule.rule)\(rule.id.map { " (\($0))" } ?? "")"
            if rule.isMatch {
                lines.append("\(name) holds\(deciding.contains(rule.rule) ? " and decides" : ", and another one decides")")
            } else {
                lines.append("\(name) does not hold:")
                lines += rule.failed.map { "    \($0.text)" }
            }
        }
        if let nearest {
            lines.append("nearest is rule \(nearest.rule), \(counted(nearest.failed.count, "cell")) away:")
            lines += nearest.failed.map { "  \($0.text)" }
            if table.table.hitPolicy == .first, let decider = deciding.min(), decider < nearest.rule {
                lines.append("  rule \(decider) would still come first")
            }
        }
        return lines.joined(separator: "\n")
    }

    fileprivate var answer: [(name: String, value: Value)] {
        [
            ("outputs", .list(outcome?.outputs ?? [])), ("rules", .list((outcome?.matchedRules ?? []).map { .integer($0) })),
            ("failure", failure?.value ?? .null),
        ]
    }

    fileprivate var value: Value {
        .context(ContextValue(answer + [
            ("explanations", .list(rules.map(\.value))), ("nearest", nearest?.value ?? .null),
        ]))
    }
}

extension RuleExplanation {
    fileprivate var value: Value {
        .context(ContextValue([
            ("rule", .integer(rule)), ("id", id.map(Value.string) ?? .null), ("holds", .boolean(isMatch)), ("distance", .number(distance)),
            ("failed", .list(failed.map { cell in
                .context(ContextValue([
                    ("column", .integer(cell.column)), ("input", .string(cell.input)), ("wanted", .string(cell.test)), ("value", cell.value),
                    ("nearest", cell.nearest?.value ?? .null), ("side", cell.nearest.map { .string($0.side.rawValue) } ?? .null),
                    ("distance", .number(cell.distance)), ("text", .string(cell.text)),
                ]))
            })),
        ]))
    }
}
