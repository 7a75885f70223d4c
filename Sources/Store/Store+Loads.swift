package import Records

/// A record that failed a check, kept by its place so that nothing of a file is lost.
package struct Rejected: Sendable, Hashable {
    package var ordinal: Int
    package var bytes: Range<Int>
    package var code: String
    package var fact: String

    package init(ordinal: Int, bytes: Range<Int>, code: String, fact: String) {
        self.ordinal = ordinal
        self.bytes = bytes
        self.code = code
        self.fact = fact
    }
}

/// A record on its way into the store, with the instant that orders its versions.
package struct PendingRecord: Sendable {
    package var record: Record
    /// Nanoseconds since 1970 of the version field; 0 where the kind has none or nothing was sent.
    package var version: Int64

    package init(record: Record, version: Int64) {
        self.record = record
        self.version = version
    }
}

/// What a load read and kept.
package struct LoadCounts: Sendable, Hashable {
    package var read = 0
    package var accepted = 0
    package var reported = 0
    package init() {}
}

extension Store {
    static let nextLoad = Statement("SELECT COALESCE(MAX(id), 0) + 1 FROM load")
    static let insertLoad = Statement("INSERT INTO load (id, file, status, digest, state, accepted, reported, read) VALUES (?, ?, 'open', ?, ?, 0, 0, 0)")
    static let openLoads = Statement("SELECT id FROM load WHERE file = ? AND status = 'open'")
    static let publishLoad = Statement("UPDATE load SET status = 'published', accepted = ?, reported = ?, read = ?, position = ? WHERE id = ?")
    static let removeLoad = Statement("DELETE FROM load WHERE id = ?")
    static let insertRejected = Statement("INSERT INTO rejected (load, ordinal, start, finish, code, fact) VALUES (?, ?, ?, ?, ?, ?)")
    static let removeRejected = Statement("DELETE FROM rejected WHERE load = ?")
    static let rejectedCounts = Statement("SELECT code, COUNT(*) FROM rejected WHERE load = ? GROUP BY code ORDER BY code")
    static let insertTouched = Statement("INSERT INTO touched (load, kind, client, entity) VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING")
    static let touchedOf = Statement("SELECT kind, client, entity FROM touched WHERE load = ? ORDER BY kind, client, entity")
    static let removeTouched = Statement("DELETE FROM touched WHERE load = ?")
    static let contestsOf = Statement("SELECT kind, client, record_key FROM contest WHERE load = ?")
    static let removeContests = Statement("DELETE FROM contest WHERE load = ?")
    static let loadByID = Statement("SELECT id, file, status, digest, state, accepted, reported, read, position FROM load WHERE id = ?")
    static let loadByFile = Statement("SELECT id, file, status, digest, state, accepted, reported, read, position FROM load WHERE file = ? ORDER BY id DESC LIMIT 1")
    static let loadTotals = Statement("SELECT COUNT(*), COALESCE(SUM(read), 0), COALESCE(SUM(accepted), 0), COALESCE(SUM(reported), 0) FROM load WHERE status = 'published'")
    static let markDirty = Statement("INSERT INTO dirty (kind, client, entity, position) VALUES (?, ?, ?, ?) ON CONFLICT (kind, client, entity) DO UPDATE SET position = excluded.position")

    static var loadStatements: [Statement] {
        [
            nextLoad, insertLoad, openLoads, publishLoad, removeLoad, insertRejected, removeRejected, rejectedCounts,
            insertTouched, touchedOf, removeTouched, contestsOf, removeContests, loadByID, loadByFile, loadTotals, markDirty,
        ]
    }

    /// Begins a load of a file, dropping what an interrupted one left. Its records stay invisible until published.
    package func beginLoad(of file: LedgerFile, state: String) throws -> Int64 {
        try driver.write(.later) { session in
            for row in try session.rows(Self.openLoads, [.integer(file.id)]) { try Self.drop(row.integer(0), in: session) }
            let id = try session.firstRow(Self.nextLoad)?.integer(0) ?? 1
            try session.execute(Self.insertLoad, [.integer(id), .integer(file.id), .text(file.digest), .text(state)])
            return id
        }
    }

    /// Adds a batch to an open load in one short transaction.
    ///
    /// - Parameter personal: the fields that are sealed.
    package func add(
        _ records: [PendingRecord], rejected: [Rejected], touching entities: Set<EntityKey>, to load: Int64, personal: PersonalFields = .catalogue
    ) throws {
        try driver.write(.later) { session in
            var sealer = PersonalSealer(keys, in: session)
            var ranges: [RecordKind: ClosedRange<Int64>] = [:]
            for (kind, group) in Dictionary(grouping: records.indices, by: { records[$0].record.kind }) {
                let table = RecordTable.of(kind)
                func row(_ place: Int) -> Int64 { RecordRow.number(load: load, ordinal: records[place].record.ordinal, kind: kind) }
                let slots = personal.slots(of: kind)
                let sealed = slots.isEmpty ? [] : try group.map { try sealer.sealed(records[$0].record, slots) }
                try session.executeEach(table.insert, group.count) { number, values in
                    table.table.fill(
                        &values, with: records[group[number]], row: row(group[number]), load: load, sealed: sealed.isEmpty ? [:] : sealed[number])
                }
                let rows = group.map(row)
                if let least = rows.min(), let greatest = rows.max() { ranges[kind] = least...greatest }
            }
            for (kind, range) in ranges {
                try session.execute(RecordTable.of(kind).contests, [.integer(range.lowerBound), .integer(range.upperBound)])
            }
            try session.executeEach(Self.insertRejected, rejected.count) { number, row in
                let item = rejected[number]
                row.add(load)
                row.add(Int64(item.ordinal))
                row.add(Int64(item.bytes.lowerBound))
                row.add(Int64(item.bytes.upperBound))
                row.add(item.code)
                row.add(item.fact)
            }
            let touched = Array(entities)
            try session.executeEach(Self.insertTouched, touched.count) { number, row in
                row.add(load)
                row.add(touched[number].kind.rawValue)
                row.add(touched[number].client)
                row.add(touched[number].id)
            }
            try sealer.finish()
        }
    }

    /// Takes records back out of an open load: those of a loop, transaction set, group or interchange that was rejected.
    package func withdraw(load: Int64, fromOrdinal ordinal: Int) throws {
        try driver.write(.later) { session in
            for table in RecordTable.everyTable {
                try session.execute(
                    table.withdraw,
                    [
                        .integer(load),
                        .integer(RecordRow.number(load: load, ordinal: ordinal, kind: RecordKind.allCases[0])),
                    ])
            }
        }
    }

    /// Makes a load visible within commit 1, and marks the entities that it touches as dirty.
    package static func publish(_ load: Int64, counts: LoadCounts, position: Int, in session: any StoreSession) throws {
        for row in try session.rows(contestsOf, [.integer(load)]) {
            guard let kind = RecordKind(rawValue: row.text(0)) else { continue }
            let table = RecordTable.of(kind)
            let versions = try session.rows(table.versions, [.text(row.text(1)), .text(row.text(2)), .integer(load)])
            for (place, version) in versions.enumerated() where version.integer(1) != (place == 0 ? 0 : 1) {
                try session.execute(table.supersede, [.integer(place == 0 ? 0 : 1), .integer(version.integer(0))])
            }
        }
        try session.execute(removeContests, [.integer(load)])
        try session.execute(
            publishLoad,
            [.integer(counts.accepted), .integer(counts.reported), .integer(counts.read), .integer(position), .integer(load)])
        for row in try session.rows(touchedOf, [.integer(load)]) {
            try session.execute(markDirty, [.text(row.text(0)), .text(row.text(1)), .text(row.text(2)), .integer(position)])
        }
        try session.execute(removeTouched, [.integer(load)])
    }

    /// Removes all of a load that was not published.
    package func dropLoad(_ load: Int64) throws { try driver.write(.later) { try Self.drop(load, in: $0) } }

    private static func drop(_ load: Int64, in session: any StoreSession) throws {
        for table in RecordTable.everyTable { try session.execute(table.removeLoad, [.integer(load)]) }
        for statement in [removeRejected, removeTouched, removeContests, removeLoad] {
            try session.execute(statement, [.integer(load)])
        }
    }

    /// How many records of a load were reported, by code.
    package func rejectedCounts(load: Int64) throws -> [(code: String, count: Int)] {
        try driver.read { try $0.rows(Self.rejectedCounts, [.integer(load)]).map { ($0.text(0), Int($0.integer(1))) } }
    }

    /// One load: its file, state and counts.
    package struct LoadSummary: Sendable, Hashable {
        package let id: Int64
        package let file: Int64
        package let status: String
        package let state: String
        package let accepted: Int
        package let reported: Int
        package let read: Int
    }

    package func load(_ id: Int64) throws -> LoadSummary? {
        try driver.read { try $0.firstRow(Self.loadByID, [.integer(id)]).map(Self.summary) }
    }

    /// The latest load of a file.
    package func load(file: Int64) throws -> LoadSummary? {
        try driver.read { try $0.firstRow(Self.loadByFile, [.integer(file)]).map(Self.summary) }
    }

    private static func summary(_ row: SQLRow) -> LoadSummary {
        LoadSummary(
            id: row.integer(0), file: row.integer(1), status: row.text(2), state: row.text(4),
            accepted: Int(row.integer(5)), reported: Int(row.integer(6)), read: Int(row.integer(7)))
    }

    /// Loads published, and records read, accepted and reported in all.
    package func loadTotals() throws -> (loads: Int, read: Int, accepted: Int, reported: Int) {
        try driver.read { session in
            guard let row = try session.firstRow(Self.loadTotals) else { return (0, 0, 0, 0) }
            return (Int(row.integer(0)), Int(row.integer(1)), Int(row.integer(2)), Int(row.integer(3)))
        }
    }
}
