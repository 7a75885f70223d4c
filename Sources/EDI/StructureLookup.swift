/// The structure of the last transaction set: mostly the next one is of the same kind.
struct StructureLookup: Equatable {
    var identifier = ""
    var version = ""
    /// Whose guide may hold.
    var sender: DefectSender?
    var found: (structure: TransactionStructure, isNear: Bool)?
    var elements: (tables: ElementTables, isNear: Bool)?

    static func == (left: StructureLookup, right: StructureLookup) -> Bool {
        left.identifier == right.identifier && left.version == right.version
    }
}
