package import Values

/// Stretches into which time is divided in the business zone; weeks begin on Monday.
package enum CalendarBucket: String, CaseIterable, Hashable, Sendable {
    case day, week, month

    /// Number of the bucket that holds an instant: days, weeks or months since 1970 (which began on a Thursday).
    package func index(_ instant: Instant, _ zone: ZoneRules) -> Int {
        index(ofDay: instant.dateTime(in: zone).date.dayNumber)
    }

    /// The same of a day, itself counted from 1970-01-01.
    func index(ofDay day: Int) -> Int {
        switch self {
        case .day: return day
        case .week: return Self.floor(day + 3, 7)
        case .month:
            let date = CalendarDate(dayNumber: day)
            return (date.year - 1970) * 12 + date.month - 1
        }
    }

    /// The first instant of a bucket.
    package func begin(_ index: Int, _ zone: ZoneRules) -> Instant {
        let date: CalendarDate
        switch self {
        case .day: date = CalendarDate(dayNumber: index)
        case .week: date = CalendarDate(dayNumber: index * 7 - 3)
        case .month:
            let year = Self.floor(index, 12)
            guard let first = CalendarDate(year: 1970 + year, month: index - year * 12 + 1, day: 1) else {
                preconditionFailure("an instant's month has a first day")
            }
            date = first
        }
        return DateTime(date: date, time: .midnight).instant(in: zone)
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int { value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor) }
}
