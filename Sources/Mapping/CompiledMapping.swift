import Diagnostics
package import Records
import Values

/// One mapping, checked and ready: which documents it reads, and the rules of the records that it makes of them.
package final class CompiledMapping: Sendable {
    package let name: String
    package let file: String
    package let reads: ReadsClause
    let records: [RecordRule]
    /// Names that some rule speaks of; others are noted once as unmapped.
    let spoken: Set<Int32>
    /// The rules as they are followed. Safe to share: nobody writes to them.
    nonisolated(unsafe) let codes: UnsafeBufferPointer<RecordCode>
    /// What names mean to it. Safe to share for the same reason.
    nonisolated(unsafe) let uses: NameUses
    private let memory: CodeMemory
    /// Slots of the rows of all record rules before each: every slot of the mapping has a number of its own.
    let slotsBefore: [Int]
    /// Index of the first remembered value of a slot, by its number; -1 where none is. And how many there are of all slots.
    let memories: [Int]
    let memoryCount: Int

    /// - Parameters:
    ///   - kept: names that are kept when their node closes.
    ///   - rulesByName: indices of record rules by the last name of their `each`.
    init(
        name: String, file: String, reads: ReadsClause, records: [RecordRule], kept: Set<Int32>, spoken: Set<Int32>,
        rulesByName: [Int32: [Int]]
    ) {
        self.name = name
        self.file = file
        self.reads = reads
        self.records = records
        self.spoken = spoken
        let memory = CodeMemory()
        self.memory = memory
        var uses = [NameUse](repeating: NameUse(), count: Int(kept.union(spoken).union(rulesByName.keys).max() ?? -1) + 1)
        for name in kept where name >= 0 { uses[Int(name)].isKept = true }
        for name in spoken where name >= 0 { uses[Int(name)].isSpoken = true }
        for (name, rules) in rulesByName where name >= 0 { uses[Int(name)].rules = memory.keep(rules) }
        self.uses = NameUses(byName: memory.keep(uses), allRules: memory.keep(Array(records.indices)))
        var before: [Int] = [], memories: [Int] = [], remembered = 0
        // Lines ask for the time of their order, which is the same for all of them.
        var isAsked = Set<[Int]>()
        for case .parent(let record, let slot) in records.flatMap({ ($0.lets + $0.fields).map(\.source) }) { isAsked.insert([record, slot]) }
        for (index, rule) in records.enumerated() {
            before.append(memories.count)
            var own = [Int](repeating: -1, count: rule.width)
            for field in rule.lets + rule.fields where field.isRemembered && (!field.isDirect || field.isTime && isAsked.contains([index, field.slot])) {
                own[field.slot] = remembered
                remembered += ValueMemo.count
            }
            memories += own
        }
        (slotsBefore, self.memories, memoryCount) = (before, memories, remembered)
        let maker = CodeMaker(records: records, memory: memory, memories: memories, slotsBefore: before)
        codes = memory.keep(records.indices.map { maker.code(of: $0) })
    }

    /// The kinds of record that this mapping makes.
    package var kinds: [RecordKind] {
        records.reduce(into: []) { kinds, rule in
            if !kinds.contains(rule.kind) { kinds.append(rule.kind) }
        }
    }
}

/// What a name of the source means to a mapping.
struct NameUse {
    /// Kept when its node closes, because a record of an enclosing node may still ask for it.
    var isKept = false
    /// Some rule speaks of it.
    var isSpoken = false
    /// Indices of the record rules whose `each` ends with it.
    var rules = UnsafeBufferPointer<Int>(start: nil, count: 0)
}

/// What names mean to a mapping, in the memory of that.
struct NameUses {
    /// By the name's number in the library.
    var byName = UnsafeBufferPointer<NameUse>(start: nil, count: 0)
    /// Indices of all record rules.
    var allRules = UnsafeBufferPointer<Int>(start: nil, count: 0)

    /// - Parameter name: its number in the library, or -1 where no mapping speaks of it.
    @inline(__always)
    subscript(name: Int32) -> NameUse { UInt32(bitPattern: name) < UInt32(byName.count) ? byName[Int(name)] : NameUse() }
}

/// Which documents a mapping reads.
package struct ReadsClause: Sendable, Hashable {
    package let format: SourceFormat
    /// X12: ST01, and the versions (GS08) it was written for; an empty list takes every version.
    package let transactionSet: String?
    package let versions: [String]
    /// XML: local name of the root element, and its namespace where the mapping wants one.
    package let root: String?
    package let rootNamespace: String?
    /// XML: numbers of the namespaces that the mapping's prefixes stand for.
    let namespaces: [String: Int32]
    /// IDoc: values of MESTYP that it reads; an empty list takes every one.
    package let messages: [String]
    /// Flat files: the layout that they follow.
    package let layout: String?
    /// CSV: columns that must be in the header, in any order.
    package let header: [String]
    /// CSV: columns that may be there.
    package let optionalColumns: [String]
}

/// How one kind of record is made.
final class RecordRule: Sendable {
    enum Each: Sendable, Hashable {
        case row
        /// The last step is the node that closes; the ones before it enclose it.
        case path(absolute: Bool, steps: [SelectorStep])
    }

    let kind: RecordKind
    let definition: RecordDefinition
    /// The nodes that enclose the one it is made of, and that one last; empty for a row.
    let steps: [SelectorStep]
    /// Whether the first step is the outermost node.
    let isAbsolute: Bool
    let when: Guard?
    /// Named source values that expressions of this record see, in the slots after the record's fields.
    let lets: [FieldRule]
    let fields: [FieldRule]
    let checks: [Check]
    /// Slots of required fields, with their names.
    let required: [Int]
    /// Slots in the row: the record's fields, then lets.
    let width: Int
    /// Whether `client` has a rule of its own.
    let mapsClient: Bool
    /// Line of every slot, as it goes into records.
    let rules: [Int32]
    let line: Int32
    /// Name of the node within which a counter runs; nil where the record has no counter.
    let counterScope: Int32?

    init(
        kind: RecordKind, definition: RecordDefinition, each: Each, when: Guard?, lets: [FieldRule], fields: [FieldRule],
        checks: [Check], required: [Int], width: Int, mapsClient: Bool, rules: [Int32], line: Int32, counterScope: Int32?
    ) {
        self.kind = kind
        self.definition = definition
        switch each {
        case .row: (steps, isAbsolute) = ([], false)
        case .path(let absolute, let steps): (self.steps, isAbsolute) = (steps, absolute)
        }
        lastName = steps.last?.symbol
        self.when = when
        self.lets = lets
        self.fields = fields
        self.checks = checks
        self.required = required
        self.width = width
        self.mapsClient = mapsClient
        self.rules = rules
        self.line = line
        self.counterScope = counterScope
        fieldCount = definition.fields.count
        var bySlot = [FieldRule?](repeating: nil, count: width)
        for field in fields.reversed() { bySlot[field.slot] = field }
        fieldBySlot = bySlot
    }

    /// Slots of the record, without source values.
    let fieldCount: Int
    /// Name of the node that the record is made of; nil for rows.
    let lastName: Int32?
    /// The rule of each slot, where one of `fields` gives it.
    let fieldBySlot: [FieldRule?]
}

/// The condition of a record: over source values alone, or that no record before it was made of the node.
final class Guard: Sendable {
    /// How a mapping writes that no record before it was made of the node.
    static let otherwise = "otherwise"

    /// Nil for `otherwise`.
    let expression: RuleExpression?

    init(expression: RuleExpression?) { self.expression = expression }
}

/// A condition that a finished record must meet.
final class Check: Sendable {
    let code: DiagnosticCode
    let severity: Severity
    let expression: RuleExpression
    let hint: String?
    /// Slot of the first field that the check reads, to point at.
    let slot: Int?
    let line: Int32

    init(code: DiagnosticCode, severity: Severity, expression: RuleExpression, hint: String?, slot: Int?, line: Int32) {
        self.code = code
        self.severity = severity
        self.expression = expression
        self.hint = hint
        self.slot = slot
        self.line = line
    }
}
