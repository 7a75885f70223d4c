import Diagnostics

/// What findings about the EDI segment at hand set aside, until its node is made.
struct SettingAside {
    /// Elements, or components of them, that are left out.
    private(set) var elements: [(element: Int32, component: Int16?)] = []
    /// The code of the finding that sets aside the EDI segment, or the loop that it is in.
    private(set) var segment: DiagnosticCode?
    private(set) var loop: DiagnosticCode?
    /// The EDI segment opened a loop.
    var isHead = false

    private(set) var isEmpty = true

    mutating func leaveOut(_ element: Int32, _ component: Int16?) {
        elements.append((element, component))
        isEmpty = false
    }

    /// The first finding gives the code.
    mutating func takeSegment(_ code: DiagnosticCode) {
        segment = segment ?? code
        isEmpty = false
    }

    mutating func takeLoop(_ code: DiagnosticCode) {
        loop = loop ?? code
        isEmpty = false
    }
}
