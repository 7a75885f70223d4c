import ChangeControl
import Microsegments
import Records
import Store

/// Who wrote what put an entity where it is, so that they do not decide about it: the author of the change request that brought the scheme,
/// or the override, in the form in which it did so; of an override also who answers for it.
///
/// Found by going back through what was live. What came with the genesis two roots signed, and nobody is its author.
struct DisputeAuthors {
    let desk: ChangeDesk
    /// Most states that are compiled; what is older counts as not known.
    private static let statesMax = 100

    /// - Parameter span: where the entity stands.
    func authors(of span: AssignmentSpan, scheme: String, _ entity: EntityKey) throws -> Set<Principal> {
        let history = try desk.history().filter { $0.position <= span.knownFrom }
        let prefix = "override "
        guard span.cause.hasPrefix(prefix) else {
            return Set([try author(history) { $0.scheme(scheme)?.fingerprint }].compactMap { $0 })
        }
        let id = span.cause.dropFirst(prefix.count)
        func override(_ bundle: Bundle) -> Override? { bundle.overrides.all.first { $0.id == id && $0.scheme == scheme && $0.entity == entity } }
        let owner = try history.last.flatMap { try bundle(of: $0) }.flatMap(override).flatMap { Principal($0.owner) }
        return Set([try author(history, override), owner].compactMap { $0 })
    }

    /// Who proposed the request that brought what the last state has of a trait. A rollback brings back what an earlier request brought.
    private func author<Trait: Hashable>(_ history: [ChangeDesk.FormerState], _ trait: (Bundle) -> Trait?) throws -> Principal? {
        var known: [[ContentDigest]: Trait?] = [:]
        func traitOf(_ former: ChangeDesk.FormerState) throws -> Trait? {
            let description = try desk.description(former.state.description)
            let key = [description.bundle, description.overrides]
            if let found = known[key] { return found }
            let found = try bundle(of: former).flatMap(trait)
            known[key] = .some(found)
            return found
        }
        guard let last = history.last, let wanted = try traitOf(last) else { return nil }
        for (index, former) in history.enumerated().reversed() where known.count < Self.statesMax {
            guard let id = former.request, try traitOf(former) == wanted else { continue }
            if index == 0 { return try desk.request(id).author }
            if try traitOf(history[index - 1]) != wanted { return try desk.request(id).author }
        }
        return nil
    }

    /// What a former state compiled to; nil where it does not any more.
    private func bundle(of former: ChangeDesk.FormerState) throws -> Bundle? {
        try StateFiles.stored(try desk.description(former.state.description), in: desk.site.store).compile().bundle
    }
}
