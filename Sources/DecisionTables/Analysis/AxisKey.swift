import Values

/// Where a value lies among all values of its kind: numbers as they are, days and months counted, times in seconds.
enum AxisKey: Hashable, Comparable, Sendable {
    case number(ExactDecimal)
    case text(String)
}

/// A kind of value that has an order, and how its values are laid along an axis.
enum AxisKind: Hashable, Sendable {
    case number, date, dayTimeDuration, yearMonthDuration, text
    /// All local, or all with an offset: the two lie on different axes, and a named zone's rules are not known here.
    case time(hasOffset: Bool)
    case dateTime(hasOffset: Bool)

    /// Nil where values of the kind lie as close as one likes, else digits after the point of their keys.
    var scale: Int? {
        switch self {
        case .number, .text: nil
        case .date, .yearMonthDuration: 0
        case .time, .dateTime, .dayTimeDuration: 9
        }
    }

    /// The kind of a value that a cell compares with; nil for kinds without order and for times of a named zone.
    init?(_ value: Value) {
        switch value {
        case .number: self = .number
        case .string: self = .text
        case .date: self = .date
        case .dayTimeDuration: self = .dayTimeDuration
        case .yearMonthDuration: self = .yearMonthDuration
        case .time(let time) where time.zone == nil: self = .time(hasOffset: time.offsetSeconds != nil)
        case .dateTime(let moment) where moment.time.zone == nil: self = .dateTime(hasOffset: moment.time.offsetSeconds != nil)
        default: return nil
        }
    }

    /// Nil where the value is of another kind.
    func key(_ value: Value) -> AxisKey? {
        guard AxisKind(value) == self else { return nil }
        switch value {
        case .number(let number): return .number(number)
        case .string(let string): return .text(string)
        case .date(let date): return .number(ExactDecimal(date.dayNumber))
        case .dayTimeDuration(let duration): return .number(duration.totalSeconds)
        case .yearMonthDuration(let duration): return .number(ExactDecimal(duration.months))
        case .time(let time): return .number(Self.seconds(day: 0, time))
        case .dateTime(let moment): return .number(Self.seconds(day: moment.date.dayNumber, moment.time))
        default: return nil
        }
    }

    private static func seconds(day: Int, _ time: TimeOfDay) -> ExactDecimal {
        let whole = Int64(day) * 86_400 + Int64(time.secondOfDay) - Int64(time.offsetSeconds ?? 0)
        return DayTimeDuration(seconds: whole, nanoseconds: Int32(time.nanosecond)).totalSeconds
    }

    /// Nil where no value of the kind has this key.
    func value(_ key: AxisKey) -> Value? {
        guard case .number(let number) = key else {
            guard case .text(let string) = key, self == .text else { return nil }
            return .string(string)
        }
        switch self {
        case .number: return .number(number)
        case .text: return nil
        case .date:
            guard let day = number.integer else { return nil }
            let date = CalendarDate(dayNumber: day)
            return date.dayNumber == day ? .date(date) : nil
        case .yearMonthDuration: return number.integer.map { .yearMonthDuration(YearMonthDuration(months: $0)) }
        case .dayTimeDuration: return DayTimeDuration(totalSeconds: number).map { .dayTimeDuration($0) }
        case .time(let hasOffset): return Self.moment(number, hasOffset).flatMap { $0.date.dayNumber == 0 ? .time($0.time) : nil }
        case .dateTime(let hasOffset): return Self.moment(number, hasOffset).map { .dateTime($0) }
        }
    }

    private static func moment(_ seconds: ExactDecimal, _ hasOffset: Bool) -> DateTime? {
        guard let length = DayTimeDuration(totalSeconds: seconds) else { return nil }
        let second = length.seconds
        let day = second >= 0 ? second / 86_400 : (second - 86_399) / 86_400
        let rest = Int(second - day * 86_400)
        let date = CalendarDate(dayNumber: Int(day))
        guard date.dayNumber == Int(day) else { return nil }
        let time = TimeOfDay(
            hour: rest / 3600, minute: rest / 60 % 60, second: rest % 60, nanosecond: Int(length.nanoseconds),
            offsetSeconds: hasOffset ? 0 : nil)
        return time.map { DateTime(date: date, time: $0) }
    }
}
