import FEEL
import Values

/// Which rules of a table an input column leaves in the running, for every value that the column can hold.
///
/// A column whose cells are tests over constants splits its values into regions within which every cell answers the same:
/// stretches of the number line, each string that a cell names and all others, true, false and null. For each region there
/// is a set of bits, one bit a rule, so that a row costs one search a column and one AND a word instead of one test a cell.
/// Answers are taken from the cells themselves, at one value of each region. One row and a whole column of rows are answered
/// from the same sets: the first finds its set by ``set(of:)``, the other by what ``ColumnBinding`` works out beforehand.
struct ColumnIndex: Sendable {
    /// Words of one set.
    let words: Int
    /// All sets, one after the other, until they are taken.
    private var sets: [UInt64]
    /// By kind; nil where values of the kind are not indexed.
    private var lines: [OrderedRegions?] = Array(repeating: nil, count: OrderedKind.allCases.count)
    private var strings: [String: Int] = [:]
    private var otherStrings: Int?
    private var trueSet: Int?
    private var falseSet: Int?
    private var nullSet: Int?

    /// The set of values that are not indexed: every rule, and not the guard.
    static let unknownSet = 0
    /// Most words of the sets of one kind of value in one column (32 MiB).
    private static let wordsMax = 4_194_304

    /// - Parameters:
    ///   - cells: the tests of the column by bit, each as ``accepts(_:)`` wants it; a bit without a test is in every set.
    ///   - listed: the tests of the values that the column lists; the guard is in the sets of values that pass them, and of null.
    ///   - guardBit: the last bit. A row whose guard is not in all its sets is looked at on its own.
    ///   - type: what the column holds; values of other types are not indexed.
    init(cells: [(bit: Int, test: CompiledTest)], listed: CompiledTest?, guardBit: Int, type: ValueType) {
        words = guardBit / 64 + 1
        var everyBit = [UInt64](repeating: .max, count: words)
        everyBit[words - 1] = UInt64.max >> UInt64(63 - guardBit % 64)
        sets = everyBit
        sets[guardBit / 64] &= ~(1 << UInt64(guardBit % 64))
        var canTell = true
        var filler = Filler(words: words, everyBit: everyBit, cells: cells)
        if let listed {
            if Self.accepts(listed) {
                filler.cells.append((guardBit, listed))
            } else {
                canTell = false
            }
        }
        if canTell { index(filler, type, guardBit) }
    }

    private mutating func add(_ new: [UInt64]) -> Int {
        defer { sets += new }
        return sets.count / words
    }

    /// Whether a cell's answers can be told beforehand: it is over constants, and does not go by the order of strings, which has
    /// no regions that a list of names could tell.
    static func accepts(_ test: CompiledTest) -> Bool {
        guard let constraint = test.constraint, test.slots.isEmpty, !test.readsClock else { return false }
        return constraint.terms.allSatisfy { term in
            guard case .interval(let range) = term else { return true }
            if case .string? = range.lower { return false }
            if case .string? = range.upper { return false }
            return true
        }
    }

    /// The sets, which another keeps from then on.
    mutating func takeSets() -> [UInt64] {
        defer { sets = [] }
        return sets
    }

    /// The set of a value's region.
    func set(of value: Value) -> Int {
        switch value {
        case .string(let string): return strings[string] ?? otherStrings ?? Self.unknownSet
        case .boolean(let flag): return (flag ? trueSet : falseSet) ?? Self.unknownSet
        case .null: return nullSet ?? Self.unknownSet
        default:
            guard let (kind, key) = OrderedKind.key(of: value), let line = lines[kind.rawValue] else { return Self.unknownSet }
            return line.set(of: key)
        }
    }

    /// The regions of a kind of value, or nil where it is not indexed.
    func line(_ kind: OrderedKind) -> OrderedRegions? { lines[kind.rawValue] }

    // MARK: filling

    private mutating func index(_ filler: Filler, _ type: ValueType, _ guardBit: Int) {
        for kind in OrderedKind.allCases where kind.type.accepts(type) {
            guard let line = filler.line(kind, firstSet: sets.count / words, wordsMax: Self.wordsMax) else { continue }
            lines[kind.rawValue] = line.regions
            _ = add(line.sets)
        }
        if ValueType.string.accepts(type) { addStrings(filler) }
        if ValueType.boolean.accepts(type), let yes = filler.set(of: .boolean(true)), let no = filler.set(of: .boolean(false)) {
            trueSet = add(yes)
            falseSet = add(no)
        }
        if var none = filler.set(of: .null) {
            none[guardBit / 64] |= 1 << UInt64(guardBit % 64)
            nullSet = add(none)
        }
    }

    private mutating func addStrings(_ filler: Filler) {
        let names = filler.names
        guard (names.count + 1) * words <= Self.wordsMax else { return }
        var other = "~"
        while names.contains(other) { other += "~" }
        guard let rest = filler.set(of: .string(other)) else { return }
        otherStrings = add(rest)
        for name in names.sorted() { strings[name] = add(rest) }
        // Only the cells that name a string can answer otherwise for it than for all others.
        for cell in filler.cells {
            for case .value(.string(let name)) in cell.test.constraint?.terms ?? [] {
                guard let set = strings[name], let holds = filler.answer(cell.test, .string(name)) else { continue }
                let word = set * words + cell.bit / 64, mask: UInt64 = 1 << UInt64(cell.bit % 64)
                sets[word] = holds ? sets[word] | mask : sets[word] & ~mask
            }
        }
    }
}

/// The regions of one kind of value of one column: stretches of a line, in order, each with its set.
struct OrderedRegions: Sendable {
    let kind: OrderedKind
    /// Where the regions after the first begin, ascending.
    let bounds: [RegionBound]
    /// The set of the lowest region; the sets of the others follow.
    let firstSet: Int

    /// The set of the region that the key lies in.
    func set(of key: ExactDecimal) -> Int {
        var low = 0, high = bounds.count
        while low < high {
            let middle = (low + high) / 2
            if bounds[middle].isPassed(by: key) { low = middle + 1 } else { high = middle }
        }
        return firstSet + low
    }
}

/// Where a region begins: at a key, or just after it.
struct RegionBound: Hashable, Comparable, Sendable {
    let key: ExactDecimal
    let isAfter: Bool

    func isPassed(by key: ExactDecimal) -> Bool { isAfter ? self.key < key : self.key <= key }

    /// The least whole number of units that has passed the bound; past ±10^37 it stays there.
    func threshold(scale: Int) -> Int128 {
        let (floor, isExact) = key.units(scale: scale)
        return isAfter || !isExact ? floor + 1 : floor
    }

    static func < (left: RegionBound, right: RegionBound) -> Bool {
        left.key == right.key ? !left.isAfter && right.isAfter : left.key < right.key
    }
}
