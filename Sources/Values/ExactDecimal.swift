/// An exact decimal number: `coefficient × 10^-scale`, with up to 34 digits.
///
/// The scale is kept as written (`1.10` has scale 2 and prints `1.10`), while equality, order and hash are numeric
/// (`1.1 == 1.10`). Digits past the 34th are rounded half-even, as in decimal128 (IEEE 754-2008), whose exponent
/// range applies too; there is no infinity and no NaN: an operation without a result throws.
package struct ExactDecimal: Sendable {
    /// The coefficient's two's complement halves: 8-byte alignment keeps the number at 24 bytes where Int128 takes 32.
    private let low: UInt64
    private let high: Int64
    private let exponent: Int32

    /// Most digits of a coefficient.
    package static let digitsMax = 34
    /// Largest and smallest scale of a result (decimal128).
    static let scaleMax = 6176, scaleMin = -6111
    /// Every coefficient's magnitude is below this.
    static let coefficientLimit = Powers.of10[34]

    package static let zero = ExactDecimal(coefficient: 0)
    package static let one = ExactDecimal(coefficient: 1)

    /// `coefficient × 10^-scale`. The scale must lie in -6111...6176.
    package init(coefficient: Int64, scale: Int = 0) {
        precondition(scale >= Self.scaleMin && scale <= Self.scaleMax, "scale \(scale) is out of range")
        if scale < 0 {
            self.init(settled: Int128(coefficient), scale: scale)
        } else {
            self.init(low: UInt64(bitPattern: coefficient), high: coefficient >> 63, exponent: Int32(scale))
        }
    }

    private init(low: UInt64, high: Int64, exponent: Int32) {
        self.low = low
        self.high = high
        self.exponent = exponent
    }

    package init(_ integer: Int) { self.init(coefficient: Int64(integer)) }

    /// A coefficient below 10^34 with a scale in range. A negative scale becomes 0 where the digits allow it, so that
    /// 10^3 is `1000`.
    init(settled coefficient: Int128, scale: Int) {
        var coefficient = coefficient, scale = scale
        if scale < 0 {
            if coefficient == 0 {
                scale = 0
            } else if -scale <= Self.digitsMax - Powers.digits(coefficient.magnitude) {
                coefficient *= Int128(Powers.of10[-scale])
                scale = 0
            }
        }
        self.init(
            low: UInt64(truncatingIfNeeded: coefficient), high: Int64(truncatingIfNeeded: coefficient >> 64),
            exponent: Int32(scale))
    }

    var coefficient: Int128 { Int128(high) << 64 | Int128(low) }

    /// The coefficient where it fits 64 bits, else nil.
    package var coefficient64: Int64? {
        let value = Int64(bitPattern: low)
        return high == value >> 63 ? value : nil
    }
    /// Digits after the decimal point; negative where the number has more trailing zeros than 34 digits can hold.
    package var scale: Int { Int(exponent) }

    package var isZero: Bool { low == 0 && high == 0 }
    package var isNegative: Bool { high < 0 }
    package var isInteger: Bool { normalized.scale <= 0 }

    /// The number as an Int, where it is one exactly.
    package var integer: Int? {
        if exponent == 0 { return coefficient64.map(Int.init) }
        let plain = normalized
        guard plain.scale <= 0, -plain.scale <= 18 else { return nil }
        let (product, overflow) = plain.coefficient.multipliedReportingOverflow(by: Int128(Powers.of10[-plain.scale]))
        return overflow ? nil : Int(exactly: product)
    }

    package var negated: ExactDecimal { ExactDecimal(settled: -coefficient, scale: scale) }
    package var magnitude: ExactDecimal { isNegative ? negated : self }

    /// The same number without trailing zeros after the point; zero gets scale 0.
    package var normalized: ExactDecimal {
        guard exponent > 0 else { return self }
        if isZero { return .zero }
        var scale = self.scale
        if var small = coefficient64 {
            while scale > 0, small % 10 == 0 {
                small /= 10
                scale -= 1
            }
            return ExactDecimal(coefficient: small, scale: scale)
        }
        var large = coefficient
        while scale > 0, large % 10 == 0 {
            large /= 10
            scale -= 1
        }
        return ExactDecimal(settled: large, scale: scale)
    }
}

extension ExactDecimal: Hashable, Comparable {
    package static func == (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.exponent == right.exponent { return left.low == right.low && left.high == right.high }
        return left.compare(right) == 0
    }

    package static func < (left: ExactDecimal, right: ExactDecimal) -> Bool {
        if left.exponent == right.exponent {
            return left.high == right.high ? left.low < right.low : left.high < right.high
        }
        return left.compare(right) < 0
    }

    package func hash(into hasher: inout Hasher) {
        let plain = normalized
        // Negative scales: 10^40 has one form only where zeros are taken off on both sides of the point.
        var coefficient = plain.coefficient, scale = plain.scale
        while scale < 0, coefficient % 10 == 0 {
            coefficient /= 10
            scale -= 1
        }
        hasher.combine(coefficient)
        hasher.combine(scale)
    }

    /// -1, 0 or 1.
    func compare(_ other: ExactDecimal) -> Int {
        if let left = coefficient64, let right = other.coefficient64 {
            let step = scale - other.scale
            if let a = step >= 0 ? left : Powers.scaled(left, by: -step), let b = step <= 0 ? right : Powers.scaled(right, by: step) {
                return a < b ? -1 : (a == b ? 0 : 1)
            }
        }
        let left = coefficient, right = other.coefficient
        if left.signum() != right.signum() { return left.signum() < right.signum() ? -1 : 1 }
        if exponent == other.exponent { return left < right ? -1 : (left == right ? 0 : 1) }
        if left == 0 { return 0 }
        let sign = left < 0 ? -1 : 1
        let leading = Powers.digits(left.magnitude) - scale, otherLeading = Powers.digits(right.magnitude) - other.scale
        if leading != otherLeading { return leading < otherLeading ? -sign : sign }
        // The leading digits stand at the same power of ten, so aligning needs at most 34 digits.
        let step = scale - other.scale
        let a = step < 0 ? left.magnitude * Powers.of10[-step] : left.magnitude
        let b = step > 0 ? right.magnitude * Powers.of10[step] : right.magnitude
        return a < b ? -sign : (a == b ? 0 : sign)
    }
}
