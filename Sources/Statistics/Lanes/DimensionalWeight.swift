package import Values

/// What a carrier bills for room: length, width and height over a divisor, rounded up, where that is above the weight. In exact decimals, so that
/// what is 24 by the tariff is never 25.
package struct DimensionalWeight: Hashable, Sendable {
    package let dimensional: ExactDecimal
    package let billable: ExactDecimal

    /// Nil where a dimension or the weight is below 0, the divisor or the step not above 0, or a number is beyond 34 digits. `step` is what is rounded up
    /// to: 1, or 0.5.
    package init?(dimensions: [ExactDecimal], divisor: ExactDecimal, weight: ExactDecimal, step: ExactDecimal = .one) {
        guard !dimensions.isEmpty, !weight.isNegative, divisor > .zero, step > .zero, dimensions.allSatisfy({ !$0.isNegative }) else { return nil }
        do {
            var volume = ExactDecimal.one
            for dimension in dimensions { volume = try volume.multiplying(by: dimension) }
            // Whole steps of divisor * step: no quotient is rounded before it is rounded up.
            let unit = try divisor.multiplying(by: step)
            let rest = try volume.modulo(unit)
            let whole = try volume.subtracting(rest).divided(by: unit).rounded(scale: 0)
            let steps = rest.isZero ? whole : try whole.adding(.one)
            dimensional = try steps.multiplying(by: step)
        } catch {
            return nil
        }
        billable = max(dimensional, weight)
    }
}
