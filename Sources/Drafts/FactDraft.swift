import Records
import Values

/// Drafts the records of a transaction set, message or IDoc from what is known of it, as far as the sample has it.
struct FactDraft {
    private(set) var records: [DraftRecord] = []
    /// Bytes of the sample that some rule reads.
    private(set) var read: Set<Range<Int>> = []
    private let probe: FactProbe
    private let isEDI: Bool

    /// - Parameter ask: puts questions to the mapping engine.
    init(_ facts: SetFacts, isEDI: Bool, asked: RecordKind?, epoch: String, ask: ([FactProbe.Question]) -> FactProbe) {
        var questions: [FactProbe.Question] = []
        for record in facts.records {
            questions.append(FactProbe.Question(each: record.each, selector: nil))
            for source in record.facts.flatMap(\.sources) {
                questions.append(FactProbe.Question(each: record.each, selector: source.selector))
                if let time = source.time { questions.append(FactProbe.Question(each: record.each, selector: time)) }
            }
        }
        var seen: Set<FactProbe.Question> = []
        probe = ask(questions.filter { seen.insert($0).inserted })
        self.isEDI = isEDI
        for record in facts.records where asked == nil || record.kind == asked {
            guard let drafted = draft(record, epoch) else { continue }
            records.append(drafted)
        }
    }

    private mutating func draft(_ record: SetFacts.Record, _ epoch: String) -> DraftRecord? {
        let nodes = probe[record.each, nil].count
        guard nodes > 0 else { return nil }
        var drafted = DraftRecord(kind: record.kind, each: record.each, why: "\(nodes) in the sample", confidence: 0.95)
        for fact in record.facts {
            if let parent = fact.parent {
                if let line = inherited(fact, parent) { drafted.lines.append(line) }
            } else if let line = line(fact, record.each, nodes) {
                drafted.lines.append(line)
            }
        }
        if record.kind == .invoiceLine, !drafted.lines.contains(where: { $0.field == "amount" }),
            Set(["quantity", "unitPrice"]).isSubset(of: Set(drafted.lines.map(\.field))) {
            drafted.lines.append(DraftRecord.Line(
                field: "amount", rule: "{ feel: \"quantity * unitPrice\" }", confidence: 0.8, why: "no amount is sent; a price for more than one unit would be wrong"))
        }
        drafted.fillRequired(lineNumber: ("{ counter: true }", "NOTHING IS THE LINE'S NUMBER; they are counted"), epoch: epoch)
        return drafted
    }

    /// A field of the record around this one, where that record has it.
    private func inherited(_ fact: SetFacts.Fact, _ parent: String) -> DraftRecord.Line? {
        let halves = parent.split(separator: ".").map(String.init)
        guard let around = records.first(where: { $0.kind.rawValue == halves[0] }), let line = around.lines.first(where: { $0.field == halves[1] })
        else { return nil }
        return DraftRecord.Line(field: fact.field.name, rule: parent, confidence: min(fact.confidence, line.confidence), why: "of the \(halves[0]) around it")
    }

    private mutating func line(_ fact: SetFacts.Fact, _ each: String, _ nodes: Int) -> DraftRecord.Line? {
        let there = fact.sources.filter { probe[each, $0.selector].count > 0 }
        guard let first = there.first(where: { !$0.isSecondBest }) ?? there.first else { return nil }
        var chosen = [first], count = probe[each, first.selector].count
        // Others help where the first is not always there; what is second best is another sort of thing.
        for other in there where fact.field.type != .dateTime && other != first && count < nodes && chosen.count < 3 && other.isSecondBest == first.isSecondBest {
            chosen.append(other)
            count = min(nodes, count + probe[each, other.selector].count)
        }
        var cautions: [String] = []
        for source in chosen { read.formUnion(probe[each, source.selector].origins) }
        let answer = probe[each, first.selector]
        var parts = [chosen.count == 1 ? "at: \(YAMLScalar.spell(first.selector))" : "first: [\(chosen.map { YAMLScalar.spell($0.selector) }.joined(separator: ", "))]"]
        var confidence = fact.confidence * (first.isSecondBest ? 0.8 : 1)
        var isPlain = chosen.count == 1
        if let conversion = fact.conversion {
            parts.append(conversion)
            isPlain = false
            let unknown = answer.values.values.filter { conversion.hasPrefix("codes") && !conversion.contains("\($0):") && !conversion.contains("\"\($0)\":") }
            if let code = unknown.first {
                cautions.append("no meaning is known for \(code), which is kept as sent")
                confidence *= 0.7
            }
        } else if let type = typed(fact.field, first, each, answer, &cautions, &confidence) {
            parts.append(type)
            isPlain = false
        }
        if count < nodes, fact.field.isRequired {
            cautions.append("REQUIRED, and only in \(count) of \(nodes)")
            confidence *= 0.8
        } else if count < nodes {
            cautions.append("in \(count) of \(nodes)")
        }
        let others = there.filter { !chosen.contains($0) && $0.isSecondBest == first.isSecondBest }.map(\.selector)
        if !others.isEmpty { cautions.append("also there: \(others.prefix(3).joined(separator: ", "))") }
        return DraftRecord.Line(
            field: fact.field.name, rule: isPlain ? YAMLScalar.spell(first.selector) : "{ \(parts.joined(separator: ", ")) }", confidence: confidence,
            why: answer.values.example + cautions.map { "; " + $0 }.joined())
    }

    /// Pictures of dates that need no saying.
    private func usualPictures(_ type: RecordField.FieldType) -> [String] {
        guard isEDI else { return ["yyyyMMdd", "yyyy-MM-dd"] }
        return ["yyyyMMdd", "yyMMdd"] + (type == .dateTime ? ["yyyyMMddHHmm", "yyyyMMddHHmmss"] : [])
    }

    /// What the rule says of a value's type; nil where a selector alone is enough.
    private mutating func typed(
        _ field: RecordField, _ source: SetFacts.Source, _ each: String, _ answer: FactProbe.Answer, _ cautions: inout [String], _ confidence: inout Double
    ) -> String? {
        let type = answer.values.type
        switch field.type {
        case .text, .boolean:
            return nil
        case .number:
            if case .decimal(",", _) = type { return "as: decimal, mark: \",\"" }
            if !type.isNumber, !answer.values.values.allSatisfy({ ExactDecimal($0) != nil }) {
                cautions.append("NOT ALL ARE NUMBERS")
                confidence /= 3
            }
            return "as: decimal"
        case .date, .dateTime:
            var rule = field.type == .date ? "as: date" : "as: dateTime"
            let usual = usualPictures(field.type)
            let isUsual = answer.values.values.allSatisfy { value in usual.contains { DatePicture($0)?.parse(value) != nil } }
            if !isUsual, case .date(let picture, _) = type { rule += ", picture: \(YAMLScalar.spell(picture))" }
            else if !isUsual, case .dateTime(let picture, _) = type { rule += ", picture: \(YAMLScalar.spell(picture))" }
            else if !isUsual {
                cautions.append("NOT ALL ARE DATES")
                confidence /= 3
            }
            if field.type == .dateTime {
                if let time = source.time, probe[each, time].count > 0 {
                    rule += ", time: \(YAMLScalar.spell(time))"
                    read.formUnion(probe[each, time].origins)
                }
                rule += ", zone: business"
            }
            return rule
        }
    }
}
