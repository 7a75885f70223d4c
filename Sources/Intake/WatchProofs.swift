/// What is known of each folder's events. Pure: what was done, seen and asked comes in, with instants in nanoseconds of a clock that only goes forward.
///
/// That a folder is watched does not say that events come: a file is made in it (a **cookie**), and its event is waited for, as Watchman does before it calls
/// its view of a tree complete. On a file system that other machines write to, events of this machine prove nothing of theirs (inotify(7)).
struct WatchProofs: Sendable {
    /// When the cookie of each folder was made whose event has not come yet.
    private var made: [String: Int] = [:]
    private var modes: [String: FolderWatch.Mode] = [:]

    /// How long an event may take: longer than a machine under load needs, by far.
    private static let patience = 10_000_000_000

    /// Name of a cookie; hidden, it is no input. The same each time, so that one that a crash left is taken away with the next.
    static let cookie = ".crossdock-watch"

    func mode(of folder: String) -> FolderWatch.Mode { modes[folder] ?? .unproved("it is being found out") }

    /// The cookie of a folder is about to be made.
    mutating func begin(_ folder: String, at now: Int) { made[folder] = now }

    /// There is nothing to wait for, and why.
    mutating func settle(_ folder: String, _ mode: FolderWatch.Mode) {
        made[folder] = nil
        modes[folder] = mode
    }

    /// An event told of the cookie of a folder.
    mutating func saw(_ folder: String, at now: Int) {
        guard let began = made[folder] else { return }
        settle(folder, .events(microseconds: max(0, now - began) / 1_000))
    }

    /// Gives up on events that have not come.
    mutating func expire(at now: Int) {
        for (folder, began) in made where now - began >= Self.patience {
            settle(folder, .polling("no event came of a file that was made there"))
        }
    }

    /// When ``expire(at:)`` is to be asked again; nil where nothing is waited for.
    var nextExpiry: Int? { made.values.min().map { $0 + Self.patience } }

    /// Forgets folders that are not watched any more.
    mutating func keep(_ folders: Set<String>) {
        modes = modes.filter { folders.contains($0.key) }
        made = made.filter { folders.contains($0.key) }
    }
}
