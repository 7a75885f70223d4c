/// The bytes that divide EDI segments, of X12 and of EDIFACT alike.
struct ScanDelimiters: Hashable {
    var element: UInt8
    var component: UInt8?
    var repetition: UInt8?
    /// The byte after it stands for itself (EDIFACT alone).
    var release: UInt8?
    /// nil where it is not one byte: the end of a segment is found elsewhere then.
    var terminator: UInt8?

    init(
        element: UInt8, component: UInt8? = nil, repetition: UInt8? = nil, release: UInt8? = nil, terminator: UInt8? = nil
    ) {
        self.element = element
        self.component = component
        self.repetition = repetition
        self.release = release
        self.terminator = terminator
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
        if let terminator { classes[Int(terminator)] = .terminator }
        if let release { classes[Int(release)] = .release }
        return classes
    }
}

/// What a byte means inside an EDI segment.
enum ByteClass: UInt8 {
    case element, component, repetition, terminator, plain, release, newline, control, high

    /// Whether a field or the segment ends before it.
    @inline(__always) var isSeparator: Bool { rawValue <= ByteClass.terminator.rawValue }
}
