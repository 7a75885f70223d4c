package import Diagnostics
package import Records

/// Keeps the records of one file, and what was found: for tests and trials, where a file is small.
package struct RecordCollector: RecordReceiver {
    package private(set) var records: [Record] = []
    private var found: [Diagnostic] = []
    private var rejected: [Diagnostic] = []

    package init() {}

    /// In the order found, those of rejected records last.
    package var diagnostics: [Diagnostic] { found + rejected }

    /// Errors and warnings, a line each, without the file's name.
    package var findings: [String] {
        diagnostics.filter { $0.severity != .note }.map { finding in
            "\(finding.severity.rawValue)[\(finding.code)]\(finding.position.whereabouts.map { " at \($0)" } ?? ""): \(finding.fact)"
        }
    }

    package mutating func accept(_ record: Record) { records.append(record) }
    package mutating func report(_ rejected: RejectedRecord) { self.rejected += rejected.diagnostics }
    package mutating func found(_ diagnostic: Diagnostic) { found.append(diagnostic) }
    package mutating func withdraw(from ordinal: Int) { records.removeAll { $0.ordinal >= ordinal } }
}
