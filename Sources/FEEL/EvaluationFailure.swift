package import Diagnostics

/// An evaluation that has no answer in the strict profile, or that reached a limit in either.
package struct EvaluationFailure: Error {
    /// What failed and where in the text, with code FEEL-TYPE, FEEL-VALUE, FEEL-ARITH or FEEL-BUDGET.
    package let diagnostic: Diagnostic

    package init(diagnostic: Diagnostic) { self.diagnostic = diagnostic }
}
