package import Configurations
import Values

/// How a file under `Schemes/attributes` looks.
package enum AttributeFile {
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("attributes", .text, required: true, "name of the set, such as order"),
        ConfigurationKey("entity", .choice(["customer", "item", "order", "supplier", "lane"]), required: true, "kind of entity that is described"),
        ConfigurationKey("owner", .text, "who answers for the definitions"),
        ConfigurationKey("values", .map(value), required: true, "the attributes by name, in the order in which they are computed"),
    ])

    private static let value = ConfigurationShape.record([
        ConfigurationKey("field", .text, "a field of the entity's own record, or with related the related record's"),
        ConfigurationKey("related", .text, "kind of record that the own record points to"),
        ConfigurationKey("through", .text, "field that holds the identifier of the related or joined record"),
        ConfigurationKey("role", .choice(["customer", "supplier", "carrier"]), "role of a related party"),
        ConfigurationKey("default", .text, "what applies where the related record or its field is missing"),
        ConfigurationKey("hoursUntil", .text, "a date and time of the own record: hours left until then"),
        ConfigurationKey("count", .text, "kind of record to count"),
        ConfigurationKey("sum", .text, "kind of record to sum over"),
        ConfigurationKey("min", .text, "kind of record to take the least of"),
        ConfigurationKey("max", .text, "kind of record to take the greatest of"),
        ConfigurationKey("mean", .text, "kind of record to average over"),
        ConfigurationKey("any", .text, "kind of record of which at least one must hold"),
        ConfigurationKey("variation", .text, "kind of record for the coefficient of variation of its bucket sums"),
        ConfigurationKey("by", .text, "field of the counted record that refers to the entity"),
        ConfigurationKey("join", .text, "kind of record whose fields are added to each counted record"),
        ConfigurationKey("of", .text, "FEEL over the record's (and joined) fields: what is aggregated"),
        ConfigurationKey("where", .text, "FEEL over the record's (and joined) fields: which records count"),
        ConfigurationKey("at", .text, "field of the record's time, for window and bucket"),
        ConfigurationKey("window", .duration, "how far back records count; all where absent"),
        ConfigurationKey("bucket", .choice(["day", "week"]), "calendar buckets of variation, in the business zone"),
        ConfigurationKey("class", .text, "attribute to rank the whole population by"),
        ConfigurationKey("cuts", .list(.decimal), "cumulative percents at which classes end, ascending"),
        ConfigurationKey("names", .list(.text), "names of the classes, one more than cuts"),
        ConfigurationKey("feel", .text, "FEEL over the attributes above"),
        ConfigurationKey("scale", .integer(0...9), default: "0", "digits after the point of the published number"),
        ConfigurationKey("unit", .text, "unit of the number"),
        ConfigurationKey("summary", .text, "what it means"),
    ])
}
