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

    /// As a scan takes them.
    var scan: ScanDelimiters {
        ScanDelimiters(
            element: element, component: component, repetition: repetition,
            terminator: terminatorLength == 1 ? terminator : nil)
    }
}
