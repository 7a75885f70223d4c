import Values

// Classes of a population whose numbers are whole units of one scale.
extension PopulationMeasure {
    /// The class of each entity, by its place among the names: what ``values(_:)`` gives for numbers that all fit. Nil where this is no
    /// measure of classes, where groups are compared, or where a product has more digits than a decimal.
    ///
    /// All entities with one number are in one class, and classes follow each other along the order, so that the least or greatest number
    /// of each class is all there is to know.
    ///
    /// - Parameters:
    ///   - units: whole units of one scale, an entity each.
    ///   - isNull: whether an entity has no number.
    package func classes(_ units: [Int64], isNull: (Int) -> Bool) -> [UInt16]? {
        guard case .classes(let cuts, let names, let crossing) = form, within.isEmpty, !isWithinClient, names.count <= Int(UInt16.max) else { return nil }
        var positive: [UInt64] = []
        var total: Int128 = 0
        for (at, number) in units.enumerated() where number > 0 && !isNull(at) {
            positive.append(UInt64(number))
            total += Int128(number)
        }
        // Shares are compared as products: 100 × sum against cut × total, both times the scale of the cuts.
        let scale = max(cuts.map(\.scale).max() ?? 0, 0)
        // Then no product has more than the 34 digits of a decimal.
        guard scale <= 9, total < 1 << 63 else { return nil }
        var bounds: [Int128] = []
        for cut in cuts {
            let (floor, isExact) = cut.units(scale: scale)
            guard isExact, floor.magnitude < 1_000_000_000_000 else { return nil }
            bounds.append(floor * total)
        }
        let hundred = 100 * Int128(PowersOfTen[scale])
        let limits = Self.limits(RadixSort.sorted(positive), isAscending, bounds, hundred, crossing, names.count)
        let last = UInt16(names.count - 1)
        return units.indices.map { at in
            guard units[at] > 0, !isNull(at) else { return last }
            let number = UInt64(units[at])
            // Limits are where classes end: the first whose end is not passed.
            let place = limits.firstIndex { end in end.map { isAscending ? number <= $0 : number >= $0 } ?? false }
            return UInt16(place ?? names.count - 1)
        }
    }

    /// The last number, along the order, of each class but the last and those before it; nil where there is none.
    private static func limits(
        _ sorted: [UInt64], _ isAscending: Bool, _ bounds: [Int128], _ hundred: Int128, _ crossing: Crossing, _ classes: Int
    ) -> [UInt64?] {
        var limits = [UInt64?](repeating: nil, count: classes - 1)
        var before: Int128 = 0, at = 0, known = 0
        while at < sorted.count, known < classes - 1 {
            let number = sorted[isAscending ? at : sorted.count - 1 - at]
            var beside = 0
            while at + beside < sorted.count, sorted[isAscending ? at + beside : sorted.count - 1 - at - beside] == number { beside += 1 }
            let share = (crossing == .down ? before + Int128(number) : before) * hundred
            while known < bounds.count, crossing == .up ? bounds[known] <= share : bounds[known] < share { known += 1 }
            for place in known..<(classes - 1) { limits[place] = number }
            before += Int128(number) * Int128(beside)
            at += beside
        }
        return limits
    }

    /// The same of rows, where no more than 64 bits is ranked.
    func classes(of rows: [AttributeRow]) -> [Value]? {
        guard case .classes(_, let names, _) = form, within.isEmpty, !isWithinClient else { return nil }
        var numbers = NumberColumn()
        var isNull: [Bool] = []
        for row in rows {
            let number = ranked(row)
            isNull.append(number == nil)
            if let number { numbers.append(number) } else { numbers.appendNothing() }
        }
        guard numbers.wide.isEmpty, let classes = classes(numbers.units, isNull: { isNull[$0] }) else { return nil }
        return classes.map { .string(names[Int($0)]) }
    }
}

/// Sorting of numbers by their bytes, the lowest first; stable, and as many passes as the greatest has bytes.
enum RadixSort {
    static func sorted(_ numbers: [UInt64]) -> [UInt64] {
        guard let greatest = numbers.max(), numbers.count > 64 else { return numbers.sorted() }
        var from = numbers, to = numbers
        for shift in stride(from: UInt64(0), to: UInt64(64 - greatest.leadingZeroBitCount), by: 8) {
            var places = [Int](repeating: 0, count: 257)
            for number in from { places[Int(number >> shift & 255) + 1] += 1 }
            for digit in 1...256 { places[digit] += places[digit - 1] }
            for number in from {
                let digit = Int(number >> shift & 255)
                to[places[digit]] = number
                places[digit] += 1
            }
            swap(&from, &to)
        }
        return from
    }
}
