import Attributes
package import Values

/// The cycles by which history is looked at: periods of one length, or days, weeks and months of the business zone.
package enum CycleCalendar: Hashable, Sendable {
    /// Longer than nothing.
    case period(DayTimeDuration)
    case day, week, month

    /// Reads `day`, `week`, `month`, or a duration such as `P7D`.
    package init?(_ text: String) {
        switch text {
        case "day": self = .day
        case "week": self = .week
        case "month": self = .month
        default:
            guard let duration = DayTimeDuration(text), duration > .zero else { return nil }
            self = .period(duration)
        }
    }

    private var bucket: CalendarBucket? {
        switch self {
        case .period: nil
        case .day: .day
        case .week: .week
        case .month: .month
        }
    }

    package var text: String {
        if case .period(let duration) = self { duration.description } else { bucket?.rawValue ?? "" }
    }

    /// The instants at which cycles begin and end, from `start` to `end`; cycles that are not whole are left out. Nil where there are more than `cyclesMax`
    /// cycles.
    package func boundaries(from start: Instant, to end: Instant, zone: ZoneRules, cyclesMax: Int) -> [Instant]? {
        var found: [Instant] = []
        var next = start, index = bucket?.index(start, zone) ?? 0
        if let bucket { next = bucket.begin(index, zone) }
        while next <= end {
            if next >= start { found.append(next) }
            guard found.count <= cyclesMax + 1 else { return nil }
            index += 1
            switch self {
            case .period(let duration): next = next.adding(duration)
            case .day, .week, .month: next = bucket?.begin(index, zone) ?? next
            }
        }
        return found
    }

    /// The instant at which the cycles begin that are the last `count` whole ones before an instant.
    package func start(ofLast count: Int, before end: Instant, zone: ZoneRules) -> Instant {
        if case .period(let duration) = self { return (0..<count).reduce(end) { at, _ in at.adding(duration.negated) } }
        return bucket.map { $0.begin($0.index(end, zone) - count, zone) } ?? end
    }
}
