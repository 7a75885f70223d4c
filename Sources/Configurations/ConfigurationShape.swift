/// What a configuration may look like: one definition that gives checking, the JSON Schema and the documentation.
package indirect enum ConfigurationShape: Sendable {
    /// Any text, plain, quoted or block; `key:` alone is none, `""` is.
    case text
    /// Text that a check of the room accepts. The summary says what is wanted ("a name of letters and digits"); the check
    /// gives what is wrong, or nil.
    case checkedText(String, @Sendable (String) -> String?)
    /// Text that is an expression. Its grammar is checked by the room that compiles it.
    case feel
    /// Text that is a decision table. Its form is checked by the room that compiles it.
    case table
    case integer(ClosedRange<Int>)
    /// An exact number: `1.10`, `-3`, `1e6`.
    case decimal
    /// `true` or `false`.
    case flag
    /// `5s`, `10m`, `2h`, `1d` or ISO 8601 (`PT5S`, `P1D`); not negative.
    case duration
    /// ISO 8601 instant with a zone: `2026-11-21T09:38:42Z`.
    case instant
    /// ISO 8601 day: `2026-11-21`.
    case date
    /// An amount of bytes: `64MiB`, `10kB`, `4096`.
    case bytes
    /// `10%` or `0.5%`; not negative.
    case percent
    case choice([String])
    case list(ConfigurationShape)
    /// A mapping with free keys.
    case map(ConfigurationShape)
    /// A mapping with free keys, of which each has a shape too (of text); the name says what a key is, for documentation.
    case keyed(String, ConfigurationShape, ConfigurationShape)
    /// A mapping with known keys.
    case record([ConfigurationKey])
    /// One of several, told apart by the kind of node: text, list or mapping. Of several shapes of text the first that
    /// accepts it counts; the first of list and the first of mapping alone count.
    case either([ConfigurationShape])
    /// A shape that is made when it is needed, by a name that is unique in the whole: for shapes that contain themselves.
    case lazy(String, @Sendable () -> ConfigurationShape)
}

/// One key of a record.
package struct ConfigurationKey: Sendable {
    package let name: String
    package let shape: ConfigurationShape
    package let isRequired: Bool
    /// What applies where the key is absent, for documentation.
    package let fallback: String?
    /// One sentence without a full stop.
    package let summary: String

    package init(_ name: String, _ shape: ConfigurationShape, required: Bool = false, default fallback: String? = nil, _ summary: String) {
        self.name = name
        self.shape = shape
        isRequired = required
        self.fallback = fallback
        self.summary = summary
    }
}
