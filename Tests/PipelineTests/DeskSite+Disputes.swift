import ChangeControl
import Microsegments
import Pipeline
import Records
import Store
import Values

/// A site on which entities stand somewhere, so that somebody can dispute it.
extension DeskSite {
    static let scheme = "order-priority"

    var disputes: DisputeDesk { DisputeDesk(site: site) }

    static func at(hour: Int64) -> Instant { at(hour * 3_600) }

    /// Puts an order into a micro-segment, as a run does.
    func place(_ id: String, _ microsegment: String = "standard", cause: String = "rules", at now: Instant) throws {
        let entity = Self.order(key: id), state = try site.liveState().id
        try site.store.driver.write { session in
            let position = try Store.nextPosition(in: session)
            let former = try Store.standing(scheme: Self.scheme, entity, in: session)
            let standing = Standing(
                scheme: Self.scheme, entity: entity, microsegment: microsegment, cause: cause, computed: microsegment, rule: 1,
                stability: StabilityState(settled: microsegment, since: now), nextChange: nil, state: state)
            try Store.write(standing, former: former, at: now, position: position, in: session)
            try Store.append(.runCommitted, .context(ContextValue()), at: now, in: session)
        }
    }

    @discardableResult
    func raise(_ id: String, by person: Principal = DeskSite.ops, at now: Instant) throws -> Dispute {
        try disputes.raise(scheme: Self.scheme, Self.order(key: id), by: person, reason: "The customer says so", at: now).dispute
    }

    func dispute(_ number: Int, at now: Instant) throws -> Dispute { try disputes.reading(at: now).dispute(DisputeID(number: number)) }

    /// The events of disputes in the log, in order.
    func disputeEvents() throws -> [DisputeEvent] {
        try site.store.driver.read { try Store.entries(of: .dispute, in: $0) }.compactMap { DisputeEvent(body: $0.body) }
    }
}

/// The kind of refusal that a body ends in; nil where it is not refused.
func disputeRefusal<Result>(_ body: () throws -> Result) -> ChangeRefusal.Kind? {
    do {
        _ = try body()
        return nil
    } catch let refusal as ChangeRefusal { return refusal.kind } catch { return nil }
}
