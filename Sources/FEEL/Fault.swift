import Diagnostics

/// A failure inside an evaluation, before its byte range is turned into a line and column. One word, so that
/// a throwing closure returns it in a register.
struct Fault: Error {
    private final class Detail: Sendable {
        let code: DiagnosticCode
        let fact: String
        let range: Range<Int>
        /// Set where the failure is in another text than the one that is being run, such as that of a function.
        let elsewhere: Diagnostic?

        init(code: DiagnosticCode, fact: String, range: Range<Int>, elsewhere: Diagnostic? = nil) {
            self.code = code
            self.fact = fact
            self.range = range
            self.elsewhere = elsewhere
        }
    }

    private let detail: Detail

    init(_ code: DiagnosticCode, _ fact: String, _ range: Range<Int>) {
        detail = Detail(code: code, fact: fact, range: range)
    }

    /// A failure that already has its place.
    init(_ diagnostic: Diagnostic, _ range: Range<Int>) {
        detail = Detail(code: diagnostic.code, fact: diagnostic.fact, range: range, elsewhere: diagnostic)
    }

    var code: DiagnosticCode { detail.code }
    var fact: String { detail.fact }
    var range: Range<Int> { detail.range }

    /// The finding, with its place in the text that was being run.
    func diagnostic(in text: ExpressionSource) -> Diagnostic {
        detail.elsewhere ?? text.diagnostic(code, .error, fact, range)
    }

    /// The same failure for another text.
    func settled(in text: ExpressionSource) -> Fault { Fault(diagnostic(in: text), range) }
}
