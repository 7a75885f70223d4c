/// Whether what a structure says of elements can be, by the elements of its versions.
extension TransactionStructure {
    /// What it asks of elements that its versions do not have, or have otherwise; each fact once.
    package func contradictions(with tables: [SegmentElements]) -> [String] {
        var facts: [String] = []
        for table in tables where versions.contains(where: table.versions.contains) {
            for fact in Self.contradictions(entries, table.tables) where !facts.contains(fact) { facts.append(fact) }
        }
        return facts
    }

    private static func contradictions(_ entries: [Entry], _ tables: ElementTables) -> [String] {
        entries.flatMap { entry -> [String] in
            let own = entry.elements.flatMap { contradictions($0, entry, tables) }
            return own + contradictions(entry.variants, tables) + contradictions(entry.children, tables)
        }
    }

    private static func contradictions(_ use: ElementUse, _ entry: Entry, _ tables: ElementTables) -> [String] {
        let number = tables.number(of: TagTable.packed(entry.tag)), name = use.name(entry.tag)
        // Nothing is known of this EDI segment.
        guard number >= 0 else { return [] }
        let segment = tables.segments[number]
        guard Int(use.element) <= segment.count else { return ["\(name): \(entry.tag) has \(segment.count) elements"] }
        var rule = tables.elements[segment.first + Int(use.element) - 1]
        if use.demand == .unused, tables.isMandatory(use, TagTable.packed(entry.tag)) { return ["\(name) is not used; the standard makes it mandatory"] }
        if !rule.components.isEmpty, use.component > 0 || !use.values.isEmpty {
            let component = max(1, Int(use.component))
            guard component <= rule.components.count else { return ["\(name): element \(use.element) has \(rule.components.count) components"] }
            rule = tables.components[rule.components.lowerBound + component - 1]
        } else if tables.areComponentsDescribed, use.component > 1 {
            return ["\(name): element \(use.element) is no composite"]
        }
        guard rule.kind == .text || rule.kind == .code else { return [] }
        return use.values.filter { $0.count < rule.lengthMin || $0.count > rule.lengthMax }.map { value in
            "\(name) cannot be \(String(decoding: value, as: UTF8.self)): it has \(rule.lengthMin) to \(rule.lengthMax) characters"
        }
    }
}
