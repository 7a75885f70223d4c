import Diagnostics

/// What findings about the EDI segment at hand set aside, until its node is made.
struct SettingAside {
    /// Elements, or components of them, that are left out.
    var elements: [(element: Int32, component: Int16?)] = []
    /// The code of the finding that sets aside the EDI segment, or the loop that it is in.
    var segment: DiagnosticCode?
    var loop: DiagnosticCode?
    /// The EDI segment opened a loop.
    var isHead = false

    var isEmpty: Bool { segment == nil && loop == nil && elements.isEmpty }
}
