import Diagnostics
import Values

/// Equality, order and membership (DMN 1.5, 10.3.2.13 and tables 52 and 60).
enum Comparison {
    /// `=`: null equals null and nothing else; values of different kinds have no answer.
    static func equal(_ left: Value, _ right: Value, _ context: EvaluationContext) throws(Refusal) -> Bool {
        switch (left, right) {
        case (.number(let a), .number(let b)): return a == b
        case (.string(let a), .string(let b)): return a == b
        case (.null, .null): return true
        case (.null, _), (_, .null): return false
        case (.boolean(let a), .boolean(let b)): return a == b
        case (.date(let a), .date(let b)): return a == b
        case (.dayTimeDuration(let a), .dayTimeDuration(let b)): return a == b
        case (.yearMonthDuration(let a), .yearMonthDuration(let b)): return a == b
        case (.time, .time), (.dateTime, .dateTime):
            if left == right { return true }
            return try order(left, right, context) == 0
        case (.list(let a), .list(let b)):
            guard a.count == b.count else { return false }
            for (x, y) in zip(a, b) where try !equal(x, y, context) { return false }
            return true
        case (.context(let a), .context(let b)):
            guard a.count == b.count else { return false }
            for entry in a.entries {
                guard let other = b[entry.name], try equal(entry.value, other, context) else { return false }
            }
            return true
        case (.range(let a), .range(let b)): return a == b
        case (.function(let a), .function(let b)): return a == b
        default: throw .type("\(left.typeName) cannot be compared with \(right.typeName)")
        }
    }

    /// Whether two values are equal where kinds may differ, as within lists.
    static func same(_ left: Value, _ right: Value, _ context: EvaluationContext) -> Bool {
        do {
            return try equal(left, right, context)
        } catch {
            return false
        }
    }

    /// Negative, zero or positive; neither side is null.
    static func order(_ left: Value, _ right: Value, _ context: EvaluationContext) throws(Refusal) -> Int {
        switch (left, right) {
        case (.number(let a), .number(let b)): return sign(a, b)
        case (.string(let a), .string(let b)): return sign(a, b)
        case (.date(let a), .date(let b)): return sign(a, b)
        case (.dayTimeDuration(let a), .dayTimeDuration(let b)): return sign(a, b)
        case (.yearMonthDuration(let a), .yearMonthDuration(let b)): return sign(a, b)
        case (.dateTime(let a), .dateTime(let b)): return try Calendar.order(a, b, context)
        case (.time(let a), .time(let b)):
            let day = CalendarDate(dayNumber: 0)
            return try Calendar.order(DateTime(date: day, time: a), DateTime(date: day, time: b), context)
        default: throw .type("\(left.typeName) and \(right.typeName) have no order")
        }
    }

    private static func sign<T: Comparable>(_ a: T, _ b: T) -> Int { a < b ? -1 : (a == b ? 0 : 1) }

    /// The three-valued answer of a comparison: with null, `=` and `!=` have an answer and the others are false in the
    /// strict profile and null in the standard one.
    static func apply(
        _ comparison: ComparisonOperator, _ left: Value, _ right: Value, _ frame: borrowing Frame
    ) throws(Refusal) -> Bool? {
        switch comparison {
        case .equal: return try equal(left, right, frame.context)
        case .notEqual: return try !equal(left, right, frame.context)
        default: break
        }
        if left == .null || right == .null { return frame.isStrict ? false : nil }
        return holds(comparison, try order(left, right, frame.context))
    }

    static func holds(_ comparison: ComparisonOperator, _ order: Int) -> Bool {
        switch comparison {
        case .equal: order == 0
        case .notEqual: order != 0
        case .less: order < 0
        case .lessOrEqual: order <= 0
        case .greater: order > 0
        case .greaterOrEqual: order >= 0
        }
    }

    /// Whether a value lies in a range; nil where it is null and the profile is standard.
    static func contains(_ range: RangeValue, _ value: Value, _ context: EvaluationContext, isStrict: Bool) throws(Refusal) -> Bool? {
        if range.form != .interval, let point = range.lower {
            return try equal(value, point, context) == (range.form == .equal)
        }
        if value == .null { return isStrict ? false : nil }
        if let lower = range.lower, lower != .null {
            let side = try order(value, lower, context)
            if side < 0 || (side == 0 && !range.includesLower) { return false }
        }
        if let upper = range.upper, upper != .null {
            let side = try order(value, upper, context)
            if side > 0 || (side == 0 && !range.includesUpper) { return false }
        }
        return true
    }

    /// A bare value as a test: equality with a value, membership of a list or range.
    static func test(_ input: Value, _ value: Value, _ context: EvaluationContext, isStrict: Bool) throws(Refusal) -> Bool? {
        switch value {
        case .range(let range):
            if case .range = input { return try equal(input, value, context) }
            return try contains(range, input, context, isStrict: isStrict)
        case .list(let items):
            if case .list = input, same(input, value, context) { return true }
            for item in items {
                if case .range(let range) = item, !input.isRange {
                    if try contains(range, input, context, isStrict: isStrict) == true { return true }
                    continue
                }
                if same(input, item, context) { return true }
            }
            return false
        default:
            if case .list(let items) = input { return items.contains { same($0, value, context) } }
            return try equal(input, value, context)
        }
    }

    /// Whether `=` and the like may be asked of these types; unknown and null types may.
    static func comparable(_ left: ValueType, _ right: ValueType) -> Bool {
        switch (left, right) {
        case (.any, _), (_, .any), (.null, _), (_, .null): true
        case (.list, .list), (.context, .context), (.range, .range), (.function, .function): true
        default: left == right
        }
    }

    static func ordered(_ type: ValueType) -> Bool {
        switch type {
        case .boolean, .list, .context, .range, .function: false
        default: true
        }
    }
}

extension Value {
    /// The kind of the value in FEEL's words, without what is inside it: never a value itself, which could be sensitive.
    var typeName: String {
        switch self {
        case .list: "list"
        case .context: "context"
        case .range: "range"
        default: type.description
        }
    }
}

extension Value {
    fileprivate var isRange: Bool {
        if case .range = self { return true }
        return false
    }
}
