package import Attributes
package import Records
import Values

extension Store {
    static let readPopulationStep = Statement("SELECT step FROM population WHERE scheme = ?")
    static let nextPopulationStep = Statement("""
        INSERT INTO population (scheme, step) VALUES (?, 1) ON CONFLICT (scheme) DO UPDATE SET step = population.step + 1
        """)
    static let populationEnds = Statement("""
        SELECT attribute, grouping, number, client, entity FROM population_end WHERE scheme = ? ORDER BY attribute, grouping, place
        """)
    static let removeGroupEnds = Statement("DELETE FROM population_end WHERE scheme = ? AND attribute = ? AND grouping = ?")
    static let addPopulationEnd = Statement("""
        INSERT INTO population_end (scheme, attribute, grouping, place, number, client, entity) VALUES (?, ?, ?, ?, ?, ?, ?)
        """)

    static var populationStatements: [Statement] {
        [readPopulationStep, nextPopulationStep, populationEnds, removeGroupEnds, addPopulationEnd]
    }

    /// How often the population of a scheme was written: whoever holds it in memory sees by this whether somebody else wrote it since.
    package static func populationStep(scheme: String, in session: any StoreSession) throws -> Int64 {
        try session.firstRow(readPopulationStep, [.text(scheme)])?.integer(0) ?? 0
    }

    /// Counts a change of the population of a scheme.
    package static func countPopulationStep(scheme: String, in session: any StoreSession) throws -> Int64 {
        try session.execute(nextPopulationStep, [.text(scheme)])
        return try populationStep(scheme: scheme, in: session)
    }

    /// Where the classes of a scheme's population ended when it was last written.
    package static func populationEnds(scheme: String, of kind: EntityKind, in session: any StoreSession) throws -> [PopulationEnds] {
        var found: [PopulationEnds] = []
        try session.forEachRow(populationEnds, [.text(scheme)]) { row in
            let attribute = row.text(0), group = row.text(1)
            var ends: [PopulationEnd?] = []
            if let last = found.last, last.attribute == attribute, last.group == group {
                ends = last.ends
                found.removeLast()
            }
            let number = row.optionalText(2).flatMap { ExactDecimal($0) }
            ends.append(number.map { PopulationEnd(number: $0, entity: EntityKey(kind, client: row.text(3), id: row.text(4))) })
            found.append(PopulationEnds(attribute: attribute, group: group, ends: ends))
            return true
        }
        return found
    }

    /// Writes where the classes of groups end now.
    package static func write(_ ends: [PopulationEnds], scheme: String, in session: any StoreSession) throws {
        for group in ends {
            try session.execute(removeGroupEnds, [.text(scheme), .text(group.attribute), .text(group.group)])
            for (place, end) in group.ends.enumerated() {
                try session.execute(
                    addPopulationEnd,
                    [
                        .text(scheme), .text(group.attribute), .text(group.group), .integer(place), .text(end?.number.description),
                        .text(end?.entity.client), .text(end?.entity.id),
                    ])
            }
        }
    }

    /// Marks entities for evaluation.
    package static func markDirty(_ entities: some Sequence<EntityKey>, position: Int, in session: any StoreSession) throws {
        for entity in entities {
            try session.execute(markDirty, [.text(entity.kind.rawValue), .text(entity.client), .text(entity.id), .integer(position)])
        }
    }
}
