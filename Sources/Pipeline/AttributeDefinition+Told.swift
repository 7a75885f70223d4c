import Attributes
import FEEL
import Records
import Values

extension AttributePlan {
    /// Where an attribute comes from, as one line.
    func source(_ attribute: Int) -> String {
        func field(_ slot: Int, of record: RecordDefinition?) -> String { record?.fields[slot].name ?? "" }
        switch definitions[attribute].source {
        case .field(let slot): return "\(own?.kind.rawValue ?? "").\(field(slot, of: own))"
        case .fieldOr(let slot, let fallback): return "\(own?.kind.rawValue ?? "").\(field(slot, of: own)), or \(fallback.text)"
        case .related(let index, let slot, let fallback):
            let relation = relations[index]
            let role = relation.role.map { " (\($0))" } ?? ""
            return "\(relation.kind.rawValue).\(field(slot, of: RecordCatalogue.definition(relation.kind)))\(role) through \(field(relation.through, of: own))"
                + (fallback == .null ? "" : ", or \(fallback.text)")
        case .measure(let index): return source(measures[index])
        case .hoursUntil(let slot): return "hours until \(own?.kind.rawValue ?? "").\(field(slot, of: own))"
        case .distance(let coordinates):
            func told(_ coordinate: AttributeSource.Coordinate) -> String {
                switch coordinate {
                case .constant(let number): number.description
                case .attribute(let attribute): definitions[attribute].name
                }
            }
            return "distance from (\(coordinates.prefix(2).map(told).joined(separator: ", "))) to (\(coordinates.suffix(2).map(told).joined(separator: ", ")))"
        case .derived(let expression): return "FEEL: \(expression.source)"
        case .population(let measure): return source(measure)
        }
    }

    private func source(_ measure: Measure) -> String {
        let record = RecordCatalogue.definition(measure.over)
        var text = "\(measure.aggregate.rawValue) of \(measure.over.rawValue)"
        if let of = measure.of { text += " (\(of.source))" }
        text += " by \(measure.link.slots.map { record.fields[$0].name }.joined(separator: ", "))"
        if let join = measure.join { text += ", joined with \(join.kind.rawValue)" }
        if let among = measure.among { text += ", among \(among.source)" }
        if let until = measure.until { text += ", until \(record.fields[until].name)" }
        if let that = measure.that { text += ", that \(that.source)" }
        if let filter = measure.filter { text += ", where \(filter.source)" }
        switch measure.sample {
        case .records: break
        case .buckets(let bucket, let whole): text += ", by \(whole ? "whole " : "")\(bucket.rawValue)"
        case .gaps(let unit): text += ", between them in \(unit.rawValue)s"
        }
        return text
    }

    private func source(_ measure: PopulationMeasure) -> String {
        let what = switch measure.form {
        case .classes(let cuts, let names, _): "class \(names.joined(separator: ", ")) cut at \(cuts.map(\.description).joined(separator: ", ")) %"
        case .rank: "rank"
        case .percentile: "percentile"
        case .cumulativeShare: "cumulative share"
        case .share: "share"
        case .tile(let count): "tile of \(count)"
        }
        let within = (measure.isWithinClient ? ["client"] : []) + measure.within.map { definitions[$0].name }
        return "\(what) by \(definitions[measure.attribute].name) within " + (within.isEmpty ? "the whole population" : within.joined(separator: ", "))
    }

    /// The window of a measure: records count from it to now.
    func window(_ attribute: Int) -> DayTimeDuration? {
        guard case .measure(let index) = definitions[attribute].source else { return nil }
        return measures[index].window
    }

    /// Every attribute that some attributes are computed from, themselves included.
    func sources(of attributes: some Sequence<Int>) -> Set<Int> {
        var found: Set<Int> = [], waiting = Array(attributes)
        while let attribute = waiting.popLast() {
            guard found.insert(attribute).inserted else { continue }
            switch definitions[attribute].source {
            case .derived(let expression): waiting += expression.slots
            case .distance(let coordinates): waiting += coordinates.compactMap(\.attribute)
            case .population(let measure): waiting += [measure.attribute] + measure.within
            case .field, .fieldOr, .related, .measure, .hoursUntil: break
            }
        }
        return found
    }
}
