import ChangeControl
import Microsegments
import Store

/// What the entities have that a canary does not reach, and which those are.
struct CanaryFiles: Sendable {
    let description: StateDescription.Canary
    /// Files of the bundle that the rest has.
    let control: [(path: String, bytes: [UInt8])]
    let cohort: Cohort

    /// Reads them from the store's copies, each checked against its digest.
    init(_ canary: StateDescription.Canary, _ state: StateDescription, in store: Store) throws {
        description = canary
        control = try StateFiles.files(of: canary.control, state, in: store)
        let cohort = try Cohort(canary.cohort) { digest in
            guard let wanted = ContentDigest(hex: digest), let bytes = try store.content(digest), ContentDigest(of: bytes) == wanted else {
                throw PipelineFailure(subject: "state \(state.id)", cause: "the store's list of its cohort, \(digest), is missing or damaged", hint: "restore the store from a backup")
            }
            return String(decoding: bytes, as: UTF8.self)
        }
        guard let cohort else {
            throw PipelineFailure(subject: "state \(state.id)", cause: "its cohort cannot be read: \(canary.cohort)", hint: "restore the store from a backup")
        }
        self.cohort = cohort
    }
}

extension StateDescription {
    /// What the rest has, as if everybody had it.
    var control: StateDescription {
        guard let canary else { return self }
        return StateDescription(bundle: canary.control, overrides: overrides, governance: governance, engine: engine, zones: zones)
    }
}
