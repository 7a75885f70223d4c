import Intake
import Store

/// What of a site goes into a backup besides its store, by place: folders, and single files.
struct BackupSources {
    enum Kind: Hashable {
        /// A file that is copied each time, where it is there.
        case file
        /// Files that people write: copied each time.
        case state
        /// Files that are put there whole and stay as they are.
        case shelf
        /// Of the spool, what is needed.
        case spool
        /// Copied already.
        case store
    }

    struct Source: Hashable {
        let place: String
        let path: String
        let kind: Kind

        fileprivate var key: String { kind == .file || kind == .store ? place : place + "/" }
    }

    /// In the order of their places; none lies within another.
    private(set) var sources: [Source] = []
    /// Digests of the copies in the spool that the store needs, in order.
    private(set) var spooled: [String] = []

    /// - Parameter store: the copy of the store, which says what it needs.
    init(_ site: Site, _ copy: SiteCopy, store: Store) throws {
        let configuration = site.configuration, spool = SiteCopy.normal(site.path(configuration.spool))
        var found: Set<Source> = []
        func add(_ path: String, _ kind: Kind) {
            found.insert(Source(place: copy.place(path), path: SiteCopy.normal(Site.path(path, root: site.root)), kind: kind))
        }
        for name in Site.configurationNames { add(name, .file) }
        for name in StateFiles.folders { add(name, .state) }
        for path in [configuration.archive, configuration.quarantine, configuration.outbox] { add(path, .shelf) }
        add(configuration.store, .store)
        var needed: Set<String> = [], others: Set<String> = []
        try store.driver.read { session in
            try Store.forEachKeptFile(in: session) { file in
                guard let shelved = file.archivedAs else { return _ = needed.insert(file.digest) }
                let whole = SiteCopy.normal(Site.path(shelved, root: site.root))
                if whole == "\(spool)/\(file.digest.prefix(2))/\(file.digest)" {
                    needed.insert(file.digest)
                } else if let shelf = Self.shelf(whole), !others.contains(shelf) {
                    others.insert(shelf)
                }
            }
        }
        // Shelves of before the site was configured otherwise.
        for shelf in others { add(shelf, .shelf) }
        if !needed.isEmpty { add(configuration.spool, .spool) }
        spooled = needed.sorted()
        let ordered = found.sorted { BackupManifest.precedes($0.place, $1.place) }
        for source in ordered {
            guard let around = ordered.first(where: { source.place.hasPrefix($0.place + "/") && ($0.kind == .shelf || $0.kind == .state) }) else {
                if sources.last?.place != source.place { sources.append(source) }
                continue
            }
            guard source.kind == .shelf else {
                throw PipelineFailure(
                    subject: source.path, cause: "it lies within \(around.path)", hint: "give the store and the spool folders apart from the archive in crossdock.yaml")
            }
        }
        // `a.b` sorts before what lies below `a`.
        sources.sort { BackupManifest.precedes($0.key, $1.key) }
    }

    /// The folder above year, month, day and feed, or above the folders of a spool; nil for a path of another form.
    private static func shelf(_ path: String) -> String? {
        let parts = path.split(separator: "/")
        func isNumber(_ index: Int, _ digits: Int) -> Bool { parts[index].utf8.count == digits && parts[index].allSatisfy(\.isNumber) }
        // The last such place: files of a feed may lie in folders below it.
        for day in stride(from: parts.count - 5, through: 1, by: -1) where isNumber(day, 4) && isNumber(day + 1, 2) && isNumber(day + 2, 2) {
            return "/" + parts[..<day].joined(separator: "/")
        }
        return parts.count > 2 && parts.last?.count == 64 ? "/" + parts.dropLast(2).joined(separator: "/") : nil
    }
}
