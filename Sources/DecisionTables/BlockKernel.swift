/// The loops over one block of rows. They work on plain memory, allocate nothing, and are specialised in this module.
enum BlockKernel {
    /// Rows of one block: what a block needs of masks and codes stays in the first-level cache.
    static let rows = 1024

    // MARK: codes

    /// How many of the limits each value is above: four limits a pass, so that units and codes are loaded once for the four. The
    /// compiler turns the inner loop into vector instructions, 8 rows each for 16-bit units and 4 for 32-bit ones. The same with
    /// the vector types of the standard library was 20 times slower: their comparisons are loops over lanes.
    @inline(__always)
    static func count<Units: FixedWidthInteger, Code: FixedWidthInteger>(
        _ units: UnsafePointer<Units>, above limits: UnsafeBufferPointer<Units>, into codes: UnsafeMutablePointer<Code>,
        _ rows: Int
    ) {
        codes.update(repeating: 0, count: rows)
        var place = 0
        while place < limits.count {
            // No value is above the greatest there is.
            let first = limits[place]
            let second = place + 1 < limits.count ? limits[place + 1] : Units.max
            let third = place + 2 < limits.count ? limits[place + 2] : Units.max
            let fourth = place + 3 < limits.count ? limits[place + 3] : Units.max
            for row in 0..<rows {
                let value = units[row]
                let low: Code = (value > first ? 1 : 0) &+ (value > second ? 1 : 0)
                let high: Code = (value > third ? 1 : 0) &+ (value > fourth ? 1 : 0)
                codes[row] &+= low &+ high
            }
            place += 4
        }
    }

    /// The same by halving, without a branch that depends on the data.
    @inline(__always)
    static func search<Units: FixedWidthInteger>(
        _ units: UnsafePointer<Units>, above limits: UnsafeBufferPointer<Units>, into codes: UnsafeMutablePointer<UInt32>,
        _ rows: Int
    ) {
        for row in 0..<rows {
            let value = units[row]
            var low = 0, length = limits.count
            while length > 1 {
                let half = length / 2
                low &+= value > limits[low &+ half &- 1] ? half : 0
                length &-= half
            }
            if length == 1, value > limits[low] { low &+= 1 }
            codes[row] = UInt32(truncatingIfNeeded: low)
        }
    }

    /// The code that a list has for the units.
    @inline(__always)
    static func look<Units: FixedWidthInteger>(
        up units: UnsafePointer<Units>, in list: UnsafePointer<UInt32>, from least: Int64, into codes: UnsafeMutablePointer<UInt32>,
        _ rows: Int
    ) {
        for row in 0..<rows { codes[row] = list[Int(Int64(truncatingIfNeeded: units[row]) &- least)] }
    }

    // MARK: masks

    /// Leaves in each row's mask what the mask of its code has.
    @inline(__always)
    static func narrow<Code: FixedWidthInteger>(
        _ masks: UnsafeMutablePointer<UInt64>, by codes: UnsafePointer<Code>, _ table: UnsafePointer<UInt64>, _ rows: Int
    ) {
        for row in 0..<rows { masks[row] &= table[Int(truncatingIfNeeded: codes[row])] }
    }

    /// Puts the set of each row's code into the row's place for one input.
    @inline(__always)
    static func place<Code: FixedWidthInteger>(
        _ sets: UnsafeMutablePointer<UInt32>, stride: Int, by codes: UnsafePointer<Code>, _ table: UnsafePointer<UInt32>, _ rows: Int
    ) {
        for row in 0..<rows { sets[row &* stride] = table[Int(truncatingIfNeeded: codes[row])] }
    }

    /// What is true of the masks of a block taken together.
    struct Traits {
        /// Bits that all rows have.
        var common = UInt64.max
        /// Bits that are a row's lowest in any row.
        var lowest: UInt64 = 0
        /// Bits that are in any row.
        var any: UInt64 = 0
        /// Bits but a row's lowest rule, in any row; the guard left out.
        var doubled: UInt64 = 0
    }

    @inline(__always)
    static func traits(_ masks: UnsafePointer<UInt64>, guardMask: UInt64, _ rows: Int) -> Traits {
        var traits = Traits()
        for row in 0..<rows {
            let mask = masks[row], rules = mask & ~guardMask
            traits.common &= mask
            traits.any |= mask
            traits.lowest |= mask & (0 &- mask)
            traits.doubled |= rules & (rules &- 1)
        }
        return traits
    }

    /// The number of the rule with the lowest bit of each mask; `numbers` has 65 entries, and 0 for the guard and for no bit.
    @inline(__always)
    static func first(
        _ masks: UnsafePointer<UInt64>, _ numbers: UnsafePointer<UInt32>, into rules: UnsafeMutablePointer<UInt32>, _ rows: Int
    ) {
        for row in 0..<rows { rules[row] = numbers[masks[row].trailingZeroBitCount] }
    }
}

/// Walks the bits that the sets of all inputs of one row have in common, ascending, without the guard.
struct MatchCursor {
    private let sets: UnsafePointer<UInt64>
    private let summaries: UnsafePointer<UInt64>
    /// The set of each input, the most telling input first.
    private let row: UnsafePointer<UInt32>
    private let inputs: Int
    private let words: Int
    private let summaryWords: Int
    private let guardMask: UInt64
    private var summaryWord = -1
    private var pendingWords: UInt64 = 0
    private var word = 0
    private var pending: UInt64 = 0

    @inline(__always)
    init(
        sets: UnsafePointer<UInt64>, summaries: UnsafePointer<UInt64>, row: UnsafePointer<UInt32>, inputs: Int, words: Int,
        summaryWords: Int, guardMask: UInt64
    ) {
        self.sets = sets
        self.summaries = summaries
        self.row = row
        self.inputs = inputs
        self.words = words
        self.summaryWords = summaryWords
        self.guardMask = guardMask
    }

    /// Whether every set has the guard.
    @inline(__always)
    var isGuarded: Bool {
        var bits = guardMask
        for input in 0..<inputs { bits &= sets[Int(row[input]) &* words &+ words &- 1] }
        return bits != 0
    }

    /// The next bit, or nil at the end.
    @inline(__always)
    mutating func next() -> Int? {
        while pending == 0 {
            while pendingWords == 0 {
                summaryWord &+= 1
                if summaryWord >= summaryWords { return nil }
                pendingWords = .max
                for input in 0..<inputs { pendingWords &= summaries[Int(row[input]) &* summaryWords &+ summaryWord] }
            }
            word = summaryWord &* 64 &+ pendingWords.trailingZeroBitCount
            pendingWords &= pendingWords &- 1
            var bits = word == words &- 1 ? guardMask &- 1 : UInt64.max
            for input in 0..<inputs {
                bits &= sets[Int(row[input]) &* words &+ word]
                if bits == 0 { break }
            }
            pending = bits
        }
        let bit = word &* 64 &+ pending.trailingZeroBitCount
        pending &= pending &- 1
        return bit
    }
}
