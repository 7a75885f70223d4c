import Diagnostics
import Records
import Values

/// A record while it is made of a node: its row with origins, and what was found.
struct RecordDraft {
    /// The rule that makes it, and the number of the first of its slots within the mapping.
    private(set) var rule: RecordRule
    private(set) var firstSlot: Int
    private(set) var node: Int32
    private(set) var counter = 0
    /// A value a slot: the record's fields, then source values. At the beginning all are null.
    var row: [Value] = []
    var origins: [FieldOrigin?] = []
    var errors: [Diagnostic] = []
    var warnings: [Diagnostic] = []

    init(_ rule: RecordRule, firstSlot: Int, node: Int32) {
        (self.rule, self.firstSlot, self.node) = (rule, firstSlot, node)
        renew()
    }

    /// Begins another record. The row of a record that was not made is used again.
    mutating func begin(_ rule: RecordRule, firstSlot: Int, node: Int32, counter: Int) {
        (self.rule, self.firstSlot, self.node, self.counter) = (rule, firstSlot, node, counter)
        if row.count != rule.width { renew() }
        if !errors.isEmpty { errors = [] }
        if !warnings.isEmpty { warnings = [] }
    }

    private mutating func renew() {
        let width = rule.width
        row = [Value](unsafeUninitializedCapacity: width) { slots, count in
            for slot in 0..<width { slots.initializeElement(at: slot, to: .null) }
            count = width
        }
        origins = [FieldOrigin?](unsafeUninitializedCapacity: width) { slots, count in
            for slot in 0..<width { slots.initializeElement(at: slot, to: nil) }
            count = width
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
