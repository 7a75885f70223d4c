/// A length of time in calendar months.
package struct YearMonthDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let months: Int

    package init(months: Int) { self.months = months }

    /// Reads `P1Y2M`, `-P3M`. Nil for another text, and for days and times.
    package init?(_ iso: String) {
        let bytes = Array(iso.utf8)
        var scanner = TemporalScanner(bytes)
        guard let duration = scanner.yearMonthDuration(), scanner.isAtEnd else { return nil }
        self = duration
    }

    package static func < (left: YearMonthDuration, right: YearMonthDuration) -> Bool { left.months < right.months }

    package var description: String {
        let size = months.magnitude
        var text = months < 0 ? "-P" : "P"
        if size >= 12 { text += "\(size / 12)Y" }
        if size % 12 != 0 || size == 0 { text += "\(size % 12)M" }
        return text
    }
}
