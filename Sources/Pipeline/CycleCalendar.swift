package import Values

/// The cycles by which history is looked at: periods of one length, or days, weeks and months of the business zone.
package enum CycleCalendar: Hashable, Sendable {
    /// Longer than nothing.
    case period(DayTimeDuration)
    case day, week, month

    /// Reads `day`, `week`, `month`, or a duration such as `P7D`.
    package init?(_ text: String) {
        switch text {
        case "day": self = .day
        case "week": self = .week
        case "month": self = .month
        default:
            guard let duration = DayTimeDuration(text), duration > .zero else { return nil }
            self = .period(duration)
        }
    }

    package var text: String {
        switch self {
        case .period(let duration): duration.description
        case .day: "day"
        case .week: "week"
        case .month: "month"
        }
    }

    /// The instants at which cycles begin and end, from `start` to `end`; cycles that are not whole are left out. Nil where there are more than `cyclesMax`
    /// cycles.
    package func boundaries(from start: Instant, to end: Instant, zone: ZoneRules, cyclesMax: Int) -> [Instant]? {
        var found: [Instant] = []
        var index = self.index(start, zone)
        while true {
            let next = begin(index, start, zone)
            if next > end { return found }
            if next >= start { found.append(next) }
            guard found.count <= cyclesMax + 1 else { return nil }
            index += 1
        }
    }

    /// The instant at which the cycles begin that are the last `count` whole ones before an instant.
    package func start(ofLast count: Int, before end: Instant, zone: ZoneRules) -> Instant {
        guard case .period(let duration) = self else { return begin(index(end, zone) - count, end, zone) }
        return (0..<count).reduce(end) { at, _ in at.adding(duration.negated) }
    }

    /// Number of the cycle that holds an instant: days, weeks that begin on Monday, or months, since 1970 (which began on a Thursday); of periods, which
    /// are counted from where they begin, always 0.
    private func index(_ instant: Instant, _ zone: ZoneRules) -> Int {
        let date = instant.dateTime(in: zone).date
        switch self {
        case .period: return 0
        case .day: return date.dayNumber
        case .week: return Self.floor(date.dayNumber + 3, 7)
        case .month: return date.year * 12 + date.month - 1
        }
    }

    /// The first instant of a cycle.
    private func begin(_ index: Int, _ origin: Instant, _ zone: ZoneRules) -> Instant {
        let date: CalendarDate
        switch self {
        case .period(let duration): return origin.adding(Self.times(duration, index))
        case .day: date = CalendarDate(dayNumber: index)
        case .week: date = CalendarDate(dayNumber: index * 7 - 3)
        case .month:
            let year = Self.floor(index, 12)
            guard let first = CalendarDate(year: year, month: index - year * 12 + 1, day: 1) else { return .init(seconds: .max) }
            date = first
        }
        return DateTime(date: date, time: .midnight).instant(in: zone)
    }

    private static func times(_ duration: DayTimeDuration, _ count: Int) -> DayTimeDuration {
        // The seconds may pass 64 bits, where the end of time is near enough.
        let (seconds, overflow) = duration.seconds.multipliedReportingOverflow(by: Int64(count))
        guard !overflow else { return DayTimeDuration(seconds: .max) }
        let nanoseconds = Int64(duration.nanoseconds) * Int64(count)
        return DayTimeDuration(seconds: seconds).adding(DayTimeDuration(seconds: nanoseconds / 1_000_000_000, nanoseconds: Int32(nanoseconds % 1_000_000_000)))
    }

    private static func floor(_ number: Int, _ divisor: Int) -> Int {
        number >= 0 ? number / divisor : -1 - (-1 - number) / divisor
    }
}
