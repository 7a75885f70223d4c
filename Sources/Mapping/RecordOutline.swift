import Records

/// What the other records of a mapping need to know of one: what it makes, of which nodes, with which fields.
struct RecordOutline {
    let kind: RecordKind
    let each: RecordRule.Each
    let fieldNames: Set<String>

    /// Whether the node of this record encloses the other's: its path is a proper beginning, or it is the whole
    /// transaction set.
    func encloses(_ other: RecordOutline, transactionSet: Int32?) -> Bool {
        guard case .path(_, let steps) = each, case .path(_, let inner) = other.each else { return false }
        let names = steps.map(\.symbol), innerNames = inner.map(\.symbol)
        if names.count == 1, names[0] == transactionSet { return innerNames != names }
        return names.count < innerNames.count && Array(innerNames.prefix(names.count)) == names
    }
}
