package import ChangeControl
import Store
package import Values

/// What a backup says of itself: `BACKUP`, a signed note by the key of the checkpoints. It is written last.
package struct BackupNote: Sendable, Hashable {
    /// The name of the log.
    package let origin: String
    package let name: String
    package let site: String
    /// The site's folder at the time.
    package let root: String
    package let engine: String
    package let at: Instant
    /// The last entry of the log that the backup has.
    package let head: LogHead
    /// Place of the store.
    let store: String
    package let files: Int
    package let bytes: Int
    /// Files that the store names and that were not there.
    package let missing: Int
    let missingDigest: ContentDigest
    let manifest: ContentDigest

    static let fileName = "BACKUP", missingName = "MISSING"
    private static let heading = "crossdock backup 1"

    var text: String {
        """
        \(Self.heading)
        \(origin)
        name \(name)
        site \(site)
        root \(root)
        engine \(engine)
        at \(at)
        head \(head.position):\(head.hash.hex)
        store \(store)
        files \(files)
        bytes \(bytes)
        missing \(missing) \(missingDigest.hex)
        manifest \(manifest.hex)

        """
    }

    init(
        origin: String, name: String, site: String, root: String, engine: String, at: Instant, head: LogHead, store: String, files: Int, bytes: Int, missing: Int,
        missingDigest: ContentDigest, manifest: ContentDigest
    ) {
        (self.origin, self.name, self.site, self.root, self.engine, self.at, self.head) = (origin, name, site, root, engine, at, head)
        (self.store, self.files, self.bytes, self.missing, self.missingDigest, self.manifest) = (store, files, bytes, missing, missingDigest, manifest)
    }

    /// Reads a note's text, in its one form; nil for another.
    init?(_ text: String) {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 14, lines[0] == Self.heading else { return nil }
        func field(_ number: Int, _ name: String) -> String? { lines[number].hasPrefix(name + " ") ? String(lines[number].dropFirst(name.count + 1)) : nil }
        guard let name = field(2, "name"), let site = field(3, "site"), let root = field(4, "root"), let engine = field(5, "engine"),
            let at = field(6, "at").flatMap({ Instant($0) }), let head = field(7, "head").flatMap(LogHead.init(noted:)), let store = field(8, "store"),
            let files = field(9, "files").flatMap({ Int($0) }), let bytes = field(10, "bytes").flatMap({ Int($0) }),
            let missing = field(11, "missing")?.split(separator: " "), missing.count == 2, let count = Int(missing[0]), let missingDigest = ContentDigest(hex: missing[1]),
            let manifest = field(12, "manifest").flatMap({ ContentDigest(hex: $0) })
        else { return nil }
        self.init(
            origin: String(lines[1]), name: name, site: site, root: root, engine: engine, at: at, head: head, store: store, files: files, bytes: bytes,
            missing: count, missingDigest: missingDigest, manifest: manifest)
        guard self.text == text else { return nil }
    }

    /// Reads the note of a backup; whether its signature holds is for the caller.
    static func read(_ folder: String) throws -> (note: BackupNote, signed: SignedNote) {
        let path = "\(folder)/\(fileName)", bytes = try FileBytes.read(path, limit: SignedNote.bytesMax)
        do throws(SignedNote.Unreadable) {
            let signed = try SignedNote.parse(bytes)
            if let note = BackupNote(signed.text) { return (note, signed) }
        } catch {
            throw PipelineFailure(subject: path, cause: "it is no signed note: \(error.fact)", hint: "it was written to, or the disk is bad: use another backup")
        }
        throw PipelineFailure(subject: path, cause: "it is not in the form of a backup's note", hint: "was it made by a later program?")
    }
}

extension LogHead {
    /// Reads `POSITION:HASH`, as `audit verify` prints a head.
    package init?(noted text: String) {
        let parts = text.split(separator: ":", maxSplits: 1)
        guard parts.count == 2, let position = Int(parts[0]), position >= 0, let hash = ContentDigest(hex: parts[1]) else { return nil }
        self.init(position: position, hash: hash)
    }
}
