import Values

/// How a date, or a date with a time, is read: the pictures that are tried in turn, and the zone in which a local time is meant.
final class DateReading: Sendable {
    private let dates: [DatePicture]
    private let times: [DatePicture]
    private let zone: ZoneChoice

    /// - Parameter times: of the time part where it stands apart.
    init(_ dates: [DatePicture], times: [DatePicture] = [], zone: ZoneChoice = .business) {
        self.dates = dates
        self.times = times
        self.zone = zone
    }

    /// What the first picture that gives a day says.
    func date(_ text: UnsafeBufferPointer<UInt8>) -> CalendarDate? {
        for index in dates.indices { if let date = dates[index].parse(utf8: text)?.0 { return date } }
        return nil
    }

    /// A local date and time in a zone, as the same instant in UTC, so that values compare as they are.
    ///
    /// - Parameters:
    ///   - timeText: the time part where it stands apart; empty is none.
    ///   - business: the business time zone.
    ///   - stretch: of that, where the last time was.
    func dateTime(
        _ text: UnsafeBufferPointer<UInt8>, _ timeText: UnsafeBufferPointer<UInt8>, business: ZoneRules, _ stretch: inout ZoneStretch
    ) -> DateTime? {
        guard let (date, ownTime) = dateAndTime(text) else { return nil }
        var time = ownTime ?? .midnight
        if !timeText.isEmpty {
            guard let parsed = timeOfDay(timeText) else { return nil }
            time = parsed
        }
        let local = DateTime(date: date, time: time)
        return zone == .utc ? local.instant(in: .utc).dateTime(in: .utc) : local.inUTC(from: business, &stretch)
    }

    private func dateAndTime(_ text: UnsafeBufferPointer<UInt8>) -> (CalendarDate, TimeOfDay?)? {
        for index in dates.indices {
            if let parsed = dates[index].parse(utf8: text), let date = parsed.0 { return (date, parsed.1) }
        }
        return DateTime(String(decoding: text, as: UTF8.self)).map { ($0.date, $0.time) }
    }

    private func timeOfDay(_ text: UnsafeBufferPointer<UInt8>) -> TimeOfDay? {
        for index in times.indices { if let time = times[index].parse(utf8: text)?.1 { return time } }
        return nil
    }
}
