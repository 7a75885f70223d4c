/// Rows cut into blocks that depend on nothing but their number, so that sums over blocks are the same however the blocks are shared out.
struct RowBlocks: Sendable {
    let rows: Int
    let size: Int

    var count: Int { (rows + size - 1) / size }

    func range(_ block: Int) -> Range<Int> { block * size..<min((block + 1) * size, rows) }
}

/// Memory that the blocks of one loop write to, each to places of its own.
final class BlockMemory<Element: BitwiseCopyable>: @unchecked Sendable {  // Blocks do not share places, and the loop ends before they are read.
    let start: UnsafeMutablePointer<Element>
    let count: Int

    init(_ count: Int, _ value: Element) {
        self.count = count
        // A row of eight numbers then lies in one line of the processor's cache.
        let bytes = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<Element>.stride, alignment: 64)
        start = bytes.bindMemory(to: Element.self, capacity: max(count, 1))
        start.initialize(repeating: value, count: count)
    }

    convenience init(_ values: [Element], else value: Element) {
        self.init(values.count, value)
        values.withUnsafeBufferPointer { if let first = $0.baseAddress { start.update(from: first, count: values.count) } }
    }

    deinit { UnsafeMutableRawPointer(start).deallocate() }

    @inline(__always)
    subscript(index: Int) -> Element {
        get { start[index] }
        set { start[index] = newValue }
    }

    var array: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }
}

extension BlockMemory where Element == Double {
    /// The sum from the first to the last.
    var sum: Double {
        var sum = 0.0
        for index in 0..<count { sum += self[index] }
        return sum
    }
}
