/// Where lines begin in the UTF-8 of a document, for as much of it as the parser has not finished with.
struct LineStarts {
    /// Offsets in UTF-8 of the first bytes of lines.
    private var starts = [0]
    /// 1-based number of the first line in `starts`.
    private var firstLine = 1

    /// Counts the bytes that begin at an offset in UTF-8.
    mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        var at = 0
        // Eight bytes at a time: the highest bit of each byte that is a line end (Hacker's Delight, 6-1).
        if let start = bytes.baseAddress {
            let raw = UnsafeRawPointer(start), low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
            while at + 8 <= bytes.count {
                let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian ^ 0x0A0A_0A0A_0A0A_0A0A
                var ends = ~(((word & low) &+ low) | word | low)
                while ends != 0 {
                    starts.append(offset + at + ends.trailingZeroBitCount / 8 + 1)
                    ends &= ends &- 1
                }
                at += 8
            }
        }
        for index in at..<bytes.count where bytes[index] == 0x0A { starts.append(offset + index + 1) }
    }

    /// 1-based line and column, in bytes of UTF-8, of a byte of the UTF-8.
    func place(_ made: Int) -> (line: Int, column: Int) {
        let index = lastIndex(made)
        return (firstLine + index, made - starts[index] + 1)
    }

    /// Whatever asks for lines from now on asks for this byte or later ones.
    mutating func forget(before made: Int) {
        guard starts.count > 4096 else { return }
        let count = lastIndex(made)
        starts.removeFirst(count)
        firstLine += count
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
}
