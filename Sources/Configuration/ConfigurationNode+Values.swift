package import Values

/// Total accessors of nodes that a shape has checked: a wrong kind is a bug, not bad data.
extension ConfigurationNode {
    /// The text of a required key.
    package func text(_ key: String) -> String {
        guard let text = self[key]?.scalar else { preconditionFailure("key \(key) was not checked to be text") }
        return text
    }

    package func optionalText(_ key: String) -> String? { self[key].map { _ in text(key) } }

    /// The items of a list; empty where the key is absent.
    package func list(_ key: String) -> [ConfigurationNode] { self[key]?.items ?? [] }

    /// The texts of a list; empty where the key is absent.
    package func texts(_ key: String) -> [String] { list(key).compactMap(\.scalar) }

    package func flag(_ key: String, default fallback: Bool = false) -> Bool { optionalText(key).map { $0 == "true" } ?? fallback }

    package func integer(_ key: String) -> Int? {
        optionalText(key).map { text in
            guard let number = Int(text) else { preconditionFailure("key \(key) was not checked to be a whole number") }
            return number
        }
    }

    package func decimal(_ key: String) -> ExactDecimal? {
        optionalText(key).map { text in
            guard let number = ExactDecimal(text) else { preconditionFailure("key \(key) was not checked to be a number") }
            return number
        }
    }

    package func duration(_ key: String) -> DayTimeDuration? {
        optionalText(key).map { text in
            guard let duration = ConfigurationValue.duration(text) else { preconditionFailure("key \(key) was not checked to be a duration") }
            return duration
        }
    }

    package func instant(_ key: String) -> Instant? {
        optionalText(key).map { text in
            guard let instant = Instant(text) else { preconditionFailure("key \(key) was not checked to be an instant") }
            return instant
        }
    }
}
