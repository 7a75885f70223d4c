import FEEL
package import Values

// What the records amount to.
extension MeasureAccumulator {
    func value() throws(EvaluationFailure) -> Value {
        switch measure.aggregate {
        case .count: return .number(ExactDecimal(count))
        case .any: return .boolean(anyTrue)
        case .distinct: return .number(ExactDecimal(different.count))
        case .last: return rounded(last?.value ?? .null)
        case .first: return rounded(first?.value ?? .null)
        case .since: return last.map { .number($0.at.distanceInDays(to: calendar.now, scale: measure.scale)) } ?? .null
        case .sum: return .number(try quotient(sum, by: 1))
        case .rate: return try rate()
        case .share: return try share()
        case .series: return .list(try series())
        case .mean where measure.sample == .records: return count == 0 ? .null : .number(try quotient(sum, by: count))
        case .min where measure.sample == .records: return number(least?.number)
        case .max where measure.sample == .records: return number(greatest?.number)
        default: break
        }
        do throws(ArithmeticFailure) {
            return number(try statistic(SampleStatistics(values: try sampleValues())))
        } catch {
            throw overflow("the \(measure.aggregate.rawValue) of \(measure.of?.source ?? "") has no decimal")
        }
    }

    private func number(_ number: ExactDecimal?) -> Value { number.map { .number($0.rounded(scale: measure.scale)) } ?? .null }

    private func rounded(_ value: Value) -> Value {
        guard case .number(let found) = value else { return value }
        return number(found)
    }

    private func statistic(_ sample: SampleStatistics) throws(ArithmeticFailure) -> ExactDecimal? {
        let parameters = measure.parameters
        switch measure.aggregate {
        case .mean: return try sample.mean()
        case .min: return sample.values.min()
        case .max: return sample.values.max()
        case .deviation: return try sample.deviation(isSampleForm: parameters.isSampleForm)
        case .variation: return try sample.squaredVariation(isSampleForm: parameters.isSampleForm)?.squareRoot()
        case .quantile: return try sample.quantile(parameters.probability)
        case .trend: return try sample.slope()
        case .smoothed: return try sample.smoothed(halfLife: parameters.halfLife)
        case .interval: return try sample.interval(isIntervalForm: parameters.isIntervalForm)
        case .sizeVariation:
            return try SampleStatistics(values: sample.values.filter { !$0.isZero }).squaredVariation(isSampleForm: parameters.isSampleForm)
        case .concentration: return try concentration()
        case .count, .sum, .any, .last, .first, .distinct, .share, .rate, .since, .series: return nil
        }
    }

    /// Of `n` positive sums, the squared shares add up to `(CV² + 1) / n`.
    private func concentration() throws(ArithmeticFailure) -> ExactDecimal? {
        var sums: [ExactDecimal] = []
        for part in parts.values {
            guard let sum = part.nearest else { throw .overflow }
            if sum > .zero { sums.append(sum) }
        }
        guard !sums.isEmpty else { return nil }
        let squared = try SampleStatistics(values: sums.sorted()).squaredVariation(isSampleForm: false) ?? .zero
        return try squared.adding(.one).divided(by: ExactDecimal(sums.count))
    }

    private func series() throws(EvaluationFailure) -> [Value] {
        do throws(ArithmeticFailure) {
            return try sampleValues().map { .number($0.rounded(scale: measure.scale)) }
        } catch {
            throw pastSeries
        }
    }

    private var pastSeries: EvaluationFailure { overflow("a bucket of \(measure.of?.source ?? "") is past 64 bits") }

    /// What a statistic is taken over: in the order of the buckets, or sorted, so that the order of the records makes no difference.
    private func sampleValues() throws(ArithmeticFailure) -> [ExactDecimal] {
        switch measure.sample {
        case .records: return sample.sorted()
        case .buckets:
            guard let range = calendar.range else { return [] }
            var values: [ExactDecimal] = []
            values.reserveCapacity(range.count)
            for index in range {
                guard let bucket = buckets[index] else {
                    values.append(.zero)
                    continue
                }
                guard let total = bucket.nearest else { throw .overflow }
                values.append(total)
            }
            return values
        case .gaps(let unit):
            let sorted = Set(times).sorted()
            var gaps: [ExactDecimal] = []
            for (earlier, later) in zip(sorted, sorted.dropFirst()) {
                gaps.append(try earlier.distance(to: later).totalSeconds.divided(by: ExactDecimal(coefficient: unit.seconds)))
            }
            return gaps.sorted()
        }
    }

    private func quotient(_ sum: ExactSum, by count: Int) throws(EvaluationFailure) -> ExactDecimal {
        guard let value = sum.divided(by: count, scale: measure.scale) else {
            throw overflow("the sum of \(measure.of?.source ?? "") is past 64 bits")
        }
        return value
    }

    /// A window is a whole number of units, which is checked where the measure is read.
    private func rate() throws(EvaluationFailure) -> Value {
        guard let window = measure.window else { return .null }
        var total = sum
        if measure.of == nil {
            total = ExactSum()
            guard total.add(ExactDecimal(count)) else { return .null }
        }
        return .number(try quotient(total, by: Int(window.seconds / measure.parameters.per.seconds)))
    }

    private func share() throws(EvaluationFailure) -> Value {
        guard let whole = sum.nearest, let part = part.nearest else {
            throw overflow("the sum of \(measure.of?.source ?? "") is past 64 bits")
        }
        guard whole > .zero else { return .null }
        do throws(ArithmeticFailure) {
            return number(try part.divided(by: whole))
        } catch {
            throw overflow("the share of \(measure.that?.source ?? "") has no decimal")
        }
    }
}

extension Instant {
    /// Days to a later instant, rounded down to the scale: a day is 24 hours.
    func distanceInDays(to later: Instant, scale: Int) -> ExactDecimal { distance(to: later).days.rounded(scale: scale, .floor) }
}

extension MeasureAccumulator {
    /// The first instant after `now` at which the passing of time alone can change the value; nil where it cannot.
    ///
    /// Before it the value stays what it is. At it a record enters the window or one on which the value rests leaves it, or
    /// a bucket begins or ends; the value may still be the same, where two changes cancel each other.
    package var windowChange: Instant? {
        var changes = [entering]
        switch (measure.aggregate, measure.sample) {
        case (.min, .records): changes.append(least?.leaves)
        case (.max, .records): changes.append(greatest?.leaves)
        case (.any, _): changes.append(lastTrueLeaves)
        case (.last, _), (.since, _): changes.append(last?.leaves)
        case (.first, _): changes.append(first?.leaves)
        case (_, .buckets(let bucket, whole: true)):
            // Records come and go with their buckets.
            changes = hasSeen ? calendar.wholeBucketChanges(bucket) : []
        case (_, .buckets(let bucket, whole: false)):
            if !buckets.isEmpty { changes += [leaving] + calendar.bucketChanges(bucket) }
        default: changes.append(leaving)
        }
        return changes.compactMap { $0 }.min()
    }
}
