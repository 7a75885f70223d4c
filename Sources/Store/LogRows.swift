package import ChangeControl
package import Records
import Values

/// What a log entry answers for besides its own text: the decisions, effects and sources of effects, and the moves of entities, that bear
/// its position. They are digested as they lie in the tables, when the entry is appended and when it is verified.
///
/// A row's text is the table's name, then each column: `n` for null, `i` and a number, or `t` and `b` with a length, a colon and
/// the bytes; payloads stand in it by their SHA-256. A digest is over the digests of rows. Moves have one of their own, as they alone leave the
/// store when history is purged.
package struct LogRows: Hashable {
    /// Of decisions, effects and sources, in the order in which they were committed; nil where there are none.
    package let rows: ContentDigest?
    /// Of moves, in the order of their own digests, as databases order texts each in their way; nil where there are none.
    package let moves: ContentDigest?

    /// - Parameter moves: what is known of the moves at the position; nil reads them from the table.
    package init(at position: Int, moves: [ContentDigest]? = nil, in session: any StoreSession) throws {
        var digests: [ContentDigest] = []
        for (table, statement) in Self.stamped {
            try session.forEachRow(statement, [.integer(position)]) { row in
                digests.append(table == "effect" ? Self.digest(ofEffect: row.values) : Self.digest(table, row.values))
                return true
            }
        }
        rows = Self.digest(digests)
        self.moves = Self.digest(try (moves ?? Self.moves(at: position, in: session)).sorted())
    }

    /// What an entry's body says; nil where it answers for nothing.
    package init?(body: String) {
        // The two fields end the body, and most entries have neither: those are not read.
        let tail = body.utf8.suffix(8 + 64 + 2)
        guard tail.starts(with: "\"rows\":\"".utf8) || body.utf8.suffix(9 + 64 + 2).starts(with: "\"moves\":\"".utf8)
        else { return nil }
        let value: Value
        do { value = try JSONText.parse(body) } catch { return nil }
        guard case .context(let fields) = value else { return nil }
        func digest(_ name: String) -> ContentDigest? {
            if case .string(let text)? = fields[name] { ContentDigest(hex: text) } else { nil }
        }
        (rows, moves) = (digest("rows"), digest("moves"))
        if rows == nil, moves == nil { return nil }
    }

    /// The fields that end the body of the entry.
    var fields: [(name: String, value: Value)] {
        [("moves", moves), ("rows", rows)].compactMap { name, digest in digest.map { (name, .string($0.hex)) } }
    }

    /// The last column is the digest of a payload that was removed; it stands for it then.
    private static func digest(ofEffect values: [SQLValue]) -> ContentDigest {
        guard case .text(let hex)? = values.last, let removed = ContentDigest(hex: hex) else { return digest("effect", values.dropLast()) }
        return digest("effect", values.dropLast(), removed: removed)
    }

    private static func digest(_ digests: [ContentDigest]) -> ContentDigest? {
        if digests.isEmpty { return nil }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(digests.count * 32)
        for digest in digests { bytes += digest.bytes }
        return ContentDigest(of: bytes)
    }

    private static func moves(at position: Int, in session: any StoreSession) throws -> [ContentDigest] {
        var digests: [ContentDigest] = []
        try session.forEachRow(Store.movesAt, [.integer(position)]) { row in
            digests.append(digest("move", row.values))
            return true
        }
        return digests
    }

    /// The digest of a move: the span that began with it, as it was written. What the history holds besides follows from the moves.
    package static func digest(ofMove scheme: String, _ entity: EntityKey, _ span: AssignmentSpan) -> ContentDigest {
        digest("move", [
            .text(scheme), .text(entity.kind.rawValue), .text(entity.client), .text(entity.id), .text(span.microsegment), .text(span.cause),
            .integer(span.rule), .text(span.state), .instant(span.validFrom),
        ])
    }

    private static let stamped: [(table: String, statement: Statement)] = [
        ("decision", Store.decisionsAt), ("effect", Store.effectsAt), ("effect_source", Store.sourcesAt),
    ]

    private static func digest(_ table: String, _ values: some Sequence<SQLValue>, removed: ContentDigest? = nil) -> ContentDigest {
        var text = Array(table.utf8)
        func append(_ mark: String, _ bytes: some Collection<UInt8>) {
            text += "\(mark)\(bytes.count):".utf8
            text += bytes
        }
        for value in values {
            switch value {
            case .null: text += "n".utf8
            case .integer(let number): text += "i\(number)".utf8
            case .text(let string): append("t", string.utf8)
            case .blob(let bytes): append("b", (removed ?? ContentDigest(of: bytes)).bytes)
            }
        }
        return ContentDigest(of: text)
    }
}

extension Store {
    static let decisionsAt = Statement("""
        SELECT id, scheme, kind, client, entity, at, microsegment, state, body FROM decision WHERE position = ? ORDER BY place
        """)
    static let effectsAt = Statement("""
        SELECT id, action, kind, target, lane, file_name, content_type, payload, created_at, deadline, removed FROM effect
        WHERE position = ? ORDER BY place
        """)
    static let sourcesAt = Statement("""
        SELECT s.effect, s.place, s.decision, s.record, s.file FROM effect e JOIN effect_source s ON s.effect = e.id
        WHERE e.position = ? ORDER BY e.place, s.place
        """)
    static let movesAt = Statement("""
        SELECT scheme, kind, client, entity, microsegment, cause, rule, state, valid_from FROM assignment
        WHERE known_from = ? AND valid_to IS NULL
        """)
    static let stampedPositions = Statement("SELECT position FROM decision UNION SELECT position FROM effect ORDER BY 1")
    static let allSpans = Statement("""
        SELECT kind, client, entity, microsegment, cause, rule, state, valid_from, valid_to, known_from, known_to FROM assignment
        WHERE scheme = ? ORDER BY client, entity, valid_from
        """)
    static let standingSchemes = Statement("SELECT DISTINCT scheme FROM standing UNION SELECT DISTINCT scheme FROM assignment ORDER BY 1")
    static let unlikeStandings = Statement("""
        SELECT s.scheme, s.client, s.entity FROM standing s LEFT JOIN assignment a ON a.scheme = s.scheme AND a.client = s.client
        AND a.entity = s.entity AND a.valid_to IS NULL AND a.known_to IS NULL
        WHERE a.entity IS NULL OR a.microsegment <> s.microsegment OR a.cause <> s.cause OR a.kind <> s.kind ORDER BY s.scheme, s.client, s.entity LIMIT ?
        """)
    static let strayMoves = Statement("""
        SELECT a.scheme, a.client, a.entity FROM assignment a LEFT JOIN standing s ON s.scheme = a.scheme AND s.client = a.client
        AND s.entity = a.entity WHERE a.valid_to IS NULL AND a.known_to IS NULL AND s.entity IS NULL ORDER BY a.scheme, a.client, a.entity LIMIT ?
        """)
    static let unlikeDeliveries = Statement("""
        SELECT e.id FROM effect e LEFT JOIN delivery d ON d.effect = e.id
        WHERE d.effect IS NULL OR d.kind <> e.kind OR d.target <> e.target OR d.position <> e.position ORDER BY e.id LIMIT ?
        """)
    static let everyContent = Statement("SELECT digest, bytes FROM content ORDER BY digest")

    static var auditStatements: [Statement] {
        [decisionsAt, effectsAt, sourcesAt, movesAt, stampedPositions, allSpans, standingSchemes, unlikeStandings, strayMoves, unlikeDeliveries, everyContent]
    }

    /// Positions at which decisions or effects were committed, in order.
    package static func stampedPositions(in session: any StoreSession) throws -> [Int] {
        var positions: [Int] = []
        try session.forEachRow(stampedPositions, []) { row in
            positions.append(Int(row.integer(0)))
            return true
        }
        return positions
    }

    /// Schemes that anything stands in, or once stood.
    package static func schemesWithMembers(in session: any StoreSession) throws -> [String] {
        try session.rows(standingSchemes).map { $0.text(0) }
    }

    /// All that the table holds of each entity of a scheme, superseded or not, in the order of clients and identifiers.
    package static func forEachEntity(of scheme: String, in session: any StoreSession, _ body: (EntityKey, [AssignmentSpan]) throws -> Void) throws {
        try forEachEntity(allSpans, [.text(scheme)], in: session, body)
    }

    /// Entities that stand elsewhere than their history says, or in one of the two alone: scheme and entity, at most `limit` of each kind.
    package static func unlikeStandings(limit: Int, in session: any StoreSession) throws -> [String] {
        try [unlikeStandings, strayMoves].flatMap { try session.rows($0, [.integer(limit)]).map { "\($0.text(0)) \($0.text(1))/\($0.text(2))" } }
    }

    /// Effects that are not delivered as what they are, or not at all.
    package static func unlikeDeliveries(limit: Int, in session: any StoreSession) throws -> [String] {
        try session.rows(unlikeDeliveries, [.integer(limit)]).map { $0.text(0) }
    }

    /// Digests under which bytes are kept that do not have them.
    package static func damagedContents(in session: any StoreSession) throws -> [String] {
        var damaged: [String] = []
        try session.forEachRow(everyContent, []) { row in
            if ContentDigest(of: row.blob(1)).hex != row.text(0) { damaged.append(row.text(0)) }
            return true
        }
        return damaged
    }
}
