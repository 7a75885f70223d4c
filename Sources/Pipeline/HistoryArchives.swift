package import ChangeControl
import Glibc
package import Store
package import Values

/// The archives of history that the log knows, and what is known of their files.
package struct HistoryArchives: Sendable {
    /// One archive, as the log tells of it.
    package struct Entry: Sendable, Hashable {
        /// Position of the log entry that signs for it.
        package let position: Int
        package let at: Instant
        package let name: String
        package let scheme: String
        package let before: Instant
        package let rows: Int
        /// Of the manifest beside it.
        package let manifest: ContentDigest
        /// Position of the entry that purged it.
        package fileprivate(set) var purged: Int?
    }

    package let folder: String
    /// In the order of the log.
    package let entries: [Entry]

    static let manifestBytesMax = 16 << 20

    package init(_ site: Site, in session: any StoreSession) throws {
        folder = site.historyFolder
        var entries: [Entry] = []
        for entry in try Store.entries(of: .historyArchived, in: session) { entries.append(try Self.entry(entry)) }
        for entry in try Store.entries(of: .historyPurged, in: session) {
            let name = try Self.fields(entry)["archive"]?.text
            for index in entries.indices where entries[index].name == name { entries[index].purged = entry.position }
        }
        self.entries = entries
    }

    package init(_ site: Site) throws { self = try site.store.driver.read { try HistoryArchives(site, in: $0) } }

    /// Those of a scheme that are still there.
    package func kept(of scheme: String) -> [Entry] { entries.filter { $0.scheme == scheme && $0.purged == nil } }

    package func path(_ entry: Entry) -> String { "\(folder)/\(entry.name)" }

    /// The manifest of an archive, held against the digest in the log.
    package func manifest(_ entry: Entry) throws -> HistoryManifest {
        let path = "\(folder)/\(HistoryManifest.manifestName(of: entry.name))"
        let bytes = try FileBytes.read(path, limit: Self.manifestBytesMax)
        guard ContentDigest(of: bytes) == entry.manifest, let manifest = HistoryManifest(String(decoding: bytes, as: UTF8.self)), manifest.name == entry.name
        else {
            throw PipelineFailure(
                subject: path, cause: "it is not the manifest that log entry \(entry.position) signs for", hint: "bring it back from a backup, with its archive")
        }
        return manifest
    }

    /// Archives in the folder that no log entry names: a run that was stopped left them, and their rows are in the table.
    package func unknown() throws -> [String] {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw PipelineFailure(errno: errno, subject: folder, hint: "check that it may be read")
        }
        defer { closedir(stream) }
        let known = Set(entries.map(\.name))
        var found: [String] = []
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name.hasSuffix(HistoryManifest.ending), !known.contains(name) { found.append(name) }
        }
        return found.sorted()
    }

    private static func entry(_ entry: LogEntry) throws -> Entry {
        let fields = try fields(entry)
        guard case .string(let name)? = fields["archive"], case .string(let scheme)? = fields["scheme"], let before = fields["before"].flatMap({ Instant($0.text) }),
            let rows = fields["rows"].flatMap({ Int($0.text) }), let manifest = fields["manifest"].flatMap({ ContentDigest(hex: $0.text) }), !name.contains("/")
        else { throw damaged(entry) }
        return Entry(position: entry.position, at: entry.at, name: name, scheme: scheme, before: before, rows: rows, manifest: manifest)
    }

    private static func fields(_ entry: LogEntry) throws -> ContextValue {
        let body: Value
        do { body = try JSONText.parse(entry.body) } catch { throw damaged(entry) }
        guard case .context(let fields) = body else { throw damaged(entry) }
        return fields
    }

    private static func damaged(_ entry: LogEntry) -> PipelineFailure {
        PipelineFailure(subject: "log entry \(entry.position)", cause: "it does not say which archive it signs for", hint: "`crossdock audit verify` says more")
    }
}

extension Site {
    /// Where archives of history lie.
    package var historyFolder: String { "\(path(configuration.archive))/history" }
}
