import ArgumentParser
import Pipeline
import Store
import Values

/// Instants and log positions as they are written on the command line.
enum CommandTime {
    /// An instant; now where none is said.
    static func instant(_ text: String?) throws -> Instant {
        guard let text else { return SystemClock.now() }
        guard let instant = Instant(text) else { throw ValidationError("\(text) is no instant; write it with its zone, such as 2026-11-21T09:00:00Z") }
        return instant
    }

    /// The log position that is said, or the last one at an instant that is said; beyond all where nothing is.
    static func position(_ text: String?, in site: Site) throws -> Int {
        guard let text else { return .max }
        if let position = Int(text) { return position }
        guard let instant = Instant(text) else { throw ValidationError("\(text) is neither a log position nor an instant") }
        return try site.store.position(at: instant) ?? -1
    }
}
