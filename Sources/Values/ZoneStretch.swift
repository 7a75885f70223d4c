/// A stretch of time in which a zone keeps one offset: most local times of a file lie in the one of the time before.
package struct ZoneStretch: Sendable {
    /// UTC seconds, half open.
    let seconds: Range<Int64>
    /// Seconds east of UTC.
    let offset: Int

    /// No time lies in it.
    package static let none = ZoneStretch(seconds: 0..<0, offset: 0)

    init(seconds: Range<Int64>, offset: Int) {
        self.seconds = seconds
        self.offset = offset
    }

    /// The only point that shows a wall clock, where no clock is moved within 26 hours of it; else nil.
    func point(ofWall wall: Int64) -> Int64? {
        // As far as ``ZoneRules/instants(of:)`` looks to either side.
        wall - 93_600 >= seconds.lowerBound && wall + 93_600 < seconds.upperBound && abs(offset) < 93_600 ? wall - Int64(offset) : nil
    }
}

extension DateTime {
    /// The same point in time in UTC; a written offset wins over the zone, as in ``instant(in:)``.
    ///
    /// - Parameter stretch: of the zone, where the last time was; it is changed to where this one is.
    package func inUTC(from zone: ZoneRules, _ stretch: inout ZoneStretch) -> DateTime {
        if time.offsetSeconds == nil {
            let wall = localSeconds
            if let point = stretch.point(ofWall: wall) { return DateTime(utcSeconds: point, nanosecond: time.nanosecond) }
            stretch = zone.stretch(at: wall)
            if let point = stretch.point(ofWall: wall) { return DateTime(utcSeconds: point, nanosecond: time.nanosecond) }
        }
        return instant(in: zone).dateTime(in: .utc)
    }

    private init(utcSeconds seconds: Int64, nanosecond: Int) {
        let day = seconds >= 0 ? seconds / 86_400 : -1 - (-1 - seconds) / 86_400
        self.init(
            date: CalendarDate(dayNumber: Int(day)),
            time: TimeOfDay(secondOfDay: Int(seconds - day * 86_400), nanosecond: nanosecond, offsetSeconds: 0))
    }
}
