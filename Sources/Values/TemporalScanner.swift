/// Reads the ISO 8601 forms of dates, times and durations from bytes, strictly.
struct TemporalScanner {
    private let bytes: [UInt8]
    private var at = 0
    /// Whether the time that was read is 24:00:00, the first moment of the next day (XML Schema 1.1 part 2, endOfDayFrag).
    private(set) var endsDay = false

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    var isAtEnd: Bool { at == bytes.count }

    mutating func skip(_ byte: UInt8) -> Bool {
        guard at < bytes.count, bytes[at] == byte else { return false }
        at += 1
        return true
    }

    /// Between `least` and `most` digits, or nil.
    private mutating func digits(_ least: Int, _ most: Int) -> Int? {
        var value = 0, count = 0
        while at < bytes.count, count < most, bytes[at] &- 48 < 10 {
            value = value * 10 + Int(bytes[at] &- 48)
            at += 1
            count += 1
        }
        return count >= least ? value : nil
    }

    mutating func date() -> CalendarDate? {
        let isNegative = skip(UInt8(ascii: "-"))
        let start = at
        guard let year = digits(4, 9) else { return nil }
        // XML Schema: a year of more than four digits has no leading zero.
        if at - start > 4, bytes[start] == 48 { return nil }
        if isNegative, year == 0 { return nil }
        guard skip(UInt8(ascii: "-")), let month = digits(2, 2), skip(UInt8(ascii: "-")), let day = digits(2, 2)
        else { return nil }
        return CalendarDate(year: isNegative ? -year : year, month: month, day: day)
    }

    mutating func time() -> TimeOfDay? {
        guard var hour = digits(2, 2), skip(UInt8(ascii: ":")), let minute = digits(2, 2) else { return nil }
        var second = 0, nanosecond = 0
        if skip(UInt8(ascii: ":")) {
            guard let read = digits(2, 2) else { return nil }
            second = read
            if skip(UInt8(ascii: ".")) {
                guard let fraction = fraction() else { return nil }
                nanosecond = fraction
            }
        }
        if hour == 24, minute == 0, second == 0, nanosecond == 0 {
            endsDay = true
            hour = 0
        }
        guard at < bytes.count else {
            return TimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond)
        }
        if skip(UInt8(ascii: "@")) {
            let name = String(decoding: bytes[at...], as: UTF8.self)
            guard !name.isEmpty, name.utf8.allSatisfy({ Self.isZoneByte($0) }) else { return nil }
            at = bytes.count
            return TimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond, zone: name)
        }
        guard let offset = offset() else { return nil }
        return TimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond, offsetSeconds: offset)
    }

    private static func isZoneByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "/"), UInt8(ascii: "_"), UInt8(ascii: "-"),
            UInt8(ascii: "+"): true
        default: false
        }
    }

    /// `Z`, `+01:00`, `-05:00:30`.
    mutating func offset() -> Int? {
        if skip(UInt8(ascii: "Z")) || skip(UInt8(ascii: "z")) { return 0 }
        let isWest = skip(UInt8(ascii: "-"))
        guard isWest || skip(UInt8(ascii: "+")), let hours = digits(2, 2), skip(UInt8(ascii: ":")),
            let minutes = digits(2, 2), minutes < 60
        else { return nil }
        var seconds = 0
        if skip(UInt8(ascii: ":")) {
            guard let read = digits(2, 2), read < 60 else { return nil }
            seconds = read
        }
        let size = (hours * 60 + minutes) * 60 + seconds
        return isWest ? -size : size
    }

    /// Nanoseconds of the digits after a point; digits past the ninth are dropped.
    private mutating func fraction() -> Int? {
        var value = 0, count = 0
        while at < bytes.count, bytes[at] &- 48 < 10 {
            if count < 9 { value = value * 10 + Int(bytes[at] &- 48) }
            at += 1
            count += 1
        }
        guard count > 0 else { return nil }
        for _ in min(count, 9)..<9 { value *= 10 }
        return value
    }

    mutating func dayTimeDuration() -> DayTimeDuration? {
        let isNegative = skip(UInt8(ascii: "-"))
        guard skip(UInt8(ascii: "P")) else { return nil }
        var total: Int128 = 0
        var parts = 0
        let billion: Int128 = 1_000_000_000
        if let days = unit(UInt8(ascii: "D")) {
            total += Int128(days) * 86_400 * billion
            parts += 1
        }
        if skip(UInt8(ascii: "T")) {
            let before = parts
            for (letter, seconds) in [(UInt8(ascii: "H"), 3600), (UInt8(ascii: "M"), 60)] {
                guard let count = unit(letter) else { continue }
                total += Int128(count) * Int128(seconds) * billion
                parts += 1
            }
            if let (seconds, nanoseconds) = secondsUnit() {
                total += Int128(seconds) * billion + Int128(nanoseconds)
                parts += 1
            }
            if parts == before { return nil }
        }
        guard parts > 0 else { return nil }
        return DayTimeDuration(totalNanoseconds: isNegative ? -total : total)
    }

    mutating func yearMonthDuration() -> YearMonthDuration? {
        let isNegative = skip(UInt8(ascii: "-"))
        guard skip(UInt8(ascii: "P")) else { return nil }
        let years = unit(UInt8(ascii: "Y")), months = unit(UInt8(ascii: "M"))
        guard years != nil || months != nil else { return nil }
        let (inMonths, overflow) = (years ?? 0).multipliedReportingOverflow(by: 12)
        let (sum, overflowsToo) = inMonths.addingReportingOverflow(months ?? 0)
        guard !overflow, !overflowsToo else { return nil }
        return YearMonthDuration(months: isNegative ? -sum : sum)
    }

    /// Digits before this letter, or nil and nothing read.
    private mutating func unit(_ letter: UInt8) -> Int? {
        let start = at
        guard let count = digits(1, 18), skip(letter) else {
            at = start
            return nil
        }
        return count
    }

    private mutating func secondsUnit() -> (Int, Int)? {
        let start = at
        guard let whole = digits(1, 18) else { return nil }
        var nanoseconds = 0
        if skip(UInt8(ascii: ".")) {
            // The digits may be missing, as the DMN compatibility kit has it.
            nanoseconds = fraction() ?? 0
        }
        guard skip(UInt8(ascii: "S")) else {
            at = start
            return nil
        }
        return (whole, nanoseconds)
    }
}
