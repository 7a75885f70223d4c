package import Configurations
import DecisionTables
import Records

/// How the files of schemes, overrides and the calendar look.
package enum SchemeFile {
    package static let scheme = ConfigurationShape.record([
        ConfigurationKey("scheme", .text, required: true, "name of the scheme"),
        ConfigurationKey("entity", .choice(EntityKind.allCases.map(\.rawValue)), required: true, "kind of entity that is divided"),
        ConfigurationKey("cadence", .text, default: "live", "live, hourly, daily, weekly, or a duration such as 12h"),
        ConfigurationKey("rules", rules, required: true, "the decision table, or the decision of a model that holds it"),
        ConfigurationKey("stability", .record([
            ConfigurationKey("confirmations", .integer(1...1000), default: "1", "evaluations in a row that must agree before an entity moves"),
            ConfigurationKey("confirmAfter", .duration, default: "5m", "when to ask again for the next confirmation"),
            ConfigurationKey("minimumDwell", .duration, default: "0s", "how long an entity stays once it has moved"),
        ]), "what holds back a borderline entity"),
        ConfigurationKey("microsegments", .map(.map(.text)), required: true, "each micro-segment with its parameters"),
    ])

    /// A table as it stands here, or `model` and `decision`. Which of the two is checked where the scheme is read.
    private static let rules: ConfigurationShape = {
        guard case .record(let keys) = TableReading.shape else { preconditionFailure("a table is a record") }
        return .record([
            ConfigurationKey("model", .text, "file beside this one that holds the rules as a DMN model, such as item-value.dmn"),
            ConfigurationKey("decision", .text, "the model's decision whose table divides; the only one where absent"),
        ] + keys.map { key in
            key.name == "table" ? ConfigurationKey(key.name, key.shape, default: key.fallback, key.summary) : key
        })
    }()

    package static let override = ConfigurationShape.record([
        ConfigurationKey("override", .text, required: true, "identifier of the override"),
        ConfigurationKey("scheme", .text, required: true, "scheme that it overrides"),
        ConfigurationKey("entity", .record([
            ConfigurationKey("client", .text, required: true, "client of the entity"),
            ConfigurationKey("id", .text, required: true, "identifier of the entity"),
        ]), required: true, "the entity"),
        ConfigurationKey("microsegment", .text, required: true, "micro-segment that applies instead"),
        ConfigurationKey("reason", .text, required: true, "why"),
        ConfigurationKey("owner", .text, required: true, "who answers for it"),
        ConfigurationKey("ticket", .text, "where it was asked for"),
        ConfigurationKey("from", .instant, "first instant at which it applies; at once where absent"),
        ConfigurationKey("expires", .instant, required: true, "first instant at which it does not apply any more"),
    ])

    package static let calendar = ConfigurationShape.record([
        ConfigurationKey("calendar", .choice(["site"]), required: true, "site, the only calendar there is"),
        ConfigurationKey("timeZone", .text, required: true, "IANA name of the business time zone, such as Europe/Berlin"),
    ])
}
