import Values

/// Which values are of a type, and which become one of it (DMN 1.5, 10.3.2.9).
enum Conformance {
    /// `value instance of type`. Null is an instance of Null alone; within lists and contexts null stands for any missing value.
    static func isInstance(_ value: Value, of type: ValueType) -> Bool {
        if value == .null { return type == .null }
        return holds(value, type)
    }

    private static func isMember(_ value: Value, of type: ValueType) -> Bool { value == .null || holds(value, type) }

    private static func holds(_ value: Value, _ type: ValueType) -> Bool {
        switch (value, type) {
        case (_, .any): return true
        case (.boolean, .boolean), (.number, .number), (.string, .string), (.date, .date), (.time, .time), (.dateTime, .dateTime),
            (.dayTimeDuration, .dayTimeDuration), (.yearMonthDuration, .yearMonthDuration):
            return true
        case (.list(let items), .list(let element)): return element == .any || items.allSatisfy { isMember($0, of: element) }
        case (.range(let range), .range(let element)):
            return element == .any || [range.lower, range.upper].allSatisfy { $0.map { isMember($0, of: element) } ?? true }
        case (.context(let context), .context(let fields)):
            return fields.allSatisfy { name, type in context[name].map { isMember($0, of: type) } ?? false }
        case (.function(let function), .function): return type.accepts(function.type)
        default: return false
        }
    }

    /// Nil where the value neither is of the type nor becomes one.
    static func converted(_ value: Value, to type: ValueType) -> Value? {
        if type == .any || value == .null || holds(value, type) { return value }
        switch (value, type) {
        case (.date(let date), .dateTime): return TimeOfDay(hour: 0, minute: 0, offsetSeconds: 0).map { .dateTime(DateTime(date: date, time: $0)) }
        case (.list(let items), .list(let element)):
            return items.count == 1 ? converted(items[0], to: element).map { .list([$0]) } : nil
        case (.list(let items), _): return items.count == 1 ? converted(items[0], to: type) : nil
        case (_, .list(let element)): return converted(value, to: element).map { .list([$0]) }
        default: return nil
        }
    }
}
