package import Records
package import Store

/// The history of a scheme, of the table alone or with what went to archives. An answer is taken from one snapshot of the store.
package struct HistoryReader: Sendable {
    let site: Site
    /// Whether archives are read too.
    let readsArchives: Bool

    package init(site: Site, readsArchives: Bool = false) {
        self.site = site
        self.readsArchives = readsArchives
    }

    /// The archives of a scheme that an answer lacks, as they are not read or were purged.
    package func lacking(scheme: String) throws -> [HistoryArchives.Entry] {
        try HistoryArchives(site).entries.filter { $0.scheme == scheme && ($0.purged != nil || !readsArchives) }
    }

    /// The history of one entity as it was known at a position of the log, in time.
    package func history(scheme: String, _ entity: EntityKey, knownAt position: Int) throws -> [AssignmentSpan] {
        try site.store.driver.read { session in
            var spans = try Store.history(scheme: scheme, entity, knownAt: position, in: session)
            for cursor in try cursors(scheme, of: entity, in: session) {
                while let row = try cursor.next() { if Self.isKnown(row.span, at: position) { spans.append(row.span) } }
            }
            return Self.inTime(spans)
        }
    }

    /// Gives every entity of a scheme with its history as it was known at a position of the log, in the order of clients and identifiers. One entity is held
    /// at a time, and a block of each archive. `body` does not use the store.
    package func forEachEntity(scheme: String, knownAt position: Int, _ body: (EntityKey, [AssignmentSpan]) throws -> Void) throws {
        try site.store.driver.read { session in
            var archived = try HistoryMerge(cursors(scheme, in: session), knownAt: position)
            try Store.forEachHistory(scheme: scheme, knownAt: position, in: session) { entity, spans in
                while let next = archived.entity, HistoryText.precedes(next, entity) { try Self.give(archived.take(), body) }
                let before = archived.entity == entity ? try archived.take().spans : []
                try body(entity, before.isEmpty ? spans : Self.inTime(before + spans))
            }
            while archived.entity != nil { try Self.give(archived.take(), body) }
        }
    }

    /// An entity of which nothing was known is passed over.
    private static func give(_ known: (entity: EntityKey, spans: [AssignmentSpan]), _ body: (EntityKey, [AssignmentSpan]) throws -> Void) throws {
        if !known.spans.isEmpty { try body(known.entity, inTime(known.spans)) }
    }

    /// - Parameter entity: only archives that hold rows of its client, and only its rows; nil takes all.
    private func cursors(_ scheme: String, of entity: EntityKey? = nil, in session: any StoreSession) throws -> [HistoryArchiveCursor] {
        guard readsArchives else { return [] }
        let archives = try HistoryArchives(site, in: session)
        return try archives.kept(of: scheme).compactMap { entry in
            let manifest = try archives.manifest(entry)
            if let entity, !manifest.clients.contains(entity.client) { return nil }
            return HistoryArchiveCursor(path: archives.path(entry), prefix: entity.map(HistoryText.prefix) ?? [], expecting: manifest.packed)
        }
    }

    static func isKnown(_ span: AssignmentSpan, at position: Int) -> Bool { span.knownFrom <= position && span.knownTo.map { position < $0 } ?? true }

    static func inTime(_ spans: [AssignmentSpan]) -> [AssignmentSpan] {
        spans.sorted { ($0.validFrom, $0.knownFrom) < ($1.validFrom, $1.knownFrom) }
    }
}

/// Several archives of one scheme side by side, entity by entity.
struct HistoryMerge {
    private let cursors: [HistoryArchiveCursor]
    private let position: Int?
    /// The next row of each archive.
    private var heads: [HistoryRow?]
    /// The first entity that is to come.
    private(set) var entity: EntityKey?

    /// - Parameter position: only rows that were known at it; nil takes all.
    init(_ cursors: [HistoryArchiveCursor], knownAt position: Int? = nil) throws {
        self.cursors = cursors
        self.position = position
        heads = try cursors.map { try $0.next() }
        choose()
    }

    /// What the archives know of the first entity; the next one is the first then.
    mutating func take() throws -> (entity: EntityKey, spans: [AssignmentSpan]) {
        guard let entity else { preconditionFailure("no entity is left") }
        var spans: [AssignmentSpan] = []
        for index in cursors.indices {
            while let row = heads[index], row.entity == entity {
                if position.map({ HistoryReader.isKnown(row.span, at: $0) }) ?? true { spans.append(row.span) }
                heads[index] = try cursors[index].next()
            }
        }
        choose()
        return (entity, spans)
    }

    private mutating func choose() {
        entity = heads.compactMap { $0?.entity }.min(by: HistoryText.precedes)
    }
}
