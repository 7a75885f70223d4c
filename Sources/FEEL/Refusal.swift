import Diagnostics
import Values

/// Why an operation has no answer for these values.
struct Refusal: Error {
    let code: DiagnosticCode
    let fact: String

    init(_ code: DiagnosticCode, _ fact: String) {
        self.code = code
        self.fact = fact
    }

    static func type(_ fact: String) -> Refusal { Refusal(.feelType, fact) }
    static func value(_ fact: String) -> Refusal { Refusal(.feelArgumentValue, fact) }

    init(_ failure: ArithmeticFailure) {
        switch failure {
        case .overflow: self.init(.feelArithmetic, "the result is outside the range of 34 digits")
        case .divisionByZero: self.init(.feelArithmetic, "division by zero")
        default: self.init(.feelArithmetic, "the result is undefined")
        }
    }
}
