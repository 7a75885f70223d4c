package import FEEL
package import Values

/// What one measure comes to for every entity of a population, by the entities' codes.
package struct MeasureColumn: Sendable {
    /// Digits after the point of every number.
    package let scale: Int
    /// Whole units of `10^-scale`.
    package internal(set) var units: [Int64]
    /// Entities without a number: bit e % 64 of word e / 64.
    package internal(set) var nulls: [UInt64]
    /// Entities whose answer is no number of 64 bits: what it is, or why there is none.
    package internal(set) var exceptions: [Int: Result<Value, EvaluationFailure>] = [:]

    init(scale: Int, count: Int) {
        self.scale = scale
        units = [Int64](repeating: 0, count: count)
        nulls = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    package var count: Int { units.count }

    package func isNull(_ entity: Int) -> Bool { nulls[entity / 64] >> UInt64(entity % 64) & 1 == 1 }

    /// The value of one entity.
    package func value(of entity: Int) throws(EvaluationFailure) -> Value {
        if !exceptions.isEmpty, let exception = exceptions[entity] { return try exception.get() }
        return isNull(entity) ? .null : .number(ExactDecimal(coefficient: units[entity], scale: scale))
    }

    mutating func set(_ answer: ColumnAnswer, of entity: Int) {
        switch answer {
        case .units(let units): self.units[entity] = units
        case .null: nulls[entity / 64] |= 1 << UInt64(entity % 64)
        case .unknown: preconditionFailure("an answer that is not known is worked out record by record")
        }
    }

    /// Takes an answer that was worked out record by record.
    mutating func set(_ answer: Result<Value, EvaluationFailure>, of entity: Int) {
        if case .success(.null) = answer { return set(ColumnAnswer.null, of: entity) }
        if case .success(.number(let number)) = answer, number.scale == scale, let coefficient = number.coefficient64 {
            units[entity] = coefficient
        } else {
            exceptions[entity] = answer
        }
    }
}

/// What integers say of a measure.
enum ColumnAnswer: Equatable {
    /// Units of the measure's scale.
    case units(Int64)
    case null
    /// Too many digits, or too close to the middle between two answers, for the short way.
    case unknown
}

extension ColumnAnswer {
    /// A fraction of integers, rounded half-even.
    ///
    /// The long way rounds to 34 digits first. That changes nothing: a fraction that is not in the middle between two integers lies at least
    /// half a divisor's part from it, which is far more than what the first rounding moves.
    static func rounded(_ numerator: Int128, over divisor: Int128) -> ColumnAnswer {
        if let small = Int64(exactly: numerator), small != .min, let by = Int64(exactly: divisor) {
            let quotient = small / by, rest = small % by
            let twice = 2 * rest.magnitude
            let isUp = twice > by.magnitude || (twice == by.magnitude && quotient % 2 != 0)
            return .units(isUp ? quotient + (small < 0 ? -1 : 1) : quotient)
        }
        var (quotient, rest) = numerator.quotientAndRemainder(dividingBy: divisor)
        let twice = 2 * rest.magnitude
        if twice > divisor.magnitude || (twice == divisor.magnitude && quotient % 2 != 0) { quotient += numerator.signum() }
        return Int64(exactly: quotient).map { .units($0) } ?? .unknown
    }

    /// Units of one scale as units of another, over a count.
    static func rounded(_ units: Int64, scale: Int, over count: Int, to wanted: Int) -> ColumnAnswer {
        let step = wanted - scale
        return step >= 0
            ? rounded(Int128(units) * Int128(PowersOfTen[step]), over: Int128(count))
            : rounded(Int128(units), over: Int128(count) * Int128(PowersOfTen[-step]))
    }

    /// A number that is known to 50 of its 53 binary digits, rounded half-even where that is enough to tell.
    ///
    /// IEEE 754 rounds each of the few steps behind it to the nearest, so its error is under 8 × 2^-53 of it; 2 × 10^-15 is more than twice
    /// that, and takes in what the long way's 34 digits move.
    static func rounded(near number: Double) -> ColumnAnswer {
        guard number < 1e15 else { return .unknown }
        let whole = number.rounded(.toNearestOrEven)
        return (number - whole).magnitude + number * 2e-15 < 0.5 ? .units(Int64(whole)) : .unknown
    }
}
