package import Diagnostics

// The findings of the expression language. Each names what the text says and what to do about it.
extension DiagnosticCode {
    /// The text does not follow the grammar: correct it at the place shown.
    package static let feelSyntax: DiagnosticCode = "FEEL-SYNTAX"
    /// A string, number or temporal literal is malformed, such as an unclosed quote or 30 February.
    package static let feelLiteral: DiagnosticCode = "FEEL-LITERAL"
    /// The text is too long, nests too deeply or has too many parts: split it into smaller expressions.
    package static let feelTooLarge: DiagnosticCode = "FEEL-SIZE"
    /// A name is neither a field, a variable in scope nor a built-in function: correct its spelling.
    package static let feelUnknownName: DiagnosticCode = "FEEL-NAME"
    /// A context, date or duration has no such member: correct its spelling.
    package static let feelUnknownMember: DiagnosticCode = "FEEL-MEMBER"
    /// A value has another type than the operation takes: convert it, for instance with `number()` or `date()`.
    package static let feelType: DiagnosticCode = "FEEL-TYPE"
    /// A function was given too few or too many arguments, or a named argument that it does not have.
    package static let feelArguments: DiagnosticCode = "FEEL-ARGS"
    /// An argument has the right type and a value that the function cannot take, such as `date(2026, 2, 30)`.
    package static let feelArgumentValue: DiagnosticCode = "FEEL-VALUE"
    /// A regular expression, its flags or a replacement is malformed, or matches the empty text where it must not.
    package static let feelPattern: DiagnosticCode = "FEEL-PATTERN"
    /// A division by zero, or a number or date past the range of exact arithmetic.
    package static let feelArithmetic: DiagnosticCode = "FEEL-ARITH"
    /// An evaluation reached its limit of steps, depth, list length or string length: simplify it or raise the limit.
    package static let feelBudget: DiagnosticCode = "FEEL-BUDGET"
    /// The text is legal FEEL that this engine does not take, such as an external function.
    package static let feelUnsupported: DiagnosticCode = "FEEL-UNSUPPORTED"
    /// A function is defined by Java or PMML code, which is never run: write it in FEEL.
    package static let feelExternal: DiagnosticCode = "FEEL-EXTERNAL"
}
