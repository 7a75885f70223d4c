import Diagnostics
package import FEEL
package import Values

/// Folds records into one measure of one entity. The order of the records does not matter: sums are exact, and there
/// is one rounding, at the end.
package struct MeasureAccumulator: Sendable {
    private let measure: Measure
    private let now: Instant
    private let start: Instant?
    private let zone: ZoneRules
    private var count = 0
    private var sum = ExactDecimal.zero
    private var least: ExactDecimal?
    private var greatest: ExactDecimal?
    private var anyTrue = false
    private var buckets: [Int: ExactDecimal] = [:]
    private var rows: [Int64] = []
    /// When the next record leaves or enters the window.
    package private(set) var windowChange: Instant?

    package init(_ measure: Measure, now: Instant, zone: ZoneRules) {
        self.measure = measure
        self.now = now
        self.zone = zone
        start = measure.window.map { now.adding(DayTimeDuration(seconds: -$0.seconds, nanoseconds: -$0.nanoseconds)) }
    }

    /// Adds one record, if it lies in the window and passes the filter.
    package mutating func add(_ fact: Fact, _ context: EvaluationContext) throws(EvaluationFailure) {
        var at: Instant?
        if let slot = measure.at {
            guard case .dateTime(let time) = fact.values[slot] else { return }
            let instant = time.instant(in: zone)
            if instant > now {
                noteChange(instant)
                return
            }
            if let start, instant <= start { return }
            at = instant
        }
        if let filter = measure.filter, try filter.evaluate(fact.values, context) != .boolean(true) { return }
        if let at, let window = measure.window { noteChange(at.adding(window)) }
        try fold(fact, at: at, context)
    }

    private mutating func fold(_ fact: Fact, at: Instant?, _ context: EvaluationContext) throws(EvaluationFailure) {
        if let of = measure.of {
            let value = try of.evaluate(fact.values, context)
            switch value {
            case .boolean(let flag):
                anyTrue = anyTrue || flag
            case .number(let number):
                do {
                    sum = try sum.adding(number)
                    if let at, let bucket = measure.bucket {
                        let index = bucketIndex(at, bucket)
                        buckets[index] = try buckets[index, default: .zero].adding(number)
                    }
                } catch {
                    throw EvaluationFailure(diagnostic: Diagnostic(
                        .attributeOverflow, .error, "the sum of \(of.source) has more than 34 digits"))
                }
                least = least.map { Swift.min($0, number) } ?? number
                greatest = greatest.map { Swift.max($0, number) } ?? number
            default:
                return
            }
        }
        count += 1
        if rows.count < AttributePlan.evidenceLimit { rows.append(fact.row) }
    }

    private mutating func noteChange(_ instant: Instant) {
        if instant > now { windowChange = windowChange.map { Swift.min($0, instant) } ?? instant }
    }

    /// Number of the bucket in the business zone: days, or weeks that begin on Monday, since 1970.
    private func bucketIndex(_ instant: Instant, _ bucket: Measure.Bucket) -> Int {
        let day = instant.dateTime(in: zone).date.dayNumber
        switch bucket {
        case .day: return day
        case .week: return (day + 3 >= 0 ? day + 3 : day - 3) / 7
        }
    }

    /// The measure's value, rounded once to its scale, with the rows behind it.
    package func result() -> (value: Value, rows: [Int64]) {
        (value(), rows.sorted())
    }

    private func value() -> Value {
        switch measure.aggregate {
        case .count: .number(ExactDecimal(count))
        case .any: .boolean(anyTrue)
        case .sum: .number(sum.rounded(scale: measure.scale))
        case .min: least.map { .number($0.rounded(scale: measure.scale)) } ?? .null
        case .max: greatest.map { .number($0.rounded(scale: measure.scale)) } ?? .null
        case .mean: mean()
        case .variation: variation()
        }
    }

    private func mean() -> Value {
        guard count > 0, let mean = try? sum.divided(by: ExactDecimal(count)) else { return .null }
        return .number(mean.rounded(scale: measure.scale))
    }

    /// Coefficient of variation of the bucket sums over the window's whole buckets (population form, ddof 0):
    /// `sqrt(n Σx² - (Σx)²) / Σx`, null where nothing was sold.
    private func variation() -> Value {
        guard let bucket = measure.bucket, let start, sum > .zero else { return .null }
        let first = bucketIndex(start.adding(DayTimeDuration(seconds: 0, nanoseconds: 1)), bucket)
        let last = bucketIndex(now, bucket)
        let total = ExactDecimal(last - first + 1)
        do {
            var squares = ExactDecimal.zero
            for amount in buckets.values { squares = try squares.adding(amount.multiplying(by: amount)) }
            let spread = try total.multiplying(by: squares).subtracting(sum.multiplying(by: sum))
            let ratio = try spread.divided(by: sum.multiplying(by: sum))
            return SquareRoot.of(ratio, scale: measure.scale).map { .number($0) } ?? .null
        } catch {
            return .null
        }
    }
}
