package import Records
package import Store

/// The history of a scheme, one entity after the other.
package struct HistoryReader: Sendable {
    let site: Site

    package init(site: Site) { self.site = site }

    /// Gives every entity of a scheme with its history as it was known at a position of the log, in the order of clients and identifiers. One entity is held
    /// at a time.
    package func forEachEntity(scheme: String, knownAt position: Int, _ body: (EntityKey, [AssignmentSpan]) throws -> Void) throws {
        try site.store.driver.read { try Store.forEachHistory(scheme: scheme, knownAt: position, in: $0, body) }
    }
}
