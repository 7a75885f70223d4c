import Values

/// The window of a measure at one instant, and its calendar buckets in the business zone.
struct MeasureCalendar: Sendable {
    private static let nanosecond = DayTimeDuration(seconds: 0, nanoseconds: 1)

    let now: Instant
    /// The window begins after it; nil where everything counts.
    let start: Instant?
    let window: DayTimeDuration?
    let zone: ZoneRules
    /// The buckets of the sample; nil where there are none.
    let range: ClosedRange<Int>?

    init(_ measure: Measure, now: Instant, zone: ZoneRules) {
        self.now = now
        self.zone = zone
        window = measure.window
        let start = measure.window.map { now.adding($0.negated) }
        self.start = start
        guard case .buckets(let bucket, let whole) = measure.sample, let start else {
            range = nil
            return
        }
        let earliest = start.adding(Self.nanosecond)
        var first = bucket.index(earliest, zone)
        var last = bucket.index(now, zone)
        if whole {
            if bucket.begin(first, zone) < earliest { first += 1 }
            last = bucket.index(now.adding(Self.nanosecond), zone) - 1
        }
        range = first <= last ? first...last : nil
    }

    /// When the window touches one bucket more, and when one less.
    func bucketChanges(_ bucket: CalendarBucket) -> [Instant?] {
        guard let window, let start else { return [] }
        let end = bucket.begin(bucket.index(start.adding(Self.nanosecond), zone) + 1, zone)
        return [
            bucket.begin(bucket.index(now, zone) + 1, zone), end.adding(window).adding(Self.nanosecond.negated),
        ]
    }

    /// When the window holds one whole bucket more, and when one less.
    func wholeBucketChanges(_ bucket: CalendarBucket) -> [Instant?] {
        guard let window, let start else { return [] }
        let next = bucket.begin(bucket.index(now.adding(Self.nanosecond), zone) + 1, zone)
        let earliest = start.adding(Self.nanosecond)
        var first = bucket.begin(bucket.index(earliest, zone), zone)
        if first < earliest { first = bucket.begin(bucket.index(earliest, zone) + 1, zone) }
        return [next.adding(Self.nanosecond.negated), first.adding(window)]
    }
}
