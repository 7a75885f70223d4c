import Attributes
import DecisionTables
import FEEL
import Microsegments
package import Records
package import Values

/// The attributes of a bundle, with who reads them and how fresh they are there: the answer of `attributes list`.
package struct AttributeCatalogue: Sendable {
    package struct Entry: Sendable {
        package let entity: EntityKind
        package let name: String
        package let type: String
        /// Where it comes from, as one line.
        package let source: String
        package let unit: String?
        package let owner: String?
        package let summary: String?
        package let window: DayTimeDuration?
        package let scale: Int?
        /// Whether it hangs on all entities of the kind, and so is known to runs over all of them.
        package let needsPopulation: Bool
        /// Schemes that read it, themselves or through another attribute, and when each evaluates.
        package let readers: [(scheme: String, freshness: String)]
    }

    package let entries: [Entry]

    /// - Parameter kind: nil takes every kind of entity.
    package init(_ bundle: Bundle, kind: EntityKind? = nil) {
        entries = bundle.attributes.filter { kind == nil || $0.entity == kind }.flatMap { plan in
            let readers = bundle.schemes.filter { $0.entity == plan.entity }.map { ($0, plan.sources(of: $0.attributeSlots)) }
            return plan.definitions.enumerated().map { index, definition in
                Entry(
                    entity: plan.entity, name: definition.name, type: "\(definition.type)", source: plan.source(index), unit: definition.unit,
                    owner: definition.owner, summary: definition.summary, window: plan.window(index), scale: definition.scale,
                    needsPopulation: plan.dependsOnPopulation(index),
                    readers: readers.filter { $1.contains(index) }.map { scheme, _ in (scheme.name, scheme.cadence.told) })
            }
        }
    }

    package var text: String {
        var lines: [String] = [], kind: EntityKind?
        for entry in entries {
            if entry.entity != kind { lines.append(entry.entity.rawValue) }
            kind = entry.entity
            let number = [entry.unit, entry.scale.map { "scale \($0)" }, entry.window.map { "window \($0)" }].compactMap { $0 }
            lines.append("  \(entry.name): \(entry.type)" + (number.isEmpty ? "" : ", " + number.joined(separator: ", ")))
            lines.append("    \(entry.source)")
            if let summary = entry.summary { lines.append("    \(summary)") }
            let readers = entry.readers.map { "\($0.scheme), \($0.freshness)" }.joined(separator: "; ")
            lines.append("    owner \(entry.owner ?? "none"); " + (readers.isEmpty ? "no scheme reads it" : "read by \(readers)"))
        }
        return lines.joined(separator: "\n")
    }

    package var value: Value {
        func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
        return .list(entries.map { entry in
            .context(ContextValue([
                ("entity", .string(entry.entity.rawValue)), ("name", .string(entry.name)), ("type", .string(entry.type)), ("source", .string(entry.source)),
                ("unit", text(entry.unit)), ("owner", text(entry.owner)), ("summary", text(entry.summary)), ("window", text(entry.window?.description)),
                ("scale", entry.scale.map { .integer($0) } ?? .null), ("population", .boolean(entry.needsPopulation)),
                ("readers", .list(entry.readers.map {
                    .context(ContextValue([("scheme", .string($0.scheme)), ("freshness", .string($0.freshness))]))
                })),
            ]))
        })
    }
}

extension Cadence {
    /// When a scheme evaluates, in words.
    package var told: String {
        switch self {
        case .live: "live"
        case .every(let period): "every \(period)"
        }
    }
}
