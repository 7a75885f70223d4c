package import Values

/// The Retry-After header (RFC 9110, 10.2.3): a number of seconds, or an HTTP date.
package enum RetryAfter {
    /// The moment it names; nil if it is neither form. A delay is counted from `now`; a date may lie in the past.
    package static func parse(_ text: String, now: Instant) -> Instant? {
        let trimmed = text.drop { $0 == " " || $0 == "\t" }
        let bytes = trimmed.utf8
        // Twelve digits are past any deadline and far from overflow.
        if (1...12).contains(bytes.count), bytes.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }),
            let seconds = Int64(trimmed)
        {
            return now.adding(DayTimeDuration(seconds: seconds))
        }
        return date(String(trimmed), now: now)
    }

    /// The three forms of RFC 9110, 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`, `Sunday, 06-Nov-94 08:49:37 GMT` and
    /// `Sun Nov  6 08:49:37 1994`. The weekday is not checked.
    static func date(_ text: String, now: Instant) -> Instant? {
        let words = text.split { $0 == " " || $0 == "," || $0 == "-" }.map(String.init)
        let parts: (day: String, month: String, year: String, time: String)
        if words.count == 6, words[5] == "GMT" {
            parts = (words[1], words[2], words[3], words[4])
        } else if words.count == 5 {
            parts = (words[2], words[1], words[4], words[3])
        } else {
            return nil
        }
        guard let month = months.firstIndex(of: parts.month), let day = number(parts.day, 1...2),
            let year = fullYear(parts.year, now: now), let date = CalendarDate(year: year, month: month + 1, day: day)
        else { return nil }
        let clock = parts.time.split(separator: ":", omittingEmptySubsequences: false).map { number(String($0), 2...2) }
        // A leap second, 60, is the next minute's first.
        guard clock.count == 3, let hour = clock[0], let minute = clock[1], let second = clock[2], hour < 24, minute < 60,
            second <= 60
        else { return nil }
        return Instant(seconds: Int64(date.dayNumber) * 86_400 + Int64(hour * 3_600 + minute * 60 + second))
    }

    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    /// A two-digit year that would be more than 50 years ahead is the most recent past one (RFC 9110, 5.6.7).
    private static func fullYear(_ text: String, now: Instant) -> Int? {
        guard let year = number(text, 2...4) else { return nil }
        switch text.utf8.count {
        case 4: return year
        case 2:
            let present = CalendarDate(dayNumber: Int(now.seconds / 86_400)).year
            let candidate = present / 100 * 100 + year
            return candidate > present + 50 ? candidate - 100 : candidate
        default: return nil
        }
    }

    private static func number(_ text: String, _ lengths: ClosedRange<Int>) -> Int? {
        guard lengths.contains(text.utf8.count),
            text.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
        else { return nil }
        return Int(text)
    }
}
