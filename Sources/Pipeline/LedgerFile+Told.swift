import Diagnostics
import Glibc
package import Store

extension LedgerFile {
    /// Feed and name, as they stand in a line.
    package var told: String { LineText.name("\(feed)/\(name)") }

    /// Where its original is now, or that it is not there; nil where it has not come to its place yet.
    package func place(at site: Site) throws -> String? {
        guard let archivedAs else { return nil }
        if let position = try site.store.originalShredded(file: id) { return "its original was shredded at log position \(position)" }
        if access(site.path(archivedAs), F_OK) == 0 { return "now \(LineText.name(archivedAs))" }
        return "filed as \(LineText.name(archivedAs)), and not there: it was moved away, removed or lost"
    }

    /// What keeps it from its end, where the daemon has tried in vain.
    package func trouble(in store: Store) throws -> String? {
        guard archivedAs == nil else { return nil }
        return try FileTroubles.kept(in: store).of(feed, name)?.told
    }
}
