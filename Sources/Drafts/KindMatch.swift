import Records

/// How well a table fits a kind of record, and which column stands for which field.
struct KindMatch {
    let kind: RecordKind
    /// By field, in slot order.
    let fields: [FieldMatch]
    /// 0 to 1.
    let score: Double

    /// Below it a table is of no kind that the catalogue has.
    static let least = 0.25

    /// Fields that a draft fills where no column does: it says what the kind of a party is from the table's name, and makes line numbers.
    private static let derived: Set<String> = ["lineNumber", "role", "kind", "source", "component"]

    /// - Parameter around: the record that an enclosing node makes: what it has, this one has too.
    init(_ table: SampleTable, _ kind: RecordKind, around: DraftRecord? = nil) {
        self.kind = kind
        let definition = RecordCatalogue.definition(kind)
        // The client comes from the feed.
        let slots = Array(definition.fields.indices.dropFirst())
        let matches = slots.map { slot in
            table.columns.enumerated().map { FieldMatch.of($1, $0, kind: kind, slot: slot) }
        }
        let chosen = ColumnAssignment.best(matches.map { $0.map { $0.score < FieldMatch.least ? 0 : $0.score } })
        var fields = zip(matches, chosen).compactMap { row, column in column.map { row[$0] } }
        if let lane = Self.laneSlot(definition), !fields.contains(where: { $0.slot == lane }), Self.ends(table) != nil {
            fields.append(FieldMatch(column: Self.laneColumn, slot: lane, score: 0.8, reason: "origin and destination"))
        }
        if let around { Self.inherit(from: around, definition, table, &fields) }
        self.fields = fields.sorted { $0.slot < $1.slot }
        var score = Self.score(table, definition, self.fields) + (Self.prior[kind] ?? 0)
        if let around, Self.headers[kind] == around.kind { score += 0.1 }
        self.score = max(0, min(1, score))
    }

    /// The match with fewer fields.
    init(_ match: KindMatch, fields: [FieldMatch]) {
        kind = match.kind
        self.fields = fields
        score = match.score
    }

    /// Fields that columns of the rows themselves give, and give well.
    func ownFields(_ table: SampleTable) -> Int {
        fields.filter { $0.column >= 0 && !table.columns[$0.column].isInherited && $0.score >= 0.5 }.count
    }

    /// Which share of the compared rows differ in the record's key.
    func keyShare(_ table: SampleTable) -> Double { Self.keyShare(table, RecordCatalogue.definition(kind), fields) }

    /// Instead of a column: what several columns give, and what the record around this one gives.
    static let laneColumn = -1, aroundColumn = -2

    /// Kinds that partners send often, and those that they hardly ever do.
    private static let prior: [RecordKind: Double] = [
        .order: 0.04, .orderLine: 0.05, .item: 0.03, .party: 0.03, .inventoryPosition: 0.02, .salesLine: 0.02, .shipment: 0.01,
        .contract: -0.04, .costComponent: -0.05, .warehouseInstruction: -0.02, .warehouseInstructionLine: -0.03, .exchangeRate: -0.02,
    ]

    /// The kinds of document that lines belong to.
    static let headers: [RecordKind: RecordKind] = [
        .orderLine: .order, .shipmentLine: .shipment, .warehouseInstructionLine: .warehouseInstruction, .package: .shipment,
    ]

    /// What the record around has under the same name and of the same type, unless the rows have a good column of their own.
    private static func inherit(from around: DraftRecord, _ definition: RecordDefinition, _ table: SampleTable, _ fields: inout [FieldMatch]) {
        let other = RecordCatalogue.definition(around.kind)
        for line in around.lines where line.confidence >= FieldMatch.least {
            guard let slot = definition.slot(line.field), let there = other.slot(line.field), definition.fields[slot].type == other.fields[there].type else { continue }
            if let own = fields.first(where: { $0.slot == slot }), own.column < 0 || (!table.columns[own.column].isInherited && own.score >= 0.6) { continue }
            fields.removeAll { $0.slot == slot }
            fields.append(FieldMatch(column: aroundColumn, slot: slot, score: max(0.6, line.confidence), reason: "\(around.kind.rawValue).\(line.field)"))
        }
    }

    /// The match of a field by its name, where it has one.
    func field(_ name: String) -> FieldMatch? {
        RecordCatalogue.definition(kind).slot(name).flatMap { slot in fields.first { $0.slot == slot } }
    }

    /// The kinds, the likeliest first.
    static func ranked(_ table: SampleTable, around: DraftRecord? = nil) -> [KindMatch] {
        RecordKind.allCases.map { KindMatch(table, $0, around: around) }.sorted { ($0.score, $1.kind.rawValue) > ($1.score, $0.kind.rawValue) }
    }

    // MARK: - Score

    private static func score(_ table: SampleTable, _ definition: RecordDefinition, _ fields: [FieldMatch]) -> Double {
        let filled = table.columns.filter { $0.type != .empty }.count
        guard filled > 0, !fields.isEmpty else { return 0 }
        var wanted = 0.0, found = 0.0
        for (slot, field) in definition.fields.enumerated().dropFirst() where field.isRequired {
            let match = fields.first { $0.slot == slot }
            let weight = derived.contains(field.name) && match == nil ? 0.5 : 1
            wanted += weight
            found += match?.score ?? 0
        }
        let required = wanted == 0 ? 0.5 : found / wanted
        // A kind of few fields cannot take many columns; one of many is not to win by that alone. What stands around is there in any case.
        let own = fields.filter { $0.column != aroundColumn }
        let taken = Set(own.map(\.column)).count + (own.contains { $0.column == laneColumn } ? 1 : 0)
        let most = Double(min(filled, definition.fields.count - 1))
        let covered = own.reduce(0) { $0 + $1.score } / max(most, Double(taken), 1)
        var score = 0.5 * required + 0.35 * covered + 0.15 * min(1, Double(taken) / Double(filled))
        score *= 0.6 + 0.4 * keyShare(table, definition, fields)
        score += 0.2 * subjectFit(table.subject, definition.kind)
        return min(1, score)
    }

    /// Which share of the rows differ in the record's key. Where a part of the key has no column, it is thought to tell them apart.
    private static func keyShare(_ table: SampleTable, _ definition: RecordDefinition, _ fields: [FieldMatch]) -> Double {
        var columns: [Int] = []
        for slot in definition.key.dropFirst() {
            let field = definition.fields[slot]
            if field.name == "lineNumber", !fields.contains(where: { $0.slot == slot }) { return 1 }
            guard let match = fields.first(where: { $0.slot == slot }) else { continue }
            // What stands around tells its rows apart as far as it can.
            if match.column == aroundColumn { return 1 }
            if match.column < 0, let (from, to) = ends(table) { columns += [from, to] } else { columns.append(match.column) }
        }
        return columns.isEmpty ? 0.5 : table.distinctShare(of: columns)
    }

    /// What a table is called, by the kinds that it then is. 1 where it says so outright.
    private static func subjectFit(_ subject: [String], _ kind: RecordKind) -> Double {
        let subject = Set(subject)
        return (subjects[kind] ?? []).map { wanted in
            let wanted = Set(wanted.split(separator: " ").map(String.init))
            guard wanted.isSubset(of: subject) else { return 0 }
            return wanted.count > 1 ? 1 : subject.contains("line") ? 0.5 : 0.9
        }.max() ?? 0
    }

    private static let subjects: [RecordKind: [String]] = [
        .item: ["item"], .party: ["customer", "supplier", "carrier", "party"], .order: ["order"],
        .orderLine: ["order line", "order item", "line item", "order ?details", "order ?detail", "line"],
        .inventoryPosition: ["stock"], .transportEvent: ["event", "status", "tracking", "shipment event", "shipment flight"],
        .salesLine: ["sale", "invoice line sale", "item sale"], .returnLine: ["return"],
        .warehouseInstruction: ["instruction"], .warehouseInstructionLine: ["instruction line"],
        .location: ["location", "warehouse"], .itemLocation: ["item location", "safety"], .lane: ["lane"], .contract: ["contract"],
        .orderChange: ["order change", "change"], .shipment: ["shipment", "ship", "deliver"],
        .shipmentLine: ["shipment line", "deliver line", "ship line"], .package: ["package"], .receiptLine: ["receive", "receive line"],
        .invoiceLine: ["invoice", "invoice line"], .freightCharge: ["freight", "charge"], .costComponent: ["cost"],
        .forecastLine: ["forecast"], .exchangeRate: ["exchange", "exchange rate", "currency rate"], .signal: ["weather", "headline"],
    ]

    // MARK: - Lanes

    static func laneSlot(_ definition: RecordDefinition) -> Int? { definition.slot("lane") }

    /// The columns of origin and destination, where a table has both.
    static func ends(_ table: SampleTable) -> (from: Int, to: Int)? {
        func column(_ concept: String) -> Int? {
            table.columns.indices.filter { index in
                let column = table.columns[index]
                let others = Set(column.concepts).subtracting([concept, "location", "number", "ship", "city", "of"])
                return column.concepts.contains(concept) && others.isEmpty && (column.type == .text || column.type == .whole(trailingZeros: false))
            }.first
        }
        guard let from = column("from"), let to = column("to") else { return nil }
        return (from, to)
    }
}
