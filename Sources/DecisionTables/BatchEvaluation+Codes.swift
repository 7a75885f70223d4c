import FEEL
import Values

/// The working memory of a block, allocated once a batch.
struct BlockSpace {
    /// A mask a row, where sets have one word.
    let masks: UnsafeMutablePointer<UInt64>
    /// Else the number of a set a row and input, row by row.
    let sets: UnsafeMutablePointer<UInt32>
    let codes16: UnsafeMutablePointer<UInt16>
    let codes32: UnsafeMutablePointer<UInt32>
    /// The sets of computed inputs, input by input.
    let computed: UnsafeMutablePointer<UInt32>

    /// - Parameter inputs: at least 1.
    init(inputs: Int, isWide: Bool) {
        let rows = BlockKernel.rows
        masks = .allocate(capacity: rows)
        masks.initialize(repeating: 0, count: rows)
        let places = isWide ? rows * inputs : 1
        sets = .allocate(capacity: places)
        sets.initialize(repeating: 0, count: places)
        codes16 = .allocate(capacity: rows)
        codes16.initialize(repeating: 0, count: rows)
        codes32 = .allocate(capacity: rows)
        codes32.initialize(repeating: 0, count: rows)
        computed = .allocate(capacity: rows * inputs)
        computed.initialize(repeating: 0, count: rows * inputs)
    }

    func free() {
        masks.deallocate()
        sets.deallocate()
        codes16.deallocate()
        codes32.deallocate()
        computed.deallocate()
    }
}

extension BatchEvaluation {
    /// Works out the inputs that are expressions, a row at a time. Where one fails the row is looked at on its own.
    func computeInputs(_ block: Range<Int>, _ space: BlockSpace) {
        guard hasComputed else { return }
        for row in block {
            let values = batch.row(at: row)
            for (place, entry) in bindings.enumerated() {
                guard case .computed = entry.binding.source else { continue }
                space.computed[place * BlockKernel.rows + row - block.lowerBound] = computedSet(entry.input, values)
            }
        }
    }

    private func computedSet(_ input: Int, _ row: [Value]) -> UInt32 {
        do throws(EvaluationFailure) {
            return UInt32(index.set(of: try table.inputs[input].evaluate(row, context), inColumn: input))
        } catch {
            return UInt32(index.unknownSet(ofColumn: input))
        }
    }

    /// Takes one input into account: in the masks where sets have one word, else by noting its sets.
    func take(_ place: Int, _ block: Range<Int>, _ space: BlockSpace) {
        let binding = bindings[place].binding
        let rows = block.count
        switch binding.source {
        case .codes8(let codes): with(codes, block) { use($0, binding, place, rows, space) }
        case .codes16(let codes): with(codes, block) { use($0, binding, place, rows, space) }
        case .codes32(let codes): with(codes, block) { use($0, binding, place, rows, space) }
        case .counted16(let units, let limits):
            with(units, limits, block) { BlockKernel.count($0, above: $1, into: space.codes16, rows) }
            mark(space.codes16, binding, block)
            use(UnsafePointer(space.codes16), binding, place, rows, space)
        case .values(let values):
            let input = bindings[place].input
            for row in block { space.codes32[row - block.lowerBound] = UInt32(index.set(of: values[row], inColumn: input)) }
            use(UnsafePointer(space.codes32), binding, place, rows, space)
        case .computed: use(UnsafePointer(space.computed + place * BlockKernel.rows), binding, place, rows, space)
        case .absent:
            space.codes32.update(repeating: binding.nullCode, count: rows)
            use(UnsafePointer(space.codes32), binding, place, rows, space)
        default:
            encode(binding, block, space.codes32)
            mark(space.codes32, binding, block)
            use(UnsafePointer(space.codes32), binding, place, rows, space)
        }
    }

    /// The codes of units that are held in 32 or 64 bits, or have more limits than are counted.
    private func encode(_ binding: ColumnBinding, _ block: Range<Int>, _ codes: UnsafeMutablePointer<UInt32>) {
        let rows = block.count
        switch binding.source {
        case .counted32(let units, let limits): with(units, limits, block) { BlockKernel.count($0, above: $1, into: codes, rows) }
        case .counted64(let units, let limits): with(units, limits, block) { BlockKernel.count($0, above: $1, into: codes, rows) }
        case .listed16(let units, let list): look(up: units, list, binding, block, codes)
        case .listed32(let units, let list): look(up: units, list, binding, block, codes)
        case .listed64(let units, let list): look(up: units, list, binding, block, codes)
        case .searched32(let units, let limits): with(units, limits, block) { BlockKernel.search($0, above: $1, into: codes, rows) }
        case .searched64(let units, let limits): with(units, limits, block) { BlockKernel.search($0, above: $1, into: codes, rows) }
        default: preconditionFailure("the source has no units")
        }
    }

    /// Gives rows without a value, and those whose value the units do not hold, their own codes.
    private func mark<Code: FixedWidthInteger>(_ codes: UnsafeMutablePointer<Code>, _ binding: ColumnBinding, _ block: Range<Int>) {
        if let nulls = binding.nulls {
            for word in (block.lowerBound / 64)..<((block.upperBound + 63) / 64) {
                var bits = nulls[word]
                while bits != 0 {
                    let row = word * 64 + bits.trailingZeroBitCount
                    bits &= bits - 1
                    if row < block.upperBound { codes[row - block.lowerBound] = Code(truncatingIfNeeded: binding.nullCode) }
                }
            }
        }
        for row in binding.oversized where block.contains(row) {
            codes[row - block.lowerBound] = Code(truncatingIfNeeded: binding.unknownCode)
        }
    }

    @inline(__always)
    private func look<Units: FixedWidthInteger>(
        up units: [Units], _ list: [UInt32], _ binding: ColumnBinding, _ block: Range<Int>, _ codes: UnsafeMutablePointer<UInt32>
    ) {
        with(list, 0..<list.count) { list in
            with(units, block) { BlockKernel.look(up: $0, in: list, from: binding.least, into: codes, block.count) }
        }
    }

    @inline(__always)
    private func with<Units>(
        _ units: [Units], _ limits: [Units], _ block: Range<Int>, _ body: (UnsafePointer<Units>, UnsafeBufferPointer<Units>) -> Void
    ) {
        limits.withUnsafeBufferPointer { limits in with(units, block) { body($0, limits) } }
    }

    @inline(__always)
    private func with<Element>(_ elements: [Element], _ block: Range<Int>, _ body: (UnsafePointer<Element>) -> Void) {
        elements.withUnsafeBufferPointer { buffer in
            if let base = buffer.baseAddress { body(base + block.lowerBound) }
        }
    }

    @inline(__always)
    private func use<Code: FixedWidthInteger>(
        _ codes: UnsafePointer<Code>, _ binding: ColumnBinding, _ place: Int, _ rows: Int, _ space: BlockSpace
    ) {
        if index.words == 1 {
            with(binding.masks, 0..<rows) { BlockKernel.narrow(space.masks, by: codes, $0, rows) }
        } else if binding.sets.isEmpty {
            for row in 0..<rows { space.sets[row * bindings.count + place] = UInt32(truncatingIfNeeded: codes[row]) }
        } else {
            with(binding.sets, 0..<rows) { BlockKernel.place(space.sets + place, stride: bindings.count, by: codes, $0, rows) }
        }
    }
}
