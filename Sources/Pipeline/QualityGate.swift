import Attributes
import Mapping
package import Microsegments
import Records
package import Store
package import Values

/// A feed whose latest files have more bad rows than its owner allows.
package struct BadFeed: Sendable, Hashable, CustomStringConvertible {
    package let feed: String
    package let owner: String
    /// Rows that were reported, of those that were read.
    package let reported: Int
    package let read: Int
    package let limit: ExactDecimal

    package var description: String {
        let share = (try? ExactDecimal(reported * 100).divided(by: ExactDecimal(read)))?.rounded(scale: 2).description ?? "all"
        let limit = (try? limit.multiplying(by: ExactDecimal(100)))?.normalized.description ?? ""
        return "\(reported) of \(read) rows of feed \(feed) are bad, \(share) %; \(owner) allows \(limit) %"
    }
}

/// Keeps a scheme from being recalibrated on records of a feed that has gone bad.
package struct QualityGate: Sendable {
    let store: Store
    let state: ActiveState

    package init(store: Store, state: ActiveState) {
        self.store = store
        self.state = state
    }

    /// The bad feeds among those whose records a scheme reads.
    package func badFeeds(of scheme: Scheme) throws -> [BadFeed] {
        let library = state.bundle.library
        let kinds = scheme.plan.kinds
        return try library.quality.compactMap { plan in
            guard let limit = plan.badShare, let feed = library.feed(plan.feed), library.fields(givenBy: feed).contains(where: { kinds.contains($0.kind) })
            else { return nil }
            let loads = try store.loads(ofFeed: plan.feed, last: plan.last)
            let read = loads.reduce(0) { $0 + $1.read }, reported = loads.reduce(0) { $0 + $1.reported }
            guard read > 0, let allowed = try? ExactDecimal(read).multiplying(by: limit), ExactDecimal(reported) > allowed else { return nil }
            return BadFeed(feed: plan.feed, owner: plan.owner, reported: reported, read: read, limit: limit)
        }
    }
}
