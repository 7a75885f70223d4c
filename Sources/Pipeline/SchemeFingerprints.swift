import ChangeControl
import Microsegments
import Store
import Synchronization

/// What is remembered of the schemes of former states, worked out once each: their fingerprints and tiers.
struct SchemeFingerprints: Sendable {
    private final class Cache: Sendable {
        let known = Mutex<[String: [String: Former]]>([:])
    }

    private struct Former: Sendable {
        let fingerprint: String
        let tiers: [String]
    }

    private let store: Store
    private let cache = Cache()

    init(store: Store) { self.store = store }

    /// The fingerprint of a scheme in a state; nil where the state had no such scheme or cannot be read any more.
    func fingerprint(_ scheme: String, in state: String) -> String? { former(scheme, in: state)?.fingerprint }

    /// The tiers of a scheme in a state; none where it cannot be told.
    func tiers(_ scheme: String, in state: String) -> [String] { former(scheme, in: state)?.tiers ?? [] }

    private func former(_ scheme: String, in state: String) -> Former? {
        if let found = cache.known.withLock({ $0[state] }) { return found[scheme] }
        let schemes = schemes(of: state)
        cache.known.withLock { $0[state] = schemes }
        return schemes[scheme]
    }

    private func schemes(of state: String) -> [String: Former] {
        do {
            guard let text = try store.stateDescription(state), let description = StateDescription.parse(text).state,
                let bundle = try StateFiles.stored(description, in: store).compile().bundle
            else { return [:] }
            return Dictionary(bundle.schemes.map { ($0.name, Former(fingerprint: $0.fingerprint, tiers: $0.tiers)) }, uniquingKeysWith: { first, _ in first })
        } catch {
            // A former state that cannot be read counts as different: its confirmations do not hold the new answer back.
            return [:]
        }
    }
}

/// Another state became live while a run was under way; the run is repeated under it.
struct StateMoved: Error {}
