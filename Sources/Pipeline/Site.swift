package import ChangeControl
package import Diagnostics
import FoundationEssentials
import Glibc
import Intake
package import Store
import Values

/// One site: its folder, what the operator configured, and its store.
package struct Site: Sendable {
    /// Absolute path of the folder that holds `crossdock.yaml`.
    package let root: String
    package let configuration: SiteConfiguration
    package let store: Store
    /// Where its files lie, of a site that is read in a backup.
    var copy: SiteCopy?

    /// Names under which the store keeps facts of the site as a whole.
    package enum Fact {
        /// Id of the live state.
        package static let liveState = "live state"
        /// When the last whole backup was begun, in nanoseconds since 1970.
        static let lastBackup = "last backup"
    }

    /// The engine of this build, part of every state.
    package static let engine = "crossdock 0.1.0"

    /// Opens a site, creating its store where there is none.
    ///
    /// - Parameters:
    ///   - makesStore: whether a store is made where there is none.
    ///   - followed: told of what is wrong with `crossdock.yaml`, where the site is opened as the daemon follows it; nil: it is refused.
    package static func open(root: String, makesStore: Bool = true, followed: ((PipelineFailure) -> Void)? = nil) throws -> Site {
        let root = try realPath(root)
        let configuration: SiteConfiguration
        do { configuration = try readConfiguration(root: root) } catch let failure as PipelineFailure {
            guard let followed, let last = FollowedConfiguration.read(root: root) else { throw failure }
            followed(failure)
            configuration = last
        }
        let storePath = path(configuration.store, root: root)
        guard try makesStore || FileIdentity.of(storePath) != nil else {
            throw PipelineFailure(subject: storePath, cause: "there is no store", hint: "mend `store` of crossdock.yaml, or --root; a new site begins with `crossdock init`")
        }
        try makeFolder(parent(of: storePath))
        // SQLite's write-ahead log wants memory that all who use it share, and locks that hold (sqlite.org/wal.html). Of FUSE and 9P nobody knows what is behind them.
        if let shared = Folder.sharedFileSystem(of: parent(of: storePath)), !["FUSE", "9P"].contains(shared) {
            throw PipelineFailure(
                subject: storePath, cause: "it lies on \(shared), where the store of a daemon would be damaged",
                hint: "set `store` of crossdock.yaml to a path on a disk of this machine; drop folders, targets and backups may lie on shares")
        }
        return Site(root: root, configuration: configuration, store: try Store(driver: SQLiteDriver(path: storePath)))
    }

    /// The same site, with another way to its store.
    func with(_ store: Store) -> Site { Site(root: root, configuration: configuration, store: store, copy: copy) }

    /// The site as `crossdock.yaml` has it now, on the same store.
    ///
    /// - Throws: what is wrong with it, secrets and addresses of its targets included. Another store is refused: that takes a restart.
    func configuredAnew() throws -> Site {
        let next = try Self.readConfiguration(root: root)
        guard next.store == configuration.store, next.lease == configuration.lease else {
            throw PipelineFailure(subject: "store and lease", cause: "they are others than the daemon began with", hint: "restart the daemon to follow that")
        }
        _ = try TargetDirectory(next, root: root)
        _ = try PullSettings.all(next, root: root)
        let site = Site(root: root, configuration: next, store: store), bundle = try site.liveState().bundle
        let missing = next.missingTargets(of: bundle) + next.missingFeeds(of: bundle)
        guard missing.isEmpty else {
            throw PipelineFailure(subject: "crossdock.yaml", cause: "the live state needs what it does not have", diagnostics: missing)
        }
        // As the folders that they are or can be made: a file of that name is none.
        for folder in [next.inbox, next.outbox, next.archive, next.quarantine, next.spool] { try Self.makeFolder("\(site.path(folder))/.") }
        return site
    }

    /// Files of configuration that a site may have.
    static let configurationNames = ["crossdock.local.yaml", "crossdock.yaml"]

    static func configurationFile(root: String) -> String {
        FileManager.default.fileExists(atPath: "\(root)/crossdock.local.yaml") ? "crossdock.local.yaml" : "crossdock.yaml"
    }

    /// Reads `crossdock.yaml`, or `crossdock.local.yaml` beside it where there is one.
    package static func readConfiguration(root: String) throws -> SiteConfiguration {
        let name = configurationFile(root: root)
        let bytes = try FileBytes.read("\(root)/\(name)", limit: 4 << 20)
        let (site, findings) = SiteConfiguration.read(String(decoding: bytes, as: UTF8.self), file: name)
        guard let site else {
            throw PipelineFailure(subject: name, cause: "the site's configuration has errors", diagnostics: findings)
        }
        return site
    }

    /// A configured path: absolute, or below the root.
    package func path(_ configured: String) -> String { copy?.path(configured) ?? Self.path(configured, root: root) }

    static func path(_ configured: String, root: String) -> String {
        configured.hasPrefix("/") ? configured : "\(root)/\(configured)"
    }

    package static func parent(of path: String) -> String {
        path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    }

    package static func makeFolder(_ path: String) throws {
        do {
            try Folder.make(path)
        } catch {
            throw PipelineFailure(subject: path, cause: error.fact, hint: error.hint, isRetriable: error.isRetriable)
        }
    }

    private static func realPath(_ path: String) throws -> String {
        guard let resolved = realpath(path, nil) else {
            throw PipelineFailure(errno: errno, subject: path, hint: "name the folder that holds crossdock.yaml with --root")
        }
        defer { free(resolved) }
        return String(cString: resolved)
    }
}

/// The files of a state as they lie on disk or in the store.
package struct StateFiles: Sendable {
    package let manifests: StateManifests
    package let files: [(path: String, bytes: [UInt8])]
    /// What the rest of the entities has while the bundle is live for a part of them.
    let canary: CanaryFiles?

    /// The folders of a state. `Governance/in`, where signed files are dropped, is not part of it.
    package static let folders = ["Mappings", "Schemes", "Overrides", "Governance"]

    /// Reads what lies in the site's folders now; throws with the findings where that is no state.
    package static func onDisk(root: String) throws -> StateFiles {
        var offered: [OfferedFile] = []
        var files: [(path: String, bytes: [UInt8])] = []
        for folder in folders {
            let contents = try FolderContents(root: root, folder: folder)
            let kept = contents.files.filter { !$0.path.hasPrefix("Governance/in/") }
            files += kept
            offered += kept.map { OfferedFile(path: $0.path, bytes: $0.bytes) }
            offered += contents.irregular.filter { !$0.hasPrefix("Governance/in/") }.map { OfferedFile(path: $0, bytes: [], isLink: true) }
        }
        return try StateFiles(offered, files)
    }

    private init(_ offered: [OfferedFile], _ files: [(path: String, bytes: [UInt8])], canary: CanaryFiles? = nil) throws {
        let (manifests, findings) = StateManifests.of(offered, engine: Site.engine, zones: ZoneFiles.digest, canary: canary?.description)
        guard let manifests else {
            throw PipelineFailure(subject: "the files of the state", cause: "they cannot be put under change control", diagnostics: findings)
        }
        self.manifests = manifests
        self.files = files
        self.canary = canary
    }

    /// The files of a state that the store keeps, each checked against its digest.
    package static func stored(_ description: StateDescription, in store: Store) throws -> StateFiles {
        let files = try StateComponent.allCases.flatMap { try Self.files(of: description.digest(of: $0), description, in: store) }
        let canary = try description.canary.map { try CanaryFiles($0, description, in: store) }
        return try StateFiles(files.map { OfferedFile(path: $0.path, bytes: $0.bytes) }, files, canary: canary)
    }

    /// The files of one manifest, each checked against its digest.
    static func files(of digest: ContentDigest, _ description: StateDescription, in store: Store) throws -> [(path: String, bytes: [UInt8])] {
        guard let text = try store.content(digest.hex), ContentDigest(of: text) == digest,
            let manifest = Manifest.parse(String(decoding: text, as: UTF8.self)).manifest
        else { throw PipelineFailure(subject: "state \(description.id)", cause: "the store lacks its manifest \(digest.hex)", hint: "restore the store from a backup") }
        return try manifest.entries.map { entry in
            guard let bytes = try store.content(entry.digest.hex), ContentDigest(of: bytes) == entry.digest else {
                throw PipelineFailure(subject: entry.path, cause: "the store's copy is missing or is not what was approved", hint: "restore the store from a backup")
            }
            return (entry.path, bytes)
        }
    }

    /// Keeps every file, the manifests and the description in the store.
    package func keep(in session: any StoreSession) throws {
        for file in files { try Store.keep(file.bytes, digest: ContentDigest(of: file.bytes).hex, in: session) }
        for component in StateComponent.allCases {
            let manifest = manifests.manifest(of: component)
            try Store.keep(Array(manifest.text.utf8), digest: manifest.id.hex, in: session)
        }
        try Store.keepState(manifests.id.description, description: manifests.description.text, in: session)
    }

    /// What the files compile to, with every finding.
    package func compile() -> (bundle: Bundle?, diagnostics: [Diagnostic]) {
        let (bundle, findings) = CompiledBundles.compilation(of: manifests.description.with(canary: nil)) {
            BundleCompiler.compile(files.filter { !$0.path.hasPrefix("Governance/") }, zones: ZoneFiles.catalogue)
        }
        guard let canary, let bundle else { return (bundle, findings) }
        let overrides = files.filter { $0.path.hasPrefix("Overrides/") }
        let (control, problems) = CompiledBundles.compilation(of: manifests.description.control) {
            BundleCompiler.compile(canary.control + overrides, zones: ZoneFiles.catalogue)
        }
        guard let control else { return (nil, findings + problems) }
        return (bundle.canary(control: control, cohort: canary.cohort), findings)
    }
}

extension Site {
    /// The live state, compiled from the store's copies; throws where the site has had no genesis.
    package func liveState() throws -> ActiveState {
        guard let id = try store.siteValue(Fact.liveState) else {
            throw PipelineFailure(subject: root, cause: "nothing is live here yet", hint: "run `crossdock init`, which begins with the genesis ceremony")
        }
        return try state(id)
    }

    /// A state that the store keeps, compiled.
    package func state(_ id: String) throws -> ActiveState {
        guard let text = try store.stateDescription(id) else {
            throw PipelineFailure(subject: "state \(id)", cause: "the store has no such state", hint: "see `crossdock change list --states`")
        }
        let (description, findings) = StateDescription.parse(text)
        guard let description, description.id.description == id else {
            throw PipelineFailure(subject: "state \(id)", cause: "its description is damaged", hint: "restore the store from a backup", diagnostics: findings)
        }
        let files = try StateFiles.stored(description, in: store)
        let (bundle, problems) = files.compile()
        guard let bundle else {
            throw PipelineFailure(subject: "state \(id)", cause: "it does not compile with this engine", hint: "roll back, or use the engine that it was approved with", diagnostics: problems)
        }
        return ActiveState(id: id, description: description, bundle: bundle)
    }
}
