import Diagnostics
package import FEEL
package import Values

/// Folds records into one measure of one entity. The order of the records does not matter: sums are exact
/// (``ExactSum``), and there is one rounding, at the end.
package struct MeasureAccumulator: Sendable {
    private let measure: Measure
    private let now: Instant
    private let start: Instant?
    private let zone: ZoneRules
    private var count = 0
    private var sum = ExactSum()
    private var least: Extreme?
    private var greatest: Extreme?
    private var anyTrue = false
    private var buckets: [Int: ExactSum] = [:]
    private var rows: [Int64] = []
    /// When the next record enters the window, and when the next leaves it.
    private var entering: Instant?
    private var leaving: Instant?
    /// When the last of the records that make `any` true leaves the window.
    private var lastTrueLeaves: Instant?

    /// The least or greatest number so far, and when the last record that has it leaves the window.
    private struct Extreme {
        var number: ExactDecimal
        var leaves: Instant?
    }

    package init(_ measure: Measure, now: Instant, zone: ZoneRules) {
        self.measure = measure
        self.now = now
        self.zone = zone
        start = measure.window.map { now.adding($0.negated) }
    }

    /// Adds one record, if it lies in the window and passes the filter. A record without the time that the window or the
    /// buckets go by does not count.
    package mutating func add(_ fact: Fact, _ context: EvaluationContext) throws(EvaluationFailure) {
        var at: Instant?
        if let slot = measure.at {
            guard case .dateTime(let time) = fact.values[slot] else { return }
            let instant = time.instant(in: zone)
            if let start, instant <= start { return }
            at = instant
        }
        if let filter = measure.filter, try filter.evaluate(fact.values, context) != .boolean(true) { return }
        let value = try measure.of?.evaluate(fact.values, context)
        if value == .null { return }
        if let at, at > now {
            entering = entering.map { min($0, at) } ?? at
            return
        }
        try fold(value, at: at)
        count += 1
        note(fact.row)
    }

    private mutating func fold(_ value: Value?, at: Instant?) throws(EvaluationFailure) {
        var leaves: Instant?
        if let at, let window = measure.window { leaves = at.adding(window) }
        switch value {
        case .boolean(let flag):
            guard flag else { return }
            // Once true for ever, there is no last one that leaves.
            if let leaves { lastTrueLeaves = lastTrueLeaves.map { max($0, leaves) } ?? leaves }
            anyTrue = true
        case .number(let number):
            if [.sum, .mean, .variation].contains(measure.aggregate) { try fold(number, at: at) }
            Self.take(number, leaves, into: &least) { $0 < $1 }
            Self.take(number, leaves, into: &greatest) { $0 > $1 }
            if number.isZero, measure.aggregate == .sum || measure.aggregate == .variation { return }
        default:
            break
        }
        if let leaves { leaving = leaving.map { min($0, leaves) } ?? leaves }
    }

    private mutating func fold(_ number: ExactDecimal, at: Instant?) throws(EvaluationFailure) {
        var isExact = sum.add(number)
        if let at, let bucket = measure.bucket {
            isExact = buckets[bucketIndex(at, bucket), default: ExactSum()].add(number) && isExact
        }
        guard isExact else { throw overflow("a value of \(measure.of?.source ?? "") is past 64 bits") }
    }

    private static func take(
        _ number: ExactDecimal, _ leaves: Instant?, into extreme: inout Extreme?, beats: (ExactDecimal, ExactDecimal) -> Bool
    ) {
        guard let known = extreme, !beats(number, known.number) else {
            extreme = Extreme(number: number, leaves: leaves)
            return
        }
        guard number == known.number else { return }
        if let leaves, let former = known.leaves { extreme?.leaves = max(leaves, former) }
    }

    /// Keeps the least rows, so that the evidence does not depend on the order of the records.
    private mutating func note(_ row: Int64) {
        rows.append(row)
        if rows.count >= 2 * AttributePlan.evidenceLimit { rows = leastRows }
    }

    private var leastRows: [Int64] { Array(rows.sorted().prefix(AttributePlan.evidenceLimit)) }

    private func overflow(_ fact: String) -> EvaluationFailure {
        EvaluationFailure(diagnostic: Diagnostic(
            .attributeOverflow, .error, fact, hint: "scale the measure, or filter what cannot be meant"))
    }

    /// The measure's value, rounded once to its scale, with the rows behind it.
    ///
    /// Fails with ATTR-OVERFLOW where the whole part of a sum is past 64 bits.
    package func result() throws(EvaluationFailure) -> (value: Value, rows: [Int64]) {
        (try value(), leastRows)
    }

    private func value() throws(EvaluationFailure) -> Value {
        switch measure.aggregate {
        case .count: .number(ExactDecimal(count))
        case .any: .boolean(anyTrue)
        case .sum: .number(try quotient(by: 1))
        case .min: least.map { .number($0.number.rounded(scale: measure.scale)) } ?? .null
        case .max: greatest.map { .number($0.number.rounded(scale: measure.scale)) } ?? .null
        case .mean: count == 0 ? .null : .number(try quotient(by: count))
        case .variation: try variation()
        }
    }

    /// A sum to 34 digits.
    private func total(_ sum: ExactSum) throws(EvaluationFailure) -> ExactDecimal {
        guard let value = sum.nearest else { throw pastDigits }
        return value
    }

    private func quotient(by count: Int) throws(EvaluationFailure) -> ExactDecimal {
        guard let value = sum.divided(by: count, scale: measure.scale) else { throw pastDigits }
        return value
    }

    private var pastDigits: EvaluationFailure { overflow("the sum of \(measure.of?.source ?? "") is past 64 bits") }

    /// The buckets that the window touches: the first and the last may lie in it only in part.
    private func bucketRange(_ bucket: Measure.Bucket, from start: Instant) -> ClosedRange<Int> {
        let first = bucketIndex(start.adding(DayTimeDuration(seconds: 0, nanoseconds: 1)), bucket)
        return first...max(first, bucketIndex(now, bucket))
    }

    /// Coefficient of variation of the sums of all buckets that the window touches (population form, ddof 0):
    /// `sqrt(n Σx² - (Σx)²) / Σx`, null where the sum is not positive.
    ///
    /// Sums and squares of more than 34 digits are rounded there, in the order of the buckets, so the answer is always the
    /// same.
    private func variation() throws(EvaluationFailure) -> Value {
        let sum = try total(sum)
        guard let bucket = measure.bucket, let start, sum > .zero else { return .null }
        var amounts: [ExactDecimal] = []
        for index in buckets.keys.sorted() { amounts.append(try total(buckets[index] ?? ExactSum())) }
        do throws(ArithmeticFailure) {
            var squares = ExactDecimal.zero
            for amount in amounts { squares = try squares.adding(amount.multiplying(by: amount)) }
            let square = try sum.multiplying(by: sum)
            let spread = try ExactDecimal(bucketRange(bucket, from: start).count).multiplying(by: squares).subtracting(square)
            let ratio = spread.isNegative ? .zero : try spread.divided(by: square)
            guard let root = SquareRoot.of(ratio, scale: measure.scale) else {
                throw ArithmeticFailure.overflow
            }
            return .number(root)
        } catch {
            throw overflow("the variation of \(measure.of?.source ?? "") has no decimal")
        }
    }

    /// Number of the bucket in the business zone: days, or weeks that begin on Monday, since 1970 (a Thursday).
    private func bucketIndex(_ instant: Instant, _ bucket: Measure.Bucket) -> Int {
        let day = instant.dateTime(in: zone).date.dayNumber
        switch bucket {
        case .day: return day
        case .week: return (day + 3 >= 0 ? day + 3 : day - 3) / 7
        }
    }
}

extension MeasureAccumulator {
    /// The first instant after `now` at which the passing of time alone can change the value; nil where it cannot.
    ///
    /// Before it the value stays what it is. At it a record enters the window or one on which the value rests leaves it, or
    /// a bucket begins or ends; the value may still be the same, where two changes cancel each other.
    package var windowChange: Instant? {
        var changes = [entering]
        switch measure.aggregate {
        case .min: changes.append(least?.leaves)
        case .max: changes.append(greatest?.leaves)
        case .any: changes.append(lastTrueLeaves)
        case .count, .sum, .mean: changes.append(leaving)
        case .variation: changes += [leaving] + bucketChanges
        }
        return changes.compactMap { $0 }.min()
    }

    /// When the window touches one bucket more, and when one less.
    private var bucketChanges: [Instant?] {
        guard let bucket = measure.bucket, let window = measure.window, let start, sum.nearest.map({ $0 > .zero }) ?? false
        else { return [] }
        let nanosecond = DayTimeDuration(seconds: 0, nanoseconds: 1)
        let end = bucketEnd(after: start.adding(nanosecond), bucket)
        return [bucketEnd(after: now, bucket), end.adding(window).adding(nanosecond.negated)]
    }

    /// The first instant of the bucket after the one that holds an instant, in the business zone.
    private func bucketEnd(after instant: Instant, _ bucket: Measure.Bucket) -> Instant {
        let next = bucketIndex(instant, bucket) + 1
        let day = bucket == .day ? next : next * 7 - 3
        return DateTime(date: CalendarDate(dayNumber: day), time: .midnight).instant(in: zone)
    }
}
