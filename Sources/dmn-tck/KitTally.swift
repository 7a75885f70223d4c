import DecisionModels
import FlatFiles

/// Counts results by case and level, and tells them.
struct KitTally {
    private struct Key: Hashable, Comparable {
        let level: String
        let folder: String
        let testCase: String

        static func < (left: Key, right: Key) -> Bool {
            (left.level, left.folder, left.testCase) < (right.level, right.folder, right.testCase)
        }
    }

    private struct Count {
        var cases = 0, passed = 0
        var answers = 0, answersPassed = 0
        var java = 0
    }

    private var cases: [Key: [KitRow]] = [:]

    mutating func add(_ row: KitRow) {
        cases[Key(level: row.level, folder: row.folder, testCase: row.testCase), default: []].append(row)
    }

    private func outcome(_ rows: [KitRow]) -> ConformanceVerdict.Outcome {
        if rows.contains(where: { $0.verdict.outcome == .failed }) { return .failed }
        return rows.contains { $0.verdict.outcome == .needsJava } ? .needsJava : .passed
    }

    var hasFailures: Bool { cases.values.contains { outcome($0) == .failed } }

    /// One row a result: level, directory, test case, node, outcome, detail; sorted.
    var csv: [UInt8] {
        var writer = CSVWriter(header: ["level", "directory", "testCase", "node", "outcome", "detail"], lineEnd: .lf)
        for (key, rows) in cases.sorted(by: { $0.key < $1.key }) {
            for row in rows {
                writer.write([
                    key.level, key.folder, key.testCase, row.verdict.node, row.verdict.outcome.rawValue, Self.line(row.verdict.detail),
                ])
            }
        }
        return writer.bytes
    }

    /// The counts by level and in all, then each failure with its reason.
    var text: String {
        var counts: [String: Count] = [:]
        var total = Count()
        var failures: [String] = []
        for (key, rows) in cases.sorted(by: { $0.key < $1.key }) {
            let outcome = outcome(rows), expectsAnswer = rows.contains(where: \.expectsAnswer)
            Self.count(outcome, expectsAnswer, in: &counts[key.level, default: Count()])
            Self.count(outcome, expectsAnswer, in: &total)
            for row in rows where outcome == .failed && row.verdict.outcome == .failed {
                failures.append("  \(key.level) \(key.folder) \(key.testCase) \(row.verdict.node): \(Self.line(row.verdict.detail))")
            }
        }
        var lines = counts.sorted { $0.key < $1.key }.map { Self.told("level \($0.key)", $0.value) }
        if counts.count > 1 { lines.append(Self.told("in all", total)) }
        if total.java > 0 { lines.append("\(total.java) cases need Java code, which is never run; they are counted apart") }
        if !failures.isEmpty { lines.append("\(failures.count) results failed:") }
        return (lines + failures).map { $0 + "\n" }.joined()
    }

    private static func count(_ outcome: ConformanceVerdict.Outcome, _ expectsAnswer: Bool, in count: inout Count) {
        if outcome == .needsJava {
            count.java += 1
            return
        }
        count.cases += 1
        if outcome == .passed { count.passed += 1 }
        guard expectsAnswer else { return }
        count.answers += 1
        if outcome == .passed { count.answersPassed += 1 }
    }

    private static func told(_ what: String, _ count: Count) -> String {
        "\(what): \(count.passed) of \(count.cases) cases passed (\(percent(count.passed, count.cases))); "
            + "of those that expect an answer other than null \(count.answersPassed) of \(count.answers) (\(percent(count.answersPassed, count.answers)))"
    }

    /// With two decimals, never rounded up to 100.
    private static func percent(_ part: Int, _ whole: Int) -> String {
        guard whole > 0 else { return "-" }
        let hundredths = part * 10_000 / whole
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100) %"
    }

    private static func line(_ text: String) -> String { text.split(whereSeparator: \.isNewline).joined(separator: " ") }
}
