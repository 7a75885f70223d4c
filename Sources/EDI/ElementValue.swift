/// What a value must be to be a number, a date or a time (X12.6, data element types; ISO 9735-1, 10). Values are not empty.
enum ElementValue {
    /// How many digits a number has, as sign and point do not count; -1 where it is none.
    @inline(__always)
    static func digits(_ value: UnsafePointer<UInt8>, _ length: Int, mayHavePoint: Bool) -> Int {
        let sign = value[0] == 0x2D ? 1 : 0
        var points = 0, index = sign
        while index < length {
            if value[index] &- 0x30 > 9 {
                guard mayHavePoint, points == 0, value[index] == 0x2E else { return -1 }
                points = 1
            }
            index &+= 1
        }
        let digits = length &- sign &- points
        return digits > 0 ? digits : -1
    }

    /// CCYYMMDD or YYMMDD, of a calendar that has the day; two digits are a year of this century.
    @inline(__always)
    static func isDate(_ value: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        guard length == 8 || length == 6, areDigits(value, length) else { return false }
        let month = two(value + (length &- 4)), day = two(value + (length &- 2))
        guard month >= 1, month <= 12, day >= 1 else { return false }
        if day <= 28 { return true }
        guard month == 2 else { return day <= 30 + ((month ^ month >> 3) & 1) }
        let year = (length == 8 ? two(value) : 20) * 100 + two(value + (length &- 6))
        return day == 29 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    /// HHMM, HHMMSS, or HHMMSS with tenths or hundredths.
    @inline(__always)
    static func isTime(_ value: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        guard length >= 4, length <= 8, length != 5, areDigits(value, length) else { return false }
        return two(value) < 24 && two(value + 2) < 60 && (length < 6 || two(value + 4) < 60)
    }

    /// What a number of EDIFACT comes to.
    enum Number: Equatable {
        /// It is one, with so many digits: sign and decimal mark do not count.
        case digits(Int)
        /// It has other characters than digits, a sign in front and decimal marks.
        case character
        /// It has two decimal marks, or no digit after one.
        case decimal
        /// No digit stands before its decimal mark.
        case leadingMark
    }

    /// ISO 9735-1, 10: digits, a minus in front, and one decimal mark, a point or a comma, between digits.
    @inline(__always)
    static func number(_ value: UnsafePointer<UInt8>, _ length: Int) -> Number {
        let sign = value[0] == 0x2D ? 1 : 0
        var mark = -1, index = sign
        while index < length {
            if value[index] &- 0x30 > 9 {
                guard value[index] == 0x2E || value[index] == 0x2C else { return .character }
                if mark >= 0 { return .decimal }
                mark = index
            }
            index &+= 1
        }
        if mark < 0 { return length > sign ? .digits(length &- sign) : .character }
        if mark == length &- 1 { return .decimal }
        return mark == sign ? .leadingMark : .digits(length &- sign &- 1)
    }

    /// EDIFACT `a`: no digit is among them.
    @inline(__always)
    static func areLetters(_ value: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        for index in 0..<length where value[index] &- 0x30 <= 9 { return false }
        return true
    }

    @inline(__always)
    private static func areDigits(_ value: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        var isDigits = true
        for index in 0..<length where value[index] &- 0x30 > 9 { isDigits = false }
        return isDigits
    }

    @inline(__always)
    private static func two(_ value: UnsafePointer<UInt8>) -> Int { Int(value[0]) &* 10 &+ Int(value[1]) &- 0x30 &* 11 }
}
