import ChangeControl
import Diagnostics
import Outbox
import Sealing
package import Store

/// What became of what is personal, in words for whoever looks.
extension Store {
    /// Of what is sealed under a key that does not open it.
    package func fate(ofKey id: Int64) throws -> String {
        if let position = try driver.read({ try Self.personalKey(id, in: $0) })?.shredded { return "shredded at log position \(position)" }
        return try keys.key(id) == nil ? "cannot be read: its key is missing from \(keys.path)" : "cannot be read: it is not as it was sealed"
    }

    /// Of a payload that cannot be read.
    package func fate(of effect: StoredEffect) throws -> String {
        if effect.isRemoved { return "was taken away when a subject was shredded; its digest is in the log" }
        return try driver.read { session in
            for key in try Self.keys(ofEffect: effect.effect.id, in: session) {
                if let position = try Self.personalKey(key, in: session)?.shredded { return "was shredded at log position \(position)" }
            }
            return "cannot be read: a key of its subjects is missing from \(keys.path)"
        }
    }

    /// Where the original of a file is.
    func whereabouts(of file: LedgerFile) throws -> String {
        if let position = try originalShredded(file: file.id) { return "original shredded at log position \(position)" }
        return "kept as \(file.archivedAs.map { LineText.name($0) } ?? "the spooled copy")"
    }
}
