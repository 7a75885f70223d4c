package import Values

extension FEEL {
    /// Negative, zero or positive as the first value comes before, with or after the second; nil where the two have no order
    /// (DMN 1.5, table 52).
    package static func order(
        _ left: Value, _ right: Value, _ context: EvaluationContext, profile: FEELProfile = .strict
    ) -> Int? {
        var context = context
        if context.localTimes == .apart, profile == .strict { context.localTimes = .inZone }
        do throws(Refusal) {
            return try Comparison.order(left, right, context)
        } catch {
            return nil
        }
    }
}
