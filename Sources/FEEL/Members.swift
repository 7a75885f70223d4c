import Values

/// Members of contexts, and the properties of dates, times, durations and ranges (DMN 1.5, table 65).
enum Members {
    enum Lookup {
        case known(ValueType)
        /// There is none; the names that there are.
        case unknown([String])
    }

    private static let dateNames: [String: ValueType] = ["year": .number, "month": .number, "day": .number, "weekday": .number]
    private static let timeNames: [String: ValueType] = [
        "hour": .number, "minute": .number, "second": .number, "time offset": .dayTimeDuration, "timezone": .string,
    ]
    private static let dayTimeNames: [String: ValueType] = ["days": .number, "hours": .number, "minutes": .number, "seconds": .number]
    private static let yearMonthNames: [String: ValueType] = ["years": .number, "months": .number]

    static func type(of member: String, in type: ValueType) -> Lookup {
        let names: [String: ValueType]
        switch type {
        case .any, .null: return .known(.any)
        case .list(let element):
            switch self.type(of: member, in: element) {
            case .known(let type): return .known(.list(type))
            case .unknown(let names): return .unknown(names)
            }
        case .context(let fields):
            if fields.isEmpty { return .known(.any) }
            names = fields
        case .date: names = dateNames
        case .time: names = timeNames
        case .dateTime: names = dateNames.merging(timeNames) { first, _ in first }
        case .dayTimeDuration: names = dayTimeNames
        case .yearMonthDuration: names = yearMonthNames
        case .range(let element):
            names = ["start": element, "end": element, "start included": .boolean, "end included": .boolean]
        case .boolean, .number, .string, .function: names = [:]
        }
        return names[member].map(Lookup.known) ?? .unknown(Array(names.keys))
    }

    static func value(of member: String, in value: Value, _ context: EvaluationContext) throws(Refusal) -> Value {
        switch value {
        case .null: return .null
        case .context(let entries): return entries[member] ?? .null
        case .list(let items):
            var values: [Value] = []
            for item in items { values.append(try self.value(of: member, in: item, context)) }
            return .list(values)
        case .date(let date): if let found = property(member, date) { return found }
        case .time(let time): if let found = property(member, time, on: nil, context) { return found }
        case .dateTime(let moment):
            if let found = property(member, moment.date) ?? property(member, moment.time, on: moment, context) { return found }
        case .dayTimeDuration(let duration): if let found = property(member, duration) { return found }
        case .yearMonthDuration(let duration):
            if member == "years" { return .integer(duration.months / 12) }
            if member == "months" { return .integer(duration.months % 12) }
        case .range(let range):
            switch member {
            case "start": return range.lower ?? .null
            case "end": return range.upper ?? .null
            case "start included": return .boolean(range.includesLower)
            case "end included": return .boolean(range.includesUpper)
            default: break
            }
        case .boolean, .number, .string, .function: break
        }
        throw Refusal(.feelUnknownMember, "a \(value.typeName) has no member \(member)")
    }

    private static func property(_ member: String, _ date: CalendarDate) -> Value? {
        switch member {
        case "year": .integer(date.year)
        case "month": .integer(date.month)
        case "day": .integer(date.day)
        case "weekday": .integer(date.weekday)
        default: nil
        }
    }

    private static func property(_ member: String, _ time: TimeOfDay, on moment: DateTime?, _ context: EvaluationContext) -> Value? {
        switch member {
        case "hour": return .integer(time.hour)
        case "minute": return .integer(time.minute)
        case "second": return .integer(time.second)
        case "timezone": return time.zone.map(Value.string) ?? .null
        case "time offset":
            var offset = time.offsetSeconds
            if let name = time.zone, let rules = context.rules(named: name), let moment {
                offset = rules.offset(at: moment.instant(in: rules))
            }
            return offset.map { .dayTimeDuration(DayTimeDuration(seconds: Int64($0))) } ?? .null
        default: return nil
        }
    }

    private static func property(_ member: String, _ duration: DayTimeDuration) -> Value? {
        let size = duration.magnitude.seconds
        let sign: Int64 = duration.isNegative ? -1 : 1
        return switch member {
        case "days": .integer(Int(sign * (size / 86_400)))
        case "hours": .integer(Int(sign * (size / 3600 % 24)))
        case "minutes": .integer(Int(sign * (size / 60 % 60)))
        case "seconds": .integer(Int(sign * (size % 60)))
        default: nil
        }
    }
}
