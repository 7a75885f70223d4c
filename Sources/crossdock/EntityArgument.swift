import ArgumentParser
import Microsegments
import Pipeline
import Records

/// Entities as they are written on the command line.
enum EntityArgument {
    /// `kind:CLIENT/id`, or `CLIENT/id` of the kind that the scheme divides.
    static func key(_ text: String, scheme: String, in site: Site) throws -> EntityKey {
        if let key = EntityKey(text) { return key }
        guard let found = try site.liveState().bundle.scheme(scheme) else { throw ValidationError("there is no scheme \(scheme)") }
        guard let key = EntityKey("\(found.entity.rawValue):\(text)") else { throw ValidationError("\(text) is no entity; write CLIENT/id") }
        return key
    }
}
