import Diagnostics
import Formats
import Mapping
import Records

/// Takes each record as a loader would, looks at it, and lets go of it.
struct CountingReceiver: RecordReceiver {
    var records = 0
    var values = 0
    var rejected = 0
    /// As a loader has them: the first 1,000 are kept, the others counted.
    var findings = DiagnosticList()

    mutating func accept(_ record: Record) {
        records += 1
        values += record.values.count
    }

    mutating func report(_ rejected: RejectedRecord) { self.rejected += 1 }
    mutating func found(_ diagnostic: Diagnostic) { findings.add(diagnostic) }
    mutating func counted(_ code: DiagnosticCode, _ severity: Severity) -> Bool { findings.counted(code, severity) }
    mutating func withdraw(from ordinal: Int) {}
}
