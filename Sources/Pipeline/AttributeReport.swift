import Attributes
import Diagnostics
import FEEL
package import Records
import Store
package import Values

/// The attributes of one entity as of an instant, computed as runs compute them, each with the records that it rests on: the answer of
/// `attributes show`. Nothing is kept.
package struct AttributeReport: Sendable {
    /// A record behind an attribute.
    package struct Source: Sendable {
        package let row: Int64
        package let kind: RecordKind
        /// Its key, client first.
        package let key: String
        package let feed: String
        package let file: String
        /// The fields that the attribute reads, where they are told apart.
        package let fields: [(name: String, value: Value)]
    }

    package struct Entry: Sendable {
        package let name: String
        package let value: Value
        package let unit: String?
        package let window: DayTimeDuration?
        package let needsPopulation: Bool
        /// How many records it rests on; at most ``AttributePlan/evidenceLimit`` are known.
        package let records: Int
        /// The first of them.
        package let sources: [Source]
    }

    package let entity: EntityKey
    package let asOf: Instant
    package let entries: [Entry]

    /// Nil where no record speaks of the entity.
    ///
    /// - Parameters:
    ///   - asOf: windows end there, and hours count from there; records are those of now.
    ///   - sourcesMax: records that are told of each attribute.
    package init?(_ entity: EntityKey, site: Site, state: ActiveState, asOf: Instant, sourcesMax: Int) throws {
        guard let plan = state.bundle.attributes.first(where: { $0.entity == entity.kind }) else {
            throw PipelineFailure(
                subject: "\(entity)", cause: "a \(entity.kind.rawValue) has no attributes in the live state", hint: "`crossdock attributes list` lists them")
        }
        guard let row = try Evaluator(store: site.store, state: state).row(of: entity, plan, now: asOf) else { return nil }
        self.entity = entity
        self.asOf = asOf
        entries = try plan.definitions.enumerated().map { index, definition in
            let rows = row.evidence[index]
            return Entry(
                name: definition.name, value: row.values[index], unit: definition.unit, window: plan.window(index),
                needsPopulation: plan.dependsOnPopulation(index), records: rows.count,
                sources: try rows.prefix(sourcesMax).compactMap { try Self.source($0, of: definition.name, plan, site.store) })
        }
    }

    private static func source(_ row: Int64, of attribute: String, _ plan: AttributePlan, _ store: Store) throws -> Source? {
        guard let record = try store.record(row), let load = try store.load(record.load), let file = try store.file(load.file) else { return nil }
        let definition = RecordCatalogue.definition(record.kind)
        let read = plan.sourceSlots(of: attribute, in: record.kind).map { $0.filter { $0 < record.values.count }.sorted() } ?? []
        return Source(
            row: row, kind: record.kind, key: definition.key.map { record.values[$0].text }.joined(separator: " / "), feed: file.feed, file: file.name,
            fields: read.filter { !definition.key.contains($0) }.map { (definition.fields[$0].name, record.values[$0]) })
    }

    package var text: String {
        var lines = ["\(entity.told) as of \(asOf)"]
        for entry in entries {
            var line = "  \(entry.name) = \(JSONText.write(entry.value))"
            if let unit = entry.unit { line += " \(unit)" }
            if let window = entry.window { line += ", window \(window)" }
            if entry.needsPopulation { line += ", within the population" }
            if entry.records > 0 { line += ", from \(entry.records)\(entry.records >= AttributePlan.evidenceLimit ? " or more" : "") record\(entry.records == 1 ? "" : "s")" }
            lines.append(line)
            for source in entry.sources {
                let fields = source.fields.map { "\($0.name) \($0.value.text)" }.joined(separator: ", ")
                lines.append("    \(source.kind.rawValue) \(LineText.name(source.key)) of \(LineText.name("\(source.feed)/\(source.file)"))" + (fields.isEmpty ? "" : ": \(fields)"))
            }
            if entry.records > entry.sources.count { lines.append("    and \(entry.records - entry.sources.count) more") }
        }
        // Texts among the values come from files of strangers.
        return lines.map { LineText.line($0) }.joined(separator: "\n")
    }

    package var value: Value {
        .context(ContextValue([
            ("entity", .string(entity.description)), ("asOf", .string(asOf.description)),
            ("attributes", .list(entries.map { entry in
                .context(ContextValue([
                    ("name", .string(entry.name)), ("value", entry.value), ("unit", entry.unit.map { .string($0) } ?? .null),
                    ("window", entry.window.map { .string($0.description) } ?? .null), ("population", .boolean(entry.needsPopulation)),
                    ("records", .integer(entry.records)),
                    ("sources", .list(entry.sources.map { source in
                        .context(ContextValue([
                            ("row", .number(ExactDecimal(coefficient: source.row, scale: 0))), ("kind", .string(source.kind.rawValue)), ("key", .string(source.key)), ("feed", .string(source.feed)),
                            ("file", .string(source.file)), ("fields", .context(ContextValue(source.fields.map { ($0.name, $0.value) }))),
                        ]))
                    })),
                ]))
            })),
        ]))
    }
}
