/// A date with a time of day: local, with an offset, or with the name of a zone.
package struct DateTime: Hashable, Sendable, CustomStringConvertible {
    package let date: CalendarDate
    package let time: TimeOfDay

    package init(date: CalendarDate, time: TimeOfDay) {
        self.date = date
        self.time = time
    }

    /// Reads `2026-11-21T08:30:00`, with what ``TimeOfDay`` reads after it, or a date alone (midnight). Nil otherwise.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var scanner = TemporalScanner(bytes)
        guard let date = scanner.date() else { return nil }
        if scanner.isAtEnd {
            self.init(date: date, time: .midnight)
            return
        }
        guard scanner.skip(UInt8(ascii: "T")), let time = scanner.time(), scanner.isAtEnd,
            let day = scanner.endsDay ? date.adding(days: 1) : date
        else { return nil }
        self.init(date: day, time: time)
    }

    /// ISO 8601.
    package var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The point in time. A written offset wins over `zone`; where the text names a zone, the caller passes its rules.
    /// In a gap the time is shifted forward by the gap; in a fold the earlier of the two points is meant.
    package func instant(in zone: ZoneRules) -> Instant {
        if let offset = time.offsetSeconds {
            return Instant(seconds: localSeconds - Int64(offset), nanoseconds: Int32(time.nanosecond))
        }
        return zone.instants(of: self).preferred
    }

    /// Seconds between 1970-01-01T00:00:00 on the same wall clock and this.
    var localSeconds: Int64 { Int64(date.dayNumber) * 86_400 + Int64(time.secondOfDay) }
}
