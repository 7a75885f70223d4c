package import Outbox
package import Records
package import Values

/// One record about a subject, with its personal fields as they are stored.
package struct SubjectRecord: Sendable {
    package let row: Int64
    package let kind: RecordKind
    package let key: String
    /// Texts by slot: sealed, withheld or, from before the field was personal, plain.
    package let stored: [Int: String]
    /// The values that can be read now, by slot.
    package let open: [Int: String]
}

/// What is held of subjects, and what leaves with them.
extension Store {
    static let insertSealedEffect = Statement("INSERT INTO sealed_effect (key_id, effect) VALUES (?, ?) ON CONFLICT DO NOTHING")
    static let effectsUnder = Statement("SELECT effect FROM sealed_effect WHERE key_id = ? ORDER BY effect")
    static let keysOfEffect = Statement("SELECT key_id FROM sealed_effect WHERE effect = ? ORDER BY key_id")
    static let effectRecords = Statement("""
        SELECT s.effect, s.record, s.file FROM effect_source s JOIN effect e ON e.id = s.effect
        WHERE (s.record IS NOT NULL OR s.file IS NOT NULL) AND e.sealed IS NULL AND e.removed IS NULL ORDER BY s.effect, s.place
        """)
    static let removePayload = Statement("UPDATE effect SET payload = ?, removed = ? WHERE id = ? AND removed IS NULL")
    static let removedEffects = Statement("SELECT id, removed FROM effect WHERE removed IS NOT NULL ORDER BY id")
    static let rejectedFacts = Statement("SELECT r.load, r.ordinal, r.fact FROM rejected r JOIN load l ON l.id = r.load WHERE l.file = ?")
    static let rewriteFact = Statement("UPDATE rejected SET fact = ? WHERE load = ? AND ordinal = ? AND fact = ?")
    static let rewriteReason = Statement("UPDATE file SET reason = ? WHERE id = ?")
    static let insertOriginal = Statement("INSERT INTO shredded_original (file, position, removed) VALUES (?, ?, 0) ON CONFLICT DO NOTHING")
    static let originalRemoved = Statement("UPDATE shredded_original SET removed = 1 WHERE file = ?")
    static let originalsOfFile = Statement("SELECT position, removed FROM shredded_original WHERE file = ?")
    static let everyOriginal = Statement("SELECT file, position, removed FROM shredded_original ORDER BY file")

    static var subjectStatements: [Statement] {
        [
            insertSealedEffect, effectsUnder, keysOfEffect, effectRecords, removePayload, removedEffects, rejectedFacts, rewriteFact, rewriteReason, insertOriginal,
            originalRemoved, originalsOfFile, everyOriginal,
        ]
    }

    /// Every record about a subject, of whatever load and version, kind by kind.
    package func forEachRecord(about subject: PersonalSubject, _ fields: PersonalFields, in session: any StoreSession, _ body: (SubjectRecord) throws -> Void) throws {
        var opener = PersonalOpener(keys, in: session)
        for table in RecordTable.everyTable {
            let definition = table.definition, width = table.width
            for place in definition.places(of: subject) {
                try session.forEachRow(table.about(place.empty, place.slot), [.text(subject.client), .text(place.value)]) { row in
                    let stored = table.storedValues(row, from: 1)
                    var values = stored
                    let sealed = Set(try opener.open(&values, of: definition).map(\.slot))
                    let personal = definition.fields.indices.filter { (fields.contains($0, of: definition.kind) || sealed.contains($0)) && stored[$0] != .null }
                    try body(SubjectRecord(
                        row: row.integer(0), kind: definition.kind, key: row.text(2 + width),
                        stored: Dictionary(uniqueKeysWithValues: personal.map { ($0, stored[$0].text) }),
                        open: Dictionary(uniqueKeysWithValues: personal.filter { values[$0] != .null }.map { ($0, values[$0].text) })))
                    return true
                }
            }
        }
    }

    /// Numbers of the files that brought records about a subject.
    package static func files(about subject: PersonalSubject, in session: any StoreSession) throws -> Set<Int64> {
        var files: Set<Int64> = []
        for table in RecordTable.everyTable {
            for place in table.definition.places(of: subject) {
                for row in try session.rows(table.filesAbout(place.empty, place.slot), [.text(subject.client), .text(place.value)]) { files.insert(row.integer(0)) }
            }
        }
        return files
    }

    /// Clients whose records a file brought.
    package static func clients(ofFile file: Int64, in session: any StoreSession) throws -> Set<String> {
        try RecordTable.everyTable.reduce(into: []) { clients, table in
            for row in try session.rows(table.clientsOfFile, [.integer(file)]) { clients.insert(row.text(0)) }
        }
    }

    /// When files that name each subject were first and last taken, and whether the kind of record says that somebody exists or that something happened.
    package static func forEachActivity(in session: any StoreSession, _ body: (PersonalSubject, _ describes: Bool, _ first: Instant, _ last: Instant) -> Void) throws {
        for table in RecordTable.everyTable {
            let definition = table.definition
            for (place, slot) in definition.about.enumerated() {
                try session.forEachRow(table.activity(slot), []) { row in
                    let party = place == 0 ? row.text(1) : "\(definition.fields[slot].name):\(row.text(1))"
                    body(PersonalSubject(client: row.text(0), party: party), [.party, .location, .contract].contains(definition.kind), row.instant(2), row.instant(3))
                    return true
                }
            }
        }
    }

    /// Puts another text into a personal field of a record.
    package static func replace(_ slot: Int, of kind: RecordKind, row: Int64, with text: String, in session: any StoreSession) throws {
        try session.execute(RecordTable.of(kind).table.replacing(slot), [.text(text), .integer(row)])
    }

    // MARK: - Effects

    /// Ids of the effects that are sealed under a key.
    package static func effects(sealedUnder key: Int64, in session: any StoreSession) throws -> [String] {
        try session.rows(effectsUnder, [.integer(key)]).map { $0.text(0) }
    }

    /// Numbers of the keys that an effect is sealed under.
    package static func keys(ofEffect id: String, in session: any StoreSession) throws -> [Int64] {
        try session.rows(keysOfEffect, [.text(id)]).map { $0.integer(0) }
    }

    /// Ids of the effects that are not sealed and come from some of these records, or answer some of these files.
    package static func plainEffects(of records: Set<Int64>, answering files: Set<Int64>, in session: any StoreSession) throws -> [String] {
        var found: Set<String> = []
        try session.forEachRow(effectRecords, []) { row in
            if row.optionalInteger(1).map(records.contains) ?? false || row.optionalInteger(2).map(files.contains) ?? false { found.insert(row.text(0)) }
            return true
        }
        return found.sorted()
    }

    /// Takes a payload away; its digest stays, so that the log still answers for it.
    package static func removePayload(ofEffect id: String, digest: String, in session: any StoreSession) throws {
        try session.execute(removePayload, [.blob([]), .text(digest), .text(id)])
    }

    /// Effects without their payload.
    package static func removedEffects(in session: any StoreSession) throws -> [String] { try session.rows(removedEffects).map { $0.text(0) } }

    /// An effect as it is sent; nil where its payload cannot be read any more.
    package func opened(_ stored: StoredEffect) throws -> Effect? {
        if stored.isRemoved { return nil }
        guard stored.isSealed else { return stored.effect }
        return try driver.read { session in
            var opener = PersonalOpener(keys, in: session)
            return try opener.payload(stored.effect.payload, ofEffect: stored.effect.id).map { stored.effect.with(payload: $0) }
        }
    }

    // MARK: - Files

    /// Puts texts in place of those that findings of a file quote: in its report, and beside the records that were reported. Tells whether there were any.
    package static func rewriteFindings(of file: LedgerFile, _ rewritten: (String) -> String, in session: any StoreSession) throws -> Bool {
        var count = 0
        if let reason = file.reason, rewritten(reason) != reason { count += try session.execute(rewriteReason, [.text(rewritten(reason)), .integer(file.id)]) }
        for row in try session.rows(rejectedFacts, [.integer(file.id)]) {
            let fact = row.text(2), other = rewritten(fact)
            if other != fact { count += try session.execute(rewriteFact, [.text(other), .integer(row.integer(0)), .integer(row.integer(1)), .text(fact)]) }
        }
        return count > 0
    }

    /// Notes that the original of a file goes, by a log entry.
    package static func noteShredded(file: Int64, position: Int, in session: any StoreSession) throws {
        try session.execute(insertOriginal, [.integer(file), .integer(position)])
    }

    package func noteRemoved(file: Int64) throws { _ = try driver.write { try $0.execute(Self.originalRemoved, [.integer(file)]) } }

    /// The log entry by which the original of a file was shredded; nil where it was not.
    package func originalShredded(file: Int64) throws -> Int? { try driver.read { try $0.firstRow(Self.originalsOfFile, [.integer(file)]).map { Int($0.integer(0)) } } }

    /// Files whose originals were shredded, with the log position, and whether the bytes are gone.
    package static func shreddedOriginals(in session: any StoreSession) throws -> [(file: Int64, position: Int, isRemoved: Bool)] {
        try session.rows(everyOriginal).map { ($0.integer(0), Int($0.integer(1)), $0.integer(2) != 0) }
    }
}
