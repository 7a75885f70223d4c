import Diagnostics

/// A failure inside an evaluation, before its byte range is turned into a line and column. One word, so that
/// a throwing closure returns it in a register.
struct Fault: Error {
    private final class Detail: Sendable {
        let code: DiagnosticCode
        let fact: String
        let range: Range<Int>

        init(code: DiagnosticCode, fact: String, range: Range<Int>) {
            self.code = code
            self.fact = fact
            self.range = range
        }
    }

    private let detail: Detail

    init(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>) {
        detail = Detail(code: code, fact: fact, range: range)
    }

    var code: DiagnosticCode { detail.code }
    var fact: String { detail.fact }
    var range: Range<Int> { detail.range }
}
