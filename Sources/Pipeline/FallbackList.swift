package import ChangeControl
import FlatFiles
import FoundationEssentials
import Glibc
import Microsegments
import Records
import Store
package import Values

/// What everybody has now and what they get, in files that can be printed: for work by hand while the program or its store cannot be used.
///
/// A list is a folder: `SCHEME.csv` for each scheme, with empty columns for what is decided by hand; `MANIFEST`, which `sha256sum -c` checks; and
/// `LIST`, a signed note (C2SP signed-note) over the digest of the manifest, by the key that signs checkpoints of the log.
package struct FallbackList: Sendable {
    /// Where it lies.
    package let folder: String
    package let entities: Int
    /// What is known to be worse than usual, each as one sentence.
    package let degraded: [String]

    /// Columns of every scheme, before those of what micro-segments get.
    static let columns = ["scheme", "client", "entity", "microsegment", "since", "by"]
    /// Columns that people fill in by hand.
    static let manualColumns = ["manual microsegment", "manual until", "manual reason", "manual owner"]
    /// Lists that are kept.
    static let kept = 3

    /// Writes a list beside those of before, and takes away the oldest. It needs the store; that the live state compiles it needs for what
    /// micro-segments get, and says so where it does not.
    package static func write(_ site: Site, to parent: String, now: Instant) throws -> FallbackList {
        guard let origin = try site.logOrigin(), let head = try site.store.lastLogEntry() else {
            throw PipelineFailure(subject: site.root, cause: "nothing is live here yet", hint: "run `crossdock init`")
        }
        var degraded: [String] = [], live: ActiveState?
        do { live = try site.liveState() } catch let failure as PipelineFailure {
            degraded.append("what micro-segments get cannot be told: \(failure.subject): \(failure.cause)")
        }
        if let live {
            let watch = SchemeWatch(store: site.store, state: live)
            for scheme in live.bundle.schemes { degraded += try watch.staleFeeds(of: scheme, now: now).map { "\(scheme.name): \($0); nobody is lowered" } }
        }
        var files: [(path: String, bytes: [UInt8])] = [], entities = 0
        for scheme in Set(try site.store.standingCounts().map(\.scheme)).sorted() {
            let standings = try site.store.standings(scheme: scheme).sorted { $0.entity < $1.entity }
            entities += standings.count
            files.append(("\(scheme).csv", csv(standings, live?.bundle.schemes.first { $0.name == scheme })))
        }
        guard let manifest = Manifest.of(files.map { OfferedFile(path: $0.path, bytes: $0.bytes) }).manifest else {
            throw PipelineFailure(subject: parent, cause: "the names of schemes cannot be those of files", hint: "see docs/operations.md")
        }
        let note = (["crossdock fallback 1", origin, "state \(live?.id ?? "unknown")", "position \(head.position)", "at \(now)", "manifest \(manifest.id.hex)"]
            + degraded.map { "degraded \($0)" }).joined(separator: "\n") + "\n"
        files.append(("MANIFEST", Array(manifest.text.utf8)))
        files.append(("LIST", Array(try CheckpointKeyFile.signer(site, origin: origin).sign(note).whole.utf8)))
        let stamp = "\(Instant(seconds: now.seconds))".filter { $0 != "-" && $0 != ":" }
        return FallbackList(folder: try put(files, in: parent, as: "\(stamp)-\(head.position)"), entities: entities, degraded: degraded)
    }

    private static func csv(_ standings: [Standing], _ scheme: Scheme?) -> [UInt8] {
        var names: [String] = []
        for microsegment in scheme?.microsegments ?? [] { for name in microsegment.parameters.names where !names.contains(name) { names.append(name) } }
        var writer = CSVWriter(header: columns + names + manualColumns)
        for standing in standings {
            let parameters = scheme?.microsegment(standing.microsegment)?.parameters
            writer.write(
                [standing.scheme, standing.entity.client, standing.entity.id, standing.microsegment, standing.stability.since.description, standing.cause]
                    + names.map { parameters?[$0]?.text ?? "" } + manualColumns.map { _ in "" })
        }
        return writer.take()
    }

    /// Writes all files under a hidden name, and gives the folder its own name last.
    private static func put(_ files: [(path: String, bytes: [UInt8])], in parent: String, as name: String) throws -> String {
        let folder = "\(parent)/\(name)", hidden = "\(parent)/.\(name)"
        try Site.makeFolder(parent)
        try? FileManager.default.removeItem(atPath: hidden)
        try Site.makeFolder(hidden)
        for file in files { try FileBytes.write(file.bytes, to: "\(hidden)/.\(file.path)", renamedTo: "\(hidden)/\(file.path)") }
        // The same position and second is the same list.
        try? FileManager.default.removeItem(atPath: folder)
        guard rename(hidden, folder) == 0 else { throw PipelineFailure(errno: errno, subject: folder, hint: "check the folder's owner and the disk") }
        // Never the one that was just written, whatever the clock says.
        for old in try lists(in: parent).filter({ $0 != name }).dropLast(kept - 1) { try? FileManager.default.removeItem(atPath: "\(parent)/\(old)") }
        return folder
    }

    /// Names of the lists in a folder, the oldest first.
    static func lists(in parent: String) throws -> [String] {
        guard FileManager.default.fileExists(atPath: parent) else { return [] }
        return try FileManager.default.contentsOfDirectory(atPath: parent).filter { name in
            name.wholeMatch(of: /\d{8}T\d{6}Z-\d+/) != nil && FileManager.default.fileExists(atPath: "\(parent)/\(name)/LIST")
        }.sorted()
    }

    /// What is wrong with a list, from its files alone, each as one sentence; empty where it is as it was written.
    ///
    /// - Parameter key: the key that signs checkpoints of the site's log, as it was noted elsewhere.
    package static func defects(in folder: String, key: VerifierKey) -> [String] {
        let note: SignedNote
        do throws(SignedNote.Unreadable) { note = try SignedNote.parse(bytes("\(folder)/LIST")) } catch { return ["LIST is no signed note: \(error.fact)"] }
        guard note.verdict([key]) == .signed(by: key) else { return ["LIST is not signed by \(key)"] }
        let manifest = bytes("\(folder)/MANIFEST")
        guard note.text.split(separator: "\n").contains("manifest \(ContentDigest(of: manifest).hex)") else { return ["MANIFEST is not the one that LIST signs for"] }
        guard let listed = Manifest.parse(String(decoding: manifest, as: UTF8.self)).manifest else { return ["MANIFEST is not in its form"] }
        var defects: [String] = []
        for entry in listed.entries where ContentDigest(of: bytes("\(folder)/\(entry.path)")) != entry.digest {
            defects.append("\(entry.path) is missing, or not as it was written")
        }
        return defects
    }

    /// The bytes of a file; none where it is not there, which no digest and no signature takes for good.
    private static func bytes(_ path: String) -> [UInt8] { FileManager.default.contents(atPath: path).map(Array.init) ?? [] }
}
