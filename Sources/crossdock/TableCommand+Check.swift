import ArgumentParser
import DecisionTables
import Diagnostics
import Values

extension TableCommand {
    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Find the rows that no rule covers, rules that overlap or never decide, and what else is surely not meant.",
            discussion: "Exit status 1 where a finding is an error; with --strict also where one is a warning.")

        @OptionGroup var site: SiteOptions
        @OptionGroup var options: TableOptions
        @Argument(help: "A scheme, or a file with a table.") var table: String
        @Flag(name: .long, help: "Warnings count as errors.") var strict = false

        func run() async throws {
            let source = try TableSource.read(table, site, options)
            let analysis = TableAnalysis.make(source.table, source.scope)
            if site.format == .text { Console.report(analysis.findings.map(\.diagnostic)) }
            Console.answer(site.format, text: analysis.text, json: analysis.value)
            if analysis.count(.error) > 0 || (strict && analysis.count(.warning) > 0) { throw ExitCode(1) }
        }
    }
}

extension TableAnalysis {
    /// What was found, in a few lines.
    fileprivate var text: String {
        let written = table.table
        var lines = [
            "\(written.hitPolicy), \(counted(written.rules.count, "rule")) over \(inputs.joined(separator: ", ")); gives \(table.outputNames.joined(separator: ", "))"
        ]
        let many = hasAllGaps ? "" : " that were found"
        lines.append(gaps.isEmpty ? (hasAllGaps ? "every row has a rule" : "no gap was found") : "\(counted(gaps.count, "gap"))\(many)")
        if !inputsWithoutNull.isEmpty {
            lines.append("not asked: what happens where \(inputsWithoutNull.joined(separator: " or ")) is null (--nulls always)")
        }
        let differing = overlaps.count { $0.agrees != true }
        lines.append(overlapCount == 0 ? "no two rules overlap" : "\(counted(overlapCount, "pair")) of rules overlap, \(differing) with other outputs; \(written.hitPolicy.inWords)")
        lines.append("\(counted(count(.error), "error")), \(counted(count(.warning), "warning")), \(counted(count(.note), "note"))")
        return lines.joined(separator: "\n")
    }

    fileprivate var value: Value {
        .context(ContextValue([
            ("hitPolicy", .string(table.table.hitPolicy.description)), ("rules", .integer(table.table.rules.count)),
            ("inputs", .list(inputs.map(Value.string))), ("outputs", .list(table.outputNames.map(Value.string))),
            ("gaps", .list(gaps.map { gap in
                .context(ContextValue([("cells", .list(gap.cells.map(Value.string))), ("witness", gap.witness.value)]))
            })),
            ("hasAllGaps", .boolean(hasAllGaps)), ("inputsWithoutNull", .list(inputsWithoutNull.map(Value.string))),
            ("overlapCount", .integer(overlapCount)),
            ("overlaps", .list(overlaps.map { overlap in
                .context(ContextValue([
                    ("rules", .list([.integer(overlap.first), .integer(overlap.second)])), ("kind", .string(overlap.kind.rawValue)),
                    ("agrees", overlap.agrees.map { .boolean($0) } ?? .null), ("cells", .list(cells(of: overlap).map(Value.string))),
                    ("witness", witness(of: overlap).value),
                ]))
            })),
            ("errors", .integer(count(.error))), ("warnings", .integer(count(.warning))), ("notes", .integer(count(.note))),
            ("findings", .list(findings.map(\.value))),
        ]))
    }
}

extension TableFinding {
    fileprivate var value: Value {
        guard case .context(var entries) = diagnostic.value else { return .null }
        entries["fact"] = .string(fact)
        entries["rules"] = .list(rules.map { .integer($0) })
        if let cells { entries["cells"] = .list(cells.map(Value.string)) }
        if !witness.isEmpty { entries["witness"] = witness.value }
        return .context(entries)
    }
}

extension [TableWitness] {
    /// The values by input.
    var value: Value { .context(ContextValue(map { ($0.input, $0.value) })) }
}

extension HitPolicy {
    /// What becomes of rules that overlap.
    fileprivate var inWords: String {
        switch self {
        case .unique: "which UNIQUE does not allow"
        case .any: "which ANY allows where they give the same"
        case .first: "the upper one decides"
        case .priority: "the one whose output comes first decides"
        case .ruleOrder, .outputOrder, .collect(nil): "all of them are listed"
        case .collect: "all of them count"
        }
    }
}

/// `1 rule`, `3 rules`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
