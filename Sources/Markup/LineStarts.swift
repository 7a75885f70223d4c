/// Where lines begin in the UTF-8 of a document, for as much of it as the parser has not finished with.
///
/// Lines are asked for by findings alone, so that of a block that is done with only the number of line ends stays, and the places of
/// those that are asked for still.
struct LineStarts {
    /// Offsets in UTF-8 of the first bytes of lines before the block at hand; the first is that of the line where the earliest byte stands that is
    /// asked for.
    private var starts = [0]
    /// 1-based number of the first line in `starts`.
    private var firstLine = 1
    private var block = UnsafeBufferPointer<UInt8>(start: nil, count: 0)
    private var blockStart = 0

    /// These bytes begin at an offset in UTF-8, and stay where they are until ``end(keepingFrom:)``.
    mutating func begin(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        block = bytes
        blockStart = offset
    }

    /// The block is done with. Whatever asks for lines from now on asks for this byte of the UTF-8 or later ones.
    mutating func end(keepingFrom made: Int) {
        let kept = made - blockStart
        if kept >= 0 {
            let passed = UnsafeBufferPointer(rebasing: block[..<min(kept, block.count)])
            let count = Self.count(passed)
            firstLine += starts.count - 1 + count
            let last = count == 0 ? starts[starts.count - 1] : blockStart + (passed.lastIndex(of: 0x0A) ?? 0) + 1
            starts.removeAll(keepingCapacity: true)
            starts.append(last)
        } else if starts.count > 4096 {
            let count = lastIndex(made)
            starts.removeFirst(count)
            firstLine += count
        }
        for index in max(kept, 0)..<max(kept, 0, block.count) where block[index] == 0x0A { starts.append(blockStart + index + 1) }
        block = UnsafeBufferPointer(start: nil, count: 0)
    }

    /// 1-based line and column, in bytes of UTF-8, of a byte of the UTF-8.
    func place(_ made: Int) -> (line: Int, column: Int) {
        if made > blockStart, !block.isEmpty {
            let passed = UnsafeBufferPointer(rebasing: block[..<min(made - blockStart, block.count)])
            if let last = passed.lastIndex(of: 0x0A) {
                return (firstLine + starts.count - 1 + Self.count(passed), made - blockStart - last)
            }
        }
        let index = lastIndex(made)
        return (firstLine + index, made - starts[index] + 1)
    }

    private func lastIndex(_ made: Int) -> Int {
        var low = 0
        var high = starts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if starts[middle] <= made { low = middle } else { high = middle }
        }
        return low
    }

    /// How many line ends there are.
    private static func count(_ bytes: UnsafeBufferPointer<UInt8>) -> Int {
        var count = 0, at = 0
        if let start = bytes.baseAddress.map(UnsafeRawPointer.init) {
            let lineEnd = SIMD16<UInt8>(repeating: 0x0A), none = SIMD16<UInt8>(repeating: 0)
            while at + 16 <= bytes.count {
                // A sum of one byte a lane holds 255 of them.
                var sums = none
                let end = min(bytes.count - 15, at + 255 * 16)
                while at < end {
                    sums &+= none.replacing(with: 1, where: start.loadUnaligned(fromByteOffset: at, as: SIMD16<UInt8>.self) .== lineEnd)
                    at &+= 16
                }
                for lane in 0..<16 { count &+= Int(sums[lane]) }
            }
        }
        for index in at..<bytes.count where bytes[index] == 0x0A { count += 1 }
        return count
    }
}
