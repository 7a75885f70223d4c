import Microsegments
package import Records
import Store
package import Values

/// Every scheme of a state: when it is evaluated, who is in it, who waits, and what persons decided; the answer of `scheme list`.
package struct SchemeOverview: Sendable {
    package struct Entry: Sendable {
        package let scheme: String
        package let entity: EntityKind
        package let isLive: Bool
        package let cadence: String
        package let lastFullRun: Instant?
        /// When the next run over all is due, or, of a live scheme, when time alone next changes an answer; nil where nothing is waited for.
        package let next: Instant?
        /// Members by micro-segment, in the order of the file; one that has none is told with 0, and one that is no more in the file comes last.
        package let members: [(microsegment: String, count: Int)]
        /// Members whose next micro-segment waits.
        package let waiting: Int
        /// Those of them who were told that they will be lowered.
        package let notices: Int
        /// Overrides that are in force.
        package let overrides: [(id: String, entity: EntityKey, expires: Instant)]
    }

    package let entries: [Entry]

    package init(_ site: Site, state: ActiveState, now: Instant) throws {
        let counts = Dictionary(grouping: try site.store.standingCounts(), by: \.scheme)
        let notices = Dictionary(uniqueKeysWithValues: try site.store.noticeCounts().map { ($0.scheme, $0.count) })
        let waiting = try site.store.waitingCounts(), changes = try site.store.nextChanges()
        entries = try state.bundle.namedSchemes.sorted { $0.name < $1.name }.map { scheme in
            let found = counts[scheme.name] ?? []
            let names = scheme.microsegments.map(\.name)
            let others = found.map(\.microsegment).filter { !names.contains($0) }
            let last = try site.store.lastFullRun(scheme: scheme.name)
            var next = changes[scheme.name]
            if case .every(let period) = scheme.cadence { next = last.map { $0.adding(period) } ?? now }
            return Entry(
                scheme: scheme.name, entity: scheme.entity, isLive: scheme.cadence == .live, cadence: scheme.cadence.told, lastFullRun: last, next: next,
                members: (names + others).map { name in (name, found.first { $0.microsegment == name }?.members ?? 0) },
                waiting: waiting[scheme.name] ?? 0, notices: notices[scheme.name] ?? 0,
                overrides: state.bundle.overrides.all.filter { $0.scheme == scheme.name && $0.isInForce(at: now) }.map { ($0.id, $0.entity, $0.expires) })
        }
    }

    package var text: String {
        entries.flatMap { entry in
            var lines = ["\(entry.scheme): \(entry.entity.rawValue), \(entry.cadence)"]
            let last = entry.lastFullRun.map { "last full run \($0)" } ?? "no full run yet"
            let next = entry.next.map { entry.isLive ? "time alone can change an answer at \($0)" : "next due \($0)" }
            lines.append("  " + ([last] + [next].compactMap { $0 }).joined(separator: ", "))
            lines.append("  " + entry.members.map { "\($0.microsegment) \($0.count)" }.joined(separator: ", ") + (entry.waiting > 0 ? "; \(entry.waiting) wait to move" : "")
                + (entry.notices > 0 ? "; \(entry.notices) were told that they will be lowered" : ""))
            return lines + entry.overrides.map { "  override \($0.id) of \($0.entity.told) until \($0.expires)" }
        }.joined(separator: "\n")
    }

    package var value: Value {
        .list(entries.map { entry in
            .context(ContextValue([
                ("scheme", .string(entry.scheme)), ("entity", .string(entry.entity.rawValue)), ("cadence", .string(entry.cadence)),
                ("lastFullRun", entry.lastFullRun.map { .string($0.description) } ?? .null), ("next", entry.next.map { .string($0.description) } ?? .null),
                ("members", .context(ContextValue(entry.members.map { ($0.microsegment, .integer($0.count)) }))), ("waiting", .integer(entry.waiting)), ("notices", .integer(entry.notices)),
                ("overrides", .list(entry.overrides.map {
                    .context(ContextValue([("id", .string($0.id)), ("entity", .string($0.entity.description)), ("expires", .string($0.expires.description))]))
                })),
            ]))
        })
    }
}
