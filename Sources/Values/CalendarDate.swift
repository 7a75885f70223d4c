/// A day of the proleptic Gregorian calendar, with years to ±999,999,999 (ISO 8601, DMN 1.5 section 10.3.2.3.3).
package struct CalendarDate: Hashable, Comparable, Sendable, CustomStringConvertible {
    private let storedYear: Int32
    private let storedMonth: Int8
    private let storedDay: Int8

    package static let yearMax = 999_999_999

    package var year: Int { Int(storedYear) }
    /// 1...12
    package var month: Int { Int(storedMonth) }
    /// 1...31
    package var day: Int { Int(storedDay) }

    /// Nil where there is no such day.
    package init?(year: Int, month: Int, day: Int) {
        guard abs(year) <= Self.yearMax, (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(month, year: year)
        else { return nil }
        self.init(checkedYear: year, month: month, day: day)
    }

    private init(checkedYear year: Int, month: Int, day: Int) {
        storedYear = Int32(year)
        storedMonth = Int8(month)
        storedDay = Int8(day)
    }

    /// Days since 1970-01-01 (Howard Hinnant, "chrono-Compatible Low-Level Date Algorithms", days_from_civil).
    package var dayNumber: Int {
        let y = month <= 2 ? year - 1 : year
        let era = (y >= 0 ? y : y - 399) / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The day that stands this many days from 1970-01-01; past the years that a date can have, the last one that it can.
    package init(dayNumber: Int) {
        let bounded = min(max(dayNumber, Self.firstDayNumber), Self.lastDayNumber)
        let z = bounded + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        self.init(
            checkedYear: yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month: month,
            day: dayOfYear - (153 * shifted + 2) / 5 + 1)
    }

    /// The day numbers of all dates.
    static let dayNumbers = firstDayNumber...lastDayNumber

    private static let firstDayNumber = CalendarDate(checkedYear: -yearMax, month: 1, day: 1).dayNumber
    private static let lastDayNumber = CalendarDate(checkedYear: yearMax, month: 12, day: 31).dayNumber

    /// Reads `2026-11-21`; a year of more than four digits or a negative one as XML Schema writes it. Nil otherwise.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var scanner = TemporalScanner(bytes)
        guard let date = scanner.date(), scanner.isAtEnd else { return nil }
        self = date
    }

    /// 1 is Monday, 7 is Sunday (ISO 8601).
    package var weekday: Int {
        let rest = (dayNumber + 3) % 7
        return (rest < 0 ? rest + 7 : rest) + 1
    }

    /// 1...366
    package var dayOfYear: Int { dayNumber - CalendarDate(checkedYear: year, month: 1, day: 1).dayNumber + 1 }

    /// ISO 8601 week, 1...53: the week belongs to the year that has its Thursday.
    package var weekOfYear: Int { (CalendarDate(dayNumber: dayNumber + 4 - weekday).dayOfYear - 1) / 7 + 1 }

    /// Nil where the result is past the years that a date can have.
    package func adding(days: Int) -> CalendarDate? {
        let (sum, overflow) = dayNumber.addingReportingOverflow(days)
        guard !overflow, sum >= Self.firstDayNumber, sum <= Self.lastDayNumber else { return nil }
        return CalendarDate(dayNumber: sum)
    }

    /// The same day of a later month, or that month's last day where it is shorter. Nil past the years of a date.
    package func adding(months: Int) -> CalendarDate? {
        let (sum, overflow) = (year * 12 + month - 1).addingReportingOverflow(months)
        guard !overflow else { return nil }
        let newYear = sum >= 0 ? sum / 12 : (sum - 11) / 12
        let newMonth = sum - newYear * 12 + 1
        guard abs(newYear) <= Self.yearMax else { return nil }
        return CalendarDate(
            checkedYear: newYear, month: newMonth, day: min(day, Self.daysInMonth(newMonth, year: newYear)))
    }

    package static func isLeapYear(_ year: Int) -> Bool {
        year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    }

    package static func daysInMonth(_ month: Int, year: Int) -> Int {
        switch month {
        case 2: isLeapYear(year) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    package static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.storedYear, left.storedMonth, left.storedDay) < (right.storedYear, right.storedMonth, right.storedDay)
    }

    package var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// As XML Schema writes years of more than four digits and before the year 0.
    var longText: String {
        let digits = padded(abs(year), 4)
        return "\(year < 0 ? "-" : "")\(digits)-\(padded(month, 2))-\(padded(day, 2))"
    }
}

/// A number that is not negative, with zeros in front up to `width` digits.
package func padded(_ number: Int, _ width: Int) -> String {
    let digits = String(number)
    return digits.utf8.count >= width ? digits : String(repeating: "0", count: width - digits.utf8.count) + digits
}

/// `.5` for 500,000,000 ns, without trailing zeros; empty for 0.
func fractionText(nanoseconds: Int) -> String {
    guard nanoseconds > 0 else { return "" }
    var digits = padded(nanoseconds, 9)
    while digits.utf8.last == UInt8(ascii: "0") { digits.removeLast() }
    return "." + digits
}
