package import Values

/// Total accessors of nodes that a shape has checked: a wrong kind is a bug, not bad data, and stops the program.
/// Those that give an optional give nil where the key is absent.
extension ConfigurationNode {
    /// The value of a required key.
    package func node(_ key: String) -> ConfigurationNode {
        guard let node = self[key] else { preconditionFailure("key \(key) was not checked to be there") }
        return node
    }

    /// The text of a required key.
    package func text(_ key: String) -> String {
        guard let text = node(key).scalar else { preconditionFailure("key \(key) was not checked to be text") }
        return text
    }

    package func optionalText(_ key: String) -> String? { self[key] == nil ? nil : text(key) }

    /// The items of a list; empty where the key is absent.
    package func list(_ key: String) -> [ConfigurationNode] {
        guard let node = self[key] else { return [] }
        guard case .sequence(let items) = node.kind else { preconditionFailure("key \(key) was not checked to be a list") }
        return items
    }

    /// The texts of a list; empty where the key is absent.
    package func texts(_ key: String) -> [String] {
        list(key).map { item in
            guard let text = item.scalar else { preconditionFailure("an item of \(key) was not checked to be text") }
            return text
        }
    }

    /// The entries of a mapping with free keys, in the order of the file; empty where the key is absent.
    package func entries(_ key: String) -> [ConfigurationEntry] {
        guard let node = self[key] else { return [] }
        guard case .mapping(let entries) = node.kind else { preconditionFailure("key \(key) was not checked to be a mapping") }
        return entries
    }

    package func flag(_ key: String, default fallback: Bool = false) -> Bool {
        read(key, "true or false") { $0 == "true" ? true : $0 == "false" ? false : nil } ?? fallback
    }

    package func integer(_ key: String) -> Int? { read(key, "a whole number") { Int($0) } }
    package func decimal(_ key: String) -> ExactDecimal? { read(key, "a number") { ExactDecimal($0) } }
    package func duration(_ key: String) -> DayTimeDuration? { read(key, "a duration", ConfigurationValue.duration) }
    package func instant(_ key: String) -> Instant? { read(key, "an instant") { Instant($0) } }
    package func date(_ key: String) -> CalendarDate? { read(key, "a date") { CalendarDate($0) } }
    /// An amount of bytes.
    package func bytes(_ key: String) -> Int? { read(key, "an amount of bytes", ConfigurationValue.bytes) }
    /// `10%` as 0.10.
    package func percent(_ key: String) -> ExactDecimal? { read(key, "a percentage", ConfigurationValue.percent) }

    private func read<Read>(_ key: String, _ wanted: String, _ reading: (String) -> Read?) -> Read? {
        guard let text = optionalText(key) else { return nil }
        guard let value = reading(text) else { preconditionFailure("key \(key) was not checked to be \(wanted)") }
        return value
    }
}
