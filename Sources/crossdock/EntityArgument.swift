import ArgumentParser
import Microsegments
import Pipeline
import Records
import Store

/// Entities as they are written on the command line.
enum EntityArgument {
    /// `kind:CLIENT/id`, or `CLIENT/id` of the kind that the scheme divides.
    static func key(_ text: String, scheme: String, in site: Site) throws -> EntityKey {
        if let key = EntityKey(text) { return key }
        if let found = try site.liveState().bundle.scheme(scheme) {
            guard let key = EntityKey("\(found.entity.rawValue):\(text)") else { throw ValidationError("\(text) is no entity; write CLIENT/id") }
            return key
        }
        // A scheme that is not live any more has a past.
        for kind in EntityKind.allCases {
            guard let key = EntityKey("\(kind.rawValue):\(text)") else { continue }
            if try !site.store.history(scheme: scheme, key, knownAt: .max).isEmpty { return key }
        }
        throw PipelineFailure(
            subject: scheme, cause: "it is not in the live state, and nothing is known of \(text) in it", hint: "`crossdock scheme list` names the schemes")
    }
}
