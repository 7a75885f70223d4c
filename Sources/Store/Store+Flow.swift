package import Attributes
package import Records
package import Sealing
import Values

/// What the way of a file needs besides its ledger entry.
extension Store {
    static let unfinishedFiles = Statement("""
        SELECT \(fileColumns) FROM file
        WHERE status IN ('claimed', 'published', 'done') OR (status IN ('quarantined', 'duplicate') AND archived_as IS NULL) ORDER BY id
        """)

    static var flowStatements: [Statement] { [unfinishedFiles, nextPosition] + RecordTable.everyTable.map(\.ofLoad) }

    /// Files that were taken and are not at their end: claimed, half-way, or not moved to their shelf.
    package func unfinishedFiles() throws -> [LedgerFile] {
        try driver.read { try $0.rows(Self.unfinishedFiles).map(Self.file) }
    }

    static let nextPosition = Statement("SELECT COALESCE(MAX(position), -1) + 1 FROM log")

    /// The position that the next log entry of this transaction gets.
    package static func nextPosition(in session: any StoreSession) throws -> Int {
        Int(try session.firstRow(nextPosition)?.integer(0) ?? 0)
    }

    /// The records of a kind that a load brought, in the order of the file, with their personal values and the numbers of the keys that these
    /// were sealed under.
    package static func openedFacts(
        ofLoad load: Int64, kind: RecordKind, with keys: KeyFile, in session: any StoreSession
    ) throws -> [(fact: Fact, keys: Set<Int64>)] {
        let table = RecordTable(RecordCatalogue.definition(kind))
        var opener = PersonalOpener(keys, in: session)
        return try session.rows(table.ofLoad, [.integer(load)]).map { row in
            var values = table.storedValues(row, from: 1)
            let sealed = try opener.open(&values, of: table.definition)
            return (Fact(row: row.integer(0), values: values), Set(sealed.filter(\.isOpen).map(\.key)))
        }
    }
}

extension RecordTable {
    var ofLoad: Statement { Statement("SELECT \(selected) FROM \(name) t WHERE t.load = ? ORDER BY t.record") }
}

extension Store {
    /// Every current record of a kind, one by one.
    package static func forEachCurrent(_ kind: RecordKind, in session: any StoreSession, _ body: (Fact) throws -> Void) throws {
        let table = RecordTable(RecordCatalogue.definition(kind))
        try session.forEachRow(table.all, []) { row in
            try body(Fact(row: row.integer(0), values: table.values(row, from: 1)))
            return true
        }
    }
}
