import Records

/// Drafts the records of one table.
struct TableDraft {
    let table: SampleTable
    private let readsCSV: Bool
    /// What the record around it is, for trees.
    private let epoch: String
    var records: [DraftRecord] = []
    /// Columns that some rule reads.
    var used: Set<Int> = []

    /// - Parameters:
    ///   - asked: the kind that the caller wants; else the likeliest.
    ///   - epoch: the first day as the format writes it.
    init(_ table: SampleTable, asked: RecordKind?, around: DraftRecord? = nil, readsCSV: Bool, epoch: String) {
        self.table = table
        self.readsCSV = readsCSV
        self.epoch = epoch
        // An element that comes again with one value is a part of the record around it.
        if table.parent != nil, around != nil, table.columns.filter({ !$0.isInherited }).count < 2 { return }
        let ranked = KindMatch.ranked(table, around: around)
        guard let best = asked.map({ KindMatch(table, $0, around: around) }) ?? ranked.first, asked != nil || best.score >= KindMatch.least else { return }
        // Elements that come again, and say little of their own, are parts of the record around them.
        let least = KindMatch.headers[best.kind] == around?.kind ? 2 : 3
        if asked == nil, table.parent != nil, around != nil, best.ownFields(table) < least || best.kind == around?.kind { return }
        let next = ranked.filter { $0.kind != best.kind }.prefix(2).map { "\($0.kind.rawValue) \(Share.text($0.score))" }.joined(separator: ", ")
        records.append(record(best, why: (asked == nil ? "" : "as asked; ") + "next: \(next)", isSecond: false))
        if asked == nil, let header = headerMatch(best) { records.append(record(header, why: "the same rows tell of it", isSecond: true)) }
        if asked == nil, best.kind == .party { addPlace() }
        if asked == nil, best.kind == .order { addShipment() }
    }

    // MARK: - One record

    mutating func record(_ match: KindMatch, why: String, isSecond: Bool) -> DraftRecord {
        let definition = RecordCatalogue.definition(match.kind)
        let share = match.keyShare(table)
        // The rows are of another kind first of all, so that the score of the whole says little.
        let scores = match.fields.reduce(0) { $0 + $1.score }
        let again = share < 0.98 && !isSecond ? "; ITS KEY TELLS ONLY \(Share.text(share)) OF THE ROWS APART" : ""
        var record = DraftRecord(kind: match.kind, each: table.each, why: why + again, confidence: isSecond ? scores / Double(max(1, match.fields.count)) : match.score)
        for found in match.fields {
            let field = definition.fields[found.slot]
            if found.column == KindMatch.aroundColumn {
                record.lines.append(DraftRecord.Line(field: field.name, rule: found.reason, confidence: found.score, why: "of the record around it"))
                continue
            }
            guard found.column >= 0 else {
                if let line = lane(field, found) { record.lines.append(line) }
                continue
            }
            let column = table.columns[found.column]
            let time = field.type == .dateTime ? timeColumn(beside: column, match) : nil
            let parts = RuleDraft(column: column, field: field, time: time.map { table.columns[$0] }, readsCSV: readsCSV).parts
            if let source = parts.source { record.lets.append(source) }
            used.insert(found.column)
            if let time { used.insert(time) }
            let cautions = [parts.caution, column.statistics.missing].compactMap { $0 }.map { "; " + $0 }.joined()
            record.lines.append(DraftRecord.Line(
                field: field.name, rule: parts.rule, confidence: parts.caution?.hasPrefix("AMBIGUOUS") == true ? found.score / 2 : found.score,
                why: "\"\(column.name)\" = \(found.reason), \(column.type.name), \(column.statistics.example)\(cautions)"))
        }
        addDerived(&record, match)
        record.fillRequired(lineNumber: lineNumber(match), epoch: epoch)
        return record
    }

    private mutating func lane(_ field: RecordField, _ found: FieldMatch) -> DraftRecord.Line? {
        guard let ends = KindMatch.ends(table) else { return nil }
        let from = table.columns[ends.from], to = table.columns[ends.to]
        used.formUnion([ends.from, ends.to])
        return DraftRecord.Line(
            field: field.name, rule: "{ concat: [\(YAMLScalar.spell(from.selector)), \"'>'\", \(YAMLScalar.spell(to.selector))] }",
            confidence: found.score, why: "\"\(from.name)\" and \"\(to.name)\" = \(found.reason), \(from.statistics.example)>\(to.statistics.example)")
    }

    /// The column with the time of a day that another has: `order time` beside `order date`.
    private func timeColumn(beside day: SampleTable.Column, _ match: KindMatch) -> Int? {
        guard case .date = day.type else { return nil }
        let about = Set(day.concepts).subtracting(["date"])
        return table.columns.indices.first { index in
            let column = table.columns[index]
            guard case .time = column.type, !match.fields.contains(where: { $0.column == index }) else { return false }
            return Set(column.concepts).subtracting(["time", "date"]) == about
        }
    }

    // MARK: - What no column gives

    private func addDerived(_ record: inout DraftRecord, _ match: KindMatch) {
        func add(_ field: String, _ rule: String, _ confidence: Double, _ why: String) {
            guard !record.lines.contains(where: { $0.field == field }) else { return }
            record.lines.append(DraftRecord.Line(field: field, rule: rule, confidence: confidence, why: why))
        }
        switch match.kind {
        case .party, .contract:
            let identity = match.field("party").flatMap { $0.column < 0 ? nil : table.columns[$0.column].concepts } ?? []
            for role in ["customer", "supplier", "carrier"] where table.subject.contains(role) || identity.contains(role) {
                add("role", "{ constant: \(role) }", 0.9, "the file or its key says \(role)")
            }
        case .signal:
            let weather: Set<String> = ["weather", "temperature", "humidity", "wind", "rain", "visibility", "pressure", "dew"]
            if table.subject.contains("weather") || table.columns.contains(where: { !weather.isDisjoint(with: $0.concepts) }) {
                add("kind", "{ constant: weather }", 0.8, "columns speak of the weather")
            }
            if let reading = match.field("reading"), reading.column >= 0 {
                let column = table.columns[reading.column]
                add("measure", "{ constant: \(YAMLScalar.spell(column.name)) }", 0.7, "the name of the column of the reading")
            }
        case .salesLine:
            if match.field("quantity") != nil, match.field("unitPrice") != nil, match.field("amount") == nil {
                add("amount", "{ feel: \"quantity * unitPrice\" }", 0.9, "as the catalogue says")
            }
        default:
            break
        }
    }

    /// What stands for a line's number where no column is one: an item that tells the lines of a document apart, else the number of the row.
    private func lineNumber(_ match: KindMatch) -> (rule: String, why: String) {
        let definition = RecordCatalogue.definition(match.kind)
        let keys = definition.key.dropFirst().compactMap { slot in
            match.fields.first { $0.slot == slot && $0.column >= 0 && definition.fields[slot].name != "lineNumber" }?.column
        }
        if let item = match.field("item"), item.column >= 0, !keys.isEmpty, table.distinctShare(of: keys + [item.column]) == 1 {
            let column = table.columns[item.column]
            return (YAMLScalar.spell(column.selector), "NO COLUMN IS THE LINE'S NUMBER; \"\(column.name)\" stands in, as it comes once in each document of the sample")
        }
        return readsCSV
            ? ("{ rowNumber: true }", "NO COLUMN IS THE LINE'S NUMBER; the row's number stands in, and differs in the next file")
            : ("{ counter: true }", "NOTHING IS THE LINE'S NUMBER; they are counted")
    }

    // MARK: - Header and lines in one row

    /// Rows of lines that carry much of their document too: the record of that document.
    private func headerMatch(_ lines: KindMatch) -> KindMatch? {
        guard readsCSV, lines.kind != .package, let kind = KindMatch.headers[lines.kind] else { return nil }
        let taken = Set(lines.fields.map(\.column))
        let header = KindMatch(table, kind)
        let definition = RecordCatalogue.definition(kind)
        let keys = definition.key.dropFirst().compactMap { slot in header.fields.first { $0.slot == slot && $0.score >= 0.6 && $0.column >= 0 }?.column }
        guard keys.count == definition.key.count - 1 else { return nil }
        // What differs from line to line of one document is none of the document.
        let documents = table.distinctShare(of: keys)
        let own = header.fields.filter { $0.column >= 0 && table.distinctShare(of: keys + [$0.column]) == documents }
        let more = own.filter { $0.score >= 0.6 && !taken.contains($0.column) && !keys.contains($0.column) }
        return more.count >= 2 ? KindMatch(header, fields: own) : nil
    }
}
