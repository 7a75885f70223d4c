package import Values

extension Column {
    /// Most entries of a dictionary; a column of more distinct values keeps them as they are.
    private static let dictionaryMax = 1_048_576

    /// Any values. Numbers, dates or durations alone, with nulls, become units; other values a dictionary.
    package init(_ values: [Value]) {
        guard let kind = Self.kind(of: values) else {
            self = Self.coded(values)
            return
        }
        let scale = kind == .number ? Self.scale(of: values) : (kind == .dayTimeDuration ? 9 : 0)
        var units = [Int64](repeating: 0, count: values.count)
        var nulls = [UInt64](repeating: 0, count: (values.count + 63) / 64)
        var oversized: [Int: Value] = [:]
        for (row, value) in values.enumerated() {
            guard let key = kind.key(of: value) else {
                nulls[row / 64] |= 1 << UInt64(row % 64)
                continue
            }
            let (floor, isExact) = key.units(scale: scale)
            if isExact, let fitting = Int64(exactly: floor) { units[row] = fitting } else { oversized[row] = value }
        }
        self.init(units: units, OrderedUnit(kind: kind, scale: scale), nulls: nulls, oversized: oversized, source: values)
    }

    /// The one kind of line that all values but nulls lie on.
    private static func kind(of values: [Value]) -> OrderedKind? {
        var kind: OrderedKind?
        for value in values where value != .null {
            guard let found = OrderedKind.key(of: value)?.kind, kind == nil || kind == found else { return nil }
            kind = found
        }
        return kind
    }

    /// The least scale at which most of the numbers fit 64 bits exactly.
    private static func scale(of values: [Value]) -> Int {
        var change = [Int](repeating: 0, count: 20)
        for case .number(let number) in values {
            let plain = number.normalized
            guard let coefficient = plain.coefficient64, plain.scale <= 18 else { continue }
            // Ten to this power times the coefficient still fits.
            let room = coefficient == 0 ? 18 : 18 - String(coefficient.magnitude).utf8.count
            let low = max(plain.scale, 0), high = min(18, plain.scale + max(room, 0))
            guard low <= high else { continue }
            change[low] += 1
            change[high + 1] -= 1
        }
        var best = (scale: 0, count: Int.min), fitting = 0
        for scale in 0...18 {
            fitting += change[scale]
            if fitting > best.count { best = (scale, fitting) }
        }
        return best.scale
    }

    private static func coded(_ values: [Value]) -> Column {
        var places: [Value: UInt32] = [:], dictionary: [Value] = [], codes: [UInt32] = []
        codes.reserveCapacity(values.count)
        for value in values {
            if let known = places[value] {
                codes.append(known)
                continue
            }
            guard dictionary.count < dictionaryMax else { return Column(values: values, source: values) }
            let code = UInt32(dictionary.count)
            places[value] = code
            dictionary.append(value)
            codes.append(code)
        }
        return Column(codes: codes, dictionary, source: values)
    }
}
