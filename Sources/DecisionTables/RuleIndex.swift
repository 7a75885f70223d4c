import FEEL
import Values

/// What is worked out beforehand about the rules of a table: for every input column the set of rules that each of its values
/// leaves in the running, and the cells that have to be asked all the same.
///
/// Bit b of a set is the rule that comes b-th by the hit policy: its place in the table, or with PRIORITY and OUTPUT ORDER, where
/// all outputs are constants, its place in the order of the output values. So the lowest bit is the rule that decides.
/// One bit more, the guard, is in a set where the value is indexed and is one that its column lists.
struct RuleIndex: Sendable {
    let ruleCount: Int
    /// Words of one set, with the guard.
    let words: Int
    /// One an input column; their sets are moved to `sets`.
    let columns: [ColumnIndex]
    /// The sets of all columns, one after the other, and the number of each column's first.
    let sets: [UInt64]
    let firstSets: [Int]
    /// The rule, from 0, of each bit.
    let rules: [Int]
    /// By bit, the cells that no set answers: they are asked for the rules that are left.
    let rest: [[CompiledCell]]
    /// The bits that have such cells.
    let restBits: [UInt64]
    /// Input columns, from the one that leaves the fewest rules.
    let order: [Int]
    /// The words in which a set has any bit, 64 a summary word; by set.
    let summaries: [UInt64]
    let summaryWords: Int

    var guardBit: Int { ruleCount }
    var guardMask: UInt64 { 1 << UInt64(ruleCount % 64) }

    /// - Parameters:
    ///   - rules: the rules, from 0, in the order of their bits.
    ///   - tests: the cells of each rule of the table.
    ///   - listed: the tests of the values that inputs list.
    init(rules: [Int], tests: [[CompiledCell]], listed: [CompiledTest?], inputTypes: [ValueType]) {
        self.rules = rules
        ruleCount = rules.count
        words = rules.count / 64 + 1
        var byColumn: [[(bit: Int, test: CompiledTest)]] = Array(repeating: [], count: inputTypes.count)
        var rest: [[CompiledCell]] = [], restBits = [UInt64](repeating: 0, count: words)
        rest.reserveCapacity(rules.count)
        for (bit, rule) in rules.enumerated() {
            var asked: [CompiledCell] = []
            for cell in tests[rule] {
                if ColumnIndex.accepts(cell.test) { byColumn[cell.input].append((bit, cell.test)) } else { asked.append(cell) }
            }
            if !asked.isEmpty { restBits[bit / 64] |= 1 << UInt64(bit % 64) }
            rest.append(asked)
        }
        self.rest = rest
        self.restBits = restBits
        var columns = inputTypes.indices.map { column in
            ColumnIndex(cells: byColumn[column], listed: listed[column], guardBit: rules.count, type: inputTypes[column])
        }
        var sets: [UInt64] = [], firstSets: [Int] = [], density: [Double] = []
        for column in columns.indices {
            firstSets.append(sets.count / words)
            let taken = columns[column].takeSets()
            density.append(Double(taken.reduce(0) { $0 + $1.nonzeroBitCount }) / Double(taken.count))
            sets += taken
        }
        if columns.isEmpty {
            sets = Array(repeating: .max, count: words)
            sets[words - 1] = UInt64.max >> UInt64(63 - rules.count % 64)
        }
        self.columns = columns
        self.sets = sets
        self.firstSets = firstSets
        order = columns.indices.sorted { (density[$0], $0) < (density[$1], $1) }
        summaryWords = (words + 63) / 64
        summaries = Self.summaries(of: sets, words, summaryWords)
    }

    private static func summaries(of sets: [UInt64], _ words: Int, _ summaryWords: Int) -> [UInt64] {
        let count = sets.count / words
        var summaries = [UInt64](repeating: 0, count: count * summaryWords)
        for set in 0..<count {
            for word in 0..<words where sets[set * words + word] != 0 {
                summaries[set * summaryWords + word / 64] |= 1 << UInt64(word % 64)
            }
        }
        return summaries
    }

    /// The set that leaves every rule and has no guard.
    func unknownSet(ofColumn column: Int) -> Int { firstSets[column] + ColumnIndex.unknownSet }

    /// The set of a value's region in an input column.
    func set(of value: Value, inColumn column: Int) -> Int { firstSets[column] + columns[column].set(of: value) }

    /// The set of each input's value, by column.
    func sets(of values: [Value]) -> [Int] {
        var sets: [Int] = []
        sets.reserveCapacity(values.count)
        for column in values.indices { sets.append(set(of: values[column], inColumn: column)) }
        return sets
    }

    /// Whether all values are indexed and listed.
    func isGuarded(_ chosen: [Int]) -> Bool { chosen.allSatisfy { sets[$0 * words + words - 1] & guardMask != 0 } }

    /// The bits of one word that all columns leave, without the guard.
    func candidates(_ word: Int, _ chosen: [Int]) -> UInt64 {
        var bits: UInt64 = word < words - 1 ? .max : guardMask &- 1
        for column in order { bits &= sets[chosen[column] * words + word] }
        return bits
    }

    /// The words of one summary word in which all columns have any bit.
    func candidateWords(_ summaryWord: Int, _ chosen: [Int]) -> UInt64 {
        let left = words - summaryWord * 64
        var bits: UInt64 = left >= 64 ? .max : (1 << UInt64(left)) - 1
        for column in order { bits &= summaries[chosen[column] * summaryWords + summaryWord] }
        return bits
    }
}
