import Diagnostics
import Values

/// Addition, subtraction, multiplication, division and powers over numbers, strings, dates and durations
/// (DMN 1.5, tables 53 to 58). Null in either place gives null.
enum Arithmetic {
    static func apply(
        _ operation: ArithmeticOperator, _ left: Value, _ right: Value, _ context: EvaluationContext
    ) throws(Refusal) -> Value {
        if case .number(let a) = left, case .number(let b) = right { return .number(try numbers(operation, a, b)) }
        if left == .null || right == .null { return .null }
        switch operation {
        case .add: if let sum = try add(left, right, context) { return sum }
        case .subtract: if let difference = try subtract(left, right, context) { return difference }
        case .multiply: if let product = try multiply(left, right) { return product }
        case .divide: if let quotient = try divide(left, right) { return quotient }
        case .power: break
        }
        throw .type("\(operation.rawValue) does not take \(left.typeName) and \(right.typeName)")
    }

    static func numbers(_ operation: ArithmeticOperator, _ a: ExactDecimal, _ b: ExactDecimal) throws(Refusal) -> ExactDecimal {
        do {
            switch operation {
            case .add: return try a.adding(b)
            case .subtract: return try a.subtracting(b)
            case .multiply: return try a.multiplying(by: b)
            case .divide: return try a.divided(by: b)
            case .power: return try a.power(b)
            }
        } catch {
            throw Refusal(error)
        }
    }

    private static func add(_ left: Value, _ right: Value, _ context: EvaluationContext) throws(Refusal) -> Value? {
        switch (left, right) {
        case (.string(let a), .string(let b)):
            if a.utf8.count + b.utf8.count > context.budget.stringBytes {
                throw Refusal(.feelBudget, "a string is longer than the limit of \(context.budget.stringBytes) bytes")
            }
            return .string(a + b)
        case (.dayTimeDuration(let a), .dayTimeDuration(let b)): return .dayTimeDuration(try inRange(a.addingExactly(b)))
        case (.yearMonthDuration(let a), .yearMonthDuration(let b)): return .yearMonthDuration(try months(a.months, b.months))
        case (.date, .dayTimeDuration), (.date, .yearMonthDuration), (.dateTime, .dayTimeDuration),
            (.dateTime, .yearMonthDuration), (.time, .dayTimeDuration):
            return try Calendar.move(left, by: right, context)
        case (.dayTimeDuration, .date), (.yearMonthDuration, .date), (.dayTimeDuration, .dateTime),
            (.yearMonthDuration, .dateTime), (.dayTimeDuration, .time):
            return try Calendar.move(right, by: left, context)
        default: return nil
        }
    }

    private static func subtract(_ left: Value, _ right: Value, _ context: EvaluationContext) throws(Refusal) -> Value? {
        switch (left, right) {
        case (.dayTimeDuration(let a), .dayTimeDuration(let b)): return .dayTimeDuration(try inRange(a.subtractingExactly(b)))
        case (.yearMonthDuration(let a), .yearMonthDuration(let b)): return .yearMonthDuration(try months(a.months, -b.months))
        case (.date, .dayTimeDuration(let b)), (.dateTime, .dayTimeDuration(let b)), (.time, .dayTimeDuration(let b)):
            return try Calendar.move(left, by: .dayTimeDuration(b.negated), context)
        case (.date, .yearMonthDuration(let b)), (.dateTime, .yearMonthDuration(let b)):
            return try Calendar.move(left, by: .yearMonthDuration(YearMonthDuration(months: -b.months)), context)
        case (.date, .date), (.date, .dateTime), (.dateTime, .date), (.dateTime, .dateTime), (.time, .time):
            return .dayTimeDuration(try Calendar.distance(from: right, to: left, context))
        default: return nil
        }
    }

    private static func multiply(_ left: Value, _ right: Value) throws(Refusal) -> Value? {
        switch (left, right) {
        case (.dayTimeDuration(let duration), .number(let factor)), (.number(let factor), .dayTimeDuration(let duration)):
            return try dayTime(try numbers(.multiply, duration.totalSeconds, factor))
        case (.yearMonthDuration(let duration), .number(let factor)), (.number(let factor), .yearMonthDuration(let duration)):
            return try yearMonth(try numbers(.multiply, ExactDecimal(duration.months), factor))
        default: return nil
        }
    }

    private static func divide(_ left: Value, _ right: Value) throws(Refusal) -> Value? {
        switch (left, right) {
        case (.dayTimeDuration(let duration), .number(let divisor)):
            return try dayTime(try numbers(.divide, duration.totalSeconds, divisor))
        case (.yearMonthDuration(let duration), .number(let divisor)):
            return try yearMonth(try numbers(.divide, ExactDecimal(duration.months), divisor))
        case (.dayTimeDuration(let a), .dayTimeDuration(let b)): return .number(try numbers(.divide, a.totalSeconds, b.totalSeconds))
        case (.yearMonthDuration(let a), .yearMonthDuration(let b)):
            return .number(try numbers(.divide, ExactDecimal(a.months), ExactDecimal(b.months)))
        default: return nil
        }
    }

    private static func dayTime(_ seconds: ExactDecimal) throws(Refusal) -> Value {
        guard let duration = DayTimeDuration(totalSeconds: seconds) else { throw Refusal(.overflow) }
        return .dayTimeDuration(duration)
    }

    /// Whole months, cut towards zero.
    private static func yearMonth(_ months: ExactDecimal) throws(Refusal) -> Value {
        guard let whole = months.rounded(scale: 0, .down).integer, whole != .min else { throw Refusal(.overflow) }
        return .yearMonthDuration(YearMonthDuration(months: whole))
    }

    private static func inRange(_ duration: DayTimeDuration?) throws(Refusal) -> DayTimeDuration {
        guard let duration else { throw Refusal(.overflow) }
        return duration
    }

    /// The sum, without the one count of months that cannot be negated.
    private static func months(_ a: Int, _ b: Int) throws(Refusal) -> YearMonthDuration {
        let (sum, overflow) = a.addingReportingOverflow(b)
        if overflow || sum == .min { throw Refusal(.overflow) }
        return YearMonthDuration(months: sum)
    }

    static func negated(_ value: Value) throws(Refusal) -> Value {
        switch value {
        case .null: return .null
        case .number(let number): return .number(number.negated)
        case .dayTimeDuration(let duration): return .dayTimeDuration(try inRange(DayTimeDuration.zero.subtractingExactly(duration)))
        case .yearMonthDuration(let duration): return .yearMonthDuration(YearMonthDuration(months: -duration.months))
        default: throw .type("- does not take \(value.typeName)")
        }
    }

    // MARK: types

    /// The type of a result, or nil where the operator does not take these types.
    static func type(_ operation: ArithmeticOperator, _ left: ValueType, _ right: ValueType) -> ValueType? {
        if left == .null || right == .null { return .null }
        if left == .any || right == .any { return operation == .power ? .number : .any }
        switch (operation, left, right) {
        case (_, .number, .number): return .number
        case (.add, .string, .string): return .string
        case (.add, .dayTimeDuration, .dayTimeDuration), (.subtract, .dayTimeDuration, .dayTimeDuration): return .dayTimeDuration
        case (.add, .yearMonthDuration, .yearMonthDuration), (.subtract, .yearMonthDuration, .yearMonthDuration):
            return .yearMonthDuration
        case (.add, .date, .dayTimeDuration), (.add, .date, .yearMonthDuration), (.add, .dateTime, .dayTimeDuration),
            (.add, .dateTime, .yearMonthDuration), (.add, .time, .dayTimeDuration), (.subtract, .date, .dayTimeDuration),
            (.subtract, .date, .yearMonthDuration), (.subtract, .dateTime, .dayTimeDuration),
            (.subtract, .dateTime, .yearMonthDuration), (.subtract, .time, .dayTimeDuration):
            return left
        case (.add, .dayTimeDuration, .date), (.add, .yearMonthDuration, .date), (.add, .dayTimeDuration, .dateTime),
            (.add, .yearMonthDuration, .dateTime), (.add, .dayTimeDuration, .time):
            return right
        case (.subtract, .date, .date), (.subtract, .date, .dateTime), (.subtract, .dateTime, .date),
            (.subtract, .dateTime, .dateTime), (.subtract, .time, .time):
            return .dayTimeDuration
        case (.multiply, .dayTimeDuration, .number), (.multiply, .number, .dayTimeDuration), (.divide, .dayTimeDuration, .number):
            return .dayTimeDuration
        case (.multiply, .yearMonthDuration, .number), (.multiply, .number, .yearMonthDuration), (.divide, .yearMonthDuration, .number):
            return .yearMonthDuration
        case (.divide, .dayTimeDuration, .dayTimeDuration), (.divide, .yearMonthDuration, .yearMonthDuration): return .number
        default: return nil
        }
    }
}
