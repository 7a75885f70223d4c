package import Values

/// What a configuration may look like: one definition that gives checking, the JSON Schema and the documentation.
package indirect enum ConfigurationShape: Sendable {
    /// Any text, plain, quoted or block.
    case text
    /// Text that a check of the room accepts; the check gives what is wrong, or nil.
    case checkedText(String, @Sendable (String) -> String?)
    case integer(ClosedRange<Int>)
    case decimal
    /// `true` or `false`.
    case flag
    /// `5s`, `10m`, `2h`, `1d` or ISO 8601 (`PT5S`, `P1D`).
    case duration
    /// ISO 8601 instant with a zone: `2026-11-21T09:38:42Z`.
    case instant
    case choice([String])
    case list(ConfigurationShape)
    /// A mapping with free keys.
    case map(ConfigurationShape)
    /// A mapping with known keys.
    case record([ConfigurationKey])
    /// One of several, told apart by the kind of node: text, list or mapping.
    case either([ConfigurationShape])
    /// A shape that is made when it is needed: for shapes that contain themselves.
    case lazy(String, @Sendable () -> ConfigurationShape)
}

/// One key of a record.
package struct ConfigurationKey: Sendable {
    package let name: String
    package let shape: ConfigurationShape
    package let isRequired: Bool
    /// What applies where the key is absent, for documentation.
    package let fallback: String?
    package let summary: String

    package init(_ name: String, _ shape: ConfigurationShape, required: Bool = false, default fallback: String? = nil, _ summary: String) {
        self.name = name
        self.shape = shape
        isRequired = required
        self.fallback = fallback
        self.summary = summary
    }
}

/// Text forms that configurations share.
package enum ConfigurationValue {
    /// `5s`, `10m`, `2h`, `1d`, or ISO 8601.
    package static func duration(_ text: String) -> DayTimeDuration? {
        if let duration = DayTimeDuration(text) { return duration }
        guard let unit = text.last, let number = Int64(text.dropLast()), number >= 0 else { return nil }
        let seconds: Int64
        switch unit {
        case "s": seconds = 1
        case "m": seconds = 60
        case "h": seconds = 3600
        case "d": seconds = 86_400
        default: return nil
        }
        let (total, overflow) = number.multipliedReportingOverflow(by: seconds)
        return overflow ? nil : DayTimeDuration(seconds: total, nanoseconds: 0)
    }
}
