import Values

/// A kind of value that lies on a line: each value has a number, its key, and order and equality are those of the keys.
/// Times and dates with times are none, because their order hangs on the zone of the evaluation.
enum OrderedKind: Int, CaseIterable, Sendable {
    case number, date, yearMonthDuration, dayTimeDuration

    var type: ValueType {
        switch self {
        case .number: .number
        case .date: .date
        case .yearMonthDuration: .yearMonthDuration
        case .dayTimeDuration: .dayTimeDuration
        }
    }

    /// Days since 1970-01-01, months, or seconds; nil where the value is of another kind.
    func key(of value: Value) -> ExactDecimal? {
        switch (self, value) {
        case (.number, .number(let number)): number
        case (.date, .date(let date)): ExactDecimal(date.dayNumber)
        case (.yearMonthDuration, .yearMonthDuration(let duration)): ExactDecimal(duration.months)
        case (.dayTimeDuration, .dayTimeDuration(let duration)):
            Self.sum(ExactDecimal(coefficient: duration.seconds), ExactDecimal(coefficient: Int64(duration.nanoseconds), scale: 9))
        default: nil
        }
    }

    /// The kind of a value and its key, where it has one.
    static func key(of value: Value) -> (kind: OrderedKind, key: ExactDecimal)? {
        let kind: OrderedKind
        switch value {
        case .number: kind = .number
        case .date: kind = .date
        case .yearMonthDuration: kind = .yearMonthDuration
        case .dayTimeDuration: kind = .dayTimeDuration
        default: return nil
        }
        return kind.key(of: value).map { (kind, $0) }
    }

    /// The value with this key; nil where there is none.
    func value(at key: ExactDecimal) -> Value? {
        switch self {
        case .number: return .number(key)
        case .date:
            let date = key.integer.map { CalendarDate(dayNumber: $0) }
            return date?.dayNumber == key.integer ? date.map { .date($0) } : nil
        case .yearMonthDuration: return key.integer.map { .yearMonthDuration(YearMonthDuration(months: $0)) }
        case .dayTimeDuration:
            let (seconds, _) = key.units(scale: 0), (nanoseconds, _) = key.units(scale: 9)
            guard let whole = Int64(exactly: seconds) else { return nil }
            return .dayTimeDuration(DayTimeDuration(seconds: whole, nanoseconds: Int32(nanoseconds - seconds * 1_000_000_000)))
        }
    }

    /// The least distance of two keys; nil where there is none.
    private var grain: ExactDecimal? {
        switch self {
        case .number: nil
        case .date, .yearMonthDuration: .one
        case .dayTimeDuration: ExactDecimal(coefficient: 1, scale: 9)
        }
    }

    // MARK: values to ask about

    var anyValue: Value? { value(at: .zero) }

    /// A value below the key, and below every other that is compared with.
    func value(below key: ExactDecimal) -> Value? { value(at: step(key, grain ?? .one, up: false)) }

    func value(above key: ExactDecimal) -> Value? { value(at: step(key, grain ?? .one, up: true)) }

    /// A value between two keys of which the first is less; nil where there is none.
    func value(between low: ExactDecimal, _ high: ExactDecimal) -> Value? {
        guard let grain else { return Self.middle(low, high).flatMap { value(at: $0) } }
        let next = Self.sum(low, grain)
        return next < high ? value(at: next) : nil
    }

    private func step(_ key: ExactDecimal, _ distance: ExactDecimal, up: Bool) -> ExactDecimal {
        let moved = Self.sum(key, up ? distance : distance.negated)
        if moved != key { return moved }
        // Beyond 34 digits the distance is lost; twice the number, or none of it, is on the right side then.
        return key.isNegative == up ? .zero : Self.sum(key, key)
    }

    private static func middle(_ low: ExactDecimal, _ high: ExactDecimal) -> ExactDecimal? {
        do throws(ArithmeticFailure) {
            let middle = try low.adding(high.subtracting(low).divided(by: ExactDecimal(2)))
            return low < middle && middle < high ? middle : nil
        } catch {
            return low.isNegative && !high.isNegative && !high.isZero ? .zero : nil
        }
    }

    private static func sum(_ left: ExactDecimal, _ right: ExactDecimal) -> ExactDecimal {
        do throws(ArithmeticFailure) {
            return try left.adding(right)
        } catch {
            return left
        }
    }
}
