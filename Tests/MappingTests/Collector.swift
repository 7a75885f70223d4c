import Diagnostics
import Formats
import Mapping
import Records
import Values

/// Takes everything that a session gives, as it comes.
struct Collector: RecordReceiver {
    var records: [Record] = []
    var rejected: [RejectedRecord] = []
    var diagnostics: [Diagnostic] = []
    var interchanges: [InterchangeHeader] = []
    /// Records that were withdrawn, as a loader would.
    var withdrawn = 0

    mutating func accept(_ record: Record) { records.append(record) }
    mutating func report(_ rejected: RejectedRecord) { self.rejected.append(rejected) }
    mutating func found(_ diagnostic: Diagnostic) { diagnostics.append(diagnostic) }
    mutating func read(_ interchange: InterchangeHeader) { interchanges.append(interchange) }
    mutating func withdraw(from ordinal: Int) {
        let kept = records.prefix { $0.ordinal < ordinal }.count
        withdrawn += records.count - kept
        records.removeLast(records.count - kept)
    }

    func of(_ kind: RecordKind) -> [Record] { records.filter { $0.kind == kind } }

    /// One line a finding, in the order found: code, severity, place, fact.
    var findings: [String] {
        (diagnostics + rejected.flatMap(\.diagnostics)).map { finding in
            let place = finding.position.whereabouts.map { " at \($0)" } ?? ""
            return "\(finding.severity.rawValue)[\(finding.code)]\(place): \(finding.fact)"
        }
    }
}

extension Record {
    subscript(field: String) -> Value {
        guard let slot = definition.slot(field) else { preconditionFailure("\(kind) has no field \(field)") }
        return values[slot]
    }

    func origin(_ field: String) -> FieldOrigin? { definition.slot(field).flatMap { origins[$0] } }

    /// The record as one line of JSON: its values, where each was read, and the line of its rule.
    var line: String {
        var fields: [String] = []
        for (slot, field) in definition.fields.enumerated() where values[slot] != .null {
            var parts = [JSONText.write(values[slot])]
            if let origin = origins[slot] { parts.append(JSONText.quote("\(origin.field.lowerBound)..<\(origin.field.upperBound)")) }
            fields.append("\(JSONText.quote(field.name)):" + (parts.count == 1 ? parts[0] : "[" + parts.joined(separator: ",") + "]"))
        }
        return "{\"record\":\"\(kind.rawValue)\"," + fields.joined(separator: ",") + "}"
    }
}

/// Reads bytes through a feed of the project's bundle.
func readFeed(
    _ feed: String, _ bytes: [UInt8], file: String? = "file", piece: Int = .max, library: MappingLibrary = Project.library
) throws -> (summary: SourceSummary, outcome: MappingOutcome, taken: Collector) {
    guard let plan = library.plan(feed) else { throw MissingFeed(name: feed) }
    var session = FeedSession(plan: plan, file: file, context: Project.context, receiver: Collector())
    var at = 0
    while at < bytes.count {
        let end = min(bytes.count, at + min(piece, bytes.count))
        bytes[at..<end].withUnsafeBufferPointer { session.read($0) }
        at = end
    }
    let result = session.finish()
    return (result.summary, result.outcome, result.receiver)
}

struct MissingFeed: Error { let name: String }
