import Values

extension BuiltIns {
    static var temporals: [BuiltIn] { constructors + calendarNames + clock }

    private static var clock: [BuiltIn] {
        [
            BuiltIn(
                name: "now",
                forms: [BuiltInForm([], .dateTime) { _, context throws(Refusal) in .dateTime(context.now.dateTime(in: context.zone)) }], readsClock: true),
            BuiltIn(
                name: "today",
                forms: [BuiltInForm([], .date) { _, context throws(Refusal) in .date(context.now.dateTime(in: context.zone).date) }], readsClock: true),
        ]
    }

    private static var constructors: [BuiltIn] {
        [
            BuiltIn(
                name: "date",
                forms: [
                    BuiltInForm([.any("from")], .date) { given, _ throws(Refusal) in try date(given[0]) },
                    BuiltInForm([.number("year"), .number("month"), .number("day")], .date) { given, _ throws(Refusal) in
                        .date(try date(given))
                    },
                ]),
            BuiltIn(
                name: "time",
                forms: [
                    BuiltInForm([.any("from")], .time) { given, context throws(Refusal) in try time(given[0], context) },
                    BuiltInForm([.number("hour"), .number("minute"), .number("second"), offset("offset").optional], .time) { given, _ throws(Refusal) in
                        .time(try time(given, 0, zone: given[3]))
                    },
                ]),
            dateAndTime,
            function("duration", [.any("from")], .any) { given, _ throws(Refusal) in
                switch given[0] {
                case .dayTimeDuration, .yearMonthDuration: return given[0]
                case .string(let text):
                    guard let duration = TemporalText.duration(text) else { throw .value("the text is no duration, such as P1DT2H or P1Y2M") }
                    return duration
                default: throw .type("from is a \(given[0].typeName); expected string")
                }
            },
            function("years and months duration", [.date("from"), .date("to")], .yearMonthDuration) { given, _ throws(Refusal) in
                .yearMonthDuration(YearMonthDuration(months: wholeMonths(from: given.date(0), to: given.date(1))))
            },
        ]
    }

    private static func offset(_ name: String) -> Parameter { Parameter(name: name, type: .dayTimeDuration, takesNull: true) }

    private static var dateAndTime: BuiltIn {
        let parts: [Parameter] = [.number("year"), .number("month"), .number("day"), .number("hour"), .number("minute"), .number("second")]
        return BuiltIn(
            name: "date and time",
            forms: [
                BuiltInForm([.any("from")], .dateTime) { given, context throws(Refusal) in
                    switch given[0] {
                    case .dateTime: return given[0]
                    case .string(let text):
                        guard let moment = DateTime(text) else { throw .value("the text is no date and time") }
                        return .dateTime(DateTime(date: moment.date, time: try known(moment.time, context)))
                    case .date(let date): return .dateTime(DateTime(date: date, time: .midnight))
                    default: throw .type("from is a \(given[0].typeName); expected string")
                    }
                },
                BuiltInForm([.date("date"), Parameter(name: "time", type: .time)], .dateTime) { given, _ throws(Refusal) in
                    guard case .time(let time) = given[1] else { return .null }
                    return .dateTime(DateTime(date: given.date(0), time: time))
                },
                BuiltInForm(parts + [offset("offset").optional], .dateTime) { given, _ throws(Refusal) in
                    .dateTime(DateTime(date: try date(given), time: try time(given, 3, zone: given[6])))
                },
                BuiltInForm(parts + [.string("timezone")], .dateTime) { given, context throws(Refusal) in
                    .dateTime(DateTime(date: try date(given), time: try known(try time(given, 3, zone: given[6]), context)))
                },
            ])
    }

    /// The time, where the rules of its zone are at hand.
    private static func known(_ time: TimeOfDay, _ context: EvaluationContext) throws(Refusal) -> TimeOfDay {
        if let name = time.zone { _ = try Calendar.rules(name, context) }
        return time
    }

    private static func date(_ given: Arguments) throws(Refusal) -> CalendarDate {
        let year = try given.integer(0, "year"), month = try given.integer(1, "month"), day = try given.integer(2, "day")
        guard abs(year) <= CalendarDate.yearMax, let date = CalendarDate(year: year, month: month, day: day) else {
            throw .value("\(year)-\(month)-\(day) is no date")
        }
        return date
    }

    private static func date(_ from: Value) throws(Refusal) -> Value {
        switch from {
        case .date: return from
        case .dateTime(let moment): return .date(moment.date)
        case .string(let text):
            guard let date = CalendarDate(text) else { throw .value("the text is no date, such as 2026-11-21") }
            return .date(date)
        default: throw .type("from is a \(from.typeName); expected string")
        }
    }

    private static func time(_ from: Value, _ context: EvaluationContext) throws(Refusal) -> Value {
        switch from {
        case .time: return from
        case .dateTime(let moment): return .time(moment.time)
        // A date is its midnight in UTC (DMN 1.5, 10.3.4.1).
        case .date: return TimeOfDay(hour: 0, minute: 0, offsetSeconds: 0).map(Value.time) ?? .null
        case .string(let text):
            guard let time = TimeOfDay(text) else { throw .value("the text is no time, such as 08:30:00") }
            return .time(try known(time, context))
        default: throw .type("from is a \(from.typeName); expected string")
        }
    }

    /// Hour, minute and second from a place on, with an offset, the name of a zone, or null.
    private static func time(_ given: Arguments, _ place: Int, zone: Value) throws(Refusal) -> TimeOfDay {
        let hour = try given.integer(place, "hour"), minute = try given.integer(place + 1, "minute")
        let seconds = given.number(place + 2)
        guard let second = seconds.rounded(scale: 0, .floor).integer, (0..<60).contains(second) else { throw .value("second is outside 0..<60") }
        let fraction = try Arithmetic.numbers(.subtract, seconds, ExactDecimal(second))
        let nanosecond = try Arithmetic.numbers(.multiply, fraction, ExactDecimal(1_000_000_000)).rounded(scale: 0, .down).integer ?? 0
        var offset: Int?
        var name: String?
        switch zone {
        case .dayTimeDuration(let duration):
            guard abs(duration.seconds) <= 64_800, duration.nanoseconds == 0 else { throw .value("the offset is outside 18 hours, or has a part of a second") }
            offset = Int(duration.seconds)
        case .string(let text): name = text
        default: break
        }
        guard let time = TimeOfDay(hour: hour, minute: minute, second: second, nanosecond: nanosecond, offsetSeconds: offset, zone: name) else {
            throw .value("there is no such time of day")
        }
        return time
    }

    /// Whole months between two dates, cut towards zero.
    static func wholeMonths(from: CalendarDate, to: CalendarDate) -> Int {
        let months = (to.year - from.year) * 12 + to.month - from.month
        if months > 0, to.day < from.day { return months - 1 }
        if months < 0, to.day > from.day { return months + 1 }
        return months
    }

    private static let dayNames = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let monthNames = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    private static var calendarNames: [BuiltIn] {
        [
            function("day of year", [.date("date")], .number) { given, _ throws(Refusal) in .integer(given.date(0).dayOfYear) },
            function("day of week", [.date("date")], .string) { given, _ throws(Refusal) in .string(dayNames[given.date(0).weekday - 1]) },
            function("month of year", [.date("date")], .string) { given, _ throws(Refusal) in .string(monthNames[given.date(0).month - 1]) },
            function("week of year", [.date("date")], .number) { given, _ throws(Refusal) in .integer(given.date(0).weekOfYear) },
        ]
    }
}
