import Diagnostics
import Formats
import Mapping
import Records

extension Drafter {
    /// Puts the files together and runs them over the sample, so that the draft says what came of it.
    func finish(_ parts: Parts) throws(DraftFailure) -> Draft {
        let mapping = "\(parts.folder)/\(name)"
        let whose = request.client == nil ? "   # 0.00 WHOSE GOODS THESE ARE is not in the sample" : ""
        let feedText = "feed: \(name)\nmappings: [\(mapping)]\nclient: \(YAMLScalar.spell(client))\(whose)\n\(parts.feed)"
        let lines = parts.records.flatMap(\.lines)
        var text = DraftText(mapping: mapping, reads: parts.reads, records: parts.records, head: [], unused: parts.unused)
        // What the sample gives does not change with the comments.
        let tried = try self.tried(mapping, text.text, feedText, needing: parts.structures)
        let made = tried.outcome.records.sorted { $0.key.rawValue < $1.key.rawValue }.map { "\($0.value) \($0.key.rawValue)" }.joined(separator: ", ")
        text.head = ["A first draft, from a sample. The figure behind a line says how sure it is, 0 to 1: mend the low ones, then take the comments away."]
            + parts.head + ["The sample gives \(made.isEmpty ? "no record" : made); \(tried.outcome.reported) reported"] + tried.firstReports
        return Draft(
            mapping: mapping, feed: name, mappingText: text.text, feedText: feedText, lines: lines.count,
            sure: lines.filter { $0.confidence >= 0.8 }.count, unfounded: lines.filter { $0.confidence == 0 }.count,
            records: tried.outcome.records, reported: tried.outcome.reported, testInput: parts.testInput, testEnding: parts.testEnding)
    }

    private func tried(
        _ mapping: String, _ mappingText: String, _ feedText: String, needing needed: [BundleFile]
    ) throws(DraftFailure) -> (outcome: MappingOutcome, firstReports: [String]) {
        let compiled = MappingLibrary.compile(needed + [
            BundleFile(path: "Mappings/\(mapping).yaml", bytes: Array(mappingText.utf8)),
            BundleFile(path: "Mappings/feeds/\(name).yaml", bytes: Array(feedText.utf8)),
        ])
        guard let plan = compiled.library?.plan(name) else { throw .unsound(compiled.diagnostics.filter { $0.severity == .error }) }
        let run = SampleRun.run(plan, file.bytes, receiver: ReportCollector())
        return (run.outcome, run.receiver.facts)
    }

    /// Keeps a few reasons, each code once.
    private struct ReportCollector: RecordReceiver {
        var facts: [String] = []
        private var codes: Set<String> = []

        mutating func accept(_ record: Record) {}
        mutating func report(_ rejected: RejectedRecord) {
            guard facts.count < 5, codes.insert(rejected.code.name).inserted, let first = rejected.diagnostics.first else { return }
            facts.append("Reported, as \(rejected.code.name): \(first.fact)")
        }
        mutating func found(_ diagnostic: Diagnostic) {
            guard diagnostic.severity == .error, facts.count < 5, codes.insert(diagnostic.code.name).inserted else { return }
            facts.append("Found, as \(diagnostic.code.name): \(diagnostic.fact)")
        }
        mutating func withdraw(from ordinal: Int) {}
    }
}
