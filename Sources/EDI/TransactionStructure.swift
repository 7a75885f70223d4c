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

    /// One line of a structure as written, with what stands in its loop.
    struct Entry {
        var tag: String
        var isMandatory: Bool
        var max: Int
        var isHierarchical = false
        var isLoop = false
        var children: [Entry] = []
    }

    init(transactionSet: String, versions: [String], near: [String], entries: [Entry]) {
        self.transactionSet = transactionSet
        self.versions = versions
        self.near = near
        tables = StructureTables(transactionSet, entries)
    }

    /// Names of all loops, each once, in the order of the structure.
    package var loopNames: [String] {
        var seen: Set<String> = []
        return tables.names.dropFirst().filter { seen.insert($0).inserted }
    }
}

/// The structures that are known, by transaction set and version.
package struct TransactionStructures: Sendable {
    private var exact: [String: TransactionStructure] = [:]
    private var near: [(transactionSet: String, version: String, structure: TransactionStructure)] = []
    private var elements: [String: ElementTables] = [:]

    /// - Parameter elements: what elements must be, by version; where there is none, they are not looked at.
    package init(_ structures: [TransactionStructure] = [], elements: [SegmentElements] = []) {
        for table in elements {
            for version in table.versions { self.elements[version] = table.tables }
        }
        for structure in structures {
            for version in structure.versions { exact[structure.transactionSet + "/" + version] = structure }
            for version in structure.near { near.append((structure.transactionSet, version, structure)) }
        }
    }

    package var isEmpty: Bool { exact.isEmpty }

    /// The elements of an X12 version.
    func elements(of version: String) -> ElementTables? { elements[String(version.prefix(6))] }

    /// The structure for ST01 and GS08, and whether it is one of another version.
    package func structure(for transactionSet: String, version: String) -> (structure: TransactionStructure, isNear: Bool)? {
        // An EDIFACT version may carry an association code, such as D96A/EAN008.
        let key = transactionSet + "/" + version.prefix { $0 != "/" }.prefix(6)
        if let found = exact[key] { return (found, false) }
        let found = near.first { $0.transactionSet == transactionSet && version.hasPrefix($0.version) }
        return found.map { ($0.structure, true) }
    }
}
