package import Records
package import Values

/// What one version of a mapping makes of a file and another one does not.
package struct RecordDifference: Sendable {
    package enum Change: Sendable {
        case added
        case removed
        case field(String, before: Value, after: Value)
    }

    package let kind: RecordKind
    /// The key, its parts joined with `/`, without the client.
    package let key: String
    package let change: Change
    /// Bytes of the file that the value, or the record's first value, was read from; nil where it was not read.
    package let bytes: Range<Int>?

    /// Compares the records of one file field by field. Records belong together by kind and key, those of equal key in their order.
    package static func between(_ before: [Record], _ after: [Record]) -> [RecordDifference] {
        var waiting: [Identity: [Record]] = [:]
        for record in after.reversed() { waiting[Identity(record), default: []].append(record) }
        var differences: [RecordDifference] = []
        for record in before {
            guard let other = waiting[Identity(record)]?.popLast() else {
                differences.append(RecordDifference(record, .removed))
                continue
            }
            for (slot, field) in record.definition.fields.enumerated() where record.values[slot] != other.values[slot] {
                differences.append(RecordDifference(
                    other, .field(field.name, before: record.values[slot], after: other.values[slot]),
                    bytes: (other.origins[slot] ?? record.origins[slot])?.field))
            }
        }
        let added = waiting.values.joined().sorted { $0.ordinal < $1.ordinal }
        return differences + added.map { RecordDifference($0, .added) }
    }

    private init(_ record: Record, _ change: Change, bytes: Range<Int>? = nil) {
        kind = record.kind
        key = record.definition.key.dropFirst().map { record.values[$0].text }.joined(separator: "/")
        self.change = change
        self.bytes = bytes ?? record.origins.compactMap { $0?.node }.first
    }

    private struct Identity: Hashable {
        let kind: RecordKind
        let key: String

        init(_ record: Record) {
            kind = record.kind
            key = record.key
        }
    }
}
