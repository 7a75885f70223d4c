import Values

/// Temporal values from text.
enum TemporalText {
    /// What `@"..."` holds: a date, date and time, time or duration, by its form.
    static func any(_ text: String) -> Value? {
        if let date = CalendarDate(text) { return .date(date) }
        if text.utf8.contains(UInt8(ascii: "T")), !text.hasPrefix("P"), !text.hasPrefix("-P"), let moment = DateTime(text) {
            return .dateTime(moment)
        }
        if let time = TimeOfDay(text) { return .time(time) }
        return duration(text)
    }

    static func duration(_ text: String) -> Value? {
        if let months = YearMonthDuration(text) { return .yearMonthDuration(months) }
        if let seconds = DayTimeDuration(text) { return .dayTimeDuration(seconds) }
        return nil
    }
}
