import Diagnostics
import Formats
import Mapping
import Records
import Values

/// Prints all that a mapping gives, with origins and findings, so that two builds are compared byte for byte.
struct TellingReceiver: RecordReceiver {
    mutating func accept(_ record: Record) {
        print("record \(record.kind.rawValue) \(record.ordinal)")
        for (slot, field) in record.definition.fields.enumerated() {
            let origin = record.origins[slot].map { "\($0.node) \($0.field)" } ?? "-"
            let value = record.values[slot]
            if value == .null, record.origins[slot] == nil { continue }
            print("  \(field.name) \(value.type) \(JSONText.write(value)) \(origin) \(record.rules[slot])")
        }
    }

    mutating func report(_ rejected: RejectedRecord) {
        print("rejected \(rejected.kind?.rawValue ?? "-") \(rejected.code) \(rejected.bytes) \(rejected.ordinal)")
        for diagnostic in rejected.diagnostics { found(diagnostic) }
    }

    mutating func found(_ diagnostic: Diagnostic) { print("found \(diagnostic.text)") }
    mutating func read(_ interchange: InterchangeHeader) { print("interchange \(interchange.controlNumber)") }
    mutating func withdraw(from ordinal: Int) { print("withdrawn from \(ordinal)") }
}
