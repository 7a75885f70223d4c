package import Values

/// The values of one input for many rows, held so that a table can be applied to all of them at once: numbers as whole units
/// of one scale in the narrowest integers that hold them, dates and durations as counts, everything else as codes of a
/// dictionary.
package struct Column: Sendable {
    enum Storage: Sendable {
        case units16([Int16], OrderedUnit)
        case units32([Int32], OrderedUnit)
        case units64([Int64], OrderedUnit)
        case codes8([UInt8], [Value])
        case codes16([UInt16], [Value])
        case codes32([UInt32], [Value])
        /// Values of too many kinds for either.
        case values([Value])
    }

    let storage: Storage
    /// Rows of units that have no value: bit r % 64 of word r / 64. Codes have a code for null.
    let nulls: [UInt64]?
    /// Rows of units whose value does not fit 64 bits at the scale; they are looked at one by one.
    let oversized: [Int: Value]
    /// Of the units of rows that have some; 0 where none has.
    let least: Int64
    let greatest: Int64
    /// The values as they came, where they came as values: a number keeps the scale it was written with.
    private let source: [Value]?
    /// Rows.
    package let count: Int

    /// Numbers of one scale.
    /// - Parameters:
    ///   - units: the number times `10^scale`, a row each.
    ///   - nulls: a bit a row, 64 a word from the lowest, set where the row has no number. Nil where all have.
    package static func numbers(_ units: [Int64], scale: Int, nulls: [UInt64]? = nil) -> Column {
        Column(units: units, OrderedUnit(kind: .number, scale: scale), nulls: nulls, oversized: [:], source: nil)
    }

    /// Dates as days since 1970-01-01.
    package static func dates(_ days: [Int64], nulls: [UInt64]? = nil) -> Column {
        Column(units: days, OrderedUnit(kind: .date, scale: 0), nulls: nulls, oversized: [:], source: nil)
    }

    /// Strings as places in a dictionary. A code past the end of the dictionary is null.
    package static func strings(codes: [UInt32], dictionary: [String]) -> Column {
        let null = UInt32(dictionary.count)
        return Column(codes: codes.map { min($0, null) }, dictionary.map { .string($0) } + [.null], source: nil)
    }

    package static func booleans(_ flags: [Bool?]) -> Column {
        Column(
            codes: flags.map { $0.map { $0 ? 1 : 0 } ?? 2 }, [.boolean(false), .boolean(true), .null], source: nil)
    }

    /// The value of a row.
    package func value(at row: Int) -> Value {
        if let source { return source[row] }
        switch storage {
        case .units16(let units, let unit): return isNull(row) ? .null : oversized[row] ?? unit.value(of: Int64(units[row]))
        case .units32(let units, let unit): return isNull(row) ? .null : oversized[row] ?? unit.value(of: Int64(units[row]))
        case .units64(let units, let unit): return isNull(row) ? .null : oversized[row] ?? unit.value(of: units[row])
        case .codes8(let codes, let dictionary): return dictionary[Int(codes[row])]
        case .codes16(let codes, let dictionary): return dictionary[Int(codes[row])]
        case .codes32(let codes, let dictionary): return dictionary[Int(codes[row])]
        case .values(let values): return values[row]
        }
    }

    private func isNull(_ row: Int) -> Bool { nulls.map { $0[row / 64] >> UInt64(row % 64) & 1 == 1 } ?? false }

    // MARK: storing

    init(values: [Value], source: [Value]) {
        storage = .values(values)
        nulls = nil
        oversized = [:]
        (least, greatest) = (0, 0)
        self.source = source
        count = values.count
    }

    init(codes: [UInt32], _ dictionary: [Value], source: [Value]?) {
        switch dictionary.count {
        case ...256: storage = .codes8(codes.map { UInt8($0) }, dictionary)
        case ...65_536: storage = .codes16(codes.map { UInt16($0) }, dictionary)
        default: storage = .codes32(codes, dictionary)
        }
        nulls = nil
        oversized = [:]
        (least, greatest) = (0, 0)
        self.source = source
        count = codes.count
    }

    /// - Parameter units: one a row; what stands in the rows of `nulls` and `oversized` does not count.
    init(units: [Int64], _ unit: OrderedUnit, nulls: [UInt64]?, oversized: [Int: Value], source: [Value]?) {
        precondition(nulls.map { $0.count >= (units.count + 63) / 64 } ?? true, "there are fewer null bits than rows")
        var plain = units
        if let nulls {
            for row in plain.indices where nulls[row / 64] >> UInt64(row % 64) & 1 == 1 { plain[row] = 0 }
        }
        for row in oversized.keys { plain[row] = 0 }
        // The zeros of rows without units widen the span at most to zero.
        let least = plain.min() ?? 0, greatest = plain.max() ?? 0
        if least >= Int16.min, greatest <= Int16.max {
            storage = .units16(plain.map { Int16($0) }, unit)
        } else if least >= Int32.min, greatest <= Int32.max {
            storage = .units32(plain.map { Int32($0) }, unit)
        } else {
            storage = .units64(plain, unit)
        }
        (self.least, self.greatest) = (least, greatest)
        self.nulls = nulls?.contains { $0 != 0 } == true ? nulls : nil
        self.oversized = oversized
        self.source = source
        count = units.count
    }
}

/// What one unit of an ordered column stands for.
struct OrderedUnit: Hashable, Sendable {
    let kind: OrderedKind
    /// Units are `10^-scale` of a number, a day, a month or a second.
    let scale: Int

    func value(of units: Int64) -> Value {
        guard let value = kind.value(at: ExactDecimal(coefficient: units, scale: scale)) else {
            preconditionFailure("\(units) is no \(kind)")
        }
        return value
    }
}

/// Rows as columns: what a table is applied to at once.
package struct ColumnBatch: Sendable {
    /// One a slot of the layout that the table was compiled against; nil for a slot whose values are all null.
    package let columns: [Column?]
    /// Rows.
    package let count: Int

    /// - Parameter count: rows; every column has as many.
    package init(_ columns: [Column?], count: Int) {
        precondition(columns.allSatisfy { $0.map { $0.count == count } ?? true }, "the columns differ in their rows")
        self.columns = columns
        self.count = count
    }

    /// The values of one row, one a slot.
    package func row(at row: Int) -> [Value] { columns.map { $0?.value(at: row) ?? .null } }
}
