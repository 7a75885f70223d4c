import ChangeControl
import Microsegments
import Outbox
import Records
import Store
import Values

extension ImpactReport {
    /// Movers of a scheme, and payloads of an action, that are told one by one.
    static let samplesMax = 20
    private static let payloadSamples = 3
    private static let payloadText = 2000

    /// - Parameters:
    ///   - bundle: of the target.
    ///   - former: what is live.
    ///   - store: the live one.
    init(_ rehearsal: ImpactRehearsal, base: StateID, target: StateID, bundle: Bundle, former: Bundle, store: Store, now: Instant) throws {
        let moves = try rehearsal.moves()
        let sizes = Dictionary(grouping: try store.standingCounts(), by: \.scheme)
        let notices = rehearsal.notices()
        let schemes = try bundle.namedSchemes.map { scheme in
            Self.scheme(
                scheme, moves.filter { $0.subject.scheme == scheme.name }, notices.filter { $0.subject.scheme == scheme.name }.map { $0.notice },
                rehearsal.kept[scheme.name] ?? [], sizes[scheme.name] ?? []
            ).with(
                isChanged: rehearsal.readings[scheme.name]?.isChanged ?? false, figures: rehearsal.readings[scheme.name]?.figures ?? [], boundaries: rehearsal.readings[scheme.name]?.boundaries ?? [],
                replay: try SchemeReplay(scheme, bundle, former: former)?.replayed(store))
        }
        let lowered = moves.filter { move in bundle.scheme(move.subject.scheme).map { move.lowers(in: $0) } ?? false }.map(\.subject)
        let held = rehearsal.kept.flatMap { scheme, entities in entities.map { StoredDecision.Subject(scheme: scheme, entity: $0) } }
        let affected = Set(lowered + notices.map { $0.subject } + held)
        let contracts = try store.driver.read { try Self.contracts(affected, now: now, zone: bundle.zone, in: $0) }
        let promises = try store.driver.read { try Self.promises(moves, bundle, now: now, in: $0) }
        self.init(
            base: base, target: target, asOf: now, head: rehearsal.head, schemes: schemes.sorted { $0.scheme < $1.scheme },
            rules: RuleImpact.of(bundle.namedSchemes, from: former.schemes),
            emissions: Self.emissions(rehearsal.effects), contracts: contracts, promises: promises,
            redundantOverrides: rehearsal.redundantOverrides, failures: rehearsal.counts.failures, unknown: Self.unknown(bundle))
    }

    private static func scheme(
        _ scheme: Scheme, _ moves: [ImpactRehearsal.Move], _ notices: [SchemeImpact.Notice], _ kept: [EntityKey],
        _ sizes: [(scheme: String, microsegment: String, members: Int)]
    ) -> SchemeImpact {
        var stays = Dictionary(sizes.map { ($0.microsegment, $0.members) }, uniquingKeysWith: +)
        for move in moves { if let from = move.from { stays[from, default: 0] -= 1 } }
        var tally = SchemeTally(scheme, stays: stays)
        for move in moves {
            tally.move(
                move.subject.entity, from: move.from, to: move.to, formerRule: move.formerRule, rule: move.rule, cause: move.cause, worth: move.value)
        }
        notices.forEach { tally.note($0) }
        kept.forEach { tally.keep($0) }
        return tally.impact
    }

    private static func emissions(_ effects: [StoredEffect]) -> [EmissionImpact] {
        struct Key: Hashable, Comparable {
            let action: String, target: String, kind: String
            static func < (left: Key, right: Key) -> Bool { (left.action, left.target, left.kind) < (right.action, right.target, right.kind) }
        }
        let groups = Dictionary(grouping: effects) { Key(action: $0.action, target: $0.effect.target, kind: $0.effect.kind.rawValue) }
        return groups.sorted { $0.key < $1.key }.map { key, effects in
            let lines = effects.map { "\($0.effect.id) \(ContentDigest(of: $0.effect.payload).hex)\n" }
            return EmissionImpact(
                action: key.action, target: key.target, kind: key.kind, count: effects.count, bytes: effects.reduce(0) { $0 + $1.effect.payload.count },
                digest: ContentDigest(ofText: lines.joined()),
                samples: effects.prefix(payloadSamples).map {
                    EmissionImpact.Sample(id: $0.effect.id, fileName: $0.effect.fileName, text: String(decoding: $0.effect.payload.prefix(payloadText), as: UTF8.self))
                })
        }
    }

    /// Contracts in force of the customers who are lowered or told that they will be, or whose orders are.
    private static func contracts(
        _ affected: Set<StoredDecision.Subject>, now: Instant, zone: ZoneRules, in session: any StoreSession
    ) throws -> [ContractImpact] {
        let record = RecordCatalogue.definition(.contract), day = now.dateTime(in: zone).date
        var found: [ContractImpact] = []
        for subject in affected {
            guard let customer = try customer(of: subject.entity, in: session), let party = record.slot("party") else { continue }
            for values in try Store.current(.contract, through: party, client: subject.entity.client, id: customer, in: session) {
                func value(_ name: String) -> Value { record.slot(name).map { values[$0] } ?? .null }
                if case .string(let role) = value("role"), role != "customer" { continue }
                if case .date(let from) = value("validFrom"), day < from { continue }
                if case .date(let to) = value("validTo"), to < day { continue }
                var floor: ExactDecimal?, noticeEnds: CalendarDate?
                if case .number(let number) = value("floor") { floor = number }
                if case .number(let notice) = value("noticePeriod"), let days = notice.rounded(scale: 0, .ceiling).integer {
                    noticeEnds = CalendarDate(dayNumber: day.dayNumber + days)
                }
                found.append(ContractImpact(
                    contract: value("contract").text, entity: subject.entity.description, scheme: subject.scheme, floor: floor, noticeEnds: noticeEnds))
            }
        }
        return found.sorted { ($0.contract, $0.scheme, $0.entity) < ($1.contract, $1.scheme, $1.entity) }
    }

    private static func customer(of entity: EntityKey, in session: any StoreSession) throws -> String? {
        switch entity.kind {
        case .customer: return entity.id
        case .order:
            guard let order = try order(entity, in: session), let slot = RecordCatalogue.definition(.order).slot("customer"), order[slot] != .null else { return nil }
            return order[slot].text
        default: return nil
        }
    }

    private static func order(_ entity: EntityKey, in session: any StoreSession) throws -> [Value]? {
        guard let slot = RecordCatalogue.definition(.order).slot("orderNumber") else { return nil }
        return try Store.current(.order, through: slot, client: entity.client, id: entity.id, in: session).first
    }

    private static func promises(_ moves: [ImpactRehearsal.Move], _ bundle: Bundle, now: Instant, in session: any StoreSession) throws -> PromiseImpact {
        var impact = PromiseImpact()
        for move in moves where move.subject.entity.kind == .order && move.from != nil {
            guard let scheme = bundle.scheme(move.subject.scheme), let order = try order(move.subject.entity, in: session),
                let slot = RecordCatalogue.definition(.order).slot("promisedAt"), case .dateTime(let promise) = order[slot],
                promise.instant(in: bundle.zone) > now
            else { continue }
            switch move.direction(in: scheme) {
            case .up: impact.gain += 1
            case .down: impact.lose += 1
            case nil: impact.redistribute += 1
            }
        }
        return impact
    }

    private static func unknown(_ bundle: Bundle) -> [String] {
        let schemes = bundle.namedSchemes.sorted { $0.name < $1.name }
        return schemes.filter { $0.valueSlot == nil }.map { "what the members of \($0.name) are worth: it has no value" }
            + schemes.filter { $0.tiers.isEmpty }.map { "whether moves of \($0.name) are for the worse: it has no tiers, so each counts as one" }
            + schemes.filter { $0.figures.isEmpty }.map { "what \($0.name) does to safety stock, carrying cost, service and cost to serve: it declares no figures" }
    }
}

extension ImpactRehearsal {
    /// One entity that would be in another micro-segment.
    struct Move {
        let subject: StoredDecision.Subject
        let from: String?
        let to: String
        let formerRule: Int?
        let rule: Int
        let cause: String
        let value: ExactDecimal

        enum Direction { case up, down }

        /// nil where a micro-segment is in no tier, or none was before.
        func direction(in scheme: Scheme) -> Direction? {
            guard let from, let before = scheme.tiers.firstIndex(of: from), let after = scheme.tiers.firstIndex(of: to), before != after else { return nil }
            return after > before ? .down : .up
        }

        /// Out of a micro-segment that is no more everybody has to go.
        func lowers(in scheme: Scheme) -> Bool {
            guard let from, scheme.microsegment(from) != nil else { return false }
            return scheme.lowers(from, to: to)
        }
    }

    /// Who is told that they will be lowered. One that is told twice is told by its last decision.
    func notices() -> [(subject: StoredDecision.Subject, notice: SchemeImpact.Notice)] {
        var last: [StoredDecision.Subject: SchemeImpact.Notice] = [:]
        for decision in decisions {
            guard let subject = decision.subject, case .context(let body)? = try? JSONText.parse(decision.body), case .context(let notice)? = body["notice"],
                case .string(let from)? = notice["from"], case .string(let to)? = notice["to"], case .string(let text)? = notice["effective"],
                let effective = Instant(text)
            else { continue }
            last[subject] = SchemeImpact.Notice(entity: subject.entity.description, from: from, to: to, effective: effective)
        }
        return last.map { ($0.key, $0.value) }
    }

    /// In the order of schemes and entities. One that is decided twice is told by its last decision.
    func moves() throws -> [Move] {
        var last: [StoredDecision.Subject: StoredDecision] = [:]
        for decision in decisions { if let subject = decision.subject { last[subject] = decision } }
        return last.sorted { ($0.key.scheme, $0.key.entity) < ($1.key.scheme, $1.key.entity) }.compactMap { subject, decision in
            let standing = former[subject]
            guard standing?.microsegment != decision.microsegment, case .context(let body)? = try? JSONText.parse(decision.body),
                case .number(let rule)? = body["rule"], case .string(let cause)? = body["cause"]
            else { return nil }
            return Move(
                subject: subject, from: standing?.microsegment, to: decision.microsegment, formerRule: standing?.rule, rule: rule.integer ?? 0, cause: cause,
                value: standing?.value ?? .zero)
        }
    }
}

extension StoredDecision {
    /// Whom a decision is about.
    struct Subject: Hashable {
        let scheme: String
        let entity: EntityKey
    }

    var subject: Subject? { EntityKind(rawValue: entityKind).map { Subject(scheme: scheme, entity: EntityKey($0, client: client, id: entity)) } }
}
