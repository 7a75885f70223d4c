/// What is known of each folder's events. Pure: what was done, seen and asked comes in, with instants in nanoseconds of a clock that only goes forward.
///
/// That a folder is watched does not say that events come: a file is made in it (a **cookie**), and its event is waited for, as Watchman does before it calls
/// its view of a tree complete. On a file system that other machines write to, events of this machine prove nothing of theirs (inotify(7)).
struct WatchProofs: Sendable {
    private struct Cookie {
        var folder: String
        var made: Int
    }

    private var cookies: [String: Cookie] = [:]
    private var modes: [String: FolderWatch.Mode] = [:]
    private var serial = 0

    /// How long an event may take: longer than a machine under load needs, by far.
    private static let patience = 10_000_000_000

    /// Names of cookies begin so; hidden, they are no input.
    static let prefix = ".crossdock-watch-"

    func mode(of folder: String) -> FolderWatch.Mode { modes[folder] ?? .unproved("it is being found out") }

    /// The name of the next cookie for a folder, which is to be made now.
    mutating func begin(_ folder: String, process: Int32, at now: Int) -> String {
        serial += 1
        let name = "\(Self.prefix)\(process)-\(serial)"
        cookies[name] = Cookie(folder: folder, made: now)
        return name
    }

    /// There is nothing to wait for, and why.
    mutating func settle(_ folder: String, _ mode: FolderWatch.Mode, cookie: String? = nil) {
        if let cookie { cookies[cookie] = nil }
        modes[folder] = mode
    }

    /// An event told of a cookie.
    mutating func saw(_ name: String, at now: Int) {
        guard let cookie = cookies.removeValue(forKey: name) else { return }
        modes[cookie.folder] = .events(microseconds: max(0, now - cookie.made) / 1_000)
    }

    /// Gives up on events that have not come.
    mutating func expire(at now: Int) {
        for (name, cookie) in cookies where now - cookie.made >= Self.patience {
            cookies[name] = nil
            modes[cookie.folder] = .polling("no event came of a file that was made there")
        }
    }

    /// When ``expire(at:)`` is to be asked again; nil where nothing is waited for.
    var nextExpiry: Int? { cookies.values.map { $0.made + Self.patience }.min() }

    /// Forgets folders that are not watched any more.
    mutating func keep(_ folders: Set<String>) {
        modes = modes.filter { folders.contains($0.key) }
        cookies = cookies.filter { folders.contains($0.value.folder) }
    }
}
