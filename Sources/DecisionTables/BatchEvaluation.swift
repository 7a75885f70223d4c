import FEEL
import Values

/// One batch on its way through a table, block by block.
struct BatchEvaluation {
    let table: CompiledTable
    let batch: ColumnBatch
    let context: EvaluationContext
    let index: RuleIndex
    /// One an input, the most telling first.
    let bindings: [(input: Int, binding: ColumnBinding)]
    /// Inputs that are expressions; their rows are made as values.
    let hasComputed: Bool
    /// Rule numbers, from 1, by bit, and 0 after them.
    private let numbers: [UInt32]
    private var outcome = BatchOutcome(rules: [], starts: [], failedRows: [])

    init(_ table: CompiledTable, _ batch: ColumnBatch, _ context: EvaluationContext) {
        self.table = table
        self.batch = batch
        self.context = context
        let index = table.index
        self.index = index
        bindings = index.order.map { input in
            let slot = table.inputs[input].plainSlot
            let column = slot.flatMap { $0 < batch.columns.count ? batch.columns[$0] : nil }
            return (input, ColumnBinding(column, input: input, isComputed: slot == nil, index: index))
        }
        hasComputed = table.inputs.contains { $0.plainSlot == nil }
        var numbers = index.rules.map { UInt32($0 + 1) }
        while numbers.count < 65 { numbers.append(0) }
        self.numbers = numbers
    }

    mutating func run() -> BatchOutcome {
        if isSingle {
            outcome.rules = Array(repeating: 0, count: batch.count)
        } else {
            outcome.starts = [0]
            outcome.starts.reserveCapacity(batch.count + 1)
        }
        let space = BlockSpace(inputs: max(bindings.count, 1), isWide: index.words > 1)
        defer { space.free() }
        for start in stride(from: 0, to: batch.count, by: BlockKernel.rows) {
            let block = start..<min(start + BlockKernel.rows, batch.count)
            if index.words == 1 { runNarrow(block, space) } else { runWide(block, space) }
        }
        return outcome
    }

    /// Whether some rule has cells that no set answers.
    private var asksCells: Bool { index.restBits.contains { $0 != 0 } }
    private var isSingle: Bool { table.table.hitPolicy.isSingle }
    private var policy: HitPolicy { table.table.hitPolicy }
    /// Whether the lowest bit decides, whatever else matches.
    private var takesFirst: Bool { policy == .first || (policy == .priority && table.isRanked) }

    // MARK: one word a set

    private mutating func runNarrow(_ block: Range<Int>, _ space: BlockSpace) {
        let every = (index.guardMask &- 1) | index.guardMask
        space.masks.update(repeating: every, count: block.count)
        computeInputs(block, space)
        for place in bindings.indices { take(place, block, space) }
        let traits = BlockKernel.traits(space.masks, guardMask: index.guardMask, block.count)
        let allPlain = traits.common & index.guardMask != 0 && !asks(traits)
        if isSingle {
            let numbers = numbers, masks = space.masks
            outcome.rules.withUnsafeMutableBufferPointer { rules in
                guard let base = rules.baseAddress else { return }
                BlockKernel.first(masks, numbers, into: base + block.lowerBound, block.count)
            }
            if allPlain { return }
            for row in block where !isPlain(space.masks[row - block.lowerBound]) { decideAlone(row, space.masks[row - block.lowerBound]) }
        } else {
            for row in block {
                var bits = space.masks[row - block.lowerBound]
                if !allPlain, !isPlain(bits) {
                    decideAlone(row, bits)
                    continue
                }
                bits &= ~index.guardMask
                while bits != 0 {
                    outcome.rules.append(numbers[bits.trailingZeroBitCount])
                    bits &= bits &- 1
                }
                outcome.starts.append(outcome.rules.count)
            }
        }
    }

    /// Whether some row of a block may need more than its mask.
    private func asks(_ traits: BlockKernel.Traits) -> Bool {
        if takesFirst { return traits.lowest & index.restBits[0] != 0 }
        if traits.any & index.restBits[0] != 0 { return true }
        return needsAll && traits.doubled != 0
    }

    /// Whether two rules that match need a look at both: policies that can be broken, and orders that hang on computed outputs.
    private var needsAll: Bool {
        switch policy {
        case .unique, .any: true
        case .priority, .outputOrder: !table.isRanked
        case .first, .ruleOrder, .collect: false
        }
    }

    /// Whether a row's mask alone gives its answer.
    private func isPlain(_ mask: UInt64) -> Bool {
        guard mask & index.guardMask != 0 else { return false }
        let rules = mask & ~index.guardMask
        if takesFirst { return mask & (0 &- mask) & index.restBits[0] == 0 }
        return rules & index.restBits[0] == 0 && !(needsAll && rules & (rules &- 1) != 0)
    }

    private mutating func decideAlone(_ row: Int, _ mask: UInt64) {
        if mask & index.guardMask != 0, mask & index.restBits[0] == 0 {
            if policy == .unique { return fail(row) }
            if policy == .any, let rule = agreed(mask & ~index.guardMask) {
                outcome.rules[row] = UInt32(rule + 1)
                return
            }
        }
        decideByRow(row)
    }

    /// The first of some rules that all have the same constant outputs.
    private func agreed(_ mask: UInt64) -> Int? {
        var bits = mask
        let first = index.rules[bits.trailingZeroBitCount]
        guard let wanted = table.agreement[first] else { return nil }
        while bits != 0 {
            guard table.agreement[index.rules[bits.trailingZeroBitCount]] == wanted else { return nil }
            bits &= bits &- 1
        }
        return first
    }

    // MARK: many words a set

    private mutating func runWide(_ block: Range<Int>, _ space: BlockSpace) {
        computeInputs(block, space)
        for place in bindings.indices { take(place, block, space) }
        // A table without inputs has one set, of every bit.
        let sets = UnsafePointer(space.sets), inputs = max(bindings.count, 1), index = index
        index.sets.withUnsafeBufferPointer { words in
            index.summaries.withUnsafeBufferPointer { summaries in
                guard let words = words.baseAddress, let summaries = summaries.baseAddress else { return }
                for row in block {
                    decide(row, MatchCursor(
                        sets: words, summaries: summaries, row: sets + (row - block.lowerBound) * inputs, inputs: inputs,
                        words: index.words, summaryWords: index.summaryWords, guardMask: index.guardMask))
                }
            }
        }
    }

    private mutating func decide(_ row: Int, _ start: MatchCursor) {
        guard start.isGuarded else { return decideByRow(row) }
        var cursor = start
        if takesFirst {
            guard let bit = cursor.next() else { return }
            if hasRest(bit) { decideByRow(row) } else { outcome.rules[row] = numbers[bit] }
            return
        }
        let before = outcome.rules.count
        var first: Int?, agreement: Int?
        while let bit = cursor.next() {
            if hasRest(bit) { return undo(before, row) }
            guard isSingle else {
                outcome.rules.append(numbers[bit])
                if needsAll, outcome.rules.count - before > 1 { return undo(before, row) }
                continue
            }
            if first == nil {
                first = bit
                if policy == .any { agreement = table.agreement[index.rules[bit]] }
            } else if policy != .any || agreement == nil || table.agreement[index.rules[bit]] != agreement {
                if policy == .unique, !asksCells { return fail(row) }
                return decideByRow(row)
            }
        }
        if !isSingle {
            outcome.starts.append(outcome.rules.count)
        } else if let first {
            outcome.rules[row] = numbers[first]
        }
    }

    private func hasRest(_ bit: Int) -> Bool { index.restBits[bit / 64] >> UInt64(bit % 64) & 1 != 0 }

    private mutating func undo(_ count: Int, _ row: Int) {
        if !isSingle { outcome.rules.removeLast(outcome.rules.count - count) }
        decideByRow(row)
    }

    // MARK: one row

    /// The row path, for rows that sets alone do not answer.
    private mutating func decideByRow(_ row: Int) {
        do throws(EvaluationFailure) {
            let rules = try table.decide(batch.row(at: row), context)
            if isSingle {
                outcome.rules[row] = rules.first.map { UInt32($0 + 1) } ?? 0
            } else {
                outcome.rules += rules.map { UInt32($0 + 1) }
                outcome.starts.append(outcome.rules.count)
            }
        } catch {
            fail(row)
        }
    }

    private mutating func fail(_ row: Int) {
        outcome.failedRows.append(row)
        if isSingle { outcome.rules[row] = 0 } else { outcome.starts.append(outcome.rules.count) }
    }
}
