extension ExactDecimal {
    /// The sum: exact where 34 digits hold it, else half-even. Its scale is the larger of the two.
    package func adding(_ other: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal {
        if let left = coefficient64, let right = other.coefficient64, let sum = Self.smallSum(left, scale, right, other.scale) { return sum }
        let (coarse, fine) = scale <= other.scale ? (self, other) : (other, self)
        let step = fine.scale - coarse.scale
        let room = 37 - Powers.digits(coarse.coefficient.magnitude)
        if coarse.isZero { return fine }
        if step <= room {
            return try Self.settle(coarse.coefficient * Int128(Powers.of10[step]) + fine.coefficient, scale: fine.scale)
        }
        if fine.isZero { return try Self.settle(coarse.coefficient * Int128(Powers.of10[room]), scale: coarse.scale + room) }
        // The finer operand reaches past 37 digits: its tail only matters as "something is there" (a sticky digit).
        let dropped = step - room
        let (kept, tail): (Int128, Int128) = dropped > 38
            ? (0, fine.coefficient)
            : fine.coefficient.quotientAndRemainder(dividingBy: Int128(Powers.of10[dropped]))
        let sticky: Int128 = tail == 0 ? 0 : tail.signum()
        let sum = coarse.coefficient * Int128(Powers.of10[room]) * 10 + kept * 10 + sticky
        return try Self.settle(sum, scale: coarse.scale + room + 1)
    }

    /// The sum where 64 bits hold it at the finer scale: the usual case.
    @inline(__always)
    private static func smallSum(_ left: Int64, _ leftScale: Int, _ right: Int64, _ rightScale: Int) -> ExactDecimal? {
        let step = leftScale - rightScale
        guard let a = step >= 0 ? left : Powers.scaled(left, by: -step), let b = step <= 0 ? right : Powers.scaled(right, by: step)
        else { return nil }
        let (sum, overflow) = a.addingReportingOverflow(b)
        return overflow ? nil : ExactDecimal(coefficient: sum, scale: max(leftScale, rightScale))
    }

    /// The difference, as ``adding(_:)``.
    package func subtracting(_ other: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal {
        try adding(other.negated)
    }

    /// The product: exact where 34 digits hold it, else half-even. Its scale is the sum of the two.
    package func multiplying(by other: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal {
        let scale = self.scale + other.scale
        if let left = coefficient64, let right = other.coefficient64 {
            let (product, overflow) = left.multipliedReportingOverflow(by: right)
            if !overflow { return try Self.settle(Int128(product), scale: scale) }
        }
        let isNegative = self.isNegative != other.isNegative
        let left = coefficient.magnitude, right = other.coefficient.magnitude
        if left == 0 || right == 0 { return try Self.settle(0, scale: scale) }
        let product = left.multipliedFullWidth(by: right)
        if product.high == 0 { return try Self.settle(product.low, isNegative: isNegative, scale: scale) }
        // One more than the digits that surely go, so that the quotient has 33 to 35 of them before rounding.
        var dropped = Powers.digits(left) + Powers.digits(right) - 1 - Self.digitsMax
        var (quotient, remainder) = Powers.of10[dropped].dividingFullWidth(product)
        if quotient >= Self.coefficientLimit {
            dropped += 1
            (quotient, remainder) = Powers.of10[dropped].dividingFullWidth(product)
        }
        quotient = Powers.step(quotient, remainder, over: Powers.of10[dropped], isNegative: isNegative, .halfEven)
        return try Self.settle(quotient, isNegative: isNegative, scale: scale - dropped)
    }

    /// The quotient to 34 digits, half-even; an exact one without needless zeros (`10 / 4` is `2.5`).
    package func divided(by other: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal {
        if other.isZero { throw isZero ? .undefined : .divisionByZero }
        let ideal = scale - other.scale
        if isZero { return try Self.settle(0, scale: max(0, ideal)) }
        if let left = coefficient64, let right = other.coefficient64, right != -1, left % right == 0 {
            return try Self.settle(Int128(left / right), scale: ideal)
        }
        let isNegative = self.isNegative != other.isNegative
        let leftPad = Self.digitsMax - Powers.digits(coefficient.magnitude)
        let rightPad = Self.digitsMax - Powers.digits(other.coefficient.magnitude)
        let left = coefficient.magnitude * Powers.of10[leftPad]
        let right = other.coefficient.magnitude * Powers.of10[rightPad]
        // Both operands have 34 digits now, so the quotient has 34 or 35.
        var scale = ideal + leftPad - rightPad + Self.digitsMax
        var (quotient, remainder) = right.dividingFullWidth(left.multipliedFullWidth(by: Powers.of10[Self.digitsMax]))
        if remainder == 0 {
            for zeros in [32, 16, 8, 4, 2, 1] where scale - zeros >= ideal {
                let (shorter, rest) = quotient.quotientAndRemainder(dividingBy: Powers.of10[zeros])
                guard rest == 0 else { continue }
                quotient = shorter
                scale -= zeros
            }
        } else if quotient < Self.coefficientLimit {
            quotient = Powers.step(quotient, remainder, over: right, isNegative: isNegative, .halfEven)
        } else {
            // 35 digits and a tail: the tail becomes a sticky 36th digit, then one rounding.
            quotient = quotient * 10 + 1
            scale += 1
        }
        return try Self.settle(quotient, isNegative: isNegative, scale: scale)
    }

    /// The number with exactly `scale` digits after the point: rounded by the rule, or padded with zeros.
    ///
    /// Padding stops at 34 digits. A negative scale rounds left of the point and gives an integer.
    package func rounded(scale wanted: Int, _ rule: RoundingRule = .halfEven) -> ExactDecimal {
        let wanted = min(max(wanted, Self.scaleMin), Self.scaleMax)
        if wanted >= scale {
            let pad = isZero ? wanted - scale : min(wanted - scale, Self.digitsMax - Powers.digits(coefficient.magnitude))
            if isZero { return ExactDecimal(settled: 0, scale: scale + pad) }
            return ExactDecimal(settled: coefficient * Int128(Powers.of10[pad]), scale: scale + pad)
        }
        let kept = Powers.drop(scale - wanted, of: coefficient.magnitude, isNegative: isNegative, rule)
        return ExactDecimal(settled: isNegative ? -Int128(kept) : Int128(kept), scale: wanted)
    }

    static func settle(_ coefficient: Int128, scale: Int) throws(ArithmeticFailure) -> ExactDecimal {
        if coefficient.magnitude < coefficientLimit, scale >= 0, scale <= scaleMax {
            return ExactDecimal(settled: coefficient, scale: scale)
        }
        return try settle(coefficient.magnitude, isNegative: coefficient < 0, scale: scale)
    }

    /// Rounds a magnitude to 34 digits and brings the scale into range.
    static func settle(_ magnitude: UInt128, isNegative: Bool, scale: Int) throws(ArithmeticFailure) -> ExactDecimal {
        var magnitude = magnitude, scale = scale
        let excess = max(Powers.digits(magnitude) - digitsMax, scale - scaleMax)
        if excess > 0 {
            magnitude = Powers.drop(excess, of: magnitude, isNegative: isNegative, .halfEven)
            scale -= excess
            if magnitude >= coefficientLimit {
                magnitude /= 10
                scale -= 1
            }
        }
        if magnitude == 0 { scale = max(scale, 0) }
        if scale < scaleMin {
            let pad = scaleMin - scale
            guard pad <= digitsMax - Powers.digits(magnitude) else { throw .overflow }
            magnitude *= Powers.of10[pad]
            scale = scaleMin
        }
        return ExactDecimal(settled: isNegative ? -Int128(magnitude) : Int128(magnitude), scale: scale)
    }
}
