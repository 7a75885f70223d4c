import Records

/// How well a column fits a field: by its name, by the type of its values, and by what the values say themselves.
struct FieldMatch {
    let column: Int
    let slot: Int
    /// 0 to 1.
    let score: Double
    /// The concepts by which the name was known, or the hint.
    let reason: String

    /// Below it a column is not taken for a field.
    static let least = 0.4

    static func of(_ column: SampleTable.Column, _ index: Int, kind: RecordKind, slot: Int) -> FieldMatch {
        let field = RecordCatalogue.definition(kind).fields[slot]
        let fit = typeFit(column.type, field.type)
        var (score, reason) = fit == 0 ? (0, "") : nameScore(column, kind, slot)
        score *= fit
        if let (hinted, said) = hintScore(column, field, score) { (score, reason) = (hinted, said) }
        // What stands further out says less of the rows inside.
        if column.isInherited { score *= 0.95 }
        return FieldMatch(column: index, slot: slot, score: min(score, 0.99), reason: reason)
    }

    // MARK: - Names

    private static func nameScore(_ column: SampleTable.Column, _ kind: RecordKind, _ slot: Int) -> (Double, String) {
        var best = (score: 0.0, reason: "")
        for phrase in FieldTerms.shared.phrases(kind, slot: slot) {
            for name in column.names where name.worth * phrase.worth > best.score {
                let score = name.concepts.similarity(to: phrase.set) * phrase.worth * name.worth
                if score > best.score { best = (score, phrase.concepts.joined(separator: " ")) }
            }
        }
        return best
    }

    // MARK: - Types and values

    /// How far values of a column may stand for a field's type.
    static func typeFit(_ column: ColumnType, _ field: RecordField.FieldType) -> Double {
        switch (field, column) {
        case (_, .empty): 0.5
        case (.text, .text), (.text, .whole): 1
        case (.text, .boolean): 0.7
        case (.text, .decimal), (.text, .time): 0.35
        case (.text, .date), (.text, .dateTime): 0.2
        case (.number, .whole), (.number, .decimal): 1
        case (.number, .boolean("1", "0")): 0.7
        case (.number, .date("yyyyMMdd", _)): 0.3
        case (.boolean, .boolean): 1
        case (.date, .date), (.dateTime, .dateTime): 1
        case (.date, .dateTime), (.dateTime, .date): 0.95
        default: 0
        }
    }

    /// The score where values speak for the field, or against it; nil where they do neither.
    private static func hintScore(_ column: SampleTable.Column, _ field: RecordField, _ score: Double) -> (Double, String)? {
        let hints = column.hints, hasValues = column.type != .empty
        func raised(_ least: Double, _ what: String) -> (Double, String) {
            score > 0 ? (max(least, min(1, score + 0.2)), what) : (least, what)
        }
        switch field.name {
        case "item":
            return hints.contains(.gtin) && column.statistics.distinct > 1 ? raised(0.55, "article numbers with a right check digit") : nil
        case "package":
            return hints.contains(.sscc) ? raised(0.8, "SSCC with a right check digit") : nil
        case "currency", "baseCurrency", "quoteCurrency":
            if hints.contains(.currency) { return raised(0.6, "ISO 4217 codes") }
            return hasValues && score > 0 ? (score * 0.5, "no ISO 4217 codes") : nil
        case "country":
            if hints.contains(.country) { return raised(0.5, "ISO 3166 codes") }
            return hasValues && score > 0 ? (score * (column.type == .text ? 0.8 : 0.5), "country, though no ISO 3166 codes") : nil
        case "unitOfMeasure":
            if hints.contains(.unit) { return raised(0.5, "units of UN/ECE Rec 20") }
            return hasValues && score > 0 && column.type != .text ? (score * 0.4, "no units") : nil
        case "unitPrice", "unitCost":
            // `extended price` and `total cost` are those of all units.
            return column.concepts.contains("total") && score > 0 ? (score * 0.5, "price, though of more than one unit") : nil
        case "lineNumber":
            let isSmall = column.statistics.values.prefix(500).allSatisfy { $0.utf8.count <= 6 }
            return isSmall || score == 0 ? nil : (score * 0.6, "line, though its numbers are long")
        default:
            return nil
        }
    }
}
