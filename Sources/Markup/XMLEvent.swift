import Diagnostics

/// What the push parser saw, kept until the block of input that it came from is done.
enum XMLEvent {
    /// A start tag. `name` and `namespace` number ``XMLPushParser/names``; the namespace is -1 where there is none.
    case start(name: Int, namespace: Int, from: Int)
    /// An attribute of the element that was started last: its value in ``XMLPushParser/text``, and its bytes in the document.
    case attribute(name: Int, text: Range<Int>, bytes: Range<Int>)
    /// The own text of the innermost open element; at most one an element, after its attributes and before its children.
    case text(Range<Int>, bytes: Range<Int>)
    /// The innermost open element ended.
    case end(at: Int)
    case finding(Diagnostic)
}
