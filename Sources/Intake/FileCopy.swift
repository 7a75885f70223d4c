import CLinux
import Crypto
import Glibc

/// Copies of files, with the digest of the bytes that were read. They are durable once their file system is synced (``Folder/syncFileSystem(_:)``).
package enum FileCopy {
    package struct Copied: Hashable, Sendable {
        /// SHA-256 of the bytes, 64 hexadecimal digits.
        package let digest: String
        package let size: Int
    }

    /// Times that a file is read that changes while it is copied.
    private static let triesMax = 3
    /// `UTIME_OMIT` of utimensat(2): this time stays as it is.
    private static let omitted = (1 << 30) - 2

    /// Copies a file with its permissions and the time of its last write; folders that lead to the copy are made.
    ///
    /// - Returns: nil where the file is gone, also where it went while it was copied: then there is no copy.
    /// - Throws: `.changed` where it was written to each time that it was read.
    package static func copy(_ source: String, to target: String) throws(IntakeFailure) -> Copied? {
        for _ in 0..<triesMax {
            do throws(IntakeFailure) {
                switch try copyOnce(source, to: target) {
                case .copied(let copied): return copied
                case .gone: return nil
                case .changed: continue
                }
            } catch {
                _ = crossdock_unlink(target)
                throw error
            }
        }
        throw IntakeFailure("copy", source, .changed)
    }

    private enum Outcome {
        case copied(Copied)
        case gone, changed
    }

    private static func copyOnce(_ source: String, to target: String) throws(IntakeFailure) -> Outcome {
        let opened = crossdock_open(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
        if opened == -ENOENT { return .gone }
        guard opened >= 0 else { throw IntakeFailure("open", source, .system(-opened)) }
        let file = Descriptor(taking: opened, source)
        var before = try file.status()
        guard crossdock_is_regular(&before) != 0 else { throw IntakeFailure("copy", source, .notRegular) }
        let copy = try made(target)
        var hash = SHA256()
        let size = try Spool.pass(file) { (block) throws(IntakeFailure) in
            hash.update(bufferPointer: block)
            try copy.write(block)
        }
        let after = try file.status()
        if after.links == 0 || size != Int(before.size) || FileIdentity(after) != FileIdentity(before) {
            _ = crossdock_unlink(target)
            return after.links == 0 ? .gone : .changed
        }
        var times = [timespec(tv_sec: 0, tv_nsec: Self.omitted), timespec(tv_sec: Int(before.modified_seconds), tv_nsec: Int(before.modified_nanoseconds))]
        guard fchmod(copy.number, before.mode & 0o777) == 0, futimens(copy.number, &times) == 0 else { throw IntakeFailure("mark", target, .system(errno)) }
        return .copied(Copied(digest: Spool.hexadecimal(hash.finalize()), size: size))
    }

    /// A new file; nothing is replaced but what an earlier try left.
    private static func made(_ target: String) throws(IntakeFailure) -> Descriptor {
        let flags = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW
        let opened = crossdock_open(target, flags, 0o600)
        if opened >= 0 { return Descriptor(taking: opened, target) }
        guard opened == -ENOENT else { throw IntakeFailure("make", target, .system(-opened)) }
        try Folder.makeUnsynced(Folder.parent(of: target))
        return try Descriptor(target, flags, mode: 0o600)
    }

    /// Gives a file a second name; false where the file system does not, or the file has as many as it may, or is gone.
    package static func link(_ file: String, to target: String) throws(IntakeFailure) -> Bool {
        var result = crossdock_link(file, target)
        if result == -ENOENT {
            try Folder.makeUnsynced(Folder.parent(of: target))
            result = crossdock_link(file, target)
        }
        if result == 0 { return true }
        guard [-EPERM, -ENOTSUP, -ENOSYS, -EMLINK, -EXDEV, -ENOENT].contains(result) else { throw IntakeFailure("link", target, .system(-result)) }
        return false
    }

    /// SHA-256 of a file; nil where there is none.
    package static func digest(of path: String) throws(IntakeFailure) -> Copied? {
        guard let identity = try FileIdentity.of(path) else { return nil }
        return Copied(digest: try Spool.digest(of: path), size: identity.size)
    }
}
