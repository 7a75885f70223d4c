import Attributes
import ChangeControl
import Microsegments
import Store
import Synchronization

/// What is remembered of the schemes of former states, worked out once each: their fingerprints and tiers.
struct SchemeFingerprints: Sendable {
    private final class Cache: Sendable {
        let known = Mutex<[String: [String: [Former]]]>([:])
    }

    struct Former: Sendable {
        let fingerprint: String
        let tiers: [String]
        fileprivate let arm: SchemeArm?
    }

    private let store: Store
    private let cache = Cache()

    init(store: Store) { self.store = store }

    /// The scheme that put an entity where it stands; nil where its state had no such scheme or cannot be read any more.
    ///
    /// - Parameter own: the record that describes the entity, which says which version divided it where there were two.
    func former(_ scheme: String, of standing: Standing, own: Fact?) -> Former? {
        versions(of: scheme, in: standing.state).first { $0.arm?.holds(standing.entity, own: own) ?? true }
    }

    private func versions(of scheme: String, in state: String) -> [Former] {
        if let found = cache.known.withLock({ $0[state] }) { return found[scheme] ?? [] }
        let schemes = schemes(of: state)
        cache.known.withLock { $0[state] = schemes }
        return schemes[scheme] ?? []
    }

    private func schemes(of state: String) -> [String: [Former]] {
        do {
            guard let text = try store.stateDescription(state), let description = StateDescription.parse(text).state,
                let bundle = try StateFiles.stored(description, in: store).compile().bundle
            else { return [:] }
            return Dictionary(grouping: bundle.schemes, by: \.name).mapValues { $0.map { Former(fingerprint: $0.fingerprint, tiers: $0.tiers, arm: $0.arm) } }
        } catch {
            // A former state that cannot be read counts as different: its confirmations do not hold the new answer back.
            return [:]
        }
    }
}

/// Another state became live while a run was under way; the run is repeated under it.
struct StateMoved: Error {}
