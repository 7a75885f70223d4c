/// What the push parser saw, kept until the block of input that it came from is done. A plain value, so that a block of events
/// is forgotten at once.
struct XMLEvent {
    enum Kind: UInt8 {
        /// A start tag, which begins at `bytes.lowerBound`.
        case start
        /// An attribute of the element that was started last.
        case attribute
        /// The own text of the innermost open element; at most one an element, after its attributes and before its children.
        case text
        /// The innermost open element ended, before `bytes.upperBound`.
        case end
        /// The next one of ``XMLEventBuilder/findings``.
        case finding
    }

    var kind: Kind
    /// Of elements and attributes; numbers ``XMLEventBuilder/names``.
    var name: Int32 = -1
    /// Of elements; numbers ``XMLEventBuilder/names`` and is -1 where there is none.
    var namespace: Int32 = -1
    /// Of attributes and texts: the value in ``XMLEventBuilder/text``.
    var text: Range<Int32> = 0..<0
    /// Bytes of the document.
    var bytes: Range<Int>
}
