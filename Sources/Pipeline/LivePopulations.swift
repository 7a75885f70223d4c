import Attributes
import FEEL
import Microsegments
import Records
import Store
import Synchronization

/// The populations of live schemes that have classes, held in memory between commits, as the records of the store make them.
///
/// Each is built at its first use from all records. A count in the store tells whether somebody else has changed it since; then it is built
/// again. Where its classes ended is stored, so that whoever crossed while nobody held it is found.
final class LivePopulations: Sendable {
    private struct Held: Sendable {
        var population: Population
        /// The count in the store when it was last in step.
        var step: Int64
    }

    private let held = Mutex<[String: Held]>([:])

    /// Forgets all: after a transaction that was rolled back they are ahead of the store.
    func forget() { held.withLock { $0 = [:] } }

    /// Follows what has changed in a scheme's population, and fills in what hangs on it in these rows.
    ///
    /// - Parameters:
    ///   - gone: entities that are not of the population any more.
    ///   - all: the rows of the whole population, changes and all; asked for where it is not held.
    /// - Returns: other entities whose class changed therefore.
    func follow(
        _ rows: inout [AttributeRow], gone: [EntityKey], of scheme: Scheme, context: EvaluationContext, in session: any StoreSession,
        all: () throws -> [AttributeRow]
    ) throws -> Set<EntityKey> {
        guard !rows.isEmpty || !gone.isEmpty else { return [] }
        let step = try Store.populationStep(scheme: scheme.version, in: session)
        let crossed = try held.withLock { held in
            do {
                var crossed: Set<EntityKey> = []
                if held[scheme.version]?.step != step {
                    var population = Population(scheme.plan, ends: try Store.populationEnds(scheme: scheme.version, of: scheme.entity, in: session))
                    var everybody = try all()
                    crossed = try population.place(&everybody, context: context)
                    held[scheme.version] = Held(population: population, step: step)
                }
                // In place: a population may have millions of members.
                if let more = try held[scheme.version]?.population.remove(gone) { crossed.formUnion(more) }
                if let more = try held[scheme.version]?.population.place(&rows, context: context) { crossed.formUnion(more) }
                try Store.write(held[scheme.version]?.population.takeMovedEnds() ?? [], scheme: scheme.version, in: session)
                held[scheme.version]?.step = try Store.countPopulationStep(scheme: scheme.version, in: session)
                return crossed
            } catch {
                held[scheme.version] = nil
                throw error
            }
        }
        return crossed.subtracting(rows.map(\.entity))
    }
}
