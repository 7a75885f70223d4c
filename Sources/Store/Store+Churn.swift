package import Microsegments
package import Values

extension Store {
    static let readChurn = Statement("SELECT members, value, moved, moved_value FROM churn WHERE scheme = ? AND cycle = ?")
    static let writeChurn = Statement("""
        INSERT INTO churn (scheme, cycle, members, value, moved, moved_value) VALUES (?, ?, ?, ?, ?, ?)
        ON CONFLICT (scheme, cycle) DO UPDATE SET members = excluded.members, value = excluded.value,
        moved = excluded.moved, moved_value = excluded.moved_value
        """)
    static let worths = Statement("SELECT value FROM standing WHERE scheme = ?")

    static var churnStatements: [Statement] { [readChurn, writeChurn, worths] }

    /// What has moved in a cycle of a scheme. At the first move in a cycle the members and what they are worth are taken down, and hold
    /// for its rest. Each cycle is kept by itself: a tick may be worked out late, as of an instant of the cycle before.
    package static func churn(scheme: String, cycle begin: Instant, in session: any StoreSession) throws -> ChurnLedger {
        if let row = try session.firstRow(readChurn, [.text(scheme), .instant(begin)]) {
            return ChurnLedger(
                begin: begin, members: Int(row.integer(0)), value: ExactDecimal(row.text(1)) ?? .zero, moved: Int(row.integer(2)),
                movedValue: ExactDecimal(row.text(3)) ?? .zero)
        }
        var members = 0, value = ExactDecimal.zero
        try session.forEachRow(worths, [.text(scheme)]) { row in
            members += 1
            if let text = row.optionalText(0), let worth = ExactDecimal(text) { value = try value.adding(worth) }
            return true
        }
        return ChurnLedger(begin: begin, members: members, value: value)
    }

    package static func write(_ ledger: ChurnLedger, scheme: String, in session: any StoreSession) throws {
        try session.execute(
            writeChurn,
            [
                .text(scheme), .instant(ledger.begin), .integer(ledger.members), .text(ledger.value.description), .integer(ledger.moved),
                .text(ledger.movedValue.description),
            ])
    }
}
