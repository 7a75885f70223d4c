import Diagnostics
package import FEEL
package import Values

/// How an attribute hangs on the clock.
package enum ClockDependence: Hashable, Sendable {
    /// Not at all, or only through windows, whose changes ``AttributeRow/windowChange`` tells.
    case none
    /// It runs with the clock in steps that are known beforehand: hours until.
    case steps
    /// It runs with the clock in a way that nobody can foresee: an expression over such an attribute, or over `now()`.
    case unforeseen
}

extension AttributePlan {
    private static let nanosecondsPerHour: Int128 = 3_600_000_000_000

    /// How an attribute hangs on the clock; what it says decides where a live scheme may use it.
    package func clockDependence(of attribute: Int) -> ClockDependence {
        switch definitions[attribute].source {
        case .field, .fieldOr, .related: .none
        case .hoursUntil: .steps
        case .measure(let index): measures[index].readsClock ? .unforeseen : .none
        case .population(let measure):
            ([measure.attribute] + measure.within).allSatisfy { clockDependence(of: $0) == .none } ? .none : .unforeseen
        case .distance(let coordinates): coordinates.compactMap(\.attribute).allSatisfy { clockDependence(of: $0) == .none } ? .none : .unforeseen
        case .derived(let expression):
            expression.readsClock || expression.slots.contains { clockDependence(of: $0) != .none } ? .unforeseen : .none
        }
    }

    /// Hours to an instant, rounded down to the scale: a step function of time whose steps are known instants.
    ///
    /// Computed in whole nanoseconds, so that a step is taken at its instant and not one nanosecond beside it.
    func hours(until value: Value, scale: Int, context: EvaluationContext) throws(EvaluationFailure) -> Value {
        guard case .dateTime(let time) = value else { return .null }
        let left = context.now.distance(to: time.instant(in: context.zone))
        let nanoseconds = Int128(left.seconds) * 1_000_000_000 + Int128(left.nanoseconds)
        guard let steps = Int64(exactly: Self.floor(nanoseconds, Self.nanoseconds(ofStep: scale))) else {
            throw EvaluationFailure(diagnostic: Diagnostic(
                .attributeOverflow, .error, "the hours until \(time) have more than 18 digits", hint: "use a smaller scale"))
        }
        return .number(ExactDecimal(coefficient: steps, scale: scale))
    }

    /// The instants after `now`, ascending, at which an attribute that runs with the clock can begin to answer a comparison
    /// with `threshold` differently; none where it cannot any more.
    ///
    /// ``AttributeSource/hoursUntil(slot:)`` falls below T, and to T or less, when less than a whole number of steps is
    /// left: T rounded up to a step for the one, the step after T rounded down for the other. A time whose exact count of
    /// hours is left still counts as that many, so the answer changes one nanosecond later.
    package func changes(of attribute: Int, own: Fact?, threshold: ExactDecimal, context: EvaluationContext) -> [Instant] {
        guard case .hoursUntil(let slot) = definitions[attribute].source, case .dateTime(let time)? = own?.values[slot]
        else { return [] }
        let scale = definitions[attribute].scale ?? 0
        let due = time.instant(in: context.zone)
        let up = threshold.rounded(scale: scale, .ceiling), down = threshold.rounded(scale: scale, .floor)
        // A threshold of more digits than 64 bits lies beyond every time.
        let steps = [up.coefficient64, down.coefficient64.map { $0 + 1 }].compactMap { $0 }
        let instants = Set(steps.map { steps in
            let left = Int128(steps) * Self.nanoseconds(ofStep: scale) - 1
            let seconds = Self.floor(left, 1_000_000_000)
            return due.adding(DayTimeDuration(
                seconds: Int64(clamping: seconds), nanoseconds: Int32(left - seconds * 1_000_000_000)).negated)
        })
        return instants.filter { $0 > context.now }.sorted()
    }

    /// A row as it will be at another instant, as far as the attributes that run with the clock in steps go.
    package func row(_ row: AttributeRow, own: Fact?, at context: EvaluationContext) throws(EvaluationFailure) -> AttributeRow {
        var later = row
        for (attribute, definition) in definitions.enumerated() {
            guard case .hoursUntil(let slot) = definition.source else { continue }
            later.values[attribute] = try hours(until: own?.values[slot] ?? .null, scale: definition.scale ?? 0, context: context)
        }
        return later
    }

    /// Nanoseconds of `10^-scale` hours: a whole number for the scales that a configuration may give, 0 to 9.
    private static func nanoseconds(ofStep scale: Int) -> Int128 {
        precondition((0...9).contains(scale), "the scale of hours lies in 0...9")
        var step = nanosecondsPerHour
        for _ in 0..<scale { step /= 10 }
        return step
    }

    private static func floor(_ value: Int128, _ divisor: Int128) -> Int128 {
        value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor)
    }
}
