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

    /// The wall clock of the zone at this point, with its offset. Past the years that a date can have, on the last day that it can.
    package func dateTime(in zone: ZoneRules) -> DateTime {
        let offset = zone.offset(at: self)
        let local = Self.saturated(seconds, Int64(offset)), day = Self.day(local)
        return DateTime(
            date: CalendarDate(dayNumber: Int(day)),
            time: TimeOfDay(
                secondOfDay: Int(local - day * 86_400), nanosecond: Int(nanoseconds), offsetSeconds: offset))
    }

    /// As ``dateTime(in:)``, or nil past the years that a date can have.
    package func dateTimeExactly(in zone: ZoneRules) -> DateTime? {
        let day = Self.day(Self.saturated(seconds, Int64(zone.offset(at: self))))
        return CalendarDate.dayNumbers.contains(Int(day)) ? dateTime(in: zone) : nil
    }

    private static func saturated(_ seconds: Int64, _ offset: Int64) -> Int64 {
        let (sum, overflow) = seconds.addingReportingOverflow(offset)
        return overflow ? (offset < 0 ? .min : .max) : sum
    }

    /// The day, counted from 1970-01-01, rounded down.
    private static func day(_ seconds: Int64) -> Int64 {
        seconds >= 0 ? seconds / 86_400 : -1 - (-1 - seconds) / 86_400
    }

    package static func < (left: Instant, right: Instant) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }
}
