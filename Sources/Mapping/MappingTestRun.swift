package import Diagnostics
package import FEEL
import Records
import Values

/// What a mapping makes of the input of one case, and how that differs from what is expected.
package struct MappingTestResult: Sendable {
    /// One line a record, as `records.jsonl` has them.
    package let records: [String]
    /// One line a finding: errors and warnings in the order found, those of rejected records last.
    package let findings: [String]
    /// Whether the case could be run: else nothing is known of what comes out.
    package var isRun = true
    /// One sentence each; empty where the case passed.
    package let differences: [String]

    /// The text of a file of lines.
    package static func text(_ lines: [String]) -> String { lines.map { $0 + "\n" }.joined() }
}

extension MappingLibrary {
    /// Runs one case of a mapping's tests.
    ///
    /// - Parameters:
    ///   - context: its zones are those that a suite may name.
    ///   - piece: how many bytes the reader gets at a time; what comes out does not depend on it.
    package func run(
        _ test: MappingTestCase, of suite: MappingTestSuite, context: EvaluationContext, piece: Int = 1 << 16
    ) -> MappingTestResult {
        if let zone = suite.zone, context.zones[zone] == nil {
            return MappingTestResult(records: [], findings: [], isRun: false, differences: ["\(zone) is no time zone that this machine knows"])
        }
        let receiver = collect(test.input.bytes, named: test.input.path, suite, context, piece: piece)
        let records = receiver.records.map(\.line), findings = receiver.findings
        return MappingTestResult(
            records: records, findings: findings,
            differences: MappingTestComparison.records(test.records, receiver.records) + MappingTestComparison.findings(test.diagnostics, findings))
    }

    /// The mappings that no case tests, as findings.
    package var untested: [Diagnostic] {
        mappings.filter { mapping in !tests.contains { $0.mapping == mapping.name && !$0.cases.isEmpty } }.map { mapping in
            let stem = mapping.file.split(separator: "/").last?.split(separator: ".").dropLast().joined(separator: ".") ?? mapping.name
            return Diagnostic(
                .mapUntested, .error, "mapping \(mapping.name) has no test", at: SourcePosition(file: mapping.file),
                hint: "put a sample into \(stem)\(MappingTestSuite.suffix)/ beside it, run `crossdock map test --update`, and read what it expects")
        }
    }

    /// Maps bytes as the cases of a suite are mapped.
    func collect(_ bytes: [UInt8], named file: String, _ suite: MappingTestSuite, _ context: EvaluationContext, piece: Int = 1 << 16) -> RecordCollector {
        guard let plan = plan(testing: suite) else { preconditionFailure("the suite was checked to name a mapping and a feed of the bundle") }
        let zone = suite.zone.flatMap { context.zones[$0] } ?? .utc
        var session = FeedSession(plan: plan, file: file, context: EvaluationContext(now: context.now, zone: zone, zones: context.zones), references: ReferenceList(suite.references), receiver: RecordCollector())
        bytes.withUnsafeBufferPointer { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + piece)
                session.read(UnsafeBufferPointer(rebasing: bytes[start..<end]))
                start = end
            }
        }
        return session.finish().receiver
    }

    private func plan(testing suite: MappingTestSuite) -> FeedPlan? {
        if let feed = suite.feed { return plan(feed) }
        return mappings.first { $0.name == suite.mapping }.map { plan(.plain(for: $0)) }
    }
}
