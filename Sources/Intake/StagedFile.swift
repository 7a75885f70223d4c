import CLinux
import Crypto
import Glibc

/// A file that is on its way into a drop folder: it is written under a name that no scan looks at, made durable, and then gets its own name in one step, which
/// never replaces what is there.
///
/// It lies in `.pulling` within the drop folder, so that nobody is woken by each block of it.
package struct StagedFile: ~Copyable {
    private let file: Descriptor
    private var hash = SHA256()
    private var size = 0
    private var isSealed = false

    /// What is known of a file that is whole.
    package struct Sealed: Hashable, Sendable {
        /// Name within the private folder.
        package var name: String
        /// SHA-256 of the bytes, 64 hexadecimal digits.
        package var digest: String
        package var size: Int
    }

    private static let folderName = ".pulling"
    private static let nameBytesMax = 255
    /// Names that are tried in the drop folder.
    private static let attemptsMax = 1_000

    private static func hidden(_ folder: String) -> String { "\(folder)/\(folderName)" }

    /// - Parameter folder: the drop folder; made if it is not there.
    package init(in folder: String) throws(IntakeFailure) {
        try Folder.make(Self.hidden(folder))
        file = try Descriptor(Spool.temporaryPath(in: Self.hidden(folder)), O_WRONLY | O_CREAT | O_EXCL)
    }

    deinit { if !isSealed { crossdock_unlink(file.path) } }

    package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(IntakeFailure) {
        try file.write(bytes)
        hash.update(bufferPointer: bytes)
        size += bytes.count
    }

    /// Makes it durable; from now on it stays until it is placed or dropped.
    package mutating func seal() throws(IntakeFailure) -> Sealed {
        try file.sync()
        try Folder.sync(Folder.parent(of: file.path))
        isSealed = true
        return Sealed(name: Folder.name(of: file.path), digest: Spool.hexadecimal(hash.finalize()), size: size)
    }

    package enum Placing: Hashable, Sendable {
        case placed(String)
        /// It is not there: it was placed before, or somebody removed it.
        case gone
    }

    /// Gives a sealed file its name in the drop folder. Where that is taken, it gets the start of its digest beside it, and a number where that is taken too:
    /// no file is ever replaced. The move is for good once the folder is synced.
    package static func place(_ staged: String, in folder: String, as name: String, digest: String) throws(IntakeFailure) -> Placing {
        let source = "\(hidden(folder))/\(staged)"
        for attempt in 0..<attemptsMax {
            guard try FileIdentity.of(source) != nil else { return .gone }
            let candidate = candidate(attempt, name, digest)
            guard try !Folder.holds(candidate, in: folder) else { continue }
            if try Naming.move(source, to: "\(folder)/\(candidate)") == .done { return .placed(candidate) }
        }
        throw IntakeFailure("rename", source, .noFreeName)
    }

    /// The name that a file was given in the drop folder and has still, found by its bytes; nil where it is not there.
    package static func placed(in folder: String, as name: String, digest: String, size: Int) throws(IntakeFailure) -> String? {
        for attempt in 0..<attemptsMax {
            let candidate = candidate(attempt, name, digest), path = "\(folder)/\(candidate)"
            do throws(IntakeFailure) {
                if let there = try FileIdentity.of(path), there.size == size, try Spool.digest(of: path) == digest { return candidate }
            } catch where error.cause == .notRegular || error.cause == .system(ENOENT) {
                // No file, or one that was taken in between the two.
                continue
            }
        }
        return nil
    }

    private static func candidate(_ attempt: Int, _ name: String, _ digest: String) -> String {
        attempt == 0 ? name : beside(name, "~\(digest.prefix(8))" + (attempt > 1 ? "-\(attempt)" : ""))
    }

    /// Removes a sealed file that is not to be placed.
    package static func drop(_ staged: String, in folder: String) { crossdock_unlink("\(hidden(folder))/\(staged)") }

    /// Makes the names that files got durable.
    package static func sync(_ folder: String) throws(IntakeFailure) {
        try Folder.sync(folder)
        try Folder.sync(hidden(folder))
    }

    /// Removes what interrupted processes left, but for sealed files that are to be placed still. What another process that lives is at stays.
    package static func removeLeftovers(in folder: String, but kept: Set<String>) throws(IntakeFailure) {
        guard access(hidden(folder), F_OK) == 0 else { return }
        for sighting in try Folder.scan(hidden(folder)) where !kept.contains(sighting.name) && !Spool.isOfAnother(sighting.name) {
            crossdock_unlink("\(hidden(folder))/\(sighting.name)")
        }
    }

    private static func beside(_ name: String, _ mark: String) -> String {
        let dot = name.lastIndex(of: ".").flatMap { $0 != name.startIndex && name[$0...].utf8.count <= 32 ? $0 : nil } ?? name.endIndex
        var stem = name[..<dot]
        while stem.utf8.count + mark.utf8.count + name[dot...].utf8.count > nameBytesMax { stem.removeLast() }
        return stem + mark + name[dot...]
    }
}

extension Folder {
    /// Whether anything has a name in a folder.
    fileprivate static func holds(_ name: String, in folder: String) throws(IntakeFailure) -> Bool {
        var status = crossdock_status()
        let result = crossdock_status_at("\(folder)/\(name)", &status)
        guard result != -ENOENT else { return false }
        guard result == 0 else { throw IntakeFailure("look at", "\(folder)/\(name)", .system(-result)) }
        return true
    }
}
