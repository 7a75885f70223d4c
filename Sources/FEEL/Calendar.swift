import Diagnostics
import Values

/// Movement along the calendar and distances on it.
enum Calendar {
    /// A date, time or date and time, moved by a duration. A date is moved by the whole days of a day-time duration from
    /// its midnight (DMN 1.5, table 56); a date and time in a named zone keeps its wall clock over months and its
    /// distance over hours.
    static func move(_ value: Value, by duration: Value, _ context: EvaluationContext) throws(Refusal) -> Value {
        switch (value, duration) {
        case (.date(let date), .dayTimeDuration(let span)):
            // Rounded down, without an overflow at the end of Int64.
            let days = span.seconds >= 0 ? span.seconds / 86_400 : -1 - (-1 - span.seconds) / 86_400
            return .date(try inRange(date.adding(days: Int(days))))
        case (.date(let date), .yearMonthDuration(let span)): return .date(try inRange(date.adding(months: span.months)))
        case (.dateTime(let moment), .yearMonthDuration(let span)):
            return .dateTime(DateTime(date: try inRange(moment.date.adding(months: span.months)), time: moment.time))
        case (.dateTime(let moment), .dayTimeDuration(let span)): return .dateTime(try move(moment, by: span, context))
        case (.time(let time), .dayTimeDuration(let span)):
            // A time has no day on which a zone's rules could be asked: it moves on its own clock.
            let anchor = DateTime(date: CalendarDate(dayNumber: 0), time: try self.time(time, offset: nil, zone: nil))
            let moved = try move(anchor, by: remainder(span), context).time
            return .time(try self.time(moved, offset: time.offsetSeconds, zone: time.zone))
        default: throw .type("\(value.typeName) cannot be moved by \(duration.typeName)")
        }
    }

    private static func remainder(_ span: DayTimeDuration) -> DayTimeDuration {
        DayTimeDuration(seconds: span.seconds % 86_400, nanoseconds: span.nanoseconds)
    }

    private static func inRange<Moment>(_ date: Moment?) throws(Refusal) -> Moment {
        guard let date else { throw Refusal(.feelArithmetic, "the date is outside the calendar") }
        return date
    }

    private static func move(_ moment: DateTime, by span: DayTimeDuration, _ context: EvaluationContext) throws(Refusal) -> DateTime {
        if let name = moment.time.zone {
            let rules = try rules(name, context)
            let local = try inRange(moment.instant(in: rules).adding(span).dateTimeExactly(in: rules))
            return DateTime(date: local.date, time: try time(local.time, offset: nil, zone: name))
        }
        // Local times and fixed offsets: on the wall clock, as if in UTC.
        let wall = DateTime(date: moment.date, time: try time(moment.time, offset: 0, zone: nil))
        let moved = try inRange(wall.instant(in: .utc).adding(span).dateTimeExactly(in: .utc))
        return DateTime(date: moved.date, time: try time(moved.time, offset: moment.time.offsetSeconds, zone: nil))
    }

    /// The same wall clock with another offset or zone.
    static func time(_ time: TimeOfDay, offset: Int?, zone: String?) throws(Refusal) -> TimeOfDay {
        guard
            let result = TimeOfDay(
                hour: time.hour, minute: time.minute, second: time.second, nanosecond: time.nanosecond, offsetSeconds: offset, zone: zone)
        else { throw .value("the offset is outside 18 hours") }
        return result
    }

    static func rules(_ name: String, _ context: EvaluationContext) throws(Refusal) -> ZoneRules {
        guard let rules = context.rules(named: name) else {
            throw Refusal(.feelUnsupported, "the rules of the zone \(name) are not at hand")
        }
        return rules
    }

    /// Whether a time says where on Earth it is meant.
    static func isAnchored(_ time: TimeOfDay) -> Bool { time.zone != nil || time.offsetSeconds != nil }

    /// Two moments on one time line. Two local times are compared on their wall clock. Where one alone is local, its
    /// distance from the other is unknown in the standard profile, and it is in the business zone in the strict one.
    private static func instants(_ left: DateTime, _ right: DateTime, _ context: EvaluationContext) throws(Refusal) -> (Instant, Instant) {
        if isAnchored(left.time) != isAnchored(right.time) {
            switch context.localTimes {
            case .apart: throw .type("one time has an offset or zone and the other has none")
            case .undecided: throw Refusal(.feelUnsupported, "the business zone is not known yet")
            case .inZone:
                let a = isAnchored(left.time) ? try instant(left, context) : left.instant(in: context.zone)
                let b = isAnchored(right.time) ? try instant(right, context) : right.instant(in: context.zone)
                return (a, b)
            }
        }
        return (try instant(left, context), try instant(right, context))
    }

    /// The point on the time line; a local time is taken as UTC, which serves to compare local times with each other.
    private static func instant(_ moment: DateTime, _ context: EvaluationContext) throws(Refusal) -> Instant {
        if let name = moment.time.zone { return moment.instant(in: try rules(name, context)) }
        return moment.instant(in: .utc)
    }

    /// The date, date and time or time as two values of one kind: a date is its midnight in UTC.
    private static func moment(_ value: Value) -> DateTime? {
        switch value {
        case .date(let date): TimeOfDay(hour: 0, minute: 0, offsetSeconds: 0).map { DateTime(date: date, time: $0) }
        case .dateTime(let moment): moment
        case .time(let time): DateTime(date: CalendarDate(dayNumber: 0), time: time)
        default: nil
        }
    }

    /// The time from one to the other.
    static func distance(from: Value, to: Value, _ context: EvaluationContext) throws(Refusal) -> DayTimeDuration {
        if case .date(let a) = from, case .date(let b) = to {
            return DayTimeDuration(seconds: Int64(b.dayNumber - a.dayNumber) * 86_400)
        }
        if case .time(let a) = from, case .time(let b) = to, a.zone != nil, a.zone == b.zone {
            return DayTimeDuration(seconds: Int64(b.secondOfDay - a.secondOfDay), nanoseconds: 0)
                .adding(DayTimeDuration(seconds: 0, nanoseconds: Int32(b.nanosecond)))
                .subtracting(DayTimeDuration(seconds: 0, nanoseconds: Int32(a.nanosecond)))
        }
        guard let start = moment(from), let end = moment(to) else { throw .type("- takes two dates or two times") }
        let (a, b) = try instants(start, end, context)
        return a.distance(to: b)
    }

    /// Order on the time line: negative where the first is earlier. In the standard profile parts of a second do not count:
    /// a time's value is its whole seconds (DMN 1.5, 10.3.2.3.4, and so in the compatibility kit).
    static func order(_ left: DateTime, _ right: DateTime, _ context: EvaluationContext) throws(Refusal) -> Int {
        let (a, b) = try instants(left, right, context)
        if a.seconds == b.seconds, a != b {
            switch context.localTimes {
            case .apart: return 0
            case .undecided: throw Refusal(.feelUnsupported, "the profile says whether parts of a second count")
            case .inZone: break
            }
        }
        return a < b ? -1 : (a == b ? 0 : 1)
    }
}

extension Value {
    /// The name of the zone of a time or date and time.
    var zone: String? {
        switch self {
        case .time(let time): time.zone
        case .dateTime(let moment): moment.time.zone
        default: nil
        }
    }
}
