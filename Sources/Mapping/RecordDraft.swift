import Diagnostics
import Records
import Values

/// A record while it is made of a node: its row with origins, and what was found.
struct RecordDraft {
    /// The rule that makes it, its index, and the number of the first of its slots within the mapping.
    private(set) var rule: RecordRule
    private(set) var index: Int
    private(set) var firstSlot = 0
    private(set) var node: Int32 = -1
    private(set) var counter = 0
    /// A value a slot: the record's fields, then source values. At the beginning all are null.
    var row: [Value] = []
    var origins: [FieldOrigin?] = []
    var errors: [Diagnostic] = []
    var warnings: [Diagnostic] = []

    init(_ mapping: CompiledMapping, _ index: Int) {
        rule = mapping.records[index]
        self.index = index
    }

    /// Begins another record. The row of a record that was not made is used again.
    mutating func begin(_ mapping: CompiledMapping, _ index: Int, node: Int32, counter: Int) {
        if index != self.index { (rule, self.index) = (mapping.records[index], index) }
        (firstSlot, self.node, self.counter) = (mapping.codes[index].firstSlot, node, counter)
        if row.count != rule.width { renew() }
        if !errors.isEmpty { errors = [] }
        if !warnings.isEmpty { warnings = [] }
    }

    /// Rows grow from nothing, because that is compiled for their elements: `Array(repeating:count:)` asks the runtime for the type of the
    /// storage each time, which takes as long as a field or two.
    private mutating func renew() {
        (row, origins) = ([], [])
        row.reserveCapacity(rule.width)
        origins.reserveCapacity(rule.width)
        for _ in 0..<rule.width {
            row.append(.null)
            origins.append(nil)
        }
    }

    /// Empties a slot, for the next record.
    mutating func clear(_ slot: Int) {
        row[slot] = .null
        origins[slot] = nil
    }

    /// No record comes of it: what was put into the row is forgotten.
    mutating func abandon() { (row, origins) = ([], []) }

    /// The record; its values are moved into it.
    mutating func record(ordinal: Int) -> Record {
        var values: [Value] = [], places: [FieldOrigin?] = []
        swap(&values, &row)
        swap(&places, &origins)
        let sourceValues = rule.width - rule.fieldCount
        if sourceValues > 0 {
            values.removeLast(sourceValues)
            places.removeLast(sourceValues)
        }
        return Record(kind: rule.kind, values: values, origins: places, rules: rule.rules, ordinal: ordinal)
    }
}
