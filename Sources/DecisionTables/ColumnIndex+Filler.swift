import FEEL
import Values

extension ColumnIndex {
    /// Asks the cells of a column.
    struct Filler {
        let words: Int
        let everyBit: [UInt64]
        var cells: [(bit: Int, test: CompiledTest)]

        private static let anywhere = EvaluationContext(now: Instant(seconds: 0))

        /// The strings that any cell names.
        var names: Set<String> {
            var names: Set<String> = []
            for cell in cells {
                for case .value(.string(let name)) in cell.test.constraint?.terms ?? [] { names.insert(name) }
            }
            return names
        }

        /// Nil where the cell fails for the value: such values are not indexed, so that the failure is told with its place.
        func answer(_ test: CompiledTest, _ value: Value) -> Bool? {
            do throws(EvaluationFailure) {
                return try test.matches(value, [], Self.anywhere)
            } catch {
                return nil
            }
        }

        /// The bits whose cells hold for the value.
        func set(of value: Value) -> [UInt64]? {
            var set = everyBit
            for cell in cells {
                guard let holds = answer(cell.test, value) else { return nil }
                if !holds { set[cell.bit / 64] &= ~(1 << UInt64(cell.bit % 64)) }
            }
            return set
        }

        /// The regions of one kind of value, and their sets: those of the lowest, and then each with the bits turned over that
        /// change where it begins.
        func line(_ kind: OrderedKind, firstSet: Int, wordsMax: Int) -> (regions: OrderedRegions, sets: [UInt64])? {
            var set = everyBit
            var turns: [(bound: RegionBound, bit: Int)] = []
            for cell in cells {
                guard let lowest = addTurns(of: cell, kind, &turns) else { return nil }
                if !lowest { set[cell.bit / 64] &= ~(1 << UInt64(cell.bit % 64)) }
            }
            turns.sort { $0.bound < $1.bound }
            var bounds: [RegionBound] = []
            var sets = set
            for turn in turns {
                if bounds.last != turn.bound {
                    guard (bounds.count + 2) * words <= wordsMax else { return nil }
                    if !bounds.isEmpty { sets += set }
                    bounds.append(turn.bound)
                }
                set[turn.bit / 64] ^= 1 << UInt64(turn.bit % 64)
            }
            if !bounds.isEmpty { sets += set }
            return (OrderedRegions(kind: kind, bounds: bounds, firstSet: firstSet), sets)
        }

        /// Where a cell's answer turns over along the line, and its answer for the lowest values; nil where it fails.
        ///
        /// Between two neighbours of the values that the cell itself compares with its answer stays the same.
        private func addTurns(
            of cell: (bit: Int, test: CompiledTest), _ kind: OrderedKind, _ turns: inout [(bound: RegionBound, bit: Int)]
        ) -> Bool? {
            let keys = Set((cell.test.constraint?.terms ?? []).flatMap(\.ends).compactMap { kind.key(of: $0) }).sorted()
            guard let first = keys.first, let last = keys.last else { return kind.anyValue.flatMap { answer(cell.test, $0) } }
            guard let below = kind.value(below: first), let lowest = answer(cell.test, below) else { return nil }
            var current = lowest
            for (place, key) in keys.enumerated() {
                guard let value = kind.value(at: key), let here = answer(cell.test, value) else { return nil }
                if here != current { turns.append((RegionBound(key: key, isAfter: false), cell.bit)) }
                current = here
                let next = key == last ? kind.value(above: key) : kind.value(between: key, keys[place + 1])
                // Without a value in between, the next region begins at the next key.
                guard let next else { continue }
                guard let beyond = answer(cell.test, next) else { return nil }
                if beyond != current { turns.append((RegionBound(key: key, isAfter: true), cell.bit)) }
                current = beyond
            }
            return lowest
        }
    }
}

extension TestTerm {
    /// The values that it compares with.
    fileprivate var ends: [Value] {
        switch self {
        case .value(let value): [value]
        case .interval(let range): [range.lower, range.upper].compactMap(\.self)
        }
    }
}
