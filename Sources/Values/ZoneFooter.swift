/// The rule that holds past the last transition of a zone file: `CET-1CEST,M3.5.0,M10.5.0/3`
/// (POSIX TZ, IEEE 1003.1 section 8.3, with the times to ±167 hours of RFC 9636 section 3.3.1).
struct ZoneFooter: Sendable, Hashable {
    /// When in a year the clock moves.
    enum Day: Sendable, Hashable {
        /// 1...365, February 29 never counted.
        case julian(Int)
        /// 0...365, February 29 counted.
        case ordinal(Int)
        /// Week 5 is the last; weekday 0 is Sunday.
        case monthly(month: Int, week: Int, weekday: Int)
    }
    struct Turn: Sendable, Hashable {
        var day: Day
        /// Seconds after local midnight.
        var time: Int
    }
    struct Summer: Sendable, Hashable {
        var offset: Int
        var start: Turn
        var end: Turn
    }

    private let standard: Int
    private let summer: Summer?

    init?(_ text: [UInt8]) {
        var scanner = Scanner(bytes: text)
        guard scanner.name(), let west = scanner.time() else { return nil }
        standard = -west
        if scanner.isAtEnd {
            summer = nil
            return
        }
        guard scanner.name() else { return nil }
        var offset = standard + 3600
        if !scanner.isNext(",") {
            guard let west = scanner.time() else { return nil }
            offset = -west
        }
        guard scanner.skip(","), let start = scanner.turn(), scanner.skip(","), let end = scanner.turn(), scanner.isAtEnd
        else { return nil }
        summer = Summer(offset: offset, start: start, end: end)
    }

    func offset(at seconds: Int64) -> Int {
        guard let summer else { return standard }
        let (start, end) = turns(of: summer, in: year(at: seconds))
        let isSummer = start < end ? (seconds >= start && seconds < end) : !(seconds >= end && seconds < start)
        return isSummer ? summer.offset : standard
    }

    /// A stretch of seconds around a point in which the offset stays, within one year.
    func stretch(at seconds: Int64) -> Range<Int64> {
        guard let summer else { return .min ..< .max }
        let year = year(at: seconds)
        let (start, end) = turns(of: summer, in: year)
        var lower = Int64(Self.firstDay(year, 1)) * 86_400 - Int64(standard)
        var upper = Int64(Self.firstDay(year, 12) + 31) * 86_400 - Int64(standard)
        for turn in [start, end] {
            if turn <= seconds { lower = max(lower, turn) } else { upper = min(upper, turn) }
        }
        return lower..<upper
    }

    /// The year by standard time.
    private func year(at seconds: Int64) -> Int {
        let (local, _) = seconds.addingReportingOverflow(Int64(standard))
        return CalendarDate(dayNumber: Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)).year
    }

    private func turns(of summer: Summer, in year: Int) -> (start: Int64, end: Int64) {
        (Self.second(of: summer.start, in: year) - Int64(standard), Self.second(of: summer.end, in: year) - Int64(summer.offset))
    }

    /// Wall clock seconds since 1970 of a turn.
    private static func second(of turn: Turn, in year: Int) -> Int64 {
        Int64(dayNumber(of: turn.day, in: year)) * 86_400 + Int64(turn.time)
    }

    private static func dayNumber(of day: Day, in year: Int) -> Int {
        switch day {
        case .julian(let number):
            let isLate = number >= 60 && CalendarDate.isLeapYear(year)
            return firstDay(year, 1) + number - 1 + (isLate ? 1 : 0)
        case .ordinal(let number): return firstDay(year, 1) + number
        case .monthly(let month, let week, let weekday):
            let first = firstDay(year, month)
            let firstWeekday = CalendarDate(dayNumber: first).weekday % 7
            var number = (weekday - firstWeekday + 7) % 7 + (week - 1) * 7
            while number >= CalendarDate.daysInMonth(month, year: year) { number -= 7 }
            return first + number
        }
    }

    private static func firstDay(_ year: Int, _ month: Int) -> Int {
        guard let date = CalendarDate(year: year, month: month, day: 1) else {
            preconditionFailure("the first of a month of a date's own year exists")
        }
        return date.dayNumber
    }

    private struct Scanner {
        let bytes: [UInt8]
        var at = 0

        init(bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { at == bytes.count }

        func isNext(_ character: Unicode.Scalar) -> Bool { at < bytes.count && UInt32(bytes[at]) == character.value }

        mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard isNext(character) else { return false }
            at += 1
            return true
        }

        /// `CET`, `<+03>`.
        mutating func name() -> Bool {
            let start = at
            if skip("<") {
                while at < bytes.count, !isNext(">") { at += 1 }
                return skip(">")
            }
            while at < bytes.count, (bytes[at] | 0x20) &- UInt8(ascii: "a") < 26 { at += 1 }
            return at - start >= 3
        }

        mutating func number() -> Int? {
            var value = 0
            let start = at
            while at < bytes.count, bytes[at] &- 48 < 10, at - start < 4 {
                value = value * 10 + Int(bytes[at] &- 48)
                at += 1
            }
            return at > start ? value : nil
        }

        /// `[+-]hh[:mm[:ss]]` in seconds.
        mutating func time() -> Int? {
            let isNegative = skip("-")
            if !isNegative { _ = skip("+") }
            guard let hours = number(), hours <= 167 else { return nil }
            var seconds = hours * 3600
            for unit in [60, 1] {
                guard skip(":") else { break }
                guard let part = number(), part < 60 else { return nil }
                seconds += part * unit
            }
            return isNegative ? -seconds : seconds
        }

        /// `M3.5.0/2`, `J60`, `59`.
        mutating func turn() -> Turn? {
            let day: Day
            if skip("M") {
                guard let month = number(), (1...12).contains(month), skip("."), let week = number(),
                    (1...5).contains(week), skip("."), let weekday = number(), weekday < 7
                else { return nil }
                day = .monthly(month: month, week: week, weekday: weekday)
            } else if skip("J") {
                guard let number = number(), (1...365).contains(number) else { return nil }
                day = .julian(number)
            } else {
                guard let number = number(), number < 366 else { return nil }
                day = .ordinal(number)
            }
            guard skip("/") else { return Turn(day: day, time: 7200) }
            guard let time = time() else { return nil }
            return Turn(day: day, time: time)
        }
    }
}
