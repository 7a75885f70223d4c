import Attributes
import Clustering
package import Configurations
import DecisionTables
import Records

/// How the files of schemes, overrides and the calendar look.
package enum SchemeFile {
    package static let scheme = ConfigurationShape.record([
        ConfigurationKey("scheme", .text, required: true, "name of the scheme"),
        ConfigurationKey("entity", .choice(EntityKind.allCases.map(\.rawValue)), required: true, "kind of entity that is divided"),
        ConfigurationKey("cadence", .text, default: "live", "live, hourly, daily, weekly, or a duration such as 12h"),
        ConfigurationKey("clusters", clusters, "groups by many attributes at once, which the rules know as `cluster`"),
        ConfigurationKey("rules", rules, required: true, "the decision table, or the decision of a model that holds it"),
        ConfigurationKey("stability", .record([
            ConfigurationKey("confirmations", .integer(1...1000), default: "1", "evaluations in a row that must agree before an entity moves"),
            ConfigurationKey("confirmAfter", .duration, default: "5m", "when to ask again for the next confirmation"),
            ConfigurationKey("minimumDwell", .duration, default: "0s", "how long an entity stays once it has moved"),
            ConfigurationKey("deadBand", .map(.either([.percent, .decimal])), "by attribute, how far past a threshold it must be, in its unit or in percent of its amount"),
            ConfigurationKey("budget", .record([
                ConfigurationKey("per", .choice(CalendarBucket.allCases.map(\.rawValue)), required: true, "cycle of the budget, in the business zone"),
                ConfigurationKey("members", .percent, "most of the members that may move in a cycle"),
                ConfigurationKey("value", .percent, "most of what the members are worth that may move in a cycle"),
            ]), "how many may move"),
        ]), "what holds back a borderline entity"),
        ConfigurationKey("value", .text, "attribute that says what an entity is worth, a number"),
        ConfigurationKey("tiers", .list(.text), "micro-segments from the best down, for floors and ceilings of overrides, and for downgrade"),
        ConfigurationKey("downgrade", .record([
            ConfigurationKey("notice", .duration, default: "0s", "from the notice that an entity will be lowered until the grace begins"),
            ConfigurationKey("grace", .duration, default: "0s", "from then on until it may be lowered"),
            ConfigurationKey("cycle", .choice(CalendarBucket.allCases.map(\.rawValue)), "in which it goes down one tier at most; that of the budget where absent, or day"),
            ConfigurationKey("floor", .text, "attribute that names the lowest tier that it may be in"),
            ConfigurationKey("floorRequired", .text, "attribute, true or false: unless it is false, nobody is lowered whose floor is null"),
            ConfigurationKey("keepWhile", .text, "attribute, true or false: while it is true, the entity is not lowered"),
        ]), "how an entity goes to a lower tier"),
        ConfigurationKey("granularity", .record([
            ConfigurationKey("maximumCount", .integer(1...1000), default: "20", "most micro-segments"),
            ConfigurationKey("minimumMembers", .integer(1...1_000_000_000), "fewest members; smaller ones go to their parents"),
            ConfigurationKey("minimumValue", .decimal, "least that the members are worth; those worth less go to their parents"),
            ConfigurationKey("serviceGap", .record([
                ConfigurationKey("parameter", .text, required: true, "parameter that says how good the service is, a number"),
                ConfigurationKey("least", .decimal, required: true, "least difference between two micro-segments whose numbers differ"),
            ]), "micro-segments whose service hardly differs are to be merged"),
        ]), "how many and how small micro-segments may be"),
        ConfigurationKey("freshness", .map(.duration), "by feed, how old its latest file may be; while one is older, nobody is lowered"),
        ConfigurationKey("triggers", .record([
            ConfigurationKey("every", .duration, default: "1h", "how often it is looked, where files have come since"),
            ConfigurationKey("quiet", .duration, default: "0s", "how long no file must have come"),
            ConfigurationKey("shift", .list(.text), "attributes, numbers: a run is due when their distribution is another one than at the last run"),
            ConfigurationKey("signal", .list(.text), "attributes, numbers: a run is due when a control chart of their mean gives a signal"),
        ]), "what makes a run due before its period has passed"),
        ConfigurationKey("figures", .map(.record([
            ConfigurationKey("feel", .feel, required: true, "what one entity costs or ties up, from the parameters of its micro-segment, `safety factor` and its attributes"),
            ConfigurationKey("unit", .text, "unit of the number, such as piece or EUR"),
            ConfigurationKey("money", .flag, default: "false", "it is money, which classes of governance limit"),
        ])), "what reports of a change tell before and after: safety stock, carrying cost, service, cost to serve"),
        ConfigurationKey("parents", .map(.text), "by micro-segment, the one that it refines: where its members go if it is too small"),
        ConfigurationKey("microsegments", .map(.map(.text)), required: true, "each micro-segment with its parameters"),
    ])

    private static let clusters = ConfigurationShape.record([
        ConfigurationKey("attributes", .map(.record([
            ConfigurationKey("weight", .decimal, default: "1", "how much distances along it count"),
            ConfigurationKey("logarithm", .flag, default: "false", "ln(1 + value) is compared"),
        ])), required: true, "numbers by which entities are compared"),
        ConfigurationKey("where", .feel, "who is clustered; everybody where absent"),
        ConfigurationKey("method", .choice(ClusterModel.Algorithm.allCases.map(\.rawValue)), default: "kMeans", "how clusters are found"),
        ConfigurationKey("count", .text, required: true, "how many: 4, or 2-8 to have the evidence weighed"),
        ConfigurationKey("scaling", .choice(Preparation.Scaling.allCases.map(\.rawValue)), default: "robust", "how attributes are made comparable"),
        ConfigurationKey("seed", .integer(0...Int.max), default: "1", "of the generator"),
        ConfigurationKey("restarts", .integer(1...1000), default: "10", "how often k-means begins anew"),
        ConfigurationKey("resamples", .integer(1...1000), default: "20", "how often the rows are drawn anew, to see whether the clusters come again"),
        ConfigurationKey("minimumJaccard", .decimal, default: "0.75", "how like the clusters must come again for a model to be written"),
        ConfigurationKey("outcome", .text, "attribute that the clusters should tell apart, such as days late"),
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
        ConfigurationKey("microsegment", .text, "micro-segment that applies instead"),
        ConfigurationKey("pin", .flag, default: "false", "the entity stays in the micro-segment that it is in when the override begins"),
        ConfigurationKey("floor", .text, "lowest tier that it may be in"),
        ConfigurationKey("ceiling", .text, "highest tier that it may be in"),
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
