package import Diagnostics
import Formats
package import Records
import Values

/// Watches a mapping at work: which source values were present and never looked at, which fields were never filled, what code lists and
/// lookups lacked.
///
/// One is given to the sessions of all files that are looked at. What counts as looked at is what a selector or its predicate came to, so
/// that `DTM02` of another qualifier than the mapping asks for is told.
package final class MappingCoverage {
    private var unread: [String: Tally] = [:]
    private var missed: [String: Tally] = [:]
    /// Records made and fields filled, by rule.
    private var rules: [RuleKey: (made: Int, filled: [Int], rule: RecordRule)] = [:]
    /// Of the fields that the arena holds now, those that were looked at.
    private var marks: [Bool] = []
    package private(set) var values = 0
    package private(set) var valuesRead = 0

    private struct RuleKey: Hashable { let mapping: String, index: Int }

    private struct Tally {
        var count = 0
        let example: String
        let position: SourcePosition
    }

    package init() {}

    // MARK: - What sessions tell

    /// A selector came to a field of the arena.
    func looked(at field: Int32) {
        guard field >= 0 else { return }
        let index = Int(field)
        while marks.count <= index { marks.append(false) }
        marks[index] = true
    }

    /// The arena forgets a node and all behind it.
    ///
    /// - Parameter counts: whether what was not looked at is told: a mapping was at work there.
    func forget(from node: Int32, _ arena: borrowing SourceArena, _ place: DocumentPlace, counts: Bool) {
        let first = Int(arena.nodes[Int(node)].fields.lowerBound)
        if counts {
            for index in Int(node)..<arena.nodes.count { tally(Int32(index), arena, place) }
        }
        if marks.count > first { marks.removeLast(marks.count - first) }
    }

    func made(_ record: Record, by index: Int, of mapping: CompiledMapping) {
        let key = RuleKey(mapping: mapping.name, index: index), rule = mapping.records[index]
        var entry = rules[key] ?? (0, [Int](repeating: 0, count: rule.fieldCount), rule)
        entry.made += 1
        for (slot, value) in record.values.enumerated() where value != .null { entry.filled[slot] += 1 }
        rules[key] = entry
    }

    func missed(_ field: String, in source: String, _ text: String, at position: SourcePosition) {
        add(&missed, "\(field): \(source)", text, position)
    }

    private func tally(_ node: Int32, _ arena: borrowing SourceArena, _ place: DocumentPlace) {
        let found = arena.nodes[Int(node)]
        guard !found.fields.isEmpty, found.setAside < 0, !EnvelopeName.segments.contains(arena.name(of: node)) else { return }
        let address = SourceAddress(of: node, in: arena)
        for index in found.fields {
            let field = arena.fields[Int(index)]
            let text = arena.string(field).filter { !$0.isWhitespace || $0 == " " }
            guard !text.allSatisfy({ $0 == " " }) else { continue }
            values += 1
            if Int(index) < marks.count, marks[Int(index)] {
                valuesRead += 1
            } else if !address.isQualifier(field) {
                let position = SourcePosition(file: place.file, bytes: field.bytes)
                add(&unread, address.text(of: field, in: arena), text, position)
            }
        }
    }

    private func add(_ tallies: inout [String: Tally], _ name: String, _ example: String, _ position: SourcePosition) {
        var tally = tallies[name] ?? Tally(example: String(example.prefix(40)), position: position)
        tally.count += 1
        tallies[name] = tally
    }

    // MARK: - What came of it

    /// What was present and not looked at, with how often and one example each, the most frequent first.
    package var unmapped: [CoverageFinding] { findings(unread) }

    /// What code lists, lookups and the table of units lacked, with how often and the first such value.
    package var misses: [CoverageFinding] { findings(missed) }

    /// Fields whose rule never gave a value though records were made.
    package var unfilled: [CoverageGap] {
        rules.sorted { ($0.key.mapping, $0.key.index) < ($1.key.mapping, $1.key.index) }.flatMap { key, entry in
            entry.rule.fields.filter { entry.filled[$0.slot] == 0 }.map { field in
                CoverageGap(mapping: key.mapping, kind: entry.rule.kind, field: field.name, line: Int(field.line), records: entry.made)
            }
        }
    }

    /// Fields of the catalogue that no rule gives, for each kind of record that was made.
    package var unruled: [(kind: RecordKind, fields: [String])] {
        var given: [RecordKind: Set<String>] = [:]
        for entry in rules.values { given[entry.rule.kind, default: ["client"]].formUnion(entry.rule.fields.map(\.name)) }
        return given.sorted { $0.key.rawValue < $1.key.rawValue }.map { kind, names in
            (kind, RecordCatalogue.definition(kind).fields.map(\.name).filter { !names.contains($0) })
        }
    }

    private func findings(_ tallies: [String: Tally]) -> [CoverageFinding] {
        tallies.map { CoverageFinding(what: $0.key, count: $0.value.count, example: $0.value.example, position: $0.value.position) }
            .sorted { ($1.count, $0.what) < ($0.count, $1.what) }
    }
}

/// Something that was present so many times and that the mapping lacks.
package struct CoverageFinding: Sendable {
    /// An EDI address with its qualifier, the path of an XML element, a column; or a field and the table that lacks its value.
    package let what: String
    package let count: Int
    /// The first value.
    package let example: String
    /// Where that stands.
    package let position: SourcePosition
}

/// A rule that gave no value in any record.
package struct CoverageGap: Sendable {
    package let mapping: String
    package let kind: RecordKind
    package let field: String
    /// Line of the rule in the mapping file.
    package let line: Int
    /// Records that were made by its record rule.
    package let records: Int
}
