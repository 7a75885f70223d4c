import Diagnostics
import Formats
import Mapping
import Records

/// Takes each record as a loader would, looks at it, and lets go of it.
struct CountingReceiver: RecordReceiver {
    var records = 0
    var values = 0
    var rejected = 0
    var findings = 0

    mutating func accept(_ record: Record) {
        records += 1
        values += record.values.count
    }

    mutating func report(_ rejected: RejectedRecord) { self.rejected += 1 }
    mutating func found(_ diagnostic: Diagnostic) { findings += 1 }
    mutating func withdraw(from ordinal: Int) {}
}
