import Values

/// One value that is not what it should be.
struct Difference: Equatable {
    /// As in `centers[2][0]`.
    let path: String
    let expected: String
    let found: String
}

/// Compares all that is expected with what was found.
struct Comparison {
    /// Greatest distance of a number, as such or as a share of what is expected.
    let tolerance: Double
    private(set) var differences: [Difference] = []

    init(tolerance: Double) { self.tolerance = tolerance }

    mutating func compare(_ expected: Value, _ found: Answer, at path: String = "") {
        switch (expected, found) {
        case (_, .either(let answers)): compareEither(expected, answers, path)
        case (.null, .none): break
        case (.boolean(let expected), .flag(let found)) where expected == found: break
        case (.string(let expected), .text(let found)) where expected == found: break
        case (.number, .number(let number)):
            if !isNear(expected, number) { differ(expected, found, path) }
        case (.list(let values), .list(let answers)):
            guard values.count == answers.count else {
                differences.append(Difference(path: path, expected: "\(values.count) values", found: "\(answers.count) values"))
                return
            }
            for index in values.indices { compare(values[index], answers[index], at: "\(path)[\(index)]") }
        case (.list(let values), .partition(let labels, let kept)):
            if !Self.isPartition(values, labels, kept) { differ(expected, found, path) }
        case (.context(let entries), .object(let answers, let isWhole)): compareEntries(entries, answers, isWhole, path)
        default: differ(expected, found, path)
        }
    }

    private mutating func compareEntries(_ entries: ContextValue, _ answers: [String: Answer], _ isWhole: Bool, _ path: String) {
        for entry in entries.entries {
            let place = path.isEmpty ? entry.name : "\(path).\(entry.name)"
            if let answer = answers[entry.name] {
                compare(entry.value, answer, at: place)
            } else {
                differences.append(Difference(path: place, expected: Self.told(entry.value), found: "nothing"))
            }
        }
        guard isWhole else { return }
        for name in answers.keys.sorted() where entries[name] == nil {
            differences.append(Difference(path: path.isEmpty ? name : "\(path).\(name)", expected: "nothing", found: answers[name]?.told ?? ""))
        }
    }

    /// The differences are those to the first answer where none is right.
    private mutating func compareEither(_ expected: Value, _ answers: [Answer], _ path: String) {
        var first: [Difference]?
        for answer in answers {
            var comparison = Comparison(tolerance: tolerance)
            comparison.compare(expected, answer, at: path)
            if comparison.differences.isEmpty { return }
            first = first ?? comparison.differences
        }
        differences += first ?? [Difference(path: path, expected: Self.told(expected), found: "nothing")]
    }

    private func isNear(_ expected: Value, _ found: Double) -> Bool {
        guard let wanted = CaseInputs.double(expected) else { return false }
        return wanted == found || (wanted - found).magnitude <= tolerance * max(1, wanted.magnitude)
    }

    /// Equal up to the names of the labels: each name there stands for one name here, and the other way round.
    private static func isPartition(_ values: [Value], _ labels: [Int], _ kept: Set<Int>) -> Bool {
        guard values.count == labels.count else { return false }
        var there: [Int: Int] = [:], here: [Int: Int] = [:]
        for (value, label) in zip(values, labels) {
            guard case .number(let number) = value, let wanted = number.integer else { return false }
            if kept.contains(wanted) || kept.contains(label), wanted != label { return false }
            if there.updateValue(label, forKey: wanted) ?? label != label || here.updateValue(wanted, forKey: label) ?? wanted != wanted { return false }
        }
        return true
    }

    private mutating func differ(_ expected: Value, _ found: Answer, _ path: String) {
        differences.append(Difference(path: path, expected: Self.told(expected), found: found.told))
    }

    private static func told(_ value: Value) -> String {
        if case .string(let text) = value { return "\"\(text)\"" }
        return value == .null ? "null" : value.text
    }
}
