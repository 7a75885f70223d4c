package import Values

/// A set of regions as a cell that a planner could have written.
struct CellText {
    private let dimension: InputDimension
    private let chosen: Set<Int>
    private let tellsNull: Bool

    /// - Parameter tellsNull: false where null is not asked about: `-` then stands for all other values.
    init(_ dimension: InputDimension, _ regions: [Int], tellsNull: Bool) {
        self.dimension = dimension
        chosen = Set(regions)
        self.tellsNull = tellsNull
    }

    var text: String {
        let null = dimension.regions.firstIndex(of: .null)
        let others = dimension.regions.indices.filter { $0 != null }
        let hasNull = null.map { chosen.contains($0) } ?? false
        if others.allSatisfy({ chosen.contains($0) }) {
            return hasNull || null == nil || !tellsNull ? "-" : "not(null)"
        }
        if let other = dimension.regions.firstIndex(of: .otherNames), chosen.contains(other) {
            let excluded = others.filter { !chosen.contains($0) }.map(name)
            return "not(\((excluded + (null != nil && tellsNull && !hasNull ? ["null"] : [])).joined(separator: ", ")))"
        }
        let terms = dimension.axis == nil ? others.filter { chosen.contains($0) }.map(name) : runs(others)
        return ((hasNull && (tellsNull || terms.isEmpty) ? ["null"] : []) + terms).joined(separator: ", ")
    }

    private func name(_ region: Int) -> String {
        switch dimension.regions[region] {
        case .name(let name): JSONText.quote(name)
        case .flag(let flag): flag ? "true" : "false"
        default: dimension.witnesses[region].feelText
        }
    }

    private func runs(_ positions: [Int]) -> [String] {
        var terms: [String] = []
        var at = 0
        while at < positions.count {
            guard chosen.contains(positions[at]) else {
                at += 1
                continue
            }
            var end = at
            while end + 1 < positions.count, chosen.contains(positions[end + 1]) { end += 1 }
            terms.append(term(positions[at], positions[end], isFirst: at == 0, isLast: end == positions.count - 1))
            at = end + 1
        }
        return terms
    }

    private func term(_ first: Int, _ last: Int, isFirst: Bool, isLast: Bool) -> String {
        guard let axis = dimension.axis, case .position(let from) = dimension.regions[first],
            case .position(let to) = dimension.regions[last]
        else { return "" }
        func cut(_ index: Int) -> String { axis.kind.value(axis.cuts[index])?.feelText ?? "" }
        if from == to, from % 2 == 1 { return cut(from / 2) }
        let low = isFirst ? nil : cut(from % 2 == 1 ? from / 2 : from / 2 - 1)
        let high = isLast ? nil : cut(to / 2)
        switch (low, high) {
        case (let low?, let high?): return "\(from % 2 == 1 ? "[" : "(")\(low)..\(high)\(to % 2 == 1 ? "]" : ")")"
        case (let low?, nil): return "\(from % 2 == 1 ? ">=" : ">") \(low)"
        case (nil, let high?): return "\(to % 2 == 1 ? "<=" : "<") \(high)"
        case (nil, nil): return "not(null)"
        }
    }
}

extension Value {
    /// The value as a FEEL literal or call that gives it.
    package var feelText: String {
        switch self {
        case .null: "null"
        case .string(let string): JSONText.quote(string)
        case .date: "date(\"\(text)\")"
        case .time: "time(\"\(text)\")"
        case .dateTime: "date and time(\"\(text)\")"
        case .dayTimeDuration, .yearMonthDuration: "duration(\"\(text)\")"
        case .list(let values): "[\(values.map(\.feelText).joined(separator: ", "))]"
        case .context(let context):
            "{\(context.entries.map { "\(JSONText.quote($0.name)): \($0.value.feelText)" }.joined(separator: ", "))}"
        case .range(let range):
            "\(range.includesLower ? "[" : "(")\(range.lower?.feelText ?? "")..\(range.upper?.feelText ?? "")\(range.includesUpper ? "]" : ")")"
        case .boolean, .number, .function: text
        }
    }
}
