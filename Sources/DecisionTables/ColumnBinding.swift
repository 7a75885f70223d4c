import Values

/// How one input of a table is read from a batch: the code of every row, by what is worked out once for the batch, and the
/// set of each code.
struct ColumnBinding {
    enum Source {
        /// The column's own codes.
        case codes8([UInt8])
        case codes16([UInt16])
        case codes32([UInt32])
        /// The code is how many of a few limits the units are above; limits ascend.
        case counted16([Int16], limits: [Int16])
        case counted32([Int32], limits: [Int32])
        case counted64([Int64], limits: [Int64])
        /// The code stands in a list by the units, less the least of the column.
        case listed16([Int16], codes: [UInt32])
        case listed32([Int32], codes: [UInt32])
        case listed64([Int64], codes: [UInt32])
        /// The code is found by halving.
        case searched32([Int32], limits: [Int32])
        case searched64([Int64], limits: [Int64])
        /// Each row's value is asked for its set, which is the code.
        case values([Value])
        /// The input is an expression over the row.
        case computed
        /// No row has a value.
        case absent
    }

    let source: Source
    /// The number of the set of each code. With `values`, `computed` and `absent` codes are sets already.
    let sets: [UInt32]
    /// By code the one word of its set, where sets have one word.
    let masks: [UInt64]
    /// The least units, for `listed`.
    let least: Int64
    let nulls: [UInt64]?
    let oversized: [Int]
    let nullCode: UInt32
    let unknownCode: UInt32

    /// More limits than these are not counted one by one.
    private static let countedMax = 48
    /// Longest list of codes by units.
    private static let listMax: Int64 = 65_536

    init(_ column: Column?, input: Int, isComputed: Bool, index: RuleIndex) {
        let null = UInt32(index.set(of: .null, inColumn: input)), unknown = UInt32(index.unknownSet(ofColumn: input))
        var sets: [UInt32] = []
        var least: Int64 = 0
        switch column?.storage {
        case _ where isComputed: source = .computed
        case nil: source = .absent
        case .values(let values): source = .values(values)
        case .codes8(let codes, let dictionary):
            source = .codes8(codes)
            sets = dictionary.map { UInt32(index.set(of: $0, inColumn: input)) }
        case .codes16(let codes, let dictionary):
            source = .codes16(codes)
            sets = dictionary.map { UInt32(index.set(of: $0, inColumn: input)) }
        case .codes32(let codes, let dictionary):
            source = .codes32(codes)
            sets = dictionary.map { UInt32(index.set(of: $0, inColumn: input)) }
        case .units16(_, let unit), .units32(_, let unit), .units64(_, let unit):
            guard let column else { preconditionFailure("units without a column") }
            let limits: [Int64]
            (limits, sets) = Self.limits(column, unit, input, index)
            source = Self.source(column, limits)
            least = column.least
        }
        nullCode = sets.isEmpty ? null : UInt32(sets.count)
        unknownCode = sets.isEmpty ? unknown : UInt32(sets.count + 1)
        if !sets.isEmpty { sets += [null, unknown] }
        self.sets = sets
        self.least = least
        nulls = column?.nulls
        oversized = column?.oversized.keys.sorted() ?? []
        // Codes that are sets need every set of the index; the sets are then the codes' own words.
        masks = index.words > 1 ? [] : (sets.isEmpty ? index.sets : sets.map { index.sets[Int($0)] })
    }

    /// What the units have to be above, as far as the column has such units, and the set of each count of them.
    private static func limits(
        _ column: Column, _ unit: OrderedUnit, _ input: Int, _ index: RuleIndex
    ) -> (limits: [Int64], sets: [UInt32]) {
        guard let line = index.columns[input].line(unit.kind) else { return ([], [UInt32(index.unknownSet(ofColumn: input))]) }
        var passed = 0
        var limits: [Int64] = []
        for bound in line.bounds {
            let threshold = bound.threshold(scale: unit.scale)
            if threshold <= Int128(column.least) {
                passed += 1
            } else if threshold <= Int128(column.greatest) {
                limits.append(Int64(threshold - 1))
            }
        }
        let first = index.firstSets[input] + line.firstSet + passed
        return (limits, (0...limits.count).map { UInt32(first + $0) })
    }

    private static func source(_ column: Column, _ limits: [Int64]) -> Source {
        let isList = limits.count > countedMax && spanFits(column)
        let codes = isList ? list(column, limits) : []
        switch column.storage {
        case .units16(let units, _):
            return isList ? .listed16(units, codes: codes) : .counted16(units, limits: limits.map { Int16($0) })
        case .units32(let units, _):
            if isList { return .listed32(units, codes: codes) }
            let narrow = limits.map { Int32($0) }
            return limits.count > countedMax ? .searched32(units, limits: narrow) : .counted32(units, limits: narrow)
        case .units64(let units, _):
            if isList { return .listed64(units, codes: codes) }
            return limits.count > countedMax ? .searched64(units, limits: limits) : .counted64(units, limits: limits)
        default: preconditionFailure("the column has no units")
        }
    }

    /// A span of 16-bit units always fits.
    private static func spanFits(_ column: Column) -> Bool {
        let (span, overflow) = column.greatest.subtractingReportingOverflow(column.least)
        return !overflow && span < listMax
    }

    private static func list(_ column: Column, _ limits: [Int64]) -> [UInt32] {
        var codes: [UInt32] = []
        var passed = 0
        for units in column.least...column.greatest {
            while passed < limits.count, units > limits[passed] { passed += 1 }
            codes.append(UInt32(passed))
        }
        return codes
    }
}
