import Values

/// The offsets of a zone from UTC over a stretch of time, so that local days of many instants need no search.
struct ZoneSpans: Sendable {
    /// From when each offset holds, ascending; the first holds before too.
    private(set) var starts: [Int64]
    private(set) var offsets: [Int64]

    /// - Parameters: seconds since 1970.
    init(_ zone: ZoneRules, from first: Int64, through last: Int64) {
        func offset(_ seconds: Int64) -> Int64 { Int64(zone.offset(at: Instant(seconds: seconds))) }
        var known = offset(first), at = first
        starts = [first]
        offsets = [known]
        // No zone moves twice within a day, so that equal offsets at its ends are one offset.
        while at < last {
            let next = min(last, at + 86_400), found = offset(next)
            if found != known {
                var low = at, high = next
                while high - low > 1 {
                    let middle = low + (high - low) / 2
                    if offset(middle) == known { low = middle } else { high = middle }
                }
                starts.append(high)
                offsets.append(found)
                known = found
            }
            at = next
        }
    }

    /// The local day of an instant, counted from 1970-01-01.
    @inline(__always)
    func day(_ seconds: Int64) -> Int64 {
        var span = starts.count - 1
        while span > 0, starts[span] > seconds { span -= 1 }
        let local = seconds &+ offsets[span]
        return local >= 0 ? local / 86_400 : -1 - (-1 - local) / 86_400
    }
}

/// Where records fall among the calendar buckets of a window.
struct CalendarSlots: Sendable {
    /// Buckets of the sample.
    let count: Int
    private let spans: ZoneSpans
    private let firstDay: Int64
    /// The bucket of each day from `firstDay`, from 0; -1 where the sample has none.
    private let slots: [Int32]

    /// Nil where the measure has no buckets, or the window none.
    init?(_ measure: Measure, _ calendar: MeasureCalendar) {
        guard let bucket = measure.bucket, let range = calendar.range, let start = calendar.start else { return nil }
        count = range.count
        spans = ZoneSpans(calendar.zone, from: start.seconds, through: calendar.now.seconds)
        // Offsets lie within a day of UTC.
        let first = start.seconds / 86_400 - 3, last = calendar.now.seconds / 86_400 + 3
        firstDay = first
        slots = (first...last).map { day in
            let index = bucket.index(ofDay: Int(day))
            return range.contains(index) ? Int32(index - range.lowerBound) : -1
        }
    }

    /// The bucket of an instant within the window, or -1.
    @inline(__always)
    func slot(_ seconds: Int64) -> Int { Int(slots[Int(spans.day(seconds) &- firstDay)]) }

    /// The buckets of many instants within the window.
    func slots(_ seconds: [Int64]) -> [Int32] {
        [Int32](unsafeUninitializedCapacity: seconds.count) { found, count in
            slots.withUnsafeBufferPointer { slots in
                seconds.withUnsafeBufferPointer { seconds in
                    if spans.offsets.count == 1 {
                        // From the first day on, so that nothing is negative.
                        let shift = spans.offsets[0] &- firstDay &* 86_400
                        for at in 0..<seconds.count { found[at] = slots[Int(UInt64(bitPattern: seconds[at] &+ shift) / 86_400)] }
                    } else {
                        for at in 0..<seconds.count { found[at] = slots[Int(spans.day(seconds[at]) &- firstDay)] }
                    }
                }
            }
            count = seconds.count
        }
    }
}
