import Diagnostics
import Store

/// What is said of one file: in its report beside it, in the ledger, and by `why`.
package enum FileReport {
    /// Most findings that a report lists; the rest are counted.
    static let findingsMax = 200

    /// - Parameter reason: why the file was not taken on, nil where it was.
    static func text(_ file: LedgerFile, _ outcome: Loader.Outcome, reason: String?) -> String {
        var lines: [String] = []
        if let reason { lines.append("\(file.told) was quarantined: \(reason)") }
        let counts = outcome.counts
        lines.append("\(counts.read) read, \(counts.accepted) accepted, \(counts.reported) reported; \(outcome.diagnostics.errors) errors, \(outcome.diagnostics.warnings) warnings")
        let findings = outcome.diagnostics.sorted
        lines += findings.prefix(findingsMax).map(\.text)
        let unlisted = outcome.diagnostics.total - min(findings.count, findingsMax)
        if unlisted > 0 {
            let codes = outcome.diagnostics.countByCode.sorted { $0.key.name < $1.key.name }.map { "\($0.key) \($0.value)" }
            lines.append("and \(unlisted) more; in all: \(codes.joined(separator: ", "))")
        }
        return lines.joined(separator: "\n")
    }
}
