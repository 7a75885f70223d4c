import Diagnostics
import FEEL
import Formats
import Mapping
import Records
import Values

/// Asks the mapping engine itself what a sample gives at some selectors: each is made into a record of one field.
struct FactProbe {
    struct Question: Hashable {
        let each: String
        /// Nil asks how often the node is there.
        let selector: String?
    }
    /// What came of one question.
    struct Answer {
        var count = 0
        var values = ColumnStatistics()
        /// Bytes of the sample that were read.
        var origins: Set<Range<Int>> = []
    }

    private(set) var answers: [Question: Answer] = [:]

    subscript(each: String, selector: String?) -> Answer { answers[Question(each: each, selector: selector)] ?? Answer() }

    /// - Parameters:
    ///   - reads: what a mapping reads, as YAML within braces.
    ///   - feed: what a feed says besides its name, its mapping and its client, as lines of YAML.
    ///   - structures: files under `Mappings/structures` that the reading needs.
    init(_ questions: [Question], folder: String, reads: String, feed: String, structures: [BundleFile], bytes: [UInt8]) {
        var asked = questions
        // A selector that the structure has no place for is taken out; each turn takes out at least one.
        while !asked.isEmpty {
            let compiled = MappingLibrary.compile(structures + Self.files(asked, folder, reads, feed))
            if let plan = compiled.library?.plan("probe") {
                run(plan, asked, bytes)
                return
            }
            let bad = Set(compiled.diagnostics.filter { $0.severity == .error && $0.position.file?.hasSuffix("/probe.yaml") == true }.compactMap(\.position.line))
            let left = asked.enumerated().filter { !bad.contains(Self.firstLine + $0.offset) }.map(\.element)
            guard left.count < asked.count else { return }
            asked = left
        }
    }

    /// Questions stand one a line from here on.
    private static let firstLine = 4

    private static func files(_ questions: [Question], _ folder: String, _ reads: String, _ feed: String) -> [BundleFile] {
        let head = "mapping: \(folder)/probe\nreads: { \(reads) }\nrecords:\n"
        let lines = questions.map { question in
            let rule = question.selector.map(YAMLScalar.quote) ?? "{ constant: there }"
            return "  - { record: location, each: \(YAMLScalar.quote(question.each)), fields: { location: \(rule) } }\n"
        }
        let feed = "feed: probe\nmappings: [\(folder)/probe]\nclient: PROBE\n" + feed
        return [
            BundleFile(path: "Mappings/\(folder)/probe.yaml", bytes: Array((head + lines.joined()).utf8)),
            BundleFile(path: "Mappings/feeds/probe.yaml", bytes: Array(feed.utf8)),
        ]
    }

    private mutating func run(_ plan: FeedPlan, _ questions: [Question], _ bytes: [UInt8]) {
        let taken = SampleRun.run(plan, bytes, receiver: Collector(count: questions.count))
        for (question, answer) in zip(questions, taken.receiver.answers) { answers[question] = answer }
    }

    private struct Collector: RecordReceiver {
        var answers: [Answer]
        private let slot = RecordCatalogue.definition(.location).slot("location") ?? 1

        init(count: Int) { answers = Array(repeating: Answer(), count: count) }

        mutating func accept(_ record: Record) {
            let index = Int(record.rules[slot]) - FactProbe.firstLine
            guard answers.indices.contains(index) else { return }
            answers[index].count += 1
            answers[index].values.add(record.values[slot].text)
            if let origin = record.origins[slot] { answers[index].origins.insert(origin.field) }
        }
        mutating func report(_ rejected: RejectedRecord) {}
        mutating func found(_ diagnostic: Diagnostic) {}
        /// What a bad set says is evidence all the same.
        mutating func withdraw(from ordinal: Int) {}
    }
}

/// Runs a sample through a feed, as the daemon would.
enum SampleRun {
    static func run<Receiver: RecordReceiver>(
        _ plan: FeedPlan, _ bytes: [UInt8], receiver: Receiver
    ) -> (outcome: MappingOutcome, receiver: Receiver) {
        // A mapping reads no clock, and a draft keeps no instants.
        let context = EvaluationContext(now: Instant(seconds: 0), zone: .utc)
        var session = FeedSession(plan: plan, file: nil, context: context, receiver: receiver)
        var at = 0
        while at < bytes.count {
            let end = min(bytes.count, at + 1 << 16)
            bytes[at..<end].withUnsafeBufferPointer { session.read($0) }
            at = end
        }
        let (_, outcome, receiver) = session.finish()
        return (outcome, receiver)
    }
}
