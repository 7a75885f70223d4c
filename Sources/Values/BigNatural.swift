/// A natural number of any size, for the roots, powers and logarithms whose digits do not fit 128 bits.
struct BigNatural: Comparable, Sendable {
    /// Base 2^32, the lowest first, without zeros at the end. Halves of a word, so that a product and its carries fit one.
    private(set) var limbs: [UInt32]

    static let zero = BigNatural(limbs: [])
    static let one = BigNatural(1)

    private init(limbs: [UInt32]) {
        self.limbs = limbs
        while self.limbs.last == 0 { self.limbs.removeLast() }
    }

    init(_ value: UInt128) {
        self.init(limbs: (0..<4).map { UInt32(truncatingIfNeeded: value >> (32 * $0)) })
    }

    static func powerOf10(_ exponent: Int) -> BigNatural {
        var result = BigNatural.one
        var left = exponent
        while left > 0 {
            let step = min(left, 38)
            result = result * BigNatural(Powers.of10[step])
            left -= step
        }
        return result
    }

    var isZero: Bool { limbs.isEmpty }

    var bitWidth: Int { limbs.isEmpty ? 0 : limbs.count * 32 - limbs[limbs.count - 1].leadingZeroBitCount }

    /// The number, where it fits.
    var value: UInt128? {
        guard limbs.count <= 4 else { return nil }
        return limbs.reversed().reduce(UInt128(0)) { $0 << 32 | UInt128($1) }
    }

    static func < (left: BigNatural, right: BigNatural) -> Bool {
        if left.limbs.count != right.limbs.count { return left.limbs.count < right.limbs.count }
        for index in left.limbs.indices.reversed() where left.limbs[index] != right.limbs[index] {
            return left.limbs[index] < right.limbs[index]
        }
        return false
    }

    static func + (left: BigNatural, right: BigNatural) -> BigNatural {
        let (long, short) = left.limbs.count >= right.limbs.count ? (left.limbs, right.limbs) : (right.limbs, left.limbs)
        var result = long
        var carry: UInt64 = 0
        for index in result.indices {
            if index >= short.count, carry == 0 { break }
            let sum = UInt64(result[index]) + (index < short.count ? UInt64(short[index]) : 0) + carry
            result[index] = UInt32(truncatingIfNeeded: sum)
            carry = sum >> 32
        }
        if carry > 0 { result.append(UInt32(carry)) }
        return BigNatural(limbs: result)
    }

    /// Precondition: the right side is not larger.
    static func - (left: BigNatural, right: BigNatural) -> BigNatural {
        precondition(left >= right, "a natural number is not negative")
        var result = left.limbs
        var borrow: UInt64 = 0
        for index in result.indices {
            if index >= right.limbs.count, borrow == 0 { break }
            let taken = (index < right.limbs.count ? UInt64(right.limbs[index]) : 0) + borrow
            let from = UInt64(result[index])
            borrow = from < taken ? 1 : 0
            result[index] = UInt32(truncatingIfNeeded: from &- taken)
        }
        return BigNatural(limbs: result)
    }

    static func * (left: BigNatural, right: BigNatural) -> BigNatural {
        if left.isZero || right.isZero { return .zero }
        var result = [UInt32](repeating: 0, count: left.limbs.count + right.limbs.count)
        for (i, a) in left.limbs.enumerated() where a != 0 {
            var carry: UInt64 = 0
            for (j, b) in right.limbs.enumerated() {
                let sum = UInt64(a) * UInt64(b) + UInt64(result[i + j]) + carry
                result[i + j] = UInt32(truncatingIfNeeded: sum)
                carry = sum >> 32
            }
            result[i + right.limbs.count] = UInt32(carry)
        }
        return BigNatural(limbs: result)
    }

    static func << (value: BigNatural, count: Int) -> BigNatural {
        if value.isZero || count == 0 { return value }
        let whole = count / 32, rest = count % 32
        var result = [UInt32](repeating: 0, count: whole)
        result.reserveCapacity(whole + value.limbs.count + 1)
        var carry: UInt64 = 0
        for limb in value.limbs {
            let moved = UInt64(limb) << UInt64(rest) | carry
            result.append(UInt32(truncatingIfNeeded: moved))
            carry = moved >> 32
        }
        result.append(UInt32(carry))
        return BigNatural(limbs: result)
    }

    static func >> (value: BigNatural, count: Int) -> BigNatural {
        let whole = count / 32, rest = count % 32
        guard whole < value.limbs.count else { return .zero }
        var result: [UInt32] = []
        result.reserveCapacity(value.limbs.count - whole)
        for index in whole..<value.limbs.count {
            let above = index + 1 < value.limbs.count ? UInt64(value.limbs[index + 1]) << 32 : 0
            result.append(UInt32(truncatingIfNeeded: (above | UInt64(value.limbs[index])) >> UInt64(rest)))
        }
        return BigNatural(limbs: result)
    }

    /// The quotient, rounded down.
    static func / (left: BigNatural, right: UInt32) -> BigNatural {
        var result = left.limbs
        var remainder: UInt64 = 0
        for index in result.indices.reversed() {
            let part = remainder << 32 | UInt64(result[index])
            result[index] = UInt32(part / UInt64(right))
            remainder = part % UInt64(right)
        }
        return BigNatural(limbs: result)
    }

    /// Quotient and remainder (Knuth, The Art of Computer Programming 2, 4.3.1, algorithm D).
    func dividing(by divisor: BigNatural) -> (quotient: BigNatural, remainder: BigNatural) {
        precondition(!divisor.isZero, "division by zero")
        if self < divisor { return (.zero, self) }
        if divisor.limbs.count == 1 {
            let quotient = self / divisor.limbs[0]
            return (quotient, self - quotient * divisor)
        }
        let shift = divisor.limbs[divisor.limbs.count - 1].leadingZeroBitCount
        let v = (divisor << shift).limbs
        var u = (self << shift).limbs
        while u.count <= limbs.count { u.append(0) }
        let n = v.count
        var quotient = [UInt32](repeating: 0, count: u.count - n)
        for j in stride(from: u.count - n - 1, through: 0, by: -1) {
            let top = UInt64(u[j + n]) << 32 | UInt64(u[j + n - 1])
            var estimate = top / UInt64(v[n - 1]), rest = top % UInt64(v[n - 1])
            while estimate > UInt64(UInt32.max) || estimate * UInt64(v[n - 2]) > (rest << 32 | UInt64(u[j + n - 2])) {
                estimate -= 1
                rest += UInt64(v[n - 1])
                if rest > UInt64(UInt32.max) { break }
            }
            if Self.subtract(v, times: estimate, from: &u, at: j) {
                estimate -= 1
                Self.add(v, to: &u, at: j)
            }
            quotient[j] = UInt32(estimate)
        }
        return (BigNatural(limbs: quotient), BigNatural(limbs: Array(u[..<n])) >> shift)
    }

    /// Whether more was taken than was there.
    private static func subtract(_ v: [UInt32], times factor: UInt64, from u: inout [UInt32], at start: Int) -> Bool {
        var borrow: UInt64 = 0, carry: UInt64 = 0
        for index in 0...v.count {
            let product = (index < v.count ? UInt64(v[index]) * factor : 0) + carry
            carry = product >> 32
            let taken = (product & 0xFFFF_FFFF) + borrow
            let from = UInt64(u[start + index])
            borrow = from < taken ? 1 : 0
            u[start + index] = UInt32(truncatingIfNeeded: from &- taken)
        }
        return borrow == 1
    }

    private static func add(_ v: [UInt32], to u: inout [UInt32], at start: Int) {
        var carry: UInt64 = 0
        for index in 0...v.count {
            let sum = UInt64(u[start + index]) + (index < v.count ? UInt64(v[index]) : 0) + carry
            u[start + index] = UInt32(truncatingIfNeeded: sum)
            carry = sum >> 32
        }
    }

    /// The square root, rounded down, and whether it is exact (Newton, from above).
    var squareRoot: (root: BigNatural, isExact: Bool) {
        if isZero { return (.zero, true) }
        var root = BigNatural.one << ((bitWidth + 1) / 2)
        while true {
            let next = (root + dividing(by: root).quotient) >> 1
            if next >= root { break }
            root = next
        }
        return (root, root * root == self)
    }
}
