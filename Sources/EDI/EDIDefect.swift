import Diagnostics

/// One finding before it has a weight: what, and which part of the EDI segment at hand it is about.
struct EDIDefect {
    var code: DiagnosticCode
    var fact: String
    var element: Int32?
    var component: Int16?
    /// Where it is not the first.
    var repetition: Int16?
    var hint: String?
    /// Offsets within the segment; nil takes them from the element, or the whole segment.
    var range: Range<Int>?

    init(
        _ code: DiagnosticCode, _ fact: String, element: Int32? = nil, component: Int16? = nil, repetition: Int16? = nil, range: Range<Int>? = nil,
        hint: String? = nil
    ) {
        self.code = code
        self.fact = fact
        self.element = element
        self.component = component
        self.repetition = repetition
        self.range = range
        self.hint = hint
    }
}
