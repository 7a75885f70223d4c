import Diagnostics
package import Store

extension LedgerFile {
    /// Feed and name, as they stand in a line.
    package var told: String { LineText.name("\(feed)/\(name)") }

    /// What keeps it from its end, where the daemon has tried in vain.
    package func trouble(in store: Store) throws -> String? {
        guard archivedAs == nil else { return nil }
        return try FileTroubles.kept(in: store).of(feed, name)?.told
    }
}
