import Diagnostics
import Intake
package import Store
import Values

/// How the daemon learns of files in each drop folder, as it last found out; kept in the store for those who ask while it runs.
package struct WatchReport: Sendable, Hashable {
    package struct Folder: Sendable, Hashable {
        /// Path of the folder.
        package let folder: String
        /// `events`, `polling` or `unproved`.
        package let mode: String
        /// How fast events are, or why there are none.
        package let detail: String
    }

    package let folders: [Folder]
    /// How often events were dropped since the daemon started, and every folder was looked at.
    package let overflows: Int

    init(_ watch: FolderWatch) {
        folders = watch.status.map { status in
            switch status.mode {
            // In classes: the time differs with each proof, and is not worth a commit.
            case .events(let microseconds): Folder(folder: status.folder, mode: "events", detail: microseconds < 10_000 ? "within 10 ms" : "within \(microseconds / 1_000_000 + 1) s")
            case .polling(let reason): Folder(folder: status.folder, mode: "polling", detail: reason)
            case .unproved(let reason): Folder(folder: status.folder, mode: "unproved", detail: reason)
            }
        }
        overflows = watch.overflows
    }

    private static let fact = "watch"

    func keep(in store: Store, at now: Instant) throws {
        let value = Value.context(ContextValue([
            ("at", .string(now.description)), ("overflows", .integer(overflows)),
            ("folders", .list(folders.map {
                .context(ContextValue([("folder", .string($0.folder)), ("mode", .string($0.mode)), ("detail", .string($0.detail))]))
            })),
        ]))
        try store.driver.write(.later) { try Store.setSiteValue(Self.fact, JSONText.write(value), in: $0) }
    }

    /// Nothing is known of folders any more: the site lies on another machine.
    static func forget(in session: any StoreSession) throws { try Store.setSiteValue(fact, "", in: session) }

    /// What the daemon last kept, and when; nil where it has not been found out yet.
    package static func kept(in store: Store) throws -> (report: WatchReport, at: String)? {
        guard let kept = try store.siteValue(fact), case .context(let entries)? = try? JSONText.parse(kept) else { return nil }
        func text(_ value: Value?) -> String { if case .string(let text)? = value { text } else { "" } }
        guard case .list(let listed)? = entries["folders"] else { return nil }
        let folders = listed.compactMap { item -> Folder? in
            guard case .context(let entry) = item else { return nil }
            return Folder(folder: text(entry["folder"]), mode: text(entry["mode"]), detail: text(entry["detail"]))
        }
        var overflows = 0
        if case .number(let number)? = entries["overflows"] { overflows = number.integer ?? 0 }
        return (WatchReport(folders: folders, overflows: overflows), text(entries["at"]))
    }

    private init(folders: [Folder], overflows: Int) {
        self.folders = folders
        self.overflows = overflows
    }

    /// One line, and one more for each folder that events do not come of.
    package func lines(at: String) -> [String] {
        let byEvents = folders.count { $0.mode == "events" }
        let dropped = overflows > 0 ? "; events were dropped \(overflows) times, and every folder was looked at" : ""
        return ["watch    \(byEvents) of \(folders.count) folders by events, found out at \(at)\(dropped)"]
            + folders.filter { $0.mode != "events" }.map { "watch    \(LineText.name($0.folder)): \($0.mode): \(LineText.line($0.detail))" }
    }
}
