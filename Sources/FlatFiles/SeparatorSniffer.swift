/// Finds the separator of a CSV document from its first row that is not blank: the candidate that stands there most
/// often outside of quotes, `,` if there is none. A first line `sep=;`, as spreadsheets write it, says it outright.
struct SeparatorSniffer {
    static let candidates: [UInt8] = [UInt8(ascii: ","), UInt8(ascii: ";"), 0x09, UInt8(ascii: "|")]

    /// The separator, and how many bytes of a `sep=` line (its end included) are to be passed over.
    struct Finding {
        var separator: UInt8
        var skip: Int
    }

    let limit: Int
    let quote: UInt8?
    private var scanned = 0
    private var counts = [0, 0, 0, 0]
    private var quoted = false
    private var sawText = false

    init(limit: Int, quote: UInt8?) {
        self.limit = limit
        self.quote = quote
    }

    /// Looks on at the first bytes of the document; nil asks for more of them.
    mutating func look(_ bytes: UnsafeBufferPointer<UInt8>, isEnd: Bool) -> Finding? {
        while scanned < min(bytes.count, limit) {
            let byte = bytes[scanned]
            if byte == quote {
                quoted.toggle()
                sawText = true
            } else if !quoted, byte == 0x0A || byte == 0x0D {
                if sawText { return finding(bytes, lineEnd: scanned) }
            } else {
                sawText = true
                if !quoted, let index = Self.candidates.firstIndex(of: byte) { counts[index] += 1 }
            }
            scanned += 1
        }
        guard isEnd || bytes.count >= limit else { return nil }
        return finding(bytes, lineEnd: scanned)
    }

    private func finding(_ bytes: UnsafeBufferPointer<UInt8>, lineEnd: Int) -> Finding {
        if lineEnd == 5, bytes.prefix(4).elementsEqual("sep=".utf8), bytes[4] < 0x80 {
            return Finding(separator: bytes[4], skip: lineEnd)
        }
        var best = 0
        for index in 1..<counts.count where counts[index] > counts[best] { best = index }
        return Finding(separator: Self.candidates[best], skip: 0)
    }
}
