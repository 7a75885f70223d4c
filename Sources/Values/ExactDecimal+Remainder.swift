extension ExactDecimal {
    /// `self - divisor * floor(self / divisor)` with the exact quotient: the sign is the divisor's (DMN 1.5, `modulo`).
    package func modulo(_ divisor: ExactDecimal) throws(ArithmeticFailure) -> ExactDecimal {
        if divisor.isZero { throw isZero ? .undefined : .divisionByZero }
        let rest = remainder(divisor)
        if rest.isZero || rest.isNegative == divisor.isNegative { return rest }
        return try rest.adding(divisor)
    }

    /// The remainder of the division that cuts towards zero: always exact, with the sign of the dividend.
    private func remainder(_ divisor: ExactDecimal) -> ExactDecimal {
        let left = coefficient.magnitude, right = divisor.coefficient.magnitude
        let scale = max(self.scale, divisor.scale)
        let rest: UInt128
        if self.scale >= divisor.scale {
            let step = self.scale - divisor.scale
            // A divisor of more digits than the dividend at its scale is larger.
            if step + Powers.digits(right) > 38 { return self }
            rest = left % (right * Powers.of10[step])
        } else {
            var left = left % right
            var step = divisor.scale - self.scale
            // left * 10^step mod right, by parts that fit.
            while step > 0, left != 0 {
                let part = min(step, 38)
                let power = Powers.of10[part] % right
                left = right.dividingFullWidth(left.multipliedFullWidth(by: power)).remainder
                step -= part
            }
            rest = left
        }
        return ExactDecimal(settled: isNegative ? -Int128(rest) : Int128(rest), scale: scale)
    }
}
