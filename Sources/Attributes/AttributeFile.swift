package import Configurations
import Records
import Values

/// How a file under `Schemes/attributes` looks.
package enum AttributeFile {
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("attributes", .text, required: true, "name of the set, such as order"),
        ConfigurationKey("entity", .choice(EntityKind.allCases.map(\.rawValue)), required: true, "kind of entity that is described"),
        ConfigurationKey("owner", .text, "who answers for the definitions"),
        ConfigurationKey("values", .map(value), required: true, "the attributes by name, in the order in which they are computed"),
    ])

    private static let value = ConfigurationShape.record(fields + aggregates + parameters + population + [
        ConfigurationKey("feel", .text, "FEEL over the attributes above"),
        ConfigurationKey("scale", .integer(0...9), default: "0", "digits after the point of the published number"),
        ConfigurationKey("unit", .text, "unit of the number"),
        ConfigurationKey("owner", .text, "who answers for it, where it is not the owner of the set"),
        ConfigurationKey("summary", .text, "what it means"),
    ])

    private static let fields = [
        ConfigurationKey("field", .text, "a field of the entity's own record, or with related the related record's"),
        ConfigurationKey("related", .text, "kind of record that the own record points to"),
        ConfigurationKey("through", .text, "field that holds the identifier of the related or joined record"),
        ConfigurationKey("role", .choice(["customer", "supplier", "carrier"]), "role of a related party"),
        ConfigurationKey("default", .text, "what applies where the related record or its field is missing"),
        ConfigurationKey("hoursUntil", .text, "a date and time of the own record: hours left until then"),
        ConfigurationKey("distance", .list(.text), "latitude and longitude of two places in degrees, as attributes or numbers: kilometres along the great circle"),
    ]

    private static let aggregates = [
        ConfigurationKey("count", .text, "kind of record to count"),
        ConfigurationKey("sum", .text, "kind of record to sum over"),
        ConfigurationKey("min", .text, "kind of record to take the least of"),
        ConfigurationKey("max", .text, "kind of record to take the greatest of"),
        ConfigurationKey("mean", .text, "kind of record to average over"),
        ConfigurationKey("any", .text, "kind of record of which at least one must hold"),
        ConfigurationKey("last", .text, "kind of record of which the latest gives its value"),
        ConfigurationKey("first", .text, "kind of record of which the earliest gives its value"),
        ConfigurationKey("distinct", .text, "kind of record of which different values are counted"),
        ConfigurationKey("share", .text, "kind of record of which the part is taken for which `that` holds, weighed by `of` where given"),
        ConfigurationKey("rate", .text, "kind of record to count or sum for each unit of `per` of the window"),
        ConfigurationKey("since", .text, "kind of record: days since the latest"),
        ConfigurationKey("deviation", .text, "kind of record for the standard deviation"),
        ConfigurationKey("variation", .text, "kind of record for the coefficient of variation: deviation over mean"),
        ConfigurationKey("quantile", .text, "kind of record for the quantile `p` (type 7)"),
        ConfigurationKey("trend", .text, "kind of record for the slope of the least-squares line over its buckets"),
        ConfigurationKey("smoothed", .text, "kind of record for the mean of its buckets in which weight halves with `halfLife`"),
        ConfigurationKey("interval", .text, "kind of record for the mean interval between buckets with demand (ADI)"),
        ConfigurationKey("sizeVariation", .text, "kind of record for the squared coefficient of variation of its buckets with demand (CV²)"),
        ConfigurationKey("concentration", .text, "kind of record for the sum of squared shares of `among` (Herfindahl-Hirschman index, 0 to 1)"),
        ConfigurationKey("series", .text, "kind of record for the list of the sums of its buckets"),
    ]

    private static let parameters = [
        ConfigurationKey("by", .either([.text, .list(.text)]), "field of the counted record that refers to the entity, or the fields of its parts"),
        ConfigurationKey("join", .text, "kind of record whose fields are added to each counted record"),
        ConfigurationKey("of", .text, "FEEL over the record's (and joined) fields: what is aggregated"),
        ConfigurationKey("that", .text, "FEEL over the record's (and joined) fields: the condition of share"),
        ConfigurationKey("where", .text, "FEEL over the record's (and joined) fields: which records count"),
        ConfigurationKey("among", .text, "FEEL over the record's (and joined) fields: what tells apart whose shares concentration squares"),
        ConfigurationKey("at", .text, "field of the record's time, for window, bucket, between, last, first and since; a date is its first instant"),
        ConfigurationKey("until", .text, "field of the time from which on a record counts no more, such as the end of its validity"),
        ConfigurationKey("window", .duration, "how far back records count; all where absent"),
        ConfigurationKey("bucket", .choice(CalendarBucket.allCases.map(\.rawValue)), "statistics are taken over the sums of calendar buckets in the business zone, empty ones counted"),
        ConfigurationKey("buckets", .choice(["touched", "whole"]), default: "touched", "buckets that the window touches, or only those wholly inside it"),
        ConfigurationKey("between", .choice(Measure.TimeUnit.allCases.map(\.rawValue)), "statistics are taken over the times between records, in this unit"),
        ConfigurationKey("p", .decimal, "probability of quantile, 0 to 1"),
        ConfigurationKey("halfLife", .decimal, "buckets after which a bucket weighs half as much, for smoothed"),
        ConfigurationKey("per", .choice(Measure.TimeUnit.allCases.map(\.rawValue)), default: "day", "unit of time of rate"),
        ConfigurationKey("divisor", .choice(["population", "sample"]), default: "population", "deviation and variation divide by n, or by n - 1"),
        ConfigurationKey("form", .choice(["ratio", "interval"]), default: "ratio", "interval divides all buckets by those with demand, or those up to the last with demand"),
    ]

    private static let population = [
        ConfigurationKey("class", .text, "attribute to rank the whole population by, for classes such as ABC"),
        ConfigurationKey("cuts", .list(.decimal), "cumulative percents at which classes end, ascending"),
        ConfigurationKey("names", .list(.text), "names of the classes, one more than cuts"),
        ConfigurationKey("crossing", .choice(PopulationMeasure.Crossing.allCases.map(\.rawValue)), default: "up", "an entity that reaches across a cut goes up into the better class, or down"),
        ConfigurationKey("rank", .text, "attribute to give the rank by, from 1; equal values share the least"),
        ConfigurationKey("percentile", .text, "attribute to give the percent of the population by that stands before, and half of what stands beside"),
        ConfigurationKey("cumulativeShare", .text, "attribute of whose total the percent is given that the entity and all before it hold"),
        ConfigurationKey("shareOf", .text, "attribute of whose total the percent is given that the entity holds"),
        ConfigurationKey("tile", .text, "attribute to divide the population by into tiles of equal size, from 1"),
        ConfigurationKey("tiles", .integer(2...1000), "how many tiles there are, such as 5 for quintiles"),
        ConfigurationKey("order", .choice(["descending", "ascending"]), default: "descending", "which end is ranked first"),
        ConfigurationKey("within", .list(.text), "attributes, or client, that entities must share to be compared"),
    ]
}
