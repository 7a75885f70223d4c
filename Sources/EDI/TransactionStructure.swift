/// The order of EDI segments and loops in one transaction set, with how often each must and may be used.
///
/// It is data (`Mappings/structures/x12/850.yaml`), compiled to tables that a matcher steps through.
package struct TransactionStructure: Sendable {
    /// ST01, such as `850`.
    package let transactionSet: String
    /// Versions (first six characters of GS08) that it describes exactly.
    package let versions: [String]
    /// Beginnings of versions that it is near enough to: loops are formed by it, and its findings are notes.
    package let near: [String]
    let tables: StructureTables
    let entries: [Entry]

    /// One line of a structure as written, with what stands in its loop.
    struct Entry: Sendable {
        var tag: String
        var isMandatory: Bool
        /// 0 where a guide forbids it.
        var max: Int
        var isHierarchical = false
        var isLoop = false
        var children: [Entry] = []
        /// Of a guide: for which values of a qualifier it holds, and how its loop is called then.
        var condition: SegmentCondition?
        var name: String?
        /// Of a guide: which of the entries with this tag is meant, from 1.
        var place = 1
        /// What the entry is split into; it itself holds for what none of them takes.
        var variants: [Entry] = []
        /// What is said of its elements, or of those of the EDI segment that heads its loop.
        var elements: [ElementUse] = []

        /// As findings call it.
        var label: String { name ?? tag + (condition.map { " where \($0.text)" } ?? "") }
    }

    init(transactionSet: String, versions: [String], near: [String], entries: [Entry]) {
        self.transactionSet = transactionSet
        self.versions = versions
        self.near = near
        self.entries = entries
        tables = StructureTables(transactionSet, entries)
    }

    /// Names of all loops, each once, in the order of the structure.
    package var loopNames: [String] {
        var seen: Set<String> = []
        return tables.names.dropFirst().filter { seen.insert($0).inserted }
    }
}

/// The structures that are known, by transaction set and version, and by sender where one has a guide.
package struct TransactionStructures: Sendable {
    private var guides: [DefectSender: [TransactionStructure]] = [:]
    private var exact: [String: TransactionStructure] = [:]
    private var near: [(transactionSet: String, version: String, structure: TransactionStructure)] = []
    private var elements: [String: (tables: ElementTables, isNear: Bool)] = [:]

    /// - Parameters:
    ///   - elements: what elements must be, by version; where there is none, they are not looked at.
    ///   - guides: structures that hold for the interchanges of some senders instead.
    package init(
        _ structures: [TransactionStructure] = [], elements: [SegmentElements] = [],
        guides: [(senders: [DefectSender], structure: TransactionStructure)] = []
    ) {
        for guide in guides {
            for sender in guide.senders { self.guides[sender, default: []].append(guide.structure) }
        }
        for table in elements {
            for version in table.versions { self.elements[version] = (table.tables, false) }
        }
        for table in elements {
            for version in table.near where self.elements[version] == nil { self.elements[version] = (table.tables, true) }
        }
        for structure in structures {
            for version in structure.versions { exact[structure.transactionSet + "/" + version] = structure }
            for version in structure.near { near.append((structure.transactionSet, version, structure)) }
        }
    }

    package var isEmpty: Bool { exact.isEmpty }

    /// The same for interchanges that go out: what a sender writes is held against the guide of its receiver.
    package func addressed(to receiver: DefectSender, from sender: String) -> TransactionStructures {
        var copy = self
        copy.guides = (guides[receiver] ?? guides[DefectSender(qualifier: nil, id: receiver.id)]).map { [DefectSender(qualifier: nil, id: sender): $0] } ?? [:]
        return copy
    }

    /// The elements of an X12 version or of a directory, and whether they are those of another one; an EDIFACT version may carry an
    /// association code, such as D96A/EAN008.
    func elements(of version: String) -> (tables: ElementTables, isNear: Bool)? { elements[String(version.prefix { $0 != "/" }.prefix(6))] }

    /// The structure by a sender's guide, or else by the standard.
    func structure(
        for transactionSet: String, version: String, sender: DefectSender?
    ) -> (structure: TransactionStructure, isNear: Bool)? {
        if let sender, !guides.isEmpty {
            let own = guides[sender] ?? guides[DefectSender(qualifier: nil, id: sender.id)] ?? []
            let fitting = own.filter { $0.transactionSet == transactionSet }
            let key = String(version.prefix { $0 != "/" }.prefix(6))
            if let exact = fitting.first(where: { $0.versions.contains(key) }) { return (exact, false) }
            if let near = fitting.first(where: { $0.near.contains { version.hasPrefix($0) } }) { return (near, true) }
        }
        return structure(for: transactionSet, version: version)
    }

    /// The structure for ST01 and GS08, and whether it is one of another version.
    package func structure(for transactionSet: String, version: String) -> (structure: TransactionStructure, isNear: Bool)? {
        // An EDIFACT version may carry an association code, such as D96A/EAN008.
        let key = transactionSet + "/" + version.prefix { $0 != "/" }.prefix(6)
        if let found = exact[key] { return (found, false) }
        let found = near.first { $0.transactionSet == transactionSet && version.hasPrefix($0.version) }
        return found.map { ($0.structure, true) }
    }
}
