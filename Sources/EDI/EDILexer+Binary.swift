import Formats

/// Binary data, which X12 carries in two EDI segments of their own (X12.22: BIN, BDS).
extension EDILexer {
    /// BIN has the length of its data in element 1 and the data in element 2; BDS has a filter before them.
    mutating func binary(
        _ buffer: UnsafeBufferPointer<UInt8>, _ isFinal: Bool, _ limits: ReadLimits
    ) -> Token? {
        guard at + 4 <= buffer.count else { return isFinal ? nil : .needsMore }
        let isBIN = buffer[at + 1] == 0x49 && buffer[at + 2] == 0x4E, isBDS = buffer[at + 1] == 0x44 && buffer[at + 2] == 0x53
        guard isBIN || isBDS, buffer[at + 3] == delimiters.element else { return nil }
        var index = at + 4, separators = isBIN ? 1 : 2, length = 0
        // A filter of up to 3 characters, and at most 15 digits.
        while separators > 0 {
            guard index < buffer.count else { return isFinal ? nil : .needsMore }
            let byte = buffer[index]
            if byte == delimiters.element {
                separators -= 1
                if separators == 1 { length = 0 }
            } else if separators == 1, (0x30...0x39).contains(byte), length < 1_000_000_000_000_000 {
                length = length * 10 + Int(byte - 0x30)
            } else if separators == 1 || byte == delimiters.terminator || index - at > 24 {
                isPlainBinary = true
                return .binaryLength(spot(buffer, at..<index))
            }
            index += 1
        }
        let end = index + length
        if length > limits.recordBytes { return startSkipping(buffer, isFinal, until: offset + end) }
        let isEnded = end < buffer.count ? buffer[end] == delimiters.terminator : nil
        if isEnded == nil, !isFinal { return .needsMore }
        if isEnded == true { return .binary(at..<end, data: index, element: isBIN ? 2 : 3) }
        isPlainBinary = true
        return .binaryLength(spot(buffer, at..<index))
    }
}
