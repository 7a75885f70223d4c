import ChangeControl
import Store

/// Which life of a site this is. Each restore begins one: the site that was backed up may work on beside the one that was made of it, and the first entry of both logs
/// is the same.
struct SiteLife {
    private let store: Store
    /// The first entry of the log, which no other site has.
    let genesis: ContentDigest
    /// The entry that this life begins with: that of the last restore, or the first of the log.
    let beginning: LogHead

    /// Nil before the genesis of the site.
    init?(_ store: Store) throws {
        let (first, restored) = try store.driver.read { session in
            (try Store.entry(at: 0, in: session), try Store.lastEntry(of: [.siteRestored], in: session))
        }
        guard let first else { return nil }
        self.store = store
        genesis = first.hash
        beginning = (restored ?? first).head
    }

    /// Whether a head of a log is one that this life had.
    func had(_ head: LogHead) throws -> Bool {
        guard head.position >= beginning.position else { return false }
        return try store.driver.read { try Store.entry(at: head.position, in: $0) }?.hash == head.hash
    }
}
