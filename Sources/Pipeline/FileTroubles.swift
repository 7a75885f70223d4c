import Diagnostics
import Intake
package import Store
import Values

/// Files that the daemon could not take, or not bring to their end, when it last tried, and drop folders that it cannot look into; kept in the store for those
/// who ask while it runs.
package struct FileTroubles {
    package struct Trouble: Hashable {
        let cause: String
        /// When it was met first.
        let since: String
        /// Whether it is that of the files of a feed that are not remembered one by one.
        var isOfFeed = false

        /// For those who ask why a file is not taken.
        package var told: String {
            isOfFeed
                ? "the daemon has tried more files of this feed in vain than it remembers one by one, since \(since); the last of them: \(cause)"
                : "the daemon has tried in vain since \(since): \(cause)"
        }
    }

    /// By feed and name.
    private var files: [FileName: Trouble] = [:]
    /// By feed: of its further files, where more fail than are remembered, what was met last, and when that of the first of them was.
    private var further: [String: Trouble] = [:]
    /// By path.
    private var folders: [String: Trouble] = [:]
    /// What a daemon before this one left need not hold any more.
    private var isKept = false

    /// Files that are remembered one by one.
    package static let filesMax = 200
    private static let causeMax = 1_000
    private static let fact = "file troubles"

    package init() {}

    package func of(_ feed: String, _ name: String) -> Trouble? { files[FileName("\(feed)/\(name)")] ?? further[feed] }

    func of(folder: String) -> Trouble? { folders[folder] }

    /// Whether a file is remembered by itself.
    func lists(_ name: String, of feed: String) -> Bool { files[FileName("\(feed)/\(name)")] != nil }

    /// - Returns: of what it is to be told, where it is news: of a file once a cause, and of those that are not remembered one by one once a feed.
    @discardableResult
    package mutating func met(_ error: any Error, with name: String, of feed: String) -> String? {
        let key = FileName("\(feed)/\(name)"), cause = Self.line("\(error)"), known = files[key], others = further[feed]
        guard known?.cause != cause else { return nil }
        if known == nil, files.count >= Self.filesMax {
            guard others?.cause != cause else { return nil }
            further[feed] = Trouble(cause: cause, since: others?.since ?? SystemClock.now().description, isOfFeed: true)
            isKept = false
            return others == nil ? "\(key.text) and further files of \(feed)" : nil
        }
        // One of the further files that has room now may have been met before.
        let since = others.flatMap { known == nil && $0.cause == cause ? $0.since : nil }
        files[key] = Trouble(cause: cause, since: since ?? SystemClock.now().description)
        isKept = false
        return key.text
    }

    /// A file has come to its end, or is not there any more.
    package mutating func ended(_ name: String, of feed: String) { if files.removeValue(forKey: FileName("\(feed)/\(name)")) != nil { isKept = false } }

    /// Forgets what was met with further files of feeds of which none fails any more.
    package mutating func keepFurther(where isFailing: (String) -> Bool) {
        let left = further.filter { isFailing($0.key) }
        guard left.count != further.count else { return }
        further = left
        isKept = false
    }

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
    package mutating func keep(in store: Store) throws {
        guard !isKept else { return }
        let value = Value.context(ContextValue([
            ("files", Self.list(files.sorted { $0.key < $1.key }.map { ($0.key.text, $0.value) })),
            ("folders", Self.list(folders.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
            ("further", Self.list(further.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })),
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
    package static func kept(in store: Store) throws -> FileTroubles {
        var troubles = FileTroubles()
        guard let kept = try store.siteValue(fact), case .context(let entries)? = try? JSONText.parse(kept) else { return troubles }
        for (name, trouble) in read(entries["files"]) { troubles.files[FileName(name)] = trouble }
        for (folder, trouble) in read(entries["folders"]) { troubles.folders[folder] = trouble }
        for (feed, trouble) in read(entries["further"]) { troubles.further[feed] = Trouble(cause: trouble.cause, since: trouble.since, isOfFeed: true) }
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
