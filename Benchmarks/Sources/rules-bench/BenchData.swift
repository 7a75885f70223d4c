import DecisionTables
import Values

/// SplitMix64 (Steele, Lea and Flood 2014): the same rows for a seed on every machine.
struct BenchRandom: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    mutating func below(_ count: Int) -> Int { Int(next() % UInt64(count)) }
    mutating func pick<T>(_ items: [T]) -> T { items[below(items.count)] }
}

/// Rows as columns, for the table and for DuckDB.
struct BenchData {
    enum Kind {
        case number(scale: Int)
        case text([String])
        case flag
        case date
    }

    var names: [String] = []
    var kinds: [Kind] = []
    /// Units, codes or 0 and 1, by column; nil for null.
    var cells: [[Int64?]] = []
    let rows: Int

    init(rows: Int) { self.rows = rows }

    /// - Parameter nulls: of a hundred cells, how many are null.
    mutating func add(_ name: String, _ kind: Kind, _ values: ClosedRange<Int>, nulls: Int = 0, _ random: inout BenchRandom) {
        names.append(name)
        kinds.append(kind)
        var column: [Int64?] = []
        column.reserveCapacity(rows)
        for _ in 0..<rows {
            let value = Int64(values.lowerBound + random.below(values.count))
            column.append(nulls > 0 && random.below(100) < nulls ? nil : value)
        }
        cells.append(column)
    }

    var layout: Layout {
        Layout(zip(names, kinds).map { name, kind in
            switch kind {
            case .number: (name, .number)
            case .text: (name, .string)
            case .flag: (name, .boolean)
            case .date: (name, .date)
            }
        })
    }

    var batch: ColumnBatch {
        ColumnBatch(zip(kinds, cells).map { kind, column in
            let units = column.map { $0 ?? 0 }
            var nulls = [UInt64](repeating: 0, count: (rows + 63) / 64)
            for row in 0..<rows where column[row] == nil { nulls[row / 64] |= 1 << UInt64(row % 64) }
            switch kind {
            case .number(let scale): return .numbers(units, scale: scale, nulls: nulls)
            case .date: return .dates(units, nulls: nulls)
            case .text(let dictionary): return .strings(codes: column.map { $0.map { UInt32($0) } ?? .max }, dictionary: dictionary)
            case .flag: return .booleans(column.map { $0.map { $0 == 1 } })
            }
        }, count: rows)
    }

    /// Names and types for DuckDB's CREATE TABLE.
    var schema: String {
        zip(names, kinds).map { name, kind in
            switch kind {
            case .number(let scale): "\(name) DECIMAL(\(scale > 6 ? 18 : 9), \(scale))"
            case .text: "\(name) VARCHAR"
            case .flag: "\(name) BOOLEAN"
            case .date: "\(name) DATE"
            }
        }.joined(separator: ", ")
    }

    var csv: String {
        var text = "id,\(names.joined(separator: ","))\n"
        let batch = batch
        for row in 0..<rows {
            text += "\(row)"
            for column in batch.columns {
                // A string stands in quotes, so that an empty one is not null.
                switch column?.value(at: row) {
                case .string(let string)?: text += ",\"\(string)\""
                case let value: text += ",\(value?.text ?? "")"
                }
            }
            text += "\n"
        }
        return text
    }
}
