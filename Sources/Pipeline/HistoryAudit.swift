import ChangeControl
import Records
import Store

/// Holds the history of all schemes against the log: the moves of entities are what log entries digest, and all that the history
/// holds besides must follow from them.
///
/// Rows of archives that are there count like those of the table. What a purge took cannot be digested again: entries that it
/// touched are told apart.
struct HistoryAudit {
    /// Digests of moves, by the position at which they were made, in order.
    private var moves: [(position: Int, digest: ContentDigest)] = []
    private var next = 0
    /// Positions that rows of purged archives bear.
    private var purged: [ClosedRange<Int>] = []
    /// What does not follow from the moves, as sentences.
    private(set) var defects: [String] = []

    /// Defects of one kind that are told.
    static let toldMax = 10

    init(_ site: Site, in session: any StoreSession) throws {
        let archives = try HistoryArchives(site, in: session)
        var gone: Set<String> = []
        for entry in archives.entries where entry.purged != nil {
            let manifest = try archives.manifest(entry)
            gone.insert(entry.scheme)
            if let first = manifest.firstPosition, let last = manifest.lastPosition, first <= last { purged.append(first...last) }
        }
        let archived = Set(archives.entries.filter { $0.purged == nil }.map(\.scheme))
        for scheme in try archived.union(Store.schemesWithMembers(in: session)).sorted() {
            let cursors = try archives.kept(of: scheme).map {
                HistoryArchiveCursor(path: archives.path($0), expecting: try archives.manifest($0).packed)
            }
            try take(scheme, try HistoryMerge(cursors), isWhole: !gone.contains(scheme), in: session)
        }
        moves.sort { ($0.position, $0.digest) < ($1.position, $1.digest) }
        for name in try Store.unlikeStandings(limit: Self.toldMax, in: session) {
            defects.append("\(name) stands elsewhere than its history says, or has none")
        }
    }

    /// Moves that were made at a position; positions are asked for in order. What lies between is told as a defect: no entry answers for it.
    mutating func moves(at position: Int) -> [ContentDigest] {
        skip(to: position)
        var found: [ContentDigest] = []
        while next < moves.count, moves[next].position == position {
            found.append(moves[next].digest)
            next += 1
        }
        return found
    }

    /// Tells of moves before a position that no log entry answers for.
    mutating func skip(to position: Int) {
        while next < moves.count, moves[next].position < position {
            tell("a move of the history says log entry \(moves[next].position), which answers for none")
            next += 1
        }
    }

    /// Whether a purge took rows that a log entry answers for, or may have.
    func isPurged(_ position: Int) -> Bool { purged.contains { $0.contains(position) } }

    private mutating func take(_ scheme: String, _ merge: HistoryMerge, isWhole: Bool, in session: any StoreSession) throws {
        var archived = merge
        func archivedSpans(before entity: EntityKey?) throws -> (entity: EntityKey, spans: [AssignmentSpan])? {
            guard let first = archived.entity, entity.map({ HistoryText.precedes(first, $0) }) ?? true else { return nil }
            return try archived.take()
        }
        try Store.forEachEntity(of: scheme, in: session) { entity, spans in
            while let (other, spans) = try archivedSpans(before: entity) { check(scheme, other, spans, isWhole) }
            let before = archived.entity == entity ? try archived.take().spans : []
            check(scheme, entity, before + spans, isWhole)
        }
        while let (other, spans) = try archivedSpans(before: nil) { check(scheme, other, spans, isWhole) }
    }

    /// Notes the moves of an entity, and sees whether its other rows follow from them: each move ends the span before it.
    private mutating func check(_ scheme: String, _ entity: EntityKey, _ spans: [AssignmentSpan], _ isWhole: Bool) {
        let open = spans.filter { $0.validTo == nil }.sorted { $0.knownFrom < $1.knownFrom }
        for span in open { moves.append((span.knownFrom, LogRows.digest(ofMove: scheme, entity, span))) }
        var expected: [AssignmentSpan] = []
        for (span, following) in zip(open, open.dropFirst()) {
            guard span.knownTo == following.knownFrom else { return disagree(scheme, entity, span.knownFrom) }
            guard span.validFrom <= following.validFrom else { return disagree(scheme, entity, following.knownFrom) }
            guard span.validFrom < following.validFrom else { continue }
            expected.append(AssignmentSpan(
                microsegment: span.microsegment, cause: span.cause, rule: span.rule, state: span.state, validFrom: span.validFrom,
                validTo: following.validFrom, knownFrom: following.knownFrom, knownTo: nil))
        }
        if let last = open.last, last.knownTo != nil { return disagree(scheme, entity, last.knownFrom) }
        let ended = spans.filter { $0.validTo != nil }.sorted { ($0.knownFrom, $0.validFrom) < ($1.knownFrom, $1.validFrom) }
        // Of a purged history the beginning is missing: there what is left must be what follows from the moves that are left.
        let rest = isWhole ? ended : ended.filter { $0.knownFrom > open.first?.knownFrom ?? .max }
        let isRight = isWhole ? rest == expected : rest.allSatisfy(expected.contains)
        if !isRight { disagree(scheme, entity, (rest.first { !expected.contains($0) } ?? expected.first { !rest.contains($0) })?.knownFrom ?? 0) }
    }

    private mutating func disagree(_ scheme: String, _ entity: EntityKey, _ position: Int) {
        tell("the history of \(entity.told) in \(scheme) does not follow from its moves, at log entry \(position)")
    }

    private mutating func tell(_ defect: String) {
        if defects.count < Self.toldMax { defects.append(defect) }
    }
}
