/// A point in time to the nanosecond, without leap seconds (POSIX time).
package struct Instant: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Since 1970-01-01T00:00:00Z; before it, negative.
    package let seconds: Int64
    /// 0..<1,000,000,000, counted forward from `seconds`.
    package let nanoseconds: Int32

    /// - Parameter nanoseconds: of either sign; what is no fraction of a second is carried into the seconds.
    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        let sinceEpoch = DayTimeDuration(seconds: seconds, nanoseconds: nanoseconds)
        self.seconds = sinceEpoch.seconds
        self.nanoseconds = sinceEpoch.nanoseconds
    }

    /// Reads `2026-11-21T09:38:42Z` with any offset and fraction. Nil where the text is another thing or has no offset.
    package init?(_ iso8601: String) {
        guard let dateTime = DateTime(iso8601), let offset = dateTime.time.offsetSeconds else { return nil }
        self.init(
            seconds: dateTime.localSeconds - Int64(offset), nanoseconds: Int32(dateTime.time.nanosecond))
    }

    /// UTC; a fraction only where it is not zero.
    package var description: String { dateTime(in: .utc).description }

    /// The later (or, for a negative duration, earlier) point. Stops at the ends of Int64.
    package func adding(_ duration: DayTimeDuration) -> Instant {
        let sum = DayTimeDuration(seconds: seconds, nanoseconds: nanoseconds).adding(duration)
        return Instant(seconds: sum.seconds, nanoseconds: sum.nanoseconds)
    }

    /// What has to be added to this to get `other`.
    package func distance(to other: Instant) -> DayTimeDuration {
        DayTimeDuration(seconds: other.seconds, nanoseconds: other.nanoseconds)
            .subtracting(DayTimeDuration(seconds: seconds, nanoseconds: nanoseconds))
    }

    /// The wall clock of the zone at this point, with its offset.
    package func dateTime(in zone: ZoneRules) -> DateTime {
        let offset = zone.offset(at: self)
        let (local, _) = seconds.addingReportingOverflow(Int64(offset))
        let day = local >= 0 ? local / 86_400 : (local - 86_399) / 86_400
        return DateTime(
            date: CalendarDate(dayNumber: Int(day)),
            time: TimeOfDay(
                secondOfDay: Int(local - day * 86_400), nanosecond: Int(nanoseconds), offsetSeconds: offset))
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
