import ArgumentParser
import DecisionTables
import Diagnostics
import FEEL
import FlatFiles
import Formats
import Pipeline
import Values

extension TableCommand {
    struct Cover: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Count which rules the rows of a CSV file reach, and which rows fall into gaps.",
            discussion: "The header names the inputs; other columns are passed over, and an input without a column is null. Empty cells are null.")

        @OptionGroup var site: SiteOptions
        @OptionGroup var options: TableOptions
        @Argument(help: "A scheme, or a file with a table.") var table: String
        @Option(name: .long, help: "CSV file with a header.") var rows: String
        @Option(name: .long, help: "Column whose sum is told beside each count.") var sum: String?

        private static let bytesMax = 1 << 30

        func run() async throws {
            let source = try TableSource.read(table, site, options)
            var readerOptions = CSVOptions()
            readerOptions.file = rows
            var reader = CSVReader(options: readerOptions)
            let bytes = try FileBytes.read(CommandFiles.absolute(rows), limit: Self.bytesMax)
            var collector = CoverageRows(source, sum: sum)
            bytes.withUnsafeBufferPointer { reader.read($0, into: &collector) }
            _ = reader.finish(into: &collector)
            let columns = reader.columns ?? []
            if let sum, !columns.contains(sum) { throw ValidationError("\(rows) has no column \(sum); it has \(columns.joined(separator: ", "))") }
            let absent = source.layout.names.filter { !columns.contains($0) }
            if !absent.isEmpty { Console.note("note: no column of \(rows) is \(absent.joined(separator: " or ")), which is null in every row") }
            Console.report(collector.findings.kept + collector.coverage.failures)
            if collector.findings.suppressed > 0 { Console.note("and \(collector.findings.suppressed) more findings") }
            let coverage = collector.coverage
            Console.answer(site.format, text: coverage.text(sum), json: coverage.value(refused: collector.refused))
            if collector.findings.errors > 0 || coverage.failed.rows > 0 { throw ExitCode(1) }
        }
    }
}

/// Gives the rows of a CSV file to a coverage, one after the other; none is kept.
private struct CoverageRows: SourceSink {
    private(set) var coverage: RuleCoverage
    private(set) var findings = DiagnosticList(limit: 20)
    /// Rows of which a value is none of its input's type.
    private(set) var refused = 0
    private let source: TableSource
    private let sum: String?
    private let context = EvaluationContext(now: SystemClock.now(), zones: ZoneFiles.catalogue)
    private var row = 0

    init(_ source: TableSource, sum: String?) {
        self.source = source
        self.sum = sum
        coverage = RuleCoverage(source.table, source.scope)
    }

    mutating func opened(_ node: Int32, in arena: inout SourceArena) {}

    mutating func closed(_ node: Int32, in arena: inout SourceArena) {
        guard arena.nodes[Int(node)].kind == .record else { return }
        row += 1
        var values = [Value](repeating: .null, count: source.layout.count)
        var amount = ExactDecimal.zero
        var isSound = true
        for index in arena.nodes[Int(node)].fields {
            let field = arena.fields[Int(index)]
            let name = field.name >= 0 ? arena.names[Int(field.name)] : "", text = arena.string(field)
            if name == sum, !text.isEmpty {
                if let number = ExactDecimal(text) { amount = number } else { refuse(name, text, "number", &isSound) }
            }
            guard let slot = source.layout.slot(of: name) else { continue }
            if let value = TableSource.value(text, source.layout.types[slot]) {
                values[slot] = value
            } else {
                refuse(name, text, source.layout.types[slot].description, &isSound)
            }
        }
        if isSound { coverage.add(values, amount: amount, context) } else { refused += 1 }
        arena.discard(from: node)
    }

    private mutating func refuse(_ name: String, _ text: String, _ type: String, _ isSound: inout Bool) {
        isSound = false
        findings.add(Diagnostic(
            .tableType, .error, "\(name) is \"\(text)\", which is no \(type)",
            at: SourcePosition(place: .cell(row: row, column: nil, name: name)), hint: "the row is not counted"))
    }

    mutating func found(_ diagnostic: Diagnostic) { if diagnostic.severity != .note { findings.add(diagnostic) } }
}

extension RuleCoverage {
    fileprivate func text(_ sum: String?) -> String {
        func told(_ count: Count) -> String {
            counted(count.rows, "row") + (sum.map { ", \($0) \(count.amount.map(\.description) ?? "past the range of numbers")" } ?? "")
        }
        let table = analysis.table.table
        var lines = [told(total)]
        for (index, rule) in table.rules.enumerated() {
            let id = rule.identity.id.map { " (\($0))" } ?? ""
            lines.append("  rule \(index + 1)\(id): decided \(told(decided[index]))"
                + (matched[index].rows == decided[index].rows ? "" : "; held for \(counted(matched[index].rows, "row"))"))
        }
        if !unmatchedRules.isEmpty { lines.append("never reached: rule\(unmatchedRules.count == 1 ? "" : "s") \(unmatchedRules.map(String.init).joined(separator: ", "))") }
        for (gap, count) in zip(analysis.gaps, gaps) where count.rows > 0 {
            lines.append("no rule: \(told(count)) where \(zip(table.inputs, gap.cells).filter { $0.1 != "-" }.map { "\($0.0.header.text) \($0.1)" }.joined(separator: " and "))")
        }
        if elsewhere.rows > 0 { lines.append("no rule: \(told(elsewhere)) elsewhere") }
        if failed.rows > 0 { lines.append("no answer, as a cell failed or the policy is broken: \(told(failed))") }
        return lines.joined(separator: "\n")
    }

    fileprivate func value(refused: Int) -> Value {
        func counts(_ count: Count) -> [(name: String, value: Value)] {
            [("rows", .integer(count.rows)), ("sum", count.amount.map { .number($0) } ?? .null)]
        }
        return .context(ContextValue([
            ("total", .context(ContextValue(counts(total)))), ("refusedRows", .integer(refused)),
            ("rules", .list(matched.indices.map { rule in
                .context(ContextValue([
                    ("rule", .integer(rule + 1)), ("id", analysis.table.table.rules[rule].identity.id.map(Value.string) ?? .null),
                    ("matched", .context(ContextValue(counts(matched[rule])))), ("decided", .context(ContextValue(counts(decided[rule])))),
                ]))
            })),
            ("neverReached", .list(unmatchedRules.map { .integer($0) })),
            ("gaps", .list(zip(analysis.gaps, gaps).filter { $1.rows > 0 }.map { gap, count in
                .context(ContextValue(counts(count) + [("cells", .list(gap.cells.map(Value.string))), ("witness", gap.witness.value)]))
            })),
            ("elsewhere", .context(ContextValue(counts(elsewhere)))), ("failed", .context(ContextValue(counts(failed)))),
        ]))
    }
}
