import Configurations
import Diagnostics
import FEEL
import Records
import Values

// Attributes that are aggregates over records.
extension AttributePlanReader {
    mutating func addMeasure(_ entry: ConfigurationEntry, _ name: String) {
        let node = entry.value
        guard let aggregate = Measure.Aggregate(rawValue: name), let over = kind(node, name) else { return }
        let record = RecordCatalogue.definition(over)
        guard let link = link(entry, name, record), let (joined, layout) = joined(entry, record) else { return }
        let at = node["at"] == nil ? nil : slot(node, "at", of: record)
        let names = Layout(layout)
        let findings = diagnostics.count
        let of = expression(node, "of", names), filter = expression(node, "where", names), that = expression(node, "that", names)
        let among = expression(node, "among", names), until = node["until"] == nil ? nil : slot(node, "until", of: record)
        guard diagnostics.count == findings else { return }
        let parts = MeasureParts(aggregate: aggregate, node: node, of: of, filter: filter, that: that, among: among, at: at, until: until, record: record)
        if let (key, fact) = parts.problem {
            return refuse(key.flatMap { node[$0] } ?? entry.key, .attributeForm, fact)
        }
        measures.append(Measure(
            aggregate: aggregate, over: over, link: link, join: joined, of: of, filter: filter, that: that, among: among, at: at,
            window: node.duration("window"), until: until, sample: parts.sample, parameters: parts.parameters, scale: node.integer("scale") ?? 0))
        define(entry, .measure(measures.count - 1), parts.type, scale: parts.type == .number || parts.type == .any ? node.integer("scale") ?? 0 : nil)
    }

    /// The fields by which a record names the entity.
    private mutating func link(_ entry: ConfigurationEntry, _ name: String, _ record: RecordDefinition) -> EntityReference? {
        let node = entry.value, parts = entity.parts
        guard let by = node["by"] else {
            let wanted = parts.count == 1 ? "by names the field of \(record.kind.rawValue) that holds the \(entity.rawValue)" : "by: [\(parts.joined(separator: ", "))] names the fields of \(record.kind.rawValue) that hold them"
            refuse(entry.key, .attributeForm, "\(name) needs by", hint: wanted)
            return nil
        }
        let items = by.scalar == nil ? node.list("by") : [by], names = items.compactMap(\.scalar)
        guard names.count == parts.count else {
            refuse(by, .attributeForm, "a \(entity.rawValue) has \(parts.count) parts, and by names \(names.count)", hint: "in this order: \(parts.joined(separator: ", "))")
            return nil
        }
        var slots: [Int] = []
        for (place, name) in names.enumerated() {
            let by = items[place]
            let wanted = parts.count == 1 ? entity : entity.part(place)
            guard let slot = record.slot(name) else {
                refuse(by, .attributeName, "\(record.kind.rawValue) has no field \(name)", hint: NearestName.of(name, in: record.fields.map(\.name)).map { "did you mean \($0)?" } ?? "it has \(record.fields.map(\.name).joined(separator: ", "))")
                return nil
            }
            // A party's own field says customer, and stands for suppliers too: its role tells them apart. Locations and carriers are
            // not divided, so that any text may name one.
            guard wanted.map({ record.fields[slot].refersTo == $0 }) ?? (record.fields[slot].type == .text) else {
                let fields = record.fields.filter { $0.refersTo == wanted }.map(\.name)
                refuse(
                    by, .attributeForm, "\(name) of \(record.kind.rawValue) does not name a \(wanted?.rawValue ?? parts[place])",
                    hint: fields.isEmpty ? "no field of \(record.kind.rawValue) does" : "use \(fields.joined(separator: ", "))")
                return nil
            }
            slots.append(slot)
        }
        return EntityReference(entity, slots: slots)
    }

    /// What is joined to each record, and the names of all fields then; nil where something does not fit.
    private mutating func joined(
        _ entry: ConfigurationEntry, _ record: RecordDefinition
    ) -> (join: (kind: RecordKind, through: Int)?, layout: [(String, ValueType)])? {
        let node = entry.value, over = record.kind
        let layout = record.fields.map { ($0.name, $0.type.valueType) }
        guard let at = node["join"] else { return (nil, layout) }
        guard let joined = kind(node, "join") else { return nil }
        guard node["through"] != nil else {
            refuse(entry.key, .attributeForm, "join needs through", hint: "through names the field of \(over.rawValue) that points to the joined record")
            return nil
        }
        guard let through = slot(node, "through", of: record) else { return nil }
        // A party is found by its role as well, which a join cannot say.
        guard let described = RecordCatalogue.definition(joined).describes, described.slots.count == 1, joined != .party else {
            refuse(at, .attributeForm, "a \(joined.rawValue) cannot be joined", hint: "a kind that describes one entity can, such as item or order")
            return nil
        }
        guard record.fields[through].refersTo == described.kind else {
            refuse(node["through"] ?? at, .attributeForm, "\(record.fields[through].name) of \(over.rawValue) does not name a \(joined.rawValue)")
            return nil
        }
        let known = Set(layout.map(\.0))
        // Fields that both have are the counted record's; the joined one's are hidden.
        let more = RecordCatalogue.definition(joined).fields.map { (known.contains($0.name) ? "joined \($0.name)" : $0.name, $0.type.valueType) }
        return ((joined, through), layout + more)
    }
}

/// The parts of a measure as they stand in the file, and what does not fit among them.
private struct MeasureParts {
    let aggregate: Measure.Aggregate
    let node: ConfigurationNode
    let of: CompiledExpression?
    let filter: CompiledExpression?
    let that: CompiledExpression?
    let among: CompiledExpression?
    let at: Int?
    let until: Int?
    let record: RecordDefinition

    private typealias Problem = (key: String?, fact: String)

    var sample: Measure.Sample {
        if let bucket = node.optionalText("bucket").flatMap({ CalendarBucket(rawValue: $0) }) {
            return .buckets(bucket, whole: node.optionalText("buckets") == "whole")
        }
        return node.optionalText("between").flatMap { Measure.TimeUnit(rawValue: $0) }.map { .gaps($0) } ?? .records
    }

    var parameters: Measure.Parameters {
        var parameters = Measure.Parameters()
        parameters.probability = node.decimal("p") ?? .zero
        parameters.halfLife = node.decimal("halfLife") ?? .one
        parameters.per = Measure.TimeUnit(rawValue: node.optionalText("per") ?? "") ?? .day
        parameters.isSampleForm = node.optionalText("divisor") == "sample"
        parameters.isIntervalForm = node.optionalText("form") == "interval"
        return parameters
    }

    var type: ValueType {
        switch aggregate {
        case .any: .boolean
        case .last, .first: of?.type ?? .any
        case .series: .list(.number)
        default: .number
        }
    }

    /// What does not fit, with the key that is to blame.
    var problem: (key: String?, fact: String)? { valueProblem ?? sampleProblem ?? timeProblem ?? parameterProblem }

    private var name: String { aggregate.rawValue }

    private var valueProblem: Problem? {
        let isGaps = node["between"] != nil
        switch aggregate {
        case .count where of != nil: return ("of", "count counts records and takes no of; use where to choose them")
        case .since where of != nil: return ("of", "since goes by the time alone and takes no of")
        case _ where isGaps && of != nil: return ("of", "between goes by the times alone and takes no of")
        case .count, .since, .share, .rate, .concentration: break
        case _ where of == nil && !isGaps: return (nil, "\(name) needs of")
        default: break
        }
        if let of {
            switch aggregate {
            case .last, .first, .distinct: break
            case .any: if of.type != .boolean { return ("of", "any needs true or false, and of gives \(of.type)") }
            default: if of.type != .number { return ("of", "\(name) needs a number, and of gives \(of.type)") }
            }
        }
        if (aggregate == .share) != (that != nil) { return that == nil ? (nil, "share needs that: the condition whose part is taken") : ("that", "that is for share") }
        if (aggregate == .concentration) != (among != nil) {
            return among == nil ? (nil, "concentration needs among: what tells apart with whom it is, such as supplier") : ("among", "among is for concentration")
        }
        for (key, expression) in [("where", filter), ("that", that)] {
            if let expression, expression.type != .boolean { return (key, "\(key) needs true or false, and gives \(expression.type)") }
        }
        return nil
    }

    private var timeProblem: Problem? {
        for (key, slot) in [("at", at), ("until", until)] {
            if let slot, ![.dateTime, .date].contains(record.fields[slot].type) { return (key, "\(record.fields[slot].name) is no date and time") }
        }
        for key in ["bucket", "between"] where until != nil && node[key] != nil { return (key, "\(key) goes by one time, and until gives records another") }
        for key in ["window", "bucket", "between"] where node[key] != nil && at == nil { return (key, "\(key) needs at") }
        if [.last, .first, .since].contains(aggregate), at == nil { return (nil, "\(name) needs at") }
        if let window = node.duration("window"), window <= .zero { return ("window", "a window is longer than nothing") }
        if aggregate == .rate {
            guard let window = node.duration("window") else { return (nil, "rate needs window") }
            let unit = parameters.per
            guard window.nanoseconds == 0, window.seconds % unit.seconds == 0 else { return ("window", "the window of a rate per \(unit.rawValue) is a whole number of them") }
        }
        return nil
    }

    private var sampleProblem: Problem? {
        let needsBuckets: Set<Measure.Aggregate> = [.trend, .smoothed, .interval, .sizeVariation, .series]
        let takesBuckets = needsBuckets.union([.min, .max, .mean, .deviation, .variation, .quantile])
        switch sample {
        case .buckets(let bucket, _):
            if !takesBuckets.contains(aggregate) { return ("bucket", "bucket is not for \(name)") }
            if node["between"] != nil { return ("between", "a statistic is over buckets or over the times between records, not both") }
            guard let window = node.duration("window") else { return (nil, "\(name) over buckets needs window") }
            // A window without a bound would make as many buckets as there are days.
            if window.seconds / 86_400 > 40_000 { return ("window", "a window over \(bucket.rawValue)s is at most 40000 days") }
        case .gaps:
            if !takesBuckets.subtracting(needsBuckets).contains(aggregate) { return ("between", "between is not for \(name)") }
        case .records:
            if needsBuckets.contains(aggregate) { return (nil, "\(name) needs window and bucket") }
        }
        if node["buckets"] != nil, node["bucket"] == nil { return ("buckets", "buckets needs bucket") }
        return nil
    }

    private var parameterProblem: Problem? {
        let users: [(key: String, aggregates: Set<Measure.Aggregate>)] = [
            ("p", [.quantile]), ("halfLife", [.smoothed]), ("per", [.rate]), ("divisor", [.deviation, .variation, .sizeVariation]),
            ("form", [.interval]),
        ]
        for user in users where node[user.key] != nil && !user.aggregates.contains(aggregate) { return (user.key, "\(user.key) is not for \(name)") }
        if aggregate == .quantile {
            guard let p = node.decimal("p"), p >= .zero, p <= .one else { return ("p", "quantile needs p from 0 to 1") }
        }
        if aggregate == .smoothed {
            guard let halfLife = node.decimal("halfLife"), halfLife > .zero else { return ("halfLife", "smoothed needs halfLife above 0") }
        }
        return nil
    }
}
