import Records

/// Writes the rule of one field from the column that was chosen for it.
struct RuleDraft {
    let column: SampleTable.Column
    let field: RecordField
    /// The column with the time of the day, where it stands apart.
    let time: SampleTable.Column?
    /// Whether expressions may name columns, as those of CSV do.
    let readsCSV: Bool

    /// The rule as YAML, the source value that it needs, and what to look at.
    var parts: (rule: String, source: (name: String, rule: String)?, caution: String?) {
        let at = YAMLScalar.spell(column.selector)
        let statistics = column.statistics
        if statistics.nulls > 0, let word = statistics.nullWord { return nullable(word, at) }
        switch (field.type, column.type) {
        case (.text, .whole(trailingZeros: true)):
            return ("{ at: \(at), as: integer }", nil, "sent as \(statistics.example)")
        case (.number, .decimal(",", _)):
            return ("{ at: \(at), as: decimal, mark: \",\" }", nil, nil)
        case (.number, .decimal(_, thousands: true)):
            // A mapping's own conversion knows no thousands set off by commas.
            return ("{ feel: \(YAMLScalar.quote("if \(sourceName) = null then null else number(\(sourceName), \",\", \".\")")) }", (sourceName, at), nil)
        case (.number, _):
            return ("{ at: \(at), as: decimal }", nil, nil)
        case (.boolean, .boolean(let yes, let no)):
            let words = no.isEmpty ? "true: \(YAMLScalar.spell(yes)), default: \"false\"" : "true: \(YAMLScalar.spell(yes)), false: \(YAMLScalar.spell(no))"
            return ("{ at: \(at), \(words) }", nil, nil)
        case (.date, .date(let picture, let others)), (.date, .dateTime(let picture, let others)):
            return ("{ at: \(at), as: date, picture: \(YAMLScalar.spell(picture)) }", nil, ambiguity(others))
        case (.dateTime, .date(let picture, let others)), (.dateTime, .dateTime(let picture, let others)):
            return (moment(at, picture), nil, ambiguity(others))
        case (.date, _):
            return ("{ at: \(at), as: date }", nil, nil)
        case (.dateTime, _):
            return ("{ at: \(at), as: dateTime, zone: business }", nil, nil)
        default:
            return (at, nil, nil)
        }
    }

    private func moment(_ at: String, _ picture: String) -> String {
        var rule = "{ at: \(at), as: dateTime, picture: \(YAMLScalar.spell(picture))"
        if let time, case .time(let timePicture) = time.type {
            rule += ", time: \(YAMLScalar.spell(time.selector)), timePicture: \(YAMLScalar.spell(timePicture))"
        }
        return rule + (picture.contains("X") ? " }" : ", zone: business }")
    }

    private func ambiguity(_ others: [String]) -> String? {
        others.first.map { "AMBIGUOUS: the values also read as \($0)" }
    }

    private var sourceName: String { "sent" + (field.name.first?.uppercased() ?? "") + field.name.dropFirst() }

    /// A rule for a column in which a word stands for nothing.
    private func nullable(_ word: String, _ at: String) -> (rule: String, source: (name: String, rule: String)?, caution: String?) {
        let name = sourceName
        let value: String? = switch (field.type, column.type) {
        case (.text, _): name
        case (.number, .decimal(",", _)): "number(\(name), \".\", \",\")"
        case (.number, .decimal(_, true)): "number(\(name), \",\", \".\")"
        case (.number, _): "number(\(name))"
        case (.date, .date("yyyy-MM-dd", _)): "date(\(name))"
        default: nil
        }
        guard let value else {
            var plain = ColumnStatistics()
            for value in column.statistics.values.prefix(100) { plain.add(value) }
            let copy = RuleDraft(column: column.with(plain), field: field, time: time, readsCSV: readsCSV)
            return (copy.parts.rule, nil, "rows with \(word) are reported")
        }
        let expression = "if \(name) = null or \(name) = \"\(word)\" then null else \(value)"
        return ("{ feel: \(YAMLScalar.quote(expression)) }", (name, at), "\(word) is nothing")
    }
}

extension SampleTable.Column {
    fileprivate func with(_ statistics: ColumnStatistics) -> SampleTable.Column {
        var copy = self
        copy.replace(statistics)
        return copy
    }
}
