package import Attributes
package import Microsegments
package import Records
package import Values

/// Where an entity stands in a scheme now, with the memory that stability needs.
package struct Standing: Sendable, Hashable {
    package var scheme: String
    package var entity: EntityKey
    package var microsegment: String
    /// `rules`, or `override ID`.
    package var cause: String
    package var computed: String
    package var rule: Int
    package var stability: StabilityState
    /// What stability made of the computed answer.
    package var verdict: StabilityOutcome.Verdict
    /// What the entity is worth to the scheme.
    package var value: ExactDecimal
    package var nextChange: Instant?
    /// State under which it was last evaluated.
    package var state: String

    package init(
        scheme: String, entity: EntityKey, microsegment: String, cause: String, computed: String, rule: Int,
        stability: StabilityState, verdict: StabilityOutcome.Verdict = .same, value: ExactDecimal = .zero, nextChange: Instant?, state: String
    ) {
        self.scheme = scheme
        self.entity = entity
        self.microsegment = microsegment
        self.cause = cause
        self.computed = computed
        self.rule = rule
        self.stability = stability
        self.verdict = verdict
        self.value = value
        self.nextChange = nextChange
        self.state = state
    }
}

/// One stretch of an entity's history: valid in time, and known between two positions of the log.
package struct AssignmentSpan: Sendable, Hashable {
    package let microsegment: String
    package let cause: String
    package let rule: Int
    package let state: String
    package let validFrom: Instant
    package let validTo: Instant?
    package let knownFrom: Int
    package let knownTo: Int?

    package init(
        microsegment: String, cause: String, rule: Int, state: String, validFrom: Instant, validTo: Instant?, knownFrom: Int, knownTo: Int?
    ) {
        self.microsegment = microsegment
        self.cause = cause
        self.rule = rule
        self.state = state
        self.validFrom = validFrom
        self.validTo = validTo
        self.knownFrom = knownFrom
        self.knownTo = knownTo
    }
}

extension Store {
    private static let standingColumns = """
        scheme, kind, client, entity, microsegment, cause, computed, rule, settled, since, candidate, confirmations, last_at,
        next_change, state, candidate_since, verdict, value, notice_to, notice_since, notice_ends, notice_effective, lowered_at
        """
    static let writeStanding = Statement("""
        INSERT INTO standing (\(standingColumns), position) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (scheme, client, entity) DO UPDATE SET kind = excluded.kind, microsegment = excluded.microsegment, cause = excluded.cause,
        computed = excluded.computed, rule = excluded.rule, settled = excluded.settled, since = excluded.since,
        candidate = excluded.candidate, confirmations = excluded.confirmations, last_at = excluded.last_at,
        next_change = excluded.next_change, state = excluded.state, candidate_since = excluded.candidate_since,
        verdict = excluded.verdict, value = excluded.value, notice_to = excluded.notice_to, notice_since = excluded.notice_since,
        notice_ends = excluded.notice_ends, notice_effective = excluded.notice_effective, lowered_at = excluded.lowered_at, position = excluded.position
        """)
    static let readStanding = Statement("SELECT \(standingColumns) FROM standing WHERE scheme = ? AND client = ? AND entity = ?")
    static let standingsOf = Statement("SELECT \(standingColumns) FROM standing WHERE scheme = ? ORDER BY client, entity")
    static let standingsDue = Statement("SELECT \(standingColumns) FROM standing WHERE next_change <= ? ORDER BY next_change, scheme, client, entity LIMIT ?")
    static let clearNextChange = Statement("UPDATE standing SET next_change = NULL WHERE scheme = ? AND client = ? AND entity = ?")
    static let nextStanding = Statement("SELECT MIN(next_change) FROM standing")
    static let standingCounts = Statement("SELECT scheme, microsegment, COUNT(*) FROM standing GROUP BY scheme, microsegment ORDER BY scheme, microsegment")
    static let openSpan = Statement("SELECT valid_from FROM assignment WHERE scheme = ? AND client = ? AND entity = ? AND valid_to IS NULL AND known_to IS NULL")
    static let closeSpan = Statement("UPDATE assignment SET known_to = ? WHERE scheme = ? AND client = ? AND entity = ? AND valid_to IS NULL AND known_to IS NULL")
    static let copyEnded = Statement("""
        INSERT INTO assignment (scheme, kind, client, entity, microsegment, cause, rule, state, valid_from, valid_to, known_from, known_to)
        SELECT scheme, kind, client, entity, microsegment, cause, rule, state, valid_from, ?, ?, NULL FROM assignment
        WHERE scheme = ? AND client = ? AND entity = ? AND valid_to IS NULL AND known_to = ? AND valid_from < ?
        """)
    static let insertSpan = Statement("""
        INSERT INTO assignment (scheme, kind, client, entity, microsegment, cause, rule, state, valid_from, valid_to, known_from, known_to)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, ?, NULL)
        """)
    static let spansKnown = Statement("""
        SELECT microsegment, cause, rule, state, valid_from, valid_to, known_from, known_to FROM assignment
        WHERE scheme = ? AND client = ? AND entity = ? AND known_from <= ? AND (known_to IS NULL OR known_to > ?)
        ORDER BY valid_from, known_from
        """)
    static let dirtyEntities = Statement("SELECT kind, client, entity FROM dirty ORDER BY kind, client, entity LIMIT ?")
    static let markStandings = Statement("""
        INSERT INTO dirty (kind, client, entity, position) SELECT kind, client, entity, CAST(? AS {integer}) FROM standing WHERE scheme = ?
        ON CONFLICT (kind, client, entity) DO UPDATE SET position = excluded.position
        """)
    static let clearDirty = Statement("DELETE FROM dirty WHERE kind = ? AND client = ? AND entity = ?")
    static let countDirty = Statement("SELECT COUNT(*) FROM dirty")
    static let writeFullRun = Statement("INSERT INTO full_run (scheme, at) VALUES (?, ?) ON CONFLICT (scheme) DO UPDATE SET at = excluded.at")
    static let readFullRun = Statement("SELECT at FROM full_run WHERE scheme = ?")

    static var standingStatements: [Statement] {
        [
            writeStanding, readStanding, standingsOf, standingsDue, clearNextChange, nextStanding, standingCounts, openSpan, closeSpan, copyEnded,
            insertSpan, spansKnown, dirtyEntities, markStandings, clearDirty, countDirty, writeFullRun, readFullRun,
        ] + historyStatements + archiveStatements
    }

    package static func standing(scheme: String, _ entity: EntityKey, in session: any StoreSession) throws -> Standing? {
        try session.firstRow(readStanding, [.text(scheme), .text(entity.client), .text(entity.id)]).map(standing)
    }

    package func standing(scheme: String, _ entity: EntityKey) throws -> Standing? {
        try driver.read { try Self.standing(scheme: scheme, entity, in: $0) }
    }

    /// Where every entity of a scheme stands, in the order of clients and identifiers.
    package func standings(scheme: String) throws -> [Standing] {
        try driver.read { try $0.rows(Self.standingsOf, [.text(scheme)]).map(Self.standing) }
    }

    /// Standings whose answer time alone may have changed by an instant, the earliest first.
    package static func standings(dueAt now: Instant, limit: Int, in session: any StoreSession) throws -> [Standing] {
        try session.rows(standingsDue, [.instant(now), .integer(limit)]).map(standing)
    }

    /// Says that time alone does not change where an entity stands, until it is written anew.
    package static func clearNextChange(_ standing: Standing, in session: any StoreSession) throws {
        try session.execute(clearNextChange, [.text(standing.scheme), .text(standing.entity.client), .text(standing.entity.id)])
    }

    /// The earliest instant at which time alone may change an answer.
    package func nextChange() throws -> Instant? {
        try driver.read { try $0.firstRow(Self.nextStanding)?.optionalInstant(0) }
    }

    /// Members by scheme and micro-segment.
    package func standingCounts() throws -> [(scheme: String, microsegment: String, members: Int)] {
        try driver.read { try $0.rows(Self.standingCounts).map { ($0.text(0), $0.text(1), Int($0.integer(2))) } }
    }

    /// Writes where an entity stands, and, if its micro-segment or cause changed, its history: what was known stays known.
    package static func write(
        _ standing: Standing, former: Standing?, at now: Instant, position: Int, in session: any StoreSession
    ) throws {
        let stability = standing.stability
        let entity = standing.entity
        try session.execute(
            writeStanding,
            [
                .text(standing.scheme), .text(entity.kind.rawValue), .text(entity.client), .text(entity.id),
                .text(standing.microsegment), .text(standing.cause), .text(standing.computed), .integer(standing.rule),
                .text(stability.settled), .instant(stability.since), .text(stability.candidate?.microsegment),
                .integer(stability.candidate.map { Int64($0.confirmations) }), .instant(stability.candidate?.lastAt),
                .instant(standing.nextChange), .text(standing.state), .instant(stability.candidate?.since), .text(standing.verdict.rawValue),
                .text(standing.value.description), .text(stability.notice?.to), .instant(stability.notice?.since), .instant(stability.notice?.ends),
                .instant(stability.notice?.effective), .instant(stability.lowered), .integer(position),
            ])
        if let former, former.microsegment == standing.microsegment, former.cause == standing.cause { return }
        let key: [SQLValue] = [.text(standing.scheme), .text(entity.client), .text(entity.id)]
        var start = now
        if let open = try session.firstRow(openSpan, key) {
            // A clock that was set back must not make two spans overlap.
            start = max(now, open.instant(0))
            try session.execute(closeSpan, [.integer(position)] + key)
            try session.execute(copyEnded, [.instant(start), .integer(position)] + key + [.integer(position), .instant(start)])
        }
        try session.execute(
            insertSpan,
            [
                .text(standing.scheme), .text(entity.kind.rawValue), .text(entity.client), .text(entity.id),
                .text(standing.microsegment), .text(standing.cause), .integer(standing.rule), .text(standing.state),
                .instant(start), .integer(position),
            ])
    }

    /// The history of an entity as it was known at a position of the log.
    package func history(scheme: String, _ entity: EntityKey, knownAt position: Int) throws -> [AssignmentSpan] {
        try driver.read { try Self.history(scheme: scheme, entity, knownAt: position, in: $0) }
    }

    package static func history(scheme: String, _ entity: EntityKey, knownAt position: Int, in session: any StoreSession) throws -> [AssignmentSpan] {
        try session.rows(
            spansKnown, [.text(scheme), .text(entity.client), .text(entity.id), .integer(position), .integer(position)]
        ).map { span($0, from: 0) }
    }

    package static func dirtyEntities(limit: Int, in session: any StoreSession) throws -> [EntityKey] {
        try session.rows(dirtyEntities, [.integer(limit)]).compactMap { row in
            EntityKind(rawValue: row.text(0)).map { EntityKey($0, client: row.text(1), id: row.text(2)) }
        }
    }

    /// Marks every entity that a scheme divides for evaluation: those that stand in it, and those that records speak of
    /// and that it may never have seen.
    package static func markDirty(
        dividedBy scheme: String, plan: AttributePlan, position: Int, in session: any StoreSession
    ) throws {
        try session.execute(markStandings, [.integer(position), .text(scheme)])
        if let own = plan.own, let describes = own.describes {
            try session.execute(
                RecordTable(own).marking(through: describes.slots), [.text(plan.entity.rawValue), .integer(position)])
        }
        for measure in plan.measures {
            try session.execute(
                RecordTable(RecordCatalogue.definition(measure.over)).marking(through: measure.link.slots),
                [.text(plan.entity.rawValue), .integer(position)])
        }
    }

    package static func clearDirty(_ entity: EntityKey, in session: any StoreSession) throws {
        try session.execute(clearDirty, [.text(entity.kind.rawValue), .text(entity.client), .text(entity.id)])
    }

    package func dirtyCount() throws -> Int {
        try driver.read { Int(try $0.firstRow(Self.countDirty)?.integer(0) ?? 0) }
    }

    package static func setFullRun(scheme: String, at now: Instant, in session: any StoreSession) throws {
        try session.execute(writeFullRun, [.text(scheme), .instant(now)])
    }

    package func lastFullRun(scheme: String) throws -> Instant? {
        try driver.read { try $0.firstRow(Self.readFullRun, [.text(scheme)])?.optionalInstant(0) }
    }

    private static func standing(_ row: SQLRow) -> Standing {
        let candidate = row.optionalText(10).map {
            StabilityState.Candidate(
                microsegment: $0, confirmations: Int(row.integer(11)), since: row.optionalInstant(15) ?? row.instant(12), lastAt: row.instant(12))
        }
        let notice = row.optionalText(18).map {
            StabilityState.Notice(to: $0, since: row.instant(19), ends: row.instant(20), effective: row.instant(21))
        }
        return Standing(
            scheme: row.text(0),
            entity: EntityKey(EntityKind(rawValue: row.text(1)) ?? .order, client: row.text(2), id: row.text(3)),
            microsegment: row.text(4), cause: row.text(5), computed: row.text(6), rule: Int(row.integer(7)),
            stability: StabilityState(settled: row.text(8), since: row.instant(9), candidate: candidate, notice: notice, lowered: row.optionalInstant(22)),
            verdict: row.optionalText(16).flatMap(StabilityOutcome.Verdict.init) ?? .same,
            value: row.optionalText(17).flatMap { ExactDecimal($0) } ?? .zero, nextChange: row.optionalInstant(13), state: row.text(14))
    }
}
