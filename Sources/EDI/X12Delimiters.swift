/// The delimiters of one interchange, as its ISA declares them by position (X12.5).
package struct X12Delimiters: Hashable, Sendable {
    /// The byte after `ISA`.
    package var element: UInt8
    /// ISA16; nil where ISA has none.
    package var component: UInt8?
    /// ISA11 from version 00402 on; nil before, and where the sender left a letter, a digit or a space there.
    package var repetition: UInt8?
    /// The byte after ISA16; of a terminator of several bytes (a UTF-8 ellipsis was seen) its first.
    package var terminator: UInt8
    /// Bytes of the terminator: 1, or 2 to 4 of a UTF-8 sequence.
    package var terminatorLength = 1
    /// Bytes of the terminator after its first, the second lowest.
    package var terminatorRest: UInt32 = 0

    /// All bytes of the terminator.
    package var terminatorBytes: [UInt8] {
        [terminator] + (1..<4).prefix(terminatorLength - 1).map { UInt8(truncatingIfNeeded: terminatorRest >> (8 * ($0 - 1))) }
    }

    /// Whether no two of them are the same.
    package var areDistinct: Bool {
        var seen: Set<UInt8> = [element]
        if let component, !seen.insert(component).inserted { return false }
        if let repetition, !seen.insert(repetition).inserted { return false }
        return seen.insert(terminator).inserted
    }

    /// What each byte means inside an EDI segment. Inline, so that a scan reads it without counting references.
    var classes: InlineArray<256, ByteClass> {
        var classes = InlineArray<256, ByteClass>(repeating: .plain)
        for byte in 0..<0x20 { classes[byte] = .control }
        classes[0x7F] = .control
        for byte in 0x80...0xFF { classes[byte] = .high }
        classes[Int(ASCII.lineFeed)] = .newline
        classes[Int(ASCII.carriageReturn)] = .newline
        if let component { classes[Int(component)] = .component }
        if let repetition { classes[Int(repetition)] = .repetition }
        classes[Int(element)] = .element
        return classes
    }
}

/// What a byte means inside an EDI segment.
enum ByteClass: UInt8 {
    case plain, element, component, repetition, newline, control, high
}

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
