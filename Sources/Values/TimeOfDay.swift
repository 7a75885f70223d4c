/// A time of day to the nanosecond, local, or with an offset from UTC, or with the name of a zone.
package struct TimeOfDay: Hashable, Sendable, CustomStringConvertible {
    /// Nanoseconds since midnight.
    package let nanosecondOfDay: Int64
    private let storedOffset: Int32?
    /// Name of a zone such as `Europe/Berlin`, as written after `@`; nil where none was written.
    package let zone: String?

    /// Nil where there is no such time. An offset lies within ±18 hours; it and a zone exclude each other.
    package init?(
        hour: Int, minute: Int, second: Int = 0, nanosecond: Int = 0, offsetSeconds: Int? = nil, zone: String? = nil
    ) {
        guard (0..<24).contains(hour), (0..<60).contains(minute), (0..<60).contains(second),
            (0..<1_000_000_000).contains(nanosecond), abs(offsetSeconds ?? 0) <= 64_800,
            offsetSeconds == nil || zone == nil
        else { return nil }
        nanosecondOfDay = Int64((hour * 60 + minute) * 60 + second) * 1_000_000_000 + Int64(nanosecond)
        storedOffset = offsetSeconds.map(Int32.init)
        self.zone = zone
    }

    /// - Parameter secondOfDay: 0..<86,400.
    init(secondOfDay: Int, nanosecond: Int, offsetSeconds: Int?) {
        nanosecondOfDay = Int64(secondOfDay) * 1_000_000_000 + Int64(nanosecond)
        storedOffset = offsetSeconds.map(Int32.init(truncatingIfNeeded:))
        zone = nil
    }

    /// Reads `08:30:00`, `08:30`, with a fraction, and with `Z`, `+01:00` or `@Europe/Berlin` after it. Nil otherwise.
    package init?(_ text: String) {
        let bytes = Array(text.utf8)
        var scanner = TemporalScanner(bytes)
        guard let time = scanner.time(), scanner.isAtEnd else { return nil }
        self = time
    }

    package static let midnight = TimeOfDay(secondOfDay: 0, nanosecond: 0, offsetSeconds: nil)

    package var secondOfDay: Int { Int(nanosecondOfDay / 1_000_000_000) }
    package var hour: Int { secondOfDay / 3600 }
    package var minute: Int { secondOfDay / 60 % 60 }
    package var second: Int { secondOfDay % 60 }
    package var nanosecond: Int { Int(nanosecondOfDay % 1_000_000_000) }
    /// Seconds east of UTC; nil where no offset was written.
    package var offsetSeconds: Int? { storedOffset.map(Int.init) }

    /// `08:30:00`, with its fraction where there is one, and its offset or zone.
    package var description: String {
        var bytes: [UInt8] = []
        write(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    var zoneText: String {
        if let zone { return "@\(zone)" }
        guard let offset = offsetSeconds else { return "" }
        return Self.offsetText(offset)
    }

    /// `Z`, `+01:00`, `-05:00`, `+00:53:28`.
    package static func offsetText(_ offset: Int) -> String {
        if offset == 0 { return "Z" }
        let size = abs(offset)
        let seconds = size % 60 == 0 ? "" : ":\(padded(size % 60, 2))"
        return "\(offset < 0 ? "-" : "+")\(padded(size / 3600, 2)):\(padded(size / 60 % 60, 2))\(seconds)"
    }
}
