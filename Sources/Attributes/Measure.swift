package import FEEL
package import Records
package import Values

/// An aggregate over records that refer to an entity.
package struct Measure: Sendable {
    /// What is computed. Those from `deviation` on are statistics of a ``Sample``.
    package enum Aggregate: String, CaseIterable, Sendable {
        case count, sum, min, max, mean, any
        /// The value of the record with the latest, or the earliest, time.
        case last, first
        /// How many different values there are.
        case distinct
        /// The part of the records, or of what they amount to, for which a condition holds.
        case share
        /// A count or sum for each hour, day or week of the window.
        case rate
        /// Days since the latest record.
        case since
        /// Standard deviation, with a declared divisor.
        case deviation
        /// Standard deviation over mean.
        case variation
        /// Quantile with linear interpolation (type 7 of Hyndman and Fan 1996, as R and NumPy have it).
        case quantile
        /// Slope of the least-squares line over the buckets, a bucket.
        case trend
        /// Mean in which each bucket weighs half as much as one that is a half-life later.
        case smoothed
        /// Mean time between buckets with demand, in buckets: Syntetos and Boylan's ADI.
        case interval
        /// Squared coefficient of variation of the buckets that are not zero: Syntetos and Boylan's CV².
        case sizeVariation
        /// How much is with few: the sum of squared shares (Herfindahl and Hirschman), 1 where all is with one.
        case concentration
        /// The sums of the buckets, in their order, as a list.
        case series
    }

    /// Calendar buckets in the business zone. A week begins on Monday.
    package enum TimeUnit: String, CaseIterable, Sendable {
        case hour, day, week

        package var seconds: Int64 {
            switch self {
            case .hour: 3600
            case .day: 86_400
            case .week: 604_800
            }
        }
    }

    /// What a statistic is taken over.
    package enum Sample: Hashable, Sendable {
        /// What each record gives.
        case records
        /// The sums of calendar buckets, empty ones counted: those that the window touches, or only those wholly inside it.
        case buckets(CalendarBucket, whole: Bool)
        /// The times between records, one after the other; records at one instant are one.
        case gaps(TimeUnit)
    }

    package let aggregate: Aggregate
    package let over: RecordKind
    /// The fields of the record that name the entity.
    package let link: EntityReference
    /// The kind whose record is joined to each record, with the slot that points to it.
    package let join: (kind: RecordKind, through: Int)?
    /// What is aggregated, over the record's fields and the joined ones; nil for a plain count.
    package let of: CompiledExpression?
    package let filter: CompiledExpression?
    /// The condition whose share is measured.
    package let that: CompiledExpression?
    /// What tells apart among whom `concentration` is measured.
    package let among: CompiledExpression?
    /// Slot of the record's time, which windows and buckets go by.
    package let at: Int?
    /// Records count from `now - window` (exclusive) to `now` (inclusive); nil counts all.
    package let window: DayTimeDuration?
    /// Slot of the time from which on a record counts no more; nil where they count on.
    package let until: Int?
    package let sample: Sample
    package let parameters: Parameters
    package let scale: Int

    /// What only some aggregates need.
    package struct Parameters: Sendable {
        /// Of `quantile`: 0 to 1.
        package var probability: ExactDecimal = .zero
        /// Of `smoothed`: buckets after which a bucket weighs half.
        package var halfLife: ExactDecimal = .one
        /// Of `rate`.
        package var per: TimeUnit = .day
        /// Of `deviation`, `variation` and `sizeVariation`: true divides by one less than there are (a sample), false by
        /// how many there are (a population).
        package var isSampleForm = false
        /// Of `interval`: true counts the buckets up to the last with demand (intervals, the first from the window's start), false
        /// divides all buckets by those with demand.
        package var isIntervalForm = false

        package init() {}
    }

    /// Whether the value runs with the clock, beyond records that enter and leave the window.
    var readsClock: Bool { aggregate == .since || [of, filter, that, among].contains { $0?.readsClock ?? false } }

    var bucket: CalendarBucket? {
        if case .buckets(let bucket, _) = sample { bucket } else { nil }
    }
}
