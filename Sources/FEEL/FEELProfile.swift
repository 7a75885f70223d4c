/// How an expression treats what cannot be evaluated.
package enum FEELProfile: Sendable, Hashable {
    /// DMN 1.5: whatever fails is null. Unknown names and type errors are still found at compile time where
    /// they are certain, and reported as warnings.
    case standard
    /// For mappings and rules: names and types are checked at compile time, and what the checker could not see is a thrown
    /// `EvaluationFailure` with its place. A missing attribute is null, and null passes through arithmetic.
    case strict
}
