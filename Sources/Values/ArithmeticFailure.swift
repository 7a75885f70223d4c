/// Why an arithmetic operation has no result.
package enum ArithmeticFailure: Error, Hashable, Sendable {
    /// The result is too large for an exponent of ``ExactDecimal`` (beyond 10^6145).
    case overflow
    case divisionByZero
    /// The operation has no answer for these operands, such as the square root of a negative number.
    case undefined
}

/// What to do with digits that are dropped. Names and meanings as in the General Decimal Arithmetic specification.
package enum RoundingRule: String, Hashable, Sendable, CaseIterable {
    /// To the nearest; a tie goes to the even digit.
    case halfEven
    /// To the nearest; a tie goes away from zero.
    case halfUp
    /// To the nearest; a tie goes towards zero.
    case halfDown
    /// Away from zero.
    case up
    /// Towards zero.
    case down
    /// Towards negative infinity.
    case floor
    /// Towards positive infinity.
    case ceiling

    /// Whether a magnitude is stepped up by one unit when its tail is dropped.
    /// - Parameter tail: the dropped part compared with one half of a unit.
    func stepsUp(isNegative: Bool, isOdd: Bool, tail: Tail) -> Bool {
        guard tail != .zero else { return false }
        return switch self {
        case .halfEven: tail == .aboveHalf || (tail == .half && isOdd)
        case .halfUp: tail == .aboveHalf || tail == .half
        case .halfDown: tail == .aboveHalf
        case .up: true
        case .down: false
        case .floor: isNegative
        case .ceiling: !isNegative
        }
    }

    /// What is dropped, compared with half a unit of the last digit that stays.
    enum Tail { case zero, belowHalf, half, aboveHalf }
}
