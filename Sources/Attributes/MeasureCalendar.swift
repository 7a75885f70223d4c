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
        var first = Self.index(earliest, bucket, zone)
        var last = Self.index(now, bucket, zone)
        if whole {
            if Self.begin(first, bucket, zone) < earliest { first += 1 }
            last = Self.index(now.adding(Self.nanosecond), bucket, zone) - 1
        }
        range = first <= last ? first...last : nil
    }

    /// Number of a bucket: days, weeks that begin on Monday, or months, since 1970 (which began on a Thursday).
    func index(_ instant: Instant, _ bucket: Measure.Bucket) -> Int { Self.index(instant, bucket, zone) }

    private static func index(_ instant: Instant, _ bucket: Measure.Bucket, _ zone: ZoneRules) -> Int {
        let date = instant.dateTime(in: zone).date
        switch bucket {
        case .day: return date.dayNumber
        case .week: return floor(date.dayNumber + 3, 7)
        case .month: return (date.year - 1970) * 12 + date.month - 1
        }
    }

    /// The first instant of a bucket.
    private static func begin(_ index: Int, _ bucket: Measure.Bucket, _ zone: ZoneRules) -> Instant {
        let date: CalendarDate
        switch bucket {
        case .day: date = CalendarDate(dayNumber: index)
        case .week: date = CalendarDate(dayNumber: index * 7 - 3)
        case .month:
            let year = floor(index, 12)
            guard let first = CalendarDate(year: 1970 + year, month: index - year * 12 + 1, day: 1) else {
                preconditionFailure("an instant's month has a first day")
            }
            date = first
        }
        return DateTime(date: date, time: .midnight).instant(in: zone)
    }

    private static func floor(_ value: Int, _ divisor: Int) -> Int { value >= 0 ? value / divisor : -((divisor - 1 - value) / divisor) }

    /// When the window touches one bucket more, and when one less.
    func bucketChanges(_ bucket: Measure.Bucket) -> [Instant?] {
        guard let window, let start else { return [] }
        let end = Self.begin(index(start.adding(Self.nanosecond), bucket) + 1, bucket, zone)
        return [
            Self.begin(index(now, bucket) + 1, bucket, zone), end.adding(window).adding(Self.nanosecond.negated),
        ]
    }

    /// When the window holds one whole bucket more, and when one less.
    func wholeBucketChanges(_ bucket: Measure.Bucket) -> [Instant?] {
        guard let window, let start else { return [] }
        let next = Self.begin(index(now.adding(Self.nanosecond), bucket) + 1, bucket, zone)
        let earliest = start.adding(Self.nanosecond)
        var first = Self.begin(index(earliest, bucket), bucket, zone)
        if first < earliest { first = Self.begin(index(earliest, bucket) + 1, bucket, zone) }
        return [next.adding(Self.nanosecond.negated), first.adding(window)]
    }
}
