/// One value as records, expressions and tables know it (the FEEL value space, DMN 1.5 section 10.3.2).
package enum Value: Hashable, Sendable {
    case null
    case boolean(Bool)
    case number(ExactDecimal)
    case string(String)
    case date(CalendarDate)
    case time(TimeOfDay)
    case dateTime(DateTime)
    case dayTimeDuration(DayTimeDuration)
    case yearMonthDuration(YearMonthDuration)
    case list([Value])
    case context(ContextValue)
    indirect case range(RangeValue)
    case function(FunctionValue)
}

extension Value {
    /// A whole number.
    package static func integer(_ number: Int) -> Value { .number(ExactDecimal(number)) }

    /// Plain text: a string as it is, "" for null, numbers and temporals in their written form, lists and contexts as JSON.
    package var text: String {
        switch self {
        case .null: ""
        case .boolean(let flag): flag ? "true" : "false"
        case .number(let number): number.description
        case .string(let string): string
        case .date(let date): date.description
        case .time(let time): time.description
        case .dateTime(let dateTime): dateTime.description
        case .dayTimeDuration(let duration): duration.description
        case .yearMonthDuration(let duration): duration.description
        case .range(let range): range.description
        case .function(let function): function.description
        case .list, .context: JSONText.write(self)
        }
    }

    /// The most exact type that the value shows. A list's element type is that of its elements where they agree.
    package var type: ValueType {
        switch self {
        case .null: .null
        case .boolean: .boolean
        case .number: .number
        case .string: .string
        case .date: .date
        case .time: .time
        case .dateTime: .dateTime
        case .dayTimeDuration: .dayTimeDuration
        case .yearMonthDuration: .yearMonthDuration
        case .list(let values): .list(Self.shared(values.map(\.type)))
        case .context(let context):
            .context(Dictionary(context.entries.map { ($0.name, $0.value.type) }, uniquingKeysWith: { $1 }))
        case .range(let range): .range(Self.shared([range.lower, range.upper].compactMap { $0?.type }))
        case .function(let function): function.type
        }
    }

    private static func shared(_ types: [ValueType]) -> ValueType {
        guard let first = types.first, types.allSatisfy({ $0 == first }) else { return .any }
        return first
    }
}
