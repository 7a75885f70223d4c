import DecisionTables
import FEEL
import Testing
import Values

/// Tables and rows by chance: cells of all kinds over columns of all kinds, values at, beside and between those that cells name.
struct MixedTables {
    var random: TableRandom

    static let layout = Layout([
        ("n", .number), ("s", .string), ("b", .boolean), ("x", .any), ("d", .date), ("t", .dayTimeDuration), ("m", .yearMonthDuration),
        ("w", .dateTime),
    ])

    /// By column of the layout; every column may have `-`.
    private static let cells = [
        ["< 3", "<= 3", "> 2.5", ">= 7", "[2..5]", "(2..5)", "]3..8[", "4", "1, 4, 9", "not(4)", "not([2..5])", "null", "!= 3",
            "not(null)", "< 2, > 8", "3.00", "-1", "> 1E40", "< -1E40", "2.4999999999999999999", "< 0.1, [7.25..7.5)"],
        [#""a""#, #""a", "b""#, #"not("a")"#, #"not("a", "c")"#, "null", #""ü""#, #"!= "b""#, #""""#],
        ["true", "false", "not(true)", "null", "true, false"],
        ["null", "not(null)", #""a""#, "4", "true"],
        [#"< date("2026-11-21")"#, #"[date("2026-01-01")..date("2026-12-31")]"#, "null", #"not(date("2026-11-20"))"#,
            #"> date("2026-11-20")"#],
        [#"< duration("PT5S")"#, #"duration("PT0.5S")"#, #"[duration("PT1S")..duration("P1D"))"#, "not(null)"],
        [#"< duration("P1Y")"#, #"duration("P3M")"#, #"not(duration("P1Y"))"#],
        [#"< @"2026-11-21T10:00:00Z""#, "not(null)"],
    ]
    /// Cells that no set answers.
    private static let asked = [
        ["n + 0 > 4", "> string length(s)", "10 / (n - 4) > 1", "not(> string length(s))"], [#"> "b""#, #"[ "a".."c" ]"#, #"starts with(?, "a")"#],
        ["b", "not(b)"], ["n"], ["< today()"], ["t"], ["m"], ["< now()"],
    ]
    private static let values: [[String]] = [
        ["-1", "0", "1", "2", "2.0", "2.4", "2.5", "3", "3.00", "4", "5", "6.99", "7", "7.3", "8", "9", "1E40", "2E40", "-2E40",
            "2.4999999999999999999", "12345678901234567890"],
        ["a", "b", "c", "", "~", "ü", "aa"], ["true", "false"], [],
        ["2026-11-21", "2026-11-20", "1970-01-01", "2026-12-31"], ["PT5S", "PT0.5S", "PT4.999999999S", "P1D", "-PT1S"],
        ["P1Y", "P12M", "P3M", "P11M"], ["2026-11-21T10:00:00Z", "2026-11-21T11:00:00+01:00", "2026-11-21T10:00:00"],
    ]

    mutating func below(_ count: Int) -> Int { Int.random(in: 0..<count, using: &random) }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }

    /// - Parameter asks: whether cells may be over other fields, functions and the clock.
    mutating func table(rules: Int, policy: HitPolicy, profile: FEELProfile, asks: Bool) throws -> CompiledTable? {
        let columns = Self.layout.names.indices.filter { _ in below(3) > 0 }
        let header = columns.map { Self.layout.names[$0] } + (below(6) == 0 ? ["n * 2"] : [])
        let isNumeric = { if case .collect(_?) = policy { true } else { false } }()
        let outputs = isNumeric ? ["1", "2", "0.5"] : [#""x""#, #""y""#, #""z""#]
        var text = "| \(header.joined(separator: " | ")) || out | more |\n"
        for rule in 1...rules {
            var row = columns.map { column in
                // Most cells are `-`, so that rules do match.
                if below(3) > 0 { return "-" }
                return asks && below(8) == 0 ? pick(Self.asked[column]) : pick(Self.cells[column])
            }
            if header.count > columns.count { row.append(below(2) == 0 ? "-" : pick(["< 5", "null", "[4..9]"])) }
            let computed = asks && below(20) == 0 ? (isNumeric ? "1 / n" : #"if b then "x" else "y""#) : nil
            text += "| \(row.joined(separator: " | ")) || \(computed ?? pick(outputs)) | \(isNumeric ? "\(rule % 5)" : pick(["1", "2"])) |\n"
        }
        if columns.isEmpty, header.isEmpty { return nil }
        var table = try #require(TableText.parse(text, hitPolicy: policy, at: TextOrigin()).product)
        table.outputs[0].values = TableCell(outputs.joined(separator: ", "))
        if below(4) == 0 { table.outputs[1].defaultEntry = TableCell("7") }
        if below(5) == 0, let place = columns.firstIndex(of: 1) { table.inputs[place].values = TableCell(#""a", "b", "c", "ü", """#) }
        return CompiledTable.compile(table, layout: Self.layout, profile: profile).product
    }

    mutating func value(_ column: Int) throws -> Value {
        if below(8) == 0 { return .null }
        let text = Self.values[column].isEmpty ? "" : pick(Self.values[column])
        switch column {
        case 0: return .number(try #require(ExactDecimal(text)))
        case 1: return .string(text)
        case 2: return .boolean(text == "true")
        case 3: return try value(pick([0, 1, 2]))
        case 4: return .date(try #require(CalendarDate(text)))
        case 5: return .dayTimeDuration(try #require(DayTimeDuration(text)))
        case 6: return .yearMonthDuration(try #require(YearMonthDuration(text)))
        default: return .dateTime(try #require(DateTime(text)))
        }
    }

    mutating func rows(_ count: Int) throws -> [[Value]] {
        var rows: [[Value]] = []
        for _ in 0..<count {
            var row: [Value] = []
            for column in 0..<Self.layout.count { row.append(try value(column)) }
            rows.append(row)
        }
        return rows
    }
}

/// The rows as columns.
func batch(_ rows: [[Value]]) -> ColumnBatch {
    ColumnBatch(MixedTables.layout.names.indices.map { slot in Column(rows.map { $0[slot] }) }, count: rows.count)
}
