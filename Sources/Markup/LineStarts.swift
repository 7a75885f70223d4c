/// Where lines begin in the UTF-8 of a document, for as much of it as the parser has not finished with.
struct LineStarts {
    /// Offsets in UTF-8 of the first bytes of lines.
    private var starts = [0]
    /// 1-based number of the first line in `starts`.
    private var firstLine = 1

    /// Counts the bytes that begin at an offset in UTF-8.
    mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        var at = 0
        // The highest bit of each byte of a word that is a line end (Hacker's Delight, 6-1), for four words at a time.
        if let start = bytes.baseAddress {
            let raw = UnsafeRawPointer(start)
            while at + 32 <= bytes.count {
                let words = (Self.ends(raw, at), Self.ends(raw, at + 8), Self.ends(raw, at + 16), Self.ends(raw, at + 24))
                if words.0 | words.1 | words.2 | words.3 != 0 {
                    add(words.0, offset + at)
                    add(words.1, offset + at + 8)
                    add(words.2, offset + at + 16)
                    add(words.3, offset + at + 24)
                }
                at += 32
            }
        }
        for index in at..<bytes.count where bytes[index] == 0x0A { starts.append(offset + index + 1) }
    }

    @inline(__always)
    private static func ends(_ raw: UnsafeRawPointer, _ at: Int) -> UInt64 {
        let low: UInt64 = 0x7F7F_7F7F_7F7F_7F7F
        let word = raw.loadUnaligned(fromByteOffset: at, as: UInt64.self).littleEndian ^ 0x0A0A_0A0A_0A0A_0A0A
        return ~(((word & low) &+ low) | word | low)
    }

    @inline(__always)
    private mutating func add(_ ends: UInt64, _ offset: Int) {
        var ends = ends
        while ends != 0 {
            starts.append(offset + ends.trailingZeroBitCount / 8 + 1)
            ends &= ends &- 1
        }
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
