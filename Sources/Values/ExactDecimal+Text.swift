extension ExactDecimal: CustomStringConvertible {
    /// Reads plain and exponent notation: `-1.10`, `.5`, `5.`, `+1.2E-3`. Nil where the text is not a number, has
    /// more than 34 significant digits, or an exponent out of range. Blanks are not skipped.
    package init?(_ text: String) {
        var text = text
        let number = text.withUTF8 { ExactDecimal(utf8: $0) }
        guard let number else { return nil }
        self = number
    }

    /// As ``init(_:)-(String)``, over bytes.
    package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        var scanner = Scanner(bytes: bytes)
        guard scanner.scan() else { return nil }
        let scale = scanner.scale
        if scale < 0 || scale > Self.scaleMax || scanner.digits > 18 {
            let signed = scanner.isNegative ? -Int128(scanner.coefficient) : Int128(scanner.coefficient)
            guard scale <= Self.scaleMax, scale >= Self.scaleMin else { return nil }
            self.init(settled: signed, scale: scale)
        } else {
            let small = Int64(truncatingIfNeeded: scanner.coefficient)
            self.init(coefficient: scanner.isNegative ? -small : small, scale: scale)
        }
    }

    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var at = 0
        var isNegative = false
        var small: UInt64 = 0
        var large: UInt128 = 0
        /// Significant digits read; up to 18 of them are in `small`.
        var digits = 0
        var scale = 0

        init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

        var coefficient: UInt128 { digits > 18 ? large : UInt128(small) }

        mutating func scan() -> Bool {
            guard at < bytes.count else { return false }
            if bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
                isNegative = bytes[at] == UInt8(ascii: "-")
                at += 1
            }
            guard let whole = scanDigits(afterPoint: false) else { return false }
            var seen = whole
            if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
                at += 1
                guard let fraction = scanDigits(afterPoint: true) else { return false }
                seen += fraction
            }
            guard seen > 0 else { return false }
            return at == bytes.count || scanExponent()
        }

        /// Gives the count of digits read, or nil where they are too many to keep.
        private mutating func scanDigits(afterPoint: Bool) -> Int? {
            let start = at
            while at < bytes.count {
                let digit = bytes[at] &- 48
                guard digit < 10 else { break }
                at += 1
                if digits == ExactDecimal.digitsMax {
                    // A 35th digit may only be a zero, which the scale carries.
                    guard digit == 0 else { return nil }
                    if !afterPoint { scale -= 1 }
                    continue
                }
                if afterPoint { scale += 1 }
                if digits == 0 && digit == 0 { continue }
                digits += 1
                if digits <= 18 {
                    small = small * 10 + UInt64(digit)
                } else {
                    if digits == 19 { large = UInt128(small) }
                    large = large * 10 + UInt128(digit)
                }
            }
            return at - start
        }

        private mutating func scanExponent() -> Bool {
            guard bytes[at] | 0x20 == UInt8(ascii: "e") else { return false }
            at += 1
            guard at < bytes.count else { return false }
            var falls = false
            if bytes[at] == UInt8(ascii: "-") || bytes[at] == UInt8(ascii: "+") {
                falls = bytes[at] == UInt8(ascii: "-")
                at += 1
            }
            var exponent = 0
            let start = at
            while at < bytes.count {
                let digit = bytes[at] &- 48
                guard digit < 10 else { return false }
                exponent = min(exponent * 10 + Int(digit), 1_000_000)
                at += 1
            }
            scale += falls ? exponent : -exponent
            return at > start
        }
    }

    /// Plain notation with all digits of the scale; exponent notation only past 40 zeros (`1E+50`).
    package var description: String {
        let isNegative = self.isNegative
        var digits = Array(String(coefficient.magnitude).utf8)
        var text: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
        if scale < -40 || scale - digits.count > 40, !isZero {
            let exponent = digits.count - 1 - scale
            text.append(digits[0])
            if digits.count > 1 {
                text.append(UInt8(ascii: "."))
                text += digits[1...]
            }
            return String(decoding: text, as: UTF8.self) + (exponent < 0 ? "E\(exponent)" : "E+\(exponent)")
        }
        if scale <= 0 {
            digits += [UInt8](repeating: 48, count: -scale)
        } else {
            if digits.count <= scale { digits.insert(contentsOf: [UInt8](repeating: 48, count: scale - digits.count + 1), at: 0) }
            digits.insert(UInt8(ascii: "."), at: digits.count - scale)
        }
        return String(decoding: text + digits, as: UTF8.self)
    }
}
