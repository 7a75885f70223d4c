import Diagnostics
import EDI
import Formats
import Store

/// A file or an interchange that came before: sent again as it was, or with another content under its number.
struct Repetition {
    /// The file that brought it first.
    let earlier: Int64
    /// What is said of it.
    let note: String

    /// - Returns: nil where no interchange of the file came before.
    static func of(_ outcome: Loader.Outcome, file: Int64, in session: any StoreSession) throws -> Repetition? {
        for (place, header) in outcome.interchanges.enumerated() {
            guard let earlier = try Store.earlier([header], of: file, in: session) else { continue }
            let report = outcome.reports.indices.contains(place) ? outcome.reports[place] : nil
            let isSame = report.flatMap { report in earlier.content.flatMap { report.hasContent($0) } }
            let interchange = "interchange \(header.controlNumber) of the same sender"
            if isSame == false {
                return Repetition(
                    earlier: earlier.file,
                    note: "note[\(DiagnosticCode.duplicateCorrection)]: file \(earlier.file) held \(interchange) with another content: a correction, or a number that was used twice")
            }
            let what = isSame == true ? " with the same content: it was sent again" : ""
            return Repetition(
                earlier: earlier.file, note: "note[\(DiagnosticCode.duplicateInterchange)]: file \(earlier.file) held \(interchange)\(what)")
        }
        return nil
    }

    /// - Parameter same: other files of the ledger that have the same bytes.
    /// - Returns: nil where none of them was used.
    static func ofBytes(_ same: [LedgerFile]) -> Repetition? {
        let used = same.first { $0.status == .archived || $0.status == .done || $0.status == .published }
        return used.map {
            Repetition(earlier: $0.id, note: "note[\(DiagnosticCode.duplicateBytes)]: the same bytes came as \($0.told) (file \($0.id))")
        }
    }

    /// A file whose bytes were quarantined before was given in again by somebody.
    ///
    /// - Parameter same: other files of the ledger that have the same bytes.
    static func replay(_ same: [LedgerFile]) -> String? {
        same.first { $0.status == .quarantined }.map {
            "note[\(DiagnosticCode.duplicateReplay)]: the same bytes were quarantined as \($0.told) (file \($0.id)) and were given in again"
        }
    }
}
