/// The bytes that divide one interchange, as its header declares them, or as its standard has them.
struct EDIDelimiters: Hashable, Sendable {
    var element: UInt8
    /// nil where ISA has none.
    var component: UInt8?
    /// nil where elements do not repeat: X12 before 00402 and where the sender left a letter, a digit or a space in ISA11, EDIFACT
    /// before syntax 4, TRADACOMS.
    var repetition: UInt8?
    /// The byte after it stands for itself. nil in X12, and where UNA leaves a space.
    var release: UInt8?
    /// What ends the tag, where it is another byte than what ends an element (`=` in TRADACOMS). In elements it is plain.
    var tag: UInt8?
    /// Of a terminator of several bytes (a UTF-8 ellipsis was seen) its first.
    var terminator: UInt8
    /// Bytes of the terminator: 1, or 2 to 4 of a UTF-8 sequence.
    var terminatorLength = 1
    /// Bytes of the terminator after its first, the second lowest.
    var terminatorRest: UInt32 = 0

    init(
        element: UInt8, component: UInt8? = nil, repetition: UInt8? = nil, release: UInt8? = nil, tag: UInt8? = nil, terminator: UInt8
    ) {
        self.element = element
        self.component = component
        self.repetition = repetition
        self.release = release
        self.tag = tag
        self.terminator = terminator
    }

    /// EDIFACT without UNA (ISO 9735-1, 6 and 8): `:+?'`.
    static let edifact = EDIDelimiters(element: 0x2B, component: 0x3A, release: 0x3F, terminator: 0x27)
    /// Level B of syntax 1 to 3 without UNA has the separators IS1, IS3 and IS4 and no release character.
    static let levelB = EDIDelimiters(element: 0x1D, component: 0x1F, terminator: 0x1C)
    /// TRADACOMS has no others: `=+:?'`.
    static let tradacoms = EDIDelimiters(element: 0x2B, component: 0x3A, release: 0x3F, tag: 0x3D, terminator: 0x27)

    /// For an ISA whose end is known: only its element separator divides it, ISA16 and ISA11 are delimiters themselves.
    static func header(element: UInt8) -> EDIDelimiters {
        var delimiters = EDIDelimiters(element: element, terminator: element)
        delimiters.terminatorLength = 2
        return delimiters
    }

    /// All bytes of the terminator.
    var terminatorBytes: [UInt8] {
        [terminator] + (1..<4).prefix(terminatorLength - 1).map { UInt8(truncatingIfNeeded: terminatorRest >> (8 * ($0 - 1))) }
    }

    /// Whether no two of them are the same.
    var areDistinct: Bool {
        let bytes = [element, terminator] + [component, repetition, release].compactMap(\.self)
        return Set(bytes).count == bytes.count
    }

    /// What each byte means inside an EDI segment. Inline, so that a scan reads it without counting references.
    var classes: InlineArray<256, ByteClass> {
        var classes = InlineArray<256, ByteClass>(repeating: .plain)
        for byte in 0..<0x20 { classes[byte] = .control }
        for byte in 0x80...0xFF { classes[byte] = .high }
        classes[0x7F] = .control
        classes[Int(ASCII.lineFeed)] = .newline
        classes[Int(ASCII.carriageReturn)] = .newline
        if let component { classes[Int(component)] = .component }
        if let repetition { classes[Int(repetition)] = .repetition }
        classes[Int(element)] = .element
        // The end of a segment with a longer terminator is found elsewhere.
        if terminatorLength == 1 { classes[Int(terminator)] = .terminator }
        if let release { classes[Int(release)] = .release }
        if let tag { classes[Int(tag)] = .tagEnd }
        return classes
    }
}

/// What a byte means inside an EDI segment.
enum ByteClass: UInt8 {
    case element, component, repetition, terminator, plain, release, tagEnd, newline, control, high

    /// Whether a field or the segment ends before it.
    @inline(__always) var isSeparator: Bool { rawValue <= ByteClass.terminator.rawValue }
}
