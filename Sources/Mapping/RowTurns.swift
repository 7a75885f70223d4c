import Values

/// One turn of an `each`, or all rows.
struct RowTurn {
    /// Indices of its rows; never empty.
    var rows: [Int]
    /// Number of the turn in its `each`, from 1.
    var index = 1
    /// Number of the turn among all turns of every `each`, from 1: HL01.
    var serial: Int?
    /// `serial` of the `each` around this one, nil in the outermost: HL02.
    var parentSerial: Int?

    /// Names that expressions know beside the fields of the record.
    enum Name: Int, CaseIterable {
        case index, serial, parentSerial
        /// The rows of the turn, as contexts.
        case rows

        var name: String { "\(self)" }
    }
}

/// Rows that are written in turns: once for each group of rows that agree in some fields, or for each row.
struct RowTurns {
    let rows: [[Value]]
    let fieldNames: [String]
    /// Whether some expression asks for all rows of a turn.
    let asksForRows: Bool
    private var serial = 0

    init(_ rows: [[Value]], fieldNames: [String], asksForRows: Bool) {
        self.rows = rows
        self.fieldNames = fieldNames
        self.asksForRows = asksForRows
    }

    /// The turns of an `each` within a turn; nil is one for each row.
    mutating func turns(of outer: RowTurn, by slots: [Int]?) -> [RowTurn] {
        let groups = slots.map { Self.groups(outer.rows, by: $0, rows) } ?? outer.rows.map { [$0] }
        return groups.enumerated().map { RowTurn(rows: $1, index: $0 + 1, serial: nil, parentSerial: outer.serial) }
    }

    /// Numbers a turn, in the order in which turns are written: its own come after it.
    mutating func begin(_ turn: RowTurn) -> RowTurn {
        serial += 1
        var begun = turn
        begun.serial = serial
        return begun
    }

    /// What expressions see of a turn: the fields of its first row, and the names behind them.
    func values(_ turn: RowTurn) -> [Value] {
        func number(_ number: Int?) -> Value { number.map { .integer($0) } ?? .null }
        let list: [Value] = asksForRows
            ? turn.rows.map { .context(ContextValue(zip(fieldNames, rows[$0]).map { (name: $0, value: $1) })) } : []
        return Array(rows[turn.rows[0]].prefix(fieldNames.count))
            + [number(turn.index), number(turn.serial), number(turn.parentSerial), .list(list)]
    }

    /// Rows parted by the values of some fields, in the order in which these come first.
    static func groups(_ members: [Int], by slots: [Int], _ rows: [[Value]]) -> [[Int]] {
        var places: [[Value]: Int] = [:], groups: [[Int]] = []
        for member in members {
            let key = slots.map { rows[member][$0] }
            if let place = places[key] {
                groups[place].append(member)
            } else {
                places[key] = groups.count
                groups.append([member])
            }
        }
        return groups
    }
}
