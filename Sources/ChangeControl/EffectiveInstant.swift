package import Values

/// When an approved change is to take effect: a point in time, and the wall clock's words for it.
package struct EffectiveInstant: Hashable, Sendable {
    package let instant: Instant
    /// As it was written, with the zone that it was read in: `2026-12-01T06:00:00@Europe/Berlin`, `2026-12-01T05:00:00Z`.
    package let local: String

    /// An instant as it was stored.
    package init(instant: Instant, local: String) {
        self.instant = instant
        self.local = local
    }

    /// Reads a wall clock's time. One that the clock skips, or shows twice, is refused with the points it could mean: nobody guesses for an approver.
    ///
    /// - Parameters:
    ///   - text: `2026-12-01T06:00`, with `Z` or an offset where one is meant.
    ///   - zone: rules of the zone that a time without an offset is meant in.
    package static func read(_ text: String, zone: ZoneRules, subject: String) throws(ChangeRefusal) -> EffectiveInstant {
        guard let local = DateTime(text), local.time.zone == nil else {
            throw ChangeRefusal(
                .effective, subject, "'\(text)' is no date with a time", hint: "write 2026-12-01T06:00, with Z or an offset where one is meant")
        }
        if local.time.offsetSeconds != nil { return EffectiveInstant(instant: local.instant(in: zone), local: local.description) }
        switch zone.instants(of: local) {
        case .one(let instant): return EffectiveInstant(instant: instant, local: "\(local)@\(zone.name)")
        case .gap(let forward, let back):
            throw ChangeRefusal(
                .effective, subject, "\(local) does not exist in \(zone.name): the clock is set forward over it",
                hint: "write \(back.dateTime(in: zone)) or \(forward.dateTime(in: zone))")
        case .fold(let earlier, let later):
            throw ChangeRefusal(
                .effective, subject, "\(local) comes twice in \(zone.name): the clock is set back over it",
                hint: "write \(earlier.dateTime(in: zone)) or \(later.dateTime(in: zone))")
        }
    }

    /// As it stands in what is signed.
    package var text: String { "\(instant) (\(local))" }
}
