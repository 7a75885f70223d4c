/// A length of time in seconds and nanoseconds. Sums stop at the ends of Int64 seconds (292 thousand million years).
package struct DayTimeDuration: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Whole seconds, rounded down: -0.5 s is -1 s and 500,000,000 ns.
    package let seconds: Int64
    /// 0..<1,000,000,000, counted forward from `seconds`.
    package let nanoseconds: Int32

    package static let zero = DayTimeDuration(seconds: 0)

    /// - Parameter nanoseconds: of either sign; what is no fraction of a second is carried into the seconds.
    package init(seconds: Int64, nanoseconds: Int32 = 0) {
        let part = Int64(nanoseconds), second: Int64 = 1_000_000_000
        let carried = part >= 0 ? part / second : -1 - (-1 - part) / second
        let (sum, overflow) = seconds.addingReportingOverflow(carried)
        self.seconds = overflow ? (carried < 0 ? .min : .max) : sum
        self.nanoseconds = Int32(part - carried * second)
    }

    /// Reads the ISO 8601 form: `P1DT2H`, `PT5S`, `PT0.5S`, `-PT1H`. Nil for another text, and for years and months.
    package init?(_ iso: String) {
        let bytes = Array(iso.utf8)
        var scanner = TemporalScanner(bytes)
        guard let duration = scanner.dayTimeDuration(), scanner.isAtEnd else { return nil }
        self = duration
    }

    /// From a count of nanoseconds; nil where the seconds pass Int64.
    init?(totalNanoseconds: Int128) {
        let billion: Int128 = 1_000_000_000
        let whole = totalNanoseconds >= 0 ? totalNanoseconds / billion : (totalNanoseconds - (billion - 1)) / billion
        guard let seconds = Int64(exactly: whole) else { return nil }
        self.init(seconds: seconds, nanoseconds: Int32(totalNanoseconds - whole * billion))
    }

    var totalNanoseconds: Int128 { Int128(seconds) * 1_000_000_000 + Int128(nanoseconds) }

    private init(bounding nanoseconds: Int128) {
        self = DayTimeDuration(totalNanoseconds: nanoseconds)
            ?? (nanoseconds < 0 ? DayTimeDuration(seconds: .min) : DayTimeDuration(seconds: .max, nanoseconds: 999_999_999))
    }

    package func adding(_ other: DayTimeDuration) -> DayTimeDuration {
        DayTimeDuration(bounding: totalNanoseconds + other.totalNanoseconds)
    }

    package func subtracting(_ other: DayTimeDuration) -> DayTimeDuration {
        DayTimeDuration(bounding: totalNanoseconds - other.totalNanoseconds)
    }

    /// The sum, or nil where it passes Int64 seconds.
    package func addingExactly(_ other: DayTimeDuration) -> DayTimeDuration? {
        DayTimeDuration(totalNanoseconds: totalNanoseconds + other.totalNanoseconds)
    }

    /// The difference, or nil where it passes Int64 seconds.
    package func subtractingExactly(_ other: DayTimeDuration) -> DayTimeDuration? {
        DayTimeDuration(totalNanoseconds: totalNanoseconds - other.totalNanoseconds)
    }

    package var negated: DayTimeDuration { DayTimeDuration(bounding: -totalNanoseconds) }
    package var magnitude: DayTimeDuration { isNegative ? negated : self }
    package var isNegative: Bool { seconds < 0 }

    /// The length in seconds, exactly.
    package var totalSeconds: ExactDecimal {
        // Below 10^28 digits in all, so 34 hold it.
        ExactDecimal(settled: totalNanoseconds, scale: 9).normalized
    }

    /// The length in hours, to 34 digits.
    package var hours: ExactDecimal { total(inUnitsOf: 3600) }
    /// The length in days of 24 hours, to 34 digits.
    package var days: ExactDecimal { total(inUnitsOf: 86_400) }

    private func total(inUnitsOf seconds: Int64) -> ExactDecimal {
        do throws(ArithmeticFailure) {
            return try totalSeconds.divided(by: ExactDecimal(coefficient: seconds))
        } catch {
            preconditionFailure("a division by \(seconds) neither overflows nor divides by zero")
        }
    }

    /// The length as so many seconds, rounded half-even to the nanosecond; nil past Int64 seconds.
    package init?(totalSeconds: ExactDecimal) {
        let exact = totalSeconds.rounded(scale: 9)
        guard exact.scale == 9 else { return nil }
        self.init(totalNanoseconds: exact.coefficient)
    }

    package static func < (left: DayTimeDuration, right: DayTimeDuration) -> Bool {
        (left.seconds, left.nanoseconds) < (right.seconds, right.nanoseconds)
    }

    /// ISO 8601 with days of 24 hours: `P1DT2H`, `PT0S`.
    package var description: String {
        let total = totalNanoseconds.magnitude
        let whole = UInt64(total / 1_000_000_000), rest = Int(total % 1_000_000_000)
        var text = isNegative ? "-P" : "P"
        if whole >= 86_400 { text += "\(whole / 86_400)D" }
        let hours = whole / 3600 % 24, minutes = whole / 60 % 60, seconds = whole % 60
        if hours != 0 || minutes != 0 || seconds != 0 || rest != 0 || whole == 0 {
            text += "T"
            if hours != 0 { text += "\(hours)H" }
            if minutes != 0 { text += "\(minutes)M" }
            if seconds != 0 || rest != 0 || whole == 0 { text += "\(seconds)\(fractionText(nanoseconds: rest))S" }
        }
        return text
    }
}
