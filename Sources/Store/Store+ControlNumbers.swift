import Values

/// Control numbers of what is sent, counted for each partner.
extension Store {
    static let beginControlNumbers = Statement("INSERT INTO control_number (partner, kind, last) VALUES (?, ?, 0) ON CONFLICT DO NOTHING")
    static let advanceControlNumbers = Statement("UPDATE control_number SET last = last + ? WHERE partner = ? AND kind = ?")
    static let lastControlNumber = Statement("SELECT last FROM control_number WHERE partner = ? AND kind = ?")

    static var controlNumberStatements: [Statement] { [beginControlNumbers, advanceControlNumbers, lastControlNumber] }

    /// Which number is counted.
    package enum ControlNumber: String, Sendable {
        /// ISA13, UNB 0020.
        case interchange
        /// GS06.
        case group
    }

    /// X12 and EDIFACT leave nine digits for them (ISA13, GS06).
    package static let controlNumberMax: Int64 = 999_999_999

    /// The next numbers of a partner. They are used up with the transaction: what is rolled back leaves no gap, and what is committed is
    /// not given again, but that after 999999999 comes 1.
    package static func takeControlNumbers(
        _ kind: ControlNumber, count: Int, partner: String, in session: any StoreSession
    ) throws -> [Int] {
        guard count > 0 else { return [] }
        try session.execute(beginControlNumbers, [.text(partner), .text(kind.rawValue)])
        try session.execute(advanceControlNumbers, [.integer(count), .text(partner), .text(kind.rawValue)])
        let last = try session.firstRow(lastControlNumber, [.text(partner), .text(kind.rawValue)])?.integer(0) ?? 0
        return (0..<Int64(count)).map { Int((last - Int64(count) + $0) % controlNumberMax) + 1 }
    }
}
