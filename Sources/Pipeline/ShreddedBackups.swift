import ChangeControl
import FoundationEssentials
import Glibc
import Intake
import Store

/// What was taken out of backups, as it was shredded at the site after they were made: a list in their repository, signed like a backup. Each line is the digest and the
/// place of a file that is in no backup there any more; backups that list it hold all the same.
struct ShreddedBackups {
    let repository: String

    private static let noteName = "SHREDDED", heading = "crossdock shredded 1"

    struct Erased: Hashable {
        let place: String
        let digest: String
    }

    /// Writes over what former backups have of originals that are shredded at the site, takes it away, and lists it first. Gives how many files went.
    func erase(_ site: Site, signer: NoteSigner, origin: String) throws -> Int {
        let files = try site.store.driver.read { session in
            try Store.shreddedOriginals(in: session).compactMap { try Store.file($0.file, in: session) }
        }
        guard !files.isEmpty else { return 0 }
        let backups = try BackupRepository.backups(in: repository).map { "\(repository)/\($0)" }
        let known = try read(BackupVerification.keys(namedBy: site.store) + [signer.key])
        var doomed: [String] = [], listed = known
        for file in files {
            for path in ShreddedOriginals.paths(of: file, site) {
                // The same bytes may have come again since, as a file of their own.
                guard access(path, F_OK) != 0 else { continue }
                for backup in backups {
                    let copy = SiteCopy(folder: backup, root: site.root)
                    // A backup that began after the shredding has none of it.
                    guard let found = try FileCopy.digest(of: copy.path(path)) else { continue }
                    doomed.append(copy.path(path))
                    listed.insert(Erased(place: copy.place(path), digest: found.digest))
                }
            }
        }
        if listed != known { try write(listed, signer, origin) }
        for path in doomed { try ShreddedOriginals.erase(path) }
        return doomed.count
    }

    /// The list, where there is one and it is signed by one of some keys.
    func read(_ keys: [VerifierKey]) throws -> Set<Erased> {
        let path = "\(repository)/\(Self.noteName)"
        guard FileManager.default.fileExists(atPath: path) else { return [] }
        func refused(_ cause: String) -> PipelineFailure {
            PipelineFailure(subject: path, cause: cause, hint: "it was written to, or the disk is bad; without it backups are taken as they are")
        }
        let note: SignedNote
        let bytes = try FileBytes.read(path, limit: SignedNote.bytesMax)
        do throws(SignedNote.Unreadable) { note = try SignedNote.parse(bytes) } catch { throw refused("it is no signed note: \(error.fact)") }
        guard case .signed = note.verdict(keys) else { throw refused("no key that counts has signed it") }
        guard let digest = note.text.split(separator: "\n").last.flatMap({ $0.hasPrefix("list ") ? ContentDigest(hex: $0.dropFirst(5)) : nil }) else {
            throw refused("it names no list")
        }
        let list = try BackupListReader("\(repository)/\(Self.listName(digest))", isOrdered: false)
        var erased: Set<Erased> = []
        while let line = list.line {
            erased.insert(Erased(place: line.place, digest: line.digest))
            try list.next()
        }
        guard list.digest == digest else { throw refused("its list is not the one that it signs for") }
        return erased
    }

    private func write(_ erased: Set<Erased>, _ signer: NoteSigner, _ origin: String) throws {
        let lines = erased.sorted { ($0.place, $0.digest) < ($1.place, $1.digest) }.map { BackupManifest.Line(digest: $0.digest, place: $0.place).text }
        let bytes = Array(lines.joined().utf8), digest = ContentDigest(of: bytes), name = Self.listName(digest)
        try FileBytes.write(bytes, to: "\(repository)/.list", renamedTo: "\(repository)/\(name)")
        let note = signer.sign("\(Self.heading)\n\(origin)\nlist \(digest.hex)\n").whole
        try FileBytes.write(Array(note.utf8), to: "\(repository)/.shredded", renamedTo: "\(repository)/\(Self.noteName)")
        try Folder.sync(repository)
        for old in try FileManager.default.contentsOfDirectory(atPath: repository) where old.hasPrefix("\(Self.noteName)-") && old != name {
            try? FileManager.default.removeItem(atPath: "\(repository)/\(old)")
        }
    }

    private static func listName(_ digest: ContentDigest) -> String { "\(noteName)-\(digest.hex.prefix(16))" }
}
