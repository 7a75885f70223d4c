/// Lines and columns as an editor counts them: LF, CR LF and a lone CR each end a line.
struct LineCounter {
    /// 1-based line of the next byte.
    private(set) var line = 1
    /// Offset in the file of the first byte of that line.
    private(set) var start = 0
    private var endedWithReturn = false

    /// Counts bytes that stand at an offset in the file.
    mutating func pass(_ bytes: UnsafeBufferPointer<UInt8>, at offset: Int) {
        for index in 0..<bytes.count {
            let byte = bytes[index]
            if byte == ASCII.lineFeed {
                if !endedWithReturn { line += 1 }
                start = offset + index + 1
                endedWithReturn = false
            } else if byte == ASCII.carriageReturn {
                line += 1
                start = offset + index + 1
                endedWithReturn = true
            } else {
                endedWithReturn = false
            }
        }
    }

    /// Counts one line break that begins with a byte, and after which a line begins at an offset in the file. A line feed may be the second half
    /// of a break whose first half was counted, where a buffer ended between the two.
    mutating func passBreak(_ first: UInt8, at offset: Int) {
        if first != ASCII.lineFeed || !endedWithReturn { line += 1 }
        start = offset
        endedWithReturn = false
    }

    /// Counts an EDI segment whose line breaks were counted when it was scanned. It does not end in one.
    mutating func pass(newlines: Int, lastLineStart: Int) {
        endedWithReturn = false
        guard newlines > 0 else { return }
        line += newlines
        start = lastLineStart
    }
}
