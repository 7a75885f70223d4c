/// The offsets of one zone from UTC through time, read from the bytes of a TZif file (RFC 9636).
///
/// Past the last transition of the file its POSIX footer rule holds. Leap seconds of the file are not used.
package struct ZoneRules: Sendable, Hashable {
    package let name: String
    /// UTC seconds, ascending.
    private let transitions: [Int64]
    /// Seconds east of UTC from the transition of the same index on.
    private let offsets: [Int32]
    /// Before the first transition.
    private let initialOffset: Int32
    private let footer: ZoneFooter?

    package static let utc = ZoneRules(name: "UTC", fixedOffset: 0)

    /// A zone with one offset for all time.
    /// - Parameter fixedOffset: seconds east of UTC, within ±18 hours.
    package init(name: String, fixedOffset: Int) {
        precondition(abs(fixedOffset) <= 64_800, "an offset lies within 18 hours")
        self.name = name
        transitions = []
        offsets = []
        initialOffset = Int32(fixedOffset)
        footer = nil
    }

    /// Nil where the bytes are no TZif file of version 1 to 4, or contradict themselves.
    package init?(name: String, tzif: [UInt8]) {
        var reader = ZoneFileReader(tzif)
        guard let file = reader.read() else { return nil }
        self.name = name
        transitions = file.transitions
        offsets = file.offsets
        initialOffset = file.initialOffset
        footer = file.footer
    }

    /// Seconds east of UTC at this point.
    package func offset(at instant: Instant) -> Int { offset(atSeconds: instant.seconds) }

    private func offset(atSeconds seconds: Int64) -> Int {
        guard let last = transitions.last else {
            return footer?.offset(at: seconds) ?? Int(initialOffset)
        }
        if seconds >= last, let footer { return footer.offset(at: seconds) }
        let next = transitions.partitioningIndex(of: seconds)
        return Int(next == 0 ? initialOffset : offsets[next - 1])
    }

    /// A stretch of time around a point in which the offset stays; the zone may keep it for longer.
    package func stretch(at seconds: Int64) -> ZoneStretch {
        var lower = Int64.min, upper = Int64.max
        let next = transitions.partitioningIndex(of: seconds)
        if next > 0 { lower = transitions[next - 1] }
        if next < transitions.count {
            upper = transitions[next]
        } else if let footer {
            let stretch = footer.stretch(at: seconds)
            (lower, upper) = (max(lower, stretch.lowerBound), stretch.upperBound)
        }
        return ZoneStretch(seconds: lower..<upper, offset: offset(atSeconds: seconds))
    }

    /// The points that show this wall clock in the zone; a written offset or zone of `local` is not looked at.
    package func instants(of local: DateTime) -> LocalInstants {
        let wall = local.localSeconds
        let nanoseconds = Int32(local.time.nanosecond)
        // No zone moves twice within 26 hours of one wall clock, so the offsets on either side are all there are.
        let before = offset(atSeconds: wall - 93_600), after = offset(atSeconds: wall + 93_600)
        var found: [Int64] = []
        for offset in [before, after, offset(atSeconds: wall - Int64(before)), offset(atSeconds: wall - Int64(after))] {
            let candidate = wall - Int64(offset)
            if self.offset(atSeconds: candidate) == offset, !found.contains(candidate) { found.append(candidate) }
        }
        found.sort()
        let points = found.map { Instant(seconds: $0, nanoseconds: nanoseconds) }
        if points.isEmpty {
            return .gap(
                shiftedForward: Instant(seconds: wall - Int64(before), nanoseconds: nanoseconds),
                shiftedBack: Instant(seconds: wall - Int64(after), nanoseconds: nanoseconds))
        }
        return points.count == 1 ? .one(points[0]) : .fold(earlier: points[0], later: points[points.count - 1])
    }
}

/// The points in time that a wall clock reading stands for.
package enum LocalInstants: Hashable, Sendable {
    /// Clocks were put forward over this reading. The two points read it with the offset before (later on the clock by
    /// the gap) and after (earlier by the gap).
    case gap(shiftedForward: Instant, shiftedBack: Instant)
    case one(Instant)
    /// Clocks were put back, so the reading came twice.
    case fold(earlier: Instant, later: Instant)

    /// The one that is taken where nothing else is said: shifted forward in a gap, the earlier in a fold.
    package var preferred: Instant {
        switch self {
        case .gap(let forward, _): forward
        case .one(let instant): instant
        case .fold(let earlier, _): earlier
        }
    }
}

extension [Int64] {
    /// Of ascending numbers, the index of the first one that is greater.
    fileprivate func partitioningIndex(of number: Int64) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if self[middle] <= number { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
