import Diagnostics
import Intake
import Store
import Values

/// Files that the daemon could not take, or not bring to their end, when it last tried, and drop folders that it cannot look into; kept in the store for those
/// who ask while it runs.
struct FileTroubles {
    struct Trouble: Hashable {
        let cause: String
        /// When it was met first.
        let since: String

        /// For those who ask why a file is not taken.
        var told: String { "the daemon has tried in vain since \(since): \(cause)" }
    }

    /// By feed and name.
    private var files: [FileName: Trouble] = [:]
    /// By path.
    private var folders: [String: Trouble] = [:]
    /// What a daemon before this one left need not hold any more.
    private var isKept = false

    /// Files that are remembered.
    private static let filesMax = 200
    private static let causeMax = 1_000
    private static let fact = "file troubles"

    init() {}

    func of(_ feed: String, _ name: String) -> Trouble? { files[FileName("\(feed)/\(name)")] }

    func of(folder: String) -> Trouble? { folders[folder] }

    mutating func met(_ error: any Error, with name: String, of feed: String) {
        let key = FileName("\(feed)/\(name)"), cause = Self.line("\(error)")
        guard files[key]?.cause != cause else { return }
        // Some of them may be in no folder any more; those that still fail are met again.
        if files[key] == nil, files.count >= Self.filesMax { files = [:] }
        files[key] = Trouble(cause: cause, since: SystemClock.now().description)
        isKept = false
    }

    /// A file has come to its end.
    mutating func ended(_ name: String, of feed: String) { if files.removeValue(forKey: FileName("\(feed)/\(name)")) != nil { isKept = false } }

    /// - Parameter folders: all drop folders that cannot be looked into now.
    mutating func met(folders now: [String: IntakeFailure]) {
        guard now.count != folders.count || now.contains(where: { folders[$0.key]?.cause != Self.line("\($0.value)") }) else { return }
        let since = SystemClock.now().description, former = folders
        folders = now.reduce(into: [:]) { kept, trouble in
            let cause = Self.line("\(trouble.value)")
            kept[trouble.key] = former[trouble.key].flatMap { $0.cause == cause ? $0 : nil } ?? Trouble(cause: cause, since: since)
        }
        isKept = false
    }

    private static func line(_ cause: String) -> String { LineText.line(String(cause.replacing("\n", with: " ").prefix(causeMax))) }

    // MARK: - In the store

    /// Keeps what has changed. Nothing hangs on it: where the store has no room it is kept later.
    mutating func keep(in store: Store) throws {
        guard !isKept else { return }
        let value = Value.context(ContextValue([
            ("files", Self.list(files.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) })),
            ("folders", Self.list(folders.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
        ]))
        do {
            try store.driver.write(.later) { try Store.setSiteValue(Self.fact, JSONText.write(value), in: $0) }
        } catch let failure as StoreFailure where failure.isRetriable {
            return
        }
        isKept = true
    }

    /// Nothing is known of files any more: the site lies on another machine.
    static func forget(in session: any StoreSession) throws { try Store.setSiteValue(fact, "", in: session) }

    /// What the daemon last kept.
    static func kept(in store: Store) throws -> FileTroubles {
        var troubles = FileTroubles()
        guard let kept = try store.siteValue(fact), case .context(let entries)? = try? JSONText.parse(kept) else { return troubles }
        for (name, trouble) in read(entries["files"]) { troubles.files[FileName(name)] = trouble }
        for (folder, trouble) in read(entries["folders"]) { troubles.folders[folder] = trouble }
        return troubles
    }

    private static func list(_ troubles: [(name: String, trouble: Trouble)]) -> Value {
        .list(troubles.map { .context(ContextValue([("name", .string($0.name)), ("cause", .string($0.trouble.cause)), ("since", .string($0.trouble.since))])) })
    }

    private static func read(_ value: Value?) -> [(name: String, trouble: Trouble)] {
        guard case .list(let items)? = value else { return [] }
        return items.compactMap { item in
            guard case .context(let entry) = item, case .string(let name)? = entry["name"], case .string(let cause)? = entry["cause"],
                case .string(let since)? = entry["since"]
            else { return nil }
            return (name, Trouble(cause: cause, since: since))
        }
    }
}
