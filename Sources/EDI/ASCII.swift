/// The few bytes that X12 and EDIFACT files are told apart by.
enum ASCII {
    static let tab: UInt8 = 0x09
    static let lineFeed: UInt8 = 0x0A
    static let carriageReturn: UInt8 = 0x0D
    static let endOfFile: UInt8 = 0x1A
    static let space: UInt8 = 0x20
    static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }

    static func isNewline(_ byte: UInt8) -> Bool { byte == lineFeed || byte == carriageReturn }

    /// Space, tab, line breaks, and the end-of-file mark of old systems.
    static func isBlank(_ byte: UInt8) -> Bool {
        byte == space || byte == tab || isNewline(byte) || byte == endOfFile
    }
}
