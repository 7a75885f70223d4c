import ChangeControl
import Diagnostics
import Synchronization

/// What states compiled to, for the latest few of this process. Compiling depends on nothing but the files and the zone rules, which the
/// digests name; an activation alone asks for the same state several times.
enum CompiledBundles {
    typealias Compilation = (bundle: Bundle?, diagnostics: [Diagnostic])

    private struct Known: Sendable {
        let key: String
        let bundle: Bundle?
        let diagnostics: [Diagnostic]
    }

    private static let countMax = 4
    /// The latest last.
    private static let known = Mutex<[Known]>([])

    /// What a state compiles to; `compile` is asked where that is not known.
    static func compilation(of state: StateDescription, _ compile: () -> Compilation) -> Compilation {
        let key = [state.bundle.hex, state.overrides.hex, state.engine, state.zones].joined(separator: " ")
        if let found = known.withLock({ known in known.first { $0.key == key } }) { return (found.bundle, found.diagnostics) }
        let made = compile()
        known.withLock { known in
            if known.count == countMax { known.removeFirst() }
            known.append(Known(key: key, bundle: made.bundle, diagnostics: made.diagnostics))
        }
        return made
    }
}
