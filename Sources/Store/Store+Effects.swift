package import Outbox
package import Sealing
package import Values

/// A decision as the store keeps it: what is searched in columns, the whole as canonical JSON.
package struct StoredDecision: Sendable, Hashable {
    package var id: String
    package var position: Int
    package var scheme: String
    package var entityKind: String
    package var client: String
    package var entity: String
    package var at: Instant
    package var microsegment: String
    package var state: String
    package var body: String

    package init(
        id: String, position: Int, scheme: String, entityKind: String, client: String, entity: String, at: Instant,
        microsegment: String, state: String, body: String
    ) {
        self.id = id
        self.position = position
        self.scheme = scheme
        self.entityKind = entityKind
        self.client = client
        self.entity = entity
        self.at = at
        self.microsegment = microsegment
        self.state = state
        self.body = body
    }
}

/// What an effect came from: a decision, a record that a route sent straight on, or a file that is answered.
package enum EffectSource: Hashable, Sendable {
    case decision(String)
    case record(Int64)
    case file(Int64)
}

/// An effect with what it came from and how its delivery stands.
package struct StoredEffect: Sendable {
    package let effect: Effect
    package let action: String
    package let position: Int
    package var delivery: DeliveryState
    /// Why it is dead, in words.
    package let reason: String?
    /// Whether its payload is sealed: ``Store/opened(_:)`` gives it as it is sent.
    package let isSealed: Bool
    /// Whether its payload was taken away when a subject was shredded.
    package let isRemoved: Bool

    /// The same with another state of its delivery, if there is one.
    package func standing(_ state: DeliveryState?) -> StoredEffect {
        var same = self
        if let state { same.delivery = state }
        return same
    }

    /// The same without the bytes that are sent, for lists.
    package var withoutPayload: StoredEffect {
        StoredEffect(
            effect: effect.with(payload: []), action: action, position: position, delivery: delivery, reason: reason, isSealed: isSealed, isRemoved: isRemoved)
    }
}

extension Store {
    static let insertDecision = Statement("""
        INSERT INTO decision (id, position, place, scheme, kind, client, entity, at, microsegment, state, body)
        VALUES (?, ?, (SELECT COALESCE(MAX(place), -1) + 1 FROM decision WHERE position = ?), ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """)
    private static let decisionColumns = "id, position, scheme, kind, client, entity, at, microsegment, state, body"
    static let decisionByID = Statement("SELECT \(decisionColumns) FROM decision WHERE id = ?")
    static let decisionsOf = Statement("SELECT \(decisionColumns) FROM decision WHERE client = ? AND entity = ? ORDER BY position DESC LIMIT ?")
    static let decidingRuns = Statement("SELECT DISTINCT position FROM decision WHERE scheme = ? ORDER BY position DESC LIMIT ?")
    static let decisionsSince = Statement("SELECT \(decisionColumns) FROM decision WHERE scheme = ? AND position >= ? ORDER BY position DESC, place DESC LIMIT ?")
    static let decisionsAfter = Statement("SELECT \(decisionColumns) FROM decision WHERE position > ? ORDER BY position, place")
    static let countDecisions = Statement("SELECT COUNT(*) FROM decision")

    static var decisionStatements: [Statement] {
        [insertDecision, decisionByID, decisionsOf, decidingRuns, decisionsSince, decisionsAfter, countDecisions]
    }

    package static func add(_ decision: StoredDecision, in session: any StoreSession) throws {
        try session.execute(
            insertDecision,
            [
                .text(decision.id), .integer(decision.position), .integer(decision.position), .text(decision.scheme), .text(decision.entityKind),
                .text(decision.client), .text(decision.entity), .instant(decision.at), .text(decision.microsegment),
                .text(decision.state), .text(decision.body),
            ])
    }

    package func decision(_ id: String) throws -> StoredDecision? {
        try driver.read { try $0.firstRow(Self.decisionByID, [.text(id)]).map(Self.decision) }
    }

    /// Decisions about an entity, the latest first.
    package func decisions(client: String, entity: String, limit: Int = 20) throws -> [StoredDecision] {
        try driver.read { try $0.rows(Self.decisionsOf, [.text(client), .text(entity), .integer(limit)]).map(Self.decision) }
    }

    /// Every decision of runs behind a position, in the order in which they were committed.
    package func decisions(after position: Int) throws -> [StoredDecision] {
        try driver.read { try $0.rows(Self.decisionsAfter, [.integer(position)]).map(Self.decision) }
    }

    /// The decisions of a scheme in the last runs that decided anything of it, the latest first, and how many runs they are of.
    ///
    /// - Parameter limit: the most decisions.
    package func decisions(scheme: String, lastRuns runs: Int, limit: Int) throws -> (runs: Int, decisions: [StoredDecision]) {
        try driver.read { session in
            let positions = try session.rows(Self.decidingRuns, [.text(scheme), .integer(runs)]).map { Int($0.integer(0)) }
            guard let first = positions.last else { return (0, []) }
            let decisions = try session.rows(Self.decisionsSince, [.text(scheme), .integer(first), .integer(limit)]).map(Self.decision)
            return (Set(decisions.map(\.position)).count, decisions)
        }
    }

    package func decisionCount() throws -> Int {
        try driver.read { Int(try $0.firstRow(Self.countDecisions)?.integer(0) ?? 0) }
    }

    private static func decision(_ row: SQLRow) -> StoredDecision {
        StoredDecision(
            id: row.text(0), position: Int(row.integer(1)), scheme: row.text(2), entityKind: row.text(3), client: row.text(4),
            entity: row.text(5), at: row.instant(6), microsegment: row.text(7), state: row.text(8), body: row.text(9))
    }

    static let insertEffect = Statement("""
        INSERT INTO effect (id, position, place, action, kind, target, lane, file_name, content_type, payload, created_at, deadline, sealed)
        VALUES (?, ?, (SELECT COALESCE(MAX(place), -1) + 1 FROM effect WHERE position = ?), ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """)
    static let insertSource = Statement("INSERT INTO effect_source (effect, place, decision, record, file) VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING")
    static let insertDelivery = Statement("""
        INSERT INTO delivery (effect, kind, target, position, status, attempts, charged, next_at, deadline)
        VALUES (?, ?, ?, ?, 'pending', 0, 0, 0, ?) ON CONFLICT DO NOTHING
        """)
    static let updateDelivery = Statement("""
        UPDATE delivery SET status = ?, attempts = ?, charged = ?, next_at = ?, finished_at = ?, deadline = ?, failure = ?, reason = ?
        WHERE effect = ?
        """)
    static let startDelivery = Statement("UPDATE delivery SET status = 'sending', attempts = ?, next_at = ? WHERE effect = ?")
    static let insertAttempt = Statement("""
        INSERT INTO attempt (effect, number, at, milliseconds, outcome, detail) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """)
    static let effectColumns = """
        e.id, e.kind, e.target, e.lane, e.content_type, e.file_name, e.payload, e.created_at, e.deadline, e.action, e.position,
        d.status, d.attempts, d.charged, d.next_at, d.finished_at, d.deadline, d.failure, d.reason, e.sealed, e.removed
        """
    static let effectByID = Statement("SELECT \(effectColumns) FROM effect e JOIN delivery d ON d.effect = e.id WHERE e.id = ?")
    static let effectsAfter = Statement("SELECT \(effectColumns) FROM effect e JOIN delivery d ON d.effect = e.id WHERE e.position > ? ORDER BY e.position, e.place")
    static let effectsByPrefix = Statement("SELECT e.id FROM effect e WHERE e.id >= ? AND e.id < ? ORDER BY e.id LIMIT 3")
    static let outboxLoad = Statement("""
        SELECT COUNT(*), COALESCE(SUM(LENGTH(e.payload)), 0), MIN(e.created_at)
        FROM (SELECT effect FROM delivery WHERE kind = ? AND status IN ('pending', 'waiting') LIMIT ?) d JOIN effect e ON d.effect = e.id
        """)
    static let effectsSending = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id
        WHERE d.kind = 'webhook' AND d.finished_at IS NULL AND d.status = 'sending'
        """)
    static let webhooksPast = Statement("""
        SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id
        WHERE d.kind = 'webhook' AND d.finished_at IS NULL AND d.status IN ('pending', 'waiting') AND d.deadline < ? ORDER BY d.deadline, d.effect LIMIT ?
        """)
    static let effectList = Statement("""
        SELECT \(effectColumns) FROM effect e JOIN delivery d ON d.effect = e.id ORDER BY e.position DESC, e.id LIMIT ?
        """)
    /// A statement a status, as only a status that is written out lets an index of some rows be used.
    static let effectListByStatus = Dictionary(
        uniqueKeysWithValues: ["pending", "sending", "waiting", "disabled", "delivered", "dead"].map { status in
            (status, Statement("""
                SELECT \(effectColumns) FROM delivery d JOIN effect e ON d.effect = e.id WHERE d.status = '\(status)'
                ORDER BY d.position DESC, d.effect LIMIT ?
                """))
        })
    static let sourcesOf = Statement("SELECT decision, record, file FROM effect_source WHERE effect = ? ORDER BY place")
    static let effectsOfFile = Statement("SELECT effect FROM effect_source WHERE file = ? ORDER BY effect")
    static let effectsOfRecord = Statement("SELECT effect FROM effect_source WHERE record = ?")
    static let attemptsOf = Statement("SELECT number, at, milliseconds, outcome, detail FROM attempt WHERE effect = ? ORDER BY number")
    static let deliveryCounts = Statement("SELECT kind, target, status, COUNT(*) FROM delivery GROUP BY kind, target, status ORDER BY kind, target, status")
    static let disableTarget = Statement("INSERT INTO disabled_target (target, at, reason) VALUES (?, ?, ?) ON CONFLICT DO NOTHING")
    static let enableTarget = Statement("DELETE FROM disabled_target WHERE target = ?")
    static let disabledTargets = Statement("SELECT target, reason FROM disabled_target ORDER BY target")

    static var effectStatements: [Statement] {
        [
            insertEffect, insertSource, insertDelivery, updateDelivery, insertAttempt, effectByID, effectsAfter, effectsByPrefix,
            unsettledWebhooks, effectsSending, webhooksPast, effectList, sourcesOf, effectsOfFile, effectsOfRecord, attemptsOf, deliveryCounts,
            disableTarget, enableTarget, disabledTargets, startDelivery, outboxLoad, webhooksReturning, nextReturning,
        ] + effectListByStatus.values
    }

    /// Commits an effect with its sources; it is due at once. An effect that is there already stays as it is.
    ///
    /// - Parameter sealedUnder: keys of all whose personal values the payload holds; it is sealed under them, and digested as it is stored.
    /// - Returns: the payload as it is stored.
    @discardableResult
    package static func add(
        _ effect: Effect, action: String, position: Int, sources: [EffectSource], sealedUnder keys: [SealingKey] = [], in session: any StoreSession
    ) throws -> [UInt8] {
        let payload = keys.isEmpty ? effect.payload : SealedPayload.seal(effect.payload, under: keys, at: effect.id)
        try session.execute(
            insertEffect,
            [
                .text(effect.id), .integer(position), .integer(position), .text(action), .text(effect.kind.rawValue), .text(effect.target),
                .text(effect.lane), .text(effect.fileName), .text(effect.contentType), .blob(payload),
                .instant(effect.createdAt), .instant(effect.deadline), keys.isEmpty ? .null : .integer(1),
            ])
        for key in keys { try session.execute(insertSealedEffect, [.integer(key.id), .text(effect.id)]) }
        for (place, source) in sources.enumerated() {
            let (decision, record, file): (SQLValue, SQLValue, SQLValue) =
                switch source {
                case .decision(let id): (.text(id), .null, .null)
                case .record(let row): (.null, .integer(row), .null)
                case .file(let id): (.null, .null, .integer(id))
                }
            try session.execute(insertSource, [.text(effect.id), .integer(place), decision, record, file])
        }
        try session.execute(
            insertDelivery,
            [.text(effect.id), .text(effect.kind.rawValue), .text(effect.target), .integer(position), .instant(effect.deadline)])
        return payload
    }

    package static func update(_ state: DeliveryState, in session: any StoreSession) throws { try update([state], in: session) }

    /// Writes down how deliveries stand.
    package static func update(_ states: [DeliveryState], in session: any StoreSession) throws {
        try session.executeEach(updateDelivery, states.count) { number, row in
            let state = states[number]
            var nextAt: Instant?, finishedAt: Instant?, reason: String?
            switch state.phase {
            case .pending: nextAt = Instant(seconds: 0, nanoseconds: 0)
            case .waiting(let until): nextAt = until
            case .sending(let since): nextAt = since
            case .disabled: break
            case .delivered(let at, let status): (finishedAt, reason) = (at, status.map { "status \($0)" })
            case .dead(let at, let why): (finishedAt, reason) = (at, "\(why.code): \(why)")
            }
            row.add(state.phase.code)
            row.add(Int64(state.attempts))
            row.add(Int64(state.chargedFailures))
            row.add(.instant(nextAt))
            row.add(.instant(finishedAt))
            row.add(state.deadline.storeNanoseconds)
            row.add(.text(state.lastFailure?.code))
            row.add(.text(reason))
            row.add(state.effectID)
        }
    }

    /// Writes down that attempts begin.
    package static func start(_ states: [DeliveryState], in session: any StoreSession) throws {
        try session.executeEach(startDelivery, states.count) { number, row in
            guard case .sending(let since) = states[number].phase else { preconditionFailure("an attempt that begins is sending") }
            row.add(Int64(states[number].attempts))
            row.add(since.storeNanoseconds)
            row.add(states[number].effectID)
        }
    }

    /// One attempt at a delivery, as the delivery log keeps it.
    package struct Attempt: Sendable, Hashable {
        package let number: Int
        package let at: Instant
        package let milliseconds: Int
        /// `delivered`, or the failure's code.
        package let outcome: String
        package let detail: String

        package init(number: Int, at: Instant, milliseconds: Int, outcome: String, detail: String) {
            self.number = number
            self.at = at
            self.milliseconds = milliseconds
            self.outcome = outcome
            self.detail = detail
        }
    }

    package static func add(_ attempt: Attempt, of effect: String, in session: any StoreSession) throws {
        try add([(effect, attempt)], in: session)
    }

    /// Adds attempts to the delivery log.
    package static func add(_ attempts: [(effect: String, attempt: Attempt)], in session: any StoreSession) throws {
        try session.executeEach(insertAttempt, attempts.count) { number, row in
            let (effect, attempt) = attempts[number]
            row.add(effect)
            row.add(Int64(attempt.number))
            row.add(attempt.at.storeNanoseconds)
            row.add(Int64(attempt.milliseconds))
            row.add(attempt.outcome)
            row.add(attempt.detail)
        }
    }

    package func effect(_ id: String) throws -> StoredEffect? { try driver.read { try Self.effect(id, in: $0) } }

    package static func effect(_ id: String, in session: any StoreSession) throws -> StoredEffect? {
        try session.firstRow(effectByID, [.text(id)]).map(effect)
    }

    /// Effects by id, in the order of the ids, read as of one moment; those that are not there are left out.
    package func effects(_ ids: [String]) throws -> [StoredEffect] {
        guard !ids.isEmpty else { return [] }
        return try driver.read { session in
            var effects: [StoredEffect] = []
            effects.reserveCapacity(ids.count)
            try session.forEachRow(Self.effectByID, ids.count, { $1.add(ids[$0]) }) { effects.append(Self.effect($0)) }
            return effects
        }
    }

    /// What waits to go out: how many effects, bytes of their payloads, and since when the oldest.
    ///
    /// - Parameter limit: of each kind no more than so many are looked at.
    package func outboxLoad(upTo limit: Int) throws -> (effects: Int, bytes: Int, oldest: Instant?) {
        try driver.read { session in
            var load: (effects: Int, bytes: Int, oldest: Instant?) = (0, 0, nil)
            for kind in Effect.Kind.allCases {
                guard let row = try session.firstRow(Self.outboxLoad, [.text(kind.rawValue), .integer(limit)]), row.integer(0) > 0 else { continue }
                load.effects += Int(row.integer(0))
                load.bytes += Int(row.integer(1))
                load.oldest = min(row.instant(2), load.oldest ?? row.instant(2))
            }
            return load
        }
    }

    /// Webhooks whose deadline has passed and that are not settled, those first that waited longest.
    package func webhooksPast(_ now: Instant, limit: Int) throws -> [StoredEffect] {
        try driver.read { try $0.rows(Self.webhooksPast, [.instant(now), .integer(limit)]).map(Self.effect) }
    }

    /// Ids of effects that begin with a prefix, at most 3: enough to tell none, one and several.
    package func effectIDs(startingWith prefix: String) throws -> [String] {
        try driver.read { try $0.rows(Self.effectsByPrefix, [.text(prefix), .text(prefix + "~")]).map { $0.text(0) } }
    }

    /// Effects that were being sent when the daemon last stopped.
    package func effectsSending() throws -> [StoredEffect] { try driver.read { try $0.rows(Self.effectsSending).map(Self.effect) } }

    /// Every effect of runs behind a position, in the order in which they were committed.
    package func effects(after position: Int) throws -> [StoredEffect] {
        try driver.read { try $0.rows(Self.effectsAfter, [.integer(position)]).map(Self.effect) }
    }

    /// The latest effects, of one status or of all, to one target or to all.
    package func effects(status: String?, target: String? = nil, limit: Int) throws -> [StoredEffect] {
        guard limit > 0, let statement = if let status { Self.effectListByStatus[status] } else { Self.effectList } else { return [] }
        return try driver.read { session in
            guard let target else { return try session.rows(statement, [.integer(limit)]).map(Self.effect) }
            var effects: [StoredEffect] = []
            try session.forEachRow(statement, [.integer(Int64.max)]) { row in
                let effect = Self.effect(row)
                if effect.effect.target == target { effects.append(effect) }
                return effects.count < limit
            }
            return effects
        }
    }

    /// Gives every effect of a status, the latest first, without holding them all.
    package func forEachEffect(_ status: String, _ body: (StoredEffect) throws -> Void) throws {
        guard let statement = Self.effectListByStatus[status] else { preconditionFailure("\(status) is no status") }
        try driver.read { session in
            try session.forEachRow(statement, [.integer(Int64.max)]) { try body(Self.effect($0)); return true }
        }
    }

    package func sources(ofEffect id: String) throws -> [EffectSource] {
        try driver.read { session in
            try session.rows(Self.sourcesOf, [.text(id)]).compactMap { row in
                row.optionalText(0).map { .decision($0) } ?? row.optionalInteger(1).map { .record($0) }
                    ?? row.optionalInteger(2).map { .file($0) }
            }
        }
    }

    /// Ids of the effects that answer a file.
    package func effects(answering file: Int64) throws -> [String] {
        try driver.read { try $0.rows(Self.effectsOfFile, [.integer(file)]).map { $0.text(0) } }
    }

    package func attempts(ofEffect id: String) throws -> [Attempt] {
        try driver.read { session in
            try session.rows(Self.attemptsOf, [.text(id)]).map { row in
                Attempt(
                    number: Int(row.integer(0)), at: row.instant(1), milliseconds: Int(row.integer(2)), outcome: row.text(3),
                    detail: row.text(4))
            }
        }
    }

    /// Effects by kind, target and status.
    package func deliveryCounts() throws -> [(kind: String, target: String, status: String, count: Int)] {
        try driver.read { try $0.rows(Self.deliveryCounts).map { ($0.text(0), $0.text(1), $0.text(2), Int($0.integer(3))) } }
    }

    package static func disable(_ target: String, at now: Instant, reason: String, in session: any StoreSession) throws {
        try session.execute(disableTarget, [.text(target), .instant(now), .text(reason)])
    }

    package static func enable(_ target: String, in session: any StoreSession) throws {
        try session.execute(enableTarget, [.text(target)])
    }

    /// Targets that answered 410, with the reason.
    package func disabledTargets() throws -> [(target: String, reason: String)] {
        try driver.read { try $0.rows(Self.disabledTargets).map { ($0.text(0), $0.text(1)) } }
    }

    static func effect(_ row: SQLRow) -> StoredEffect {
        let effect = Effect(
            id: row.text(0), kind: Effect.Kind(rawValue: row.text(1)) ?? .webhook, target: row.text(2),
            lane: row.optionalText(3), contentType: row.text(4), fileName: row.optionalText(5), payload: row.blob(6),
            createdAt: row.instant(7), deadline: row.instant(8))
        let phase: DeliveryState.Phase =
            switch row.text(11) {
            case "sending": .sending(since: row.instant(14))
            case "waiting": .waiting(until: row.instant(14))
            case "disabled": .disabled
            case "delivered": .delivered(at: row.instant(15), status: nil)
            case "dead": .dead(at: row.instant(15), .unacceptable(row.text(18)))
            default: .pending
            }
        let delivery = DeliveryState(
            effectID: effect.id, deadline: row.instant(16), phase: phase, attempts: Int(row.integer(12)),
            chargedFailures: Int(row.integer(13)), lastFailure: row.optionalText(17).flatMap { FailureClass(code: $0) })
        return StoredEffect(
            effect: effect, action: row.text(9), position: Int(row.integer(10)), delivery: delivery, reason: row.optionalText(18),
            isSealed: row.optionalInteger(19) != nil, isRemoved: row.optionalText(20) != nil)
    }
}
