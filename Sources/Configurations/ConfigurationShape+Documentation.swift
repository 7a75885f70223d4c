extension ConfigurationShape {
    /// What is wanted, in a few words: `a whole number from 1 to 10`, `auto or manual`, `a list of text`.
    package var wanted: String {
        switch self {
        case .text: "text"
        case .checkedText(let summary, _): summary
        case .feel: "a FEEL expression"
        case .table: "a decision table"
        case .integer(let range):
            switch (range.lowerBound, range.upperBound) {
            case (.min, .max): "a whole number"
            case (let lower, .max): "a whole number from \(lower)"
            case (.min, let upper): "a whole number to \(upper)"
            case (let lower, let upper): "a whole number from \(lower) to \(upper)"
            }
        case .decimal: "a number"
        case .flag: "true or false"
        case .duration: "a duration"
        case .instant: "an instant"
        case .date: "a date"
        case .bytes: "an amount of bytes"
        case .percent: "a percentage"
        case .choice(let allowed): allowed.count < 2 ? allowed.joined() : allowed.dropLast().joined(separator: ", ") + " or " + allowed[allowed.count - 1]
        case .list(let item): "a list of \(item.wanted)"
        case .map(let value): "a mapping of names to \(value.wanted)"
        case .keyed(let name, _, let value): "a mapping of \(name) to \(value.wanted)"
        case .record: "a mapping"
        case .either(let shapes): shapes.map(\.wanted).joined(separator: " or ")
        case .lazy(let name, _): name
        }
    }

    /// The shape in Markdown: the keys of a record as a list, those of records in it indented below their key. A shape
    /// that contains itself is written out once.
    package func documentation() -> String {
        var named: Set<String> = []
        return documentation(depth: 0, &named)
    }

    private func documentation(depth: Int, _ named: inout Set<String>) -> String {
        switch self {
        case .record(let keys):
            var text = ""
            for key in keys {
                let mark = key.isRequired ? "required" : key.fallback.map { "default: \($0)" } ?? "optional"
                text += String(repeating: "  ", count: depth) + "- `\(key.name)` (\(key.shape.wanted); \(mark)): \(key.summary)\n"
                text += key.shape.documentation(depth: depth + 1, &named)
            }
            return text
        case .list(let inner), .map(let inner), .keyed(_, _, let inner): return inner.documentation(depth: depth, &named)
        case .either(let shapes):
            var text = ""
            for shape in shapes { text += shape.documentation(depth: depth, &named) }
            return text
        case .lazy(let name, let make): return named.insert(name).inserted ? make().documentation(depth: depth, &named) : ""
        default: return ""
        }
    }
}
