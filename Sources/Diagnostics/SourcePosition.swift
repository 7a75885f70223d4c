/// Where a fact was found: a file, a range of its bytes, a line and column for people, and a place in the
/// document's own terms. Every part is optional, because a fact can be known before the rest is.
package struct SourcePosition: Hashable, Sendable, Codable {
    /// Path as the user knows it: relative to the site's root where there is one.
    package var file: String?
    /// 1-based line, as an editor counts it.
    package var line: Int?
    /// 1-based column in bytes.
    package var column: Int?
    /// Half-open range of bytes from the start of the file.
    package var bytes: Range<Int>?
    package var place: Place?

    package init(
        file: String? = nil, line: Int? = nil, column: Int? = nil, bytes: Range<Int>? = nil, place: Place? = nil
    ) {
        self.file = file
        self.line = line
        self.column = column
        self.bytes = bytes
        self.place = place
    }
}

/// A place in the document's own terms.
package enum Place: Hashable, Sendable, Codable {
    case edi(EDIAddress)
    /// A cell of a flat file or of a decision table; `row` and `column` are 1-based.
    case cell(row: Int, column: Int?, name: String?)
    /// An element or attribute of a markup document, as an XPath.
    case path(String)
    /// A key of a configuration file, as a dotted path.
    case key(String)
}

/// The address of a spot in an interchange, by the numbers that a partner would use to find it.
package struct EDIAddress: Hashable, Sendable, Codable {
    /// ISA13 or UNB 0020, as sent.
    package var interchange: String?
    /// 1-based functional group within the interchange.
    package var group: Int?
    /// ST02 or UNH 0062, as sent.
    package var transactionSet: String?
    /// 1-based position of the EDI segment within the transaction set (ST and UNH are 1), or within the file outside one.
    package var segment: Int?
    package var segmentTag: String?
    /// 1-based element, component and repetition.
    package var element: Int?
    package var component: Int?
    package var repetition: Int?
    /// Loop that the EDI segment stands in, or that a missing one belongs in; nil directly in the transaction set.
    package var loop: String?
    /// Where an EDI segment or a loop is missing: its tag, or the tag of its first segment. `segment` is the one before which it is.
    package var missingTag: String?

    package init(
        interchange: String? = nil, group: Int? = nil, transactionSet: String? = nil, segment: Int? = nil,
        segmentTag: String? = nil, element: Int? = nil, component: Int? = nil, repetition: Int? = nil, loop: String? = nil, missingTag: String? = nil
    ) {
        self.interchange = interchange
        self.group = group
        self.transactionSet = transactionSet
        self.segment = segment
        self.segmentTag = segmentTag
        self.element = element
        self.component = component
        self.repetition = repetition
        self.loop = loop
        self.missingTag = missingTag
    }
}
