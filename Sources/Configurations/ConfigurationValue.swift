package import Values

/// Text forms that configurations share. Each gives nil for another text.
package enum ConfigurationValue {
    /// `5s`, `10m`, `2h`, `1d`, or ISO 8601 (`PT5S`, `P1D`, `-PT1H`).
    package static func duration(_ text: String) -> DayTimeDuration? {
        if let duration = DayTimeDuration(text) { return duration }
        guard let unit = text.last, let number = wholeNumber(text.dropLast()) else { return nil }
        let seconds: Int
        switch unit {
        case "s": seconds = 1
        case "m": seconds = 60
        case "h": seconds = 3600
        case "d": seconds = 86_400
        default: return nil
        }
        let (total, overflow) = number.multipliedReportingOverflow(by: seconds)
        return overflow ? nil : DayTimeDuration(seconds: Int64(total))
    }

    /// The units of ``bytes(_:)`` (IEC 80000-13 and SI).
    static let byteUnits: [(name: String, bytes: Int)] = [
        ("KiB", 1 << 10), ("MiB", 1 << 20), ("GiB", 1 << 30), ("TiB", 1 << 40),
        ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000), ("TB", 1_000_000_000_000), ("B", 1),
    ]

    /// `64MiB`, `10kB`, `512B`, `4096`: a whole number of bytes.
    package static func bytes(_ text: String) -> Int? {
        let unit = byteUnits.first { text.hasSuffix($0.name) }
        guard let number = wholeNumber(text.dropLast(unit?.name.count ?? 0)) else { return nil }
        let (total, overflow) = number.multipliedReportingOverflow(by: unit?.bytes ?? 1)
        return overflow ? nil : total
    }

    /// `10%` as 0.10, `2.5%` as 0.025: exact, and not negative.
    package static func percent(_ text: String) -> ExactDecimal? {
        guard text.hasSuffix("%"), let number = ExactDecimal(String(text.dropLast())), !number.isNegative else { return nil }
        do throws(ArithmeticFailure) {
            return try number.multiplying(by: ExactDecimal(coefficient: 1, scale: 2))
        } catch {
            return nil
        }
    }

    private static func wholeNumber(_ digits: Substring) -> Int? {
        digits.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(digits) : nil
    }
}
