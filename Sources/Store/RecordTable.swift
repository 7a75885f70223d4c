package import Records
import Sealing
import Synchronization
import Values

extension RecordField {
    /// The field's column: snake case, which both databases take without quotes.
    var column: String { snakeCase(name) }
}

/// `orderLine` as `order_line`.
private func snakeCase(_ name: String) -> String {
    name.reduce(into: "") { $0 += $1.isUppercase ? "_\($1.lowercased())" : String($1) }
}

/// How one kind of record lies in its table.
struct RecordTable {
    let definition: RecordDefinition
    /// Whether a slot is of a number, which has two columns.
    private let isNumber: [Bool]
    let name: String
    /// Column of each slot.
    private let columnNames: [String]
    /// Columns of the fields in slot order; a number has two.
    private let columns: [String]
    /// The columns that ``values(_:from:)`` reads, behind the record's number.
    let selected: String
    private let referringBySlots = StatementMemo()

    init(_ definition: RecordDefinition) {
        self.definition = definition
        isNumber = definition.fields.map { $0.type == .number }
        name = "record_\(snakeCase(definition.kind.rawValue))"
        columnNames = definition.fields.map(\.column)
        columns = definition.fields.flatMap { $0.type == .number ? [$0.column, "\($0.column)_scale"] : [$0.column] }
        selected = (["t.record"] + columns.map { "t.\($0)" }).joined(separator: ", ")
    }

    var insert: Statement {
        let all = ["record", "load", "record_key", "version", "superseded"] + columns + ["origin"]
        let marks = all.map { _ in "?" }.joined(separator: ", ")
        return Statement("INSERT INTO \(name) (\(all.joined(separator: ", "))) VALUES (\(marks))")
    }

    /// Asked a row by the load's key: a list of all loads, which SQLite would make for `IN`, takes longer with each file that ever came.
    private static let visible = "t.superseded = 0 AND EXISTS (SELECT 1 FROM load l WHERE l.id = t.load AND l.status = 'published')"

    private func column(_ slot: Int) -> String { "t.\(columnNames[slot])" }

    /// The identifier of an entity, as ``EntityKey`` joins its parts.
    private func identifier(_ slots: [Int]) -> String {
        guard slots.count > 1 else { return column(slots[0]) }
        return slots.map { #"REPLACE(REPLACE(\#(column($0)), '\', '\\'), '|', '\|')"# }.joined(separator: " || '|' || ")
    }

    private func named(_ slots: [Int]) -> String { slots.map { "\(column($0)) IS NOT NULL" }.joined(separator: " AND ") }

    /// Current records whose fields refer to an entity.
    func referring(through slots: [Int]) -> Statement {
        referringBySlots.statement(slots) {
            let condition = slots.map { "\(column($0)) = ?" }.joined(separator: " AND ")
            return Statement("SELECT \(selected) FROM \(name) t WHERE t.client = ? AND \(condition) AND \(Self.visible) ORDER BY t.record")
        }
    }

    /// Some fields of all current records whose fields `slots` refer to an entity.
    func gathering(_ fields: [Int], through slots: [Int]) -> Statement {
        let columns = fields.flatMap { definition.fields[$0].type == .number ? [column($0), "\(column($0))_scale"] : [column($0)] }
        return Statement("SELECT \((["t.record"] + columns).joined(separator: ", ")) FROM \(name) t WHERE \(named(slots)) AND \(Self.visible) ORDER BY t.record")
    }

    /// Marks for evaluation every entity that fields of current records refer to.
    func marking(through slots: [Int]) -> Statement {
        Statement("""
            INSERT INTO dirty (kind, client, entity, position)
            SELECT DISTINCT CAST(? AS TEXT), t.client, \(identifier(slots)), CAST(? AS {integer}) FROM \(name) t
            WHERE \(named(slots)) AND \(Self.visible)
            ON CONFLICT (kind, client, entity) DO UPDATE SET position = excluded.position
            """)
    }

    /// One record by its row, whatever its load.
    var byRow: Statement {
        Statement("SELECT \(selected), t.origin, t.load, t.record_key FROM \(name) t WHERE t.record = ?")
    }

    /// The current record with the greatest key in a range.
    var latestByKey: Statement {
        Statement("SELECT \(selected) FROM \(name) t WHERE t.client = ? AND t.record_key BETWEEN ? AND ? AND \(Self.visible) ORDER BY t.record_key DESC LIMIT 1")
    }

    /// Distinct values of one reference among current records whose other reference has a value: the orders of a customer.
    func distinct(_ slots: [Int], where other: Int) -> Statement {
        Statement("SELECT DISTINCT \(slots.map(column).joined(separator: ", ")) FROM \(name) t WHERE t.client = ? AND t.\(definition.fields[other].column) = ? AND \(Self.visible)")
    }

    /// Keys that records of a load, in a range of rows, share with another record.
    var contests: Statement {
        Statement("""
            INSERT INTO contest (load, kind, client, record_key)
            SELECT DISTINCT mine.load, '\(definition.kind.rawValue)', mine.client, mine.record_key FROM \(name) mine
            WHERE mine.record BETWEEN ? AND ? AND EXISTS (SELECT 1 FROM \(name) other WHERE other.client = mine.client
            AND other.record_key = mine.record_key AND other.record <> mine.record) ON CONFLICT DO NOTHING
            """)
    }

    /// Every record that names a subject through one slot while others are empty, whatever its load and version, with its load and key.
    func about(_ empty: [Int], _ slot: Int) -> Statement {
        let conditions = ["\(column(slot)) = ?"] + empty.map { "\(column($0)) IS NULL" }
        return Statement("SELECT \(selected), t.load, t.record_key FROM \(name) t WHERE t.client = ? AND \(conditions.joined(separator: " AND ")) ORDER BY t.record")
    }

    /// Files whose loads hold records that name a subject so.
    func filesAbout(_ empty: [Int], _ slot: Int) -> Statement {
        let conditions = ["\(column(slot)) = ?"] + empty.map { "\(column($0)) IS NULL" }
        return Statement("SELECT DISTINCT l.file FROM \(name) t JOIN load l ON l.id = t.load WHERE t.client = ? AND \(conditions.joined(separator: " AND ")) ORDER BY l.file")
    }

    /// Puts another text into a field of one record.
    func replacing(_ slot: Int) -> Statement { Statement("UPDATE \(name) SET \(definition.fields[slot].column) = ? WHERE record = ?") }

    /// Clients in the loads of a file.
    var clientsOfFile: Statement {
        Statement("SELECT DISTINCT t.client FROM \(name) t JOIN load l ON l.id = t.load WHERE l.file = ? ORDER BY t.client")
    }

    /// By client and party, when files that name it were first and last taken.
    func activity(_ slot: Int) -> Statement {
        Statement("""
            SELECT t.client, \(column(slot)), MIN(f.claimed_at), MAX(f.claimed_at) FROM \(name) t JOIN load l ON l.id = t.load JOIN file f ON f.id = l.file
            WHERE \(column(slot)) IS NOT NULL GROUP BY t.client, \(column(slot)) ORDER BY t.client, \(column(slot))
            """)
    }

    /// The statements about subjects.
    var aboutStatements: [Statement] {
        let places = definition.about.indices.map { (Array(definition.about[..<$0]), definition.about[$0]) }
        return places.flatMap { [about($0.0, $0.1), filesAbout($0.0, $0.1), activity($0.1)] } + definition.sealable.indices.filter { definition.sealable[$0] }.map(replacing)
            + [clientsOfFile]
    }

    /// All versions of one record that are published or belong to a load, the winner first: the greatest version, then
    /// the greatest file digest, then the latest place in the file.
    var versions: Statement {
        Statement("""
            SELECT t.record, t.superseded FROM \(name) t JOIN load l ON l.id = t.load
            WHERE t.client = ? AND t.record_key = ? AND (l.status = 'published' OR l.id = ?)
            ORDER BY t.version DESC, l.digest DESC, t.record DESC
            """)
    }

    var supersede: Statement { Statement("UPDATE \(name) SET superseded = ? WHERE record = ?") }
    var removeLoad: Statement { Statement("DELETE FROM \(name) WHERE load = ?") }
    var withdraw: Statement { Statement("DELETE FROM \(name) WHERE load = ? AND record >= ?") }
    var count: Statement { Statement("SELECT COUNT(*) FROM \(name) t WHERE \(Self.visible)") }
    /// Current records in the order in which they were stored.
    var all: Statement { Statement("SELECT \(selected) FROM \(name) t WHERE \(Self.visible) ORDER BY t.record") }

    /// Every statement of the table, for the test that prepares them on PostgreSQL.
    var statements: [Statement] {
        let single = definition.fields.indices.filter { definition.fields[$0].refersTo != nil }.map { [$0] }
        let several = [definition.describes?.slots, single.count > 1 ? single.flatMap { $0 } : nil].compactMap { $0 }.filter { $0.count > 1 }
        return [insert, byRow, latestByKey, contests, versions, supersede, removeLoad, withdraw, count, all]
            + (single + several).flatMap { [referring(through: $0), gathering([0] + $0, through: $0), marking(through: $0), distinct($0, where: $0[0])] }
    }

    /// Gives the column values of a record to ``insert``.
    ///
    /// - Parameter sealed: what is stored in place of personal values, by slot.
    func fill(_ row: inout RowValues, with pending: PendingRecord, row number: Int64, load: Int64, sealed: [Int: String] = [:]) {
        let record = pending.record
        row.add(number)
        row.add(load)
        row.addText { definition.writeKey(record.values, to: &$0) }
        row.add(pending.version)
        row.add(0)
        for slot in definition.fields.indices {
            switch record.values[slot] {
            case .null:
                row.addNull()
                if isNumber[slot] { row.addNull() }
            case .number(let number):
                if let coefficient = number.coefficient64 { row.add(coefficient) } else { row.addNull() }
                row.add(Int64(number.scale))
            case .boolean(let flag): row.add(flag ? 1 : 0)
            case .string(let text):
                if let stored = sealed.isEmpty ? nil : sealed[slot] { row.add(stored) } else {
                    row.add(text.utf8.first == SealedText.mark && definition.sealable[slot] ? SealedText.plain(text) : text)
                }
            default: row.addText { record.values[slot].writeText(to: &$0) }
            }
        }
        row.addBlob { Provenance.encode(origins: record.origins, rules: record.rules, to: &$0) }
    }

    /// The values of a record, from columns that begin at `first`. What is sealed is null: nothing that is decided hangs on a key.
    func values(_ row: SQLRow, from first: Int) -> [Value] {
        var column = first
        return definition.fields.indices.map { Self.value(definition.fields[$0].type, row, &column, seals: definition.sealable[$0]) }
    }

    /// The same with texts as they are stored, sealed or not.
    func storedValues(_ row: SQLRow, from first: Int) -> [Value] {
        var column = first
        return definition.fields.map { Self.value($0.type, row, &column, seals: false) }
    }

    /// The same where the columns hold some fields alone; the others are null.
    func values(_ row: SQLRow, from first: Int, slots: [Int]) -> [Value] {
        var values = [Value](repeating: .null, count: definition.fields.count)
        var column = first
        for slot in slots { values[slot] = Self.value(definition.fields[slot].type, row, &column, seals: definition.sealable[slot]) }
        return values
    }

    private static func value(_ type: RecordField.FieldType, _ row: SQLRow, _ column: inout Int, seals: Bool) -> Value {
        defer { column += type == .number ? 2 : 1 }
        switch type {
        case .text:
            guard let text = row.optionalText(column) else { return .null }
            return seals && SealedText.isMarked(text) ? unsealed(text) : .string(text)
        case .boolean: return row.optionalInteger(column).map { .boolean($0 != 0) } ?? .null
        case .number:
            guard let coefficient = row.optionalInteger(column) else { return .null }
            return .number(ExactDecimal(coefficient: coefficient, scale: Int(row.integer(column + 1))))
        case .date: return row.optionalText(column).flatMap { CalendarDate($0) }.map(Value.date) ?? .null
        case .dateTime: return row.optionalText(column).flatMap { DateTime($0) }.map(Value.dateTime) ?? .null
        }
    }

    /// A marked text without its key.
    private static func unsealed(_ text: String) -> Value {
        SealedText.isPlain(text) ? .string(String(text.dropFirst(2))) : .null
    }

    /// How many columns the fields take.
    var width: Int { columns.count }
}

/// The row number of a record: its load, its place in the file and its kind in one integer, so that it is known before
/// it is stored and the table is known from it.
package enum RecordRow {
    private static let kinds = RecordKind.allCases

    /// - Precondition: `load` is under 2^26 and `ordinal` under 2^32.
    package static func number(load: Int64, ordinal: Int, kind: RecordKind) -> Int64 {
        guard let index = kinds.firstIndex(of: kind) else { preconditionFailure("unknown kind \(kind)") }
        precondition(load < 1 << 26 && ordinal < 1 << 32, "row numbers are exhausted")
        return load << 37 | Int64(ordinal) << 5 | Int64(index)
    }

    package static func kind(_ row: Int64) -> RecordKind? {
        let index = Int(row & 31)
        return index < kinds.count ? kinds[index] : nil
    }
}

/// Statements that were made once, by the slots that they ask of: text is not put together anew for each question.
private final class StatementMemo: Sendable {
    private let made = Mutex<[[Int]: Statement]>([:])

    func statement(_ slots: [Int], _ make: () -> Statement) -> Statement {
        made.withLock { made in
            if let known = made[slots] { return known }
            let statement = make()
            made[slots] = statement
            return statement
        }
    }
}
