import CLinux
import Crypto
import Glibc
import Synchronization

/// The store of originals, by the SHA-256 of their bytes: `<root>/ab/abcdef…`.
///
/// A file is in it whole and durable or not at all: it is copied under a temporary name, synced, linked to its own
/// name without replacing what is there, and its folder is synced.
package struct Spool: Sendable {
    package let root: String

    /// What a deposit gave.
    package struct Deposit: Hashable, Sendable {
        /// SHA-256 of the bytes, 64 hexadecimal digits.
        package var digest: String
        package var size: Int
        /// Where the copy lies.
        package var path: String
        /// The original as it was copied.
        package var source: FileIdentity
        /// False where the same bytes were there already.
        package var isNew: Bool
    }

    /// Bytes of the largest file that is taken.
    package static let fileBytesMax = 4 << 30
    /// Bytes that are copied at a time.
    private static let blockBytes = 256 << 10
    private static let serial = Atomic<Int>(0)

    /// - Parameter root: made if it is not there.
    package init(root: String) throws(IntakeFailure) {
        self.root = root
        try Folder.make(root + "/tmp")
    }

    /// Where the bytes of a digest lie, if they are here.
    package func path(of digest: String) -> String { "\(root)/\(digest.prefix(2))/\(digest)" }

    package func contains(_ digest: String) throws(IntakeFailure) -> Bool { try FileIdentity.of(path(of: digest)) != nil }

    /// Copies a file into the store.
    ///
    /// - Parameters:
    ///   - expected: the file as it was judged to be whole; another one is refused as changed.
    ///   - limitBytes: the largest file that is taken.
    /// - Throws: `.changed` if the file was written to, replaced or cut while it was copied: a torn read.
    package func deposit(
        _ source: String, expecting expected: FileIdentity? = nil, limitBytes: Int = Spool.fileBytesMax
    ) throws(IntakeFailure) -> Deposit {
        let file = try Descriptor(source, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let before = try file.identity()
        if let expected, expected != before { throw IntakeFailure("copy", source, .changed) }
        guard before.size <= limitBytes else { throw IntakeFailure("copy", source, .tooLarge(limit: limitBytes)) }
        let temporary = Self.temporaryPath(in: root + "/tmp")
        do throws(IntakeFailure) {
            let digest = try copy(file, size: before.size, to: temporary)
            let after = try file.identity()
            guard after == before, try FileIdentity.of(source) == before else {
                throw IntakeFailure("copy", source, .changed)
            }
            let isNew = try keep(temporary, digest: digest, size: before.size)
            return Deposit(digest: digest, size: before.size, path: path(of: digest), source: before, isNew: isNew)
        } catch {
            _ = crossdock_unlink(temporary)
            throw error
        }
    }

    /// Reads the bytes of a digest and says whether they have it still.
    package func isSound(_ digest: String) throws(IntakeFailure) -> Bool { try Self.digest(of: path(of: digest)) == digest }

    /// Removes the temporary files that interrupted processes left; to be called before the first deposit. Those of another process that lives, which may
    /// be at work, stay.
    package func removeLeftovers() throws(IntakeFailure) {
        let folder = root + "/tmp"
        for sighting in try Folder.scan(folder) where !Self.isOfAnother(sighting.name) {
            let result = crossdock_unlink(folder + "/" + sighting.name)
            guard result == 0 || result == -ENOENT else {
                throw IntakeFailure("remove", folder + "/" + sighting.name, .system(-result))
            }
        }
    }

    private func copy(
        _ file: borrowing Descriptor, size: Int, to temporary: String
    ) throws(IntakeFailure) -> String {
        let target = try Descriptor(temporary, O_WRONLY | O_CREAT | O_EXCL)
        var hash = SHA256()
        let copied = try Self.pass(file) { (block) throws(IntakeFailure) in
            hash.update(bufferPointer: block)
            try target.write(block)
        }
        guard copied == size else { throw IntakeFailure("copy", file.path, .changed) }
        try target.sync()
        return Self.hexadecimal(hash.finalize())
    }

    /// Gives the copy its own name. False where the same bytes had it already.
    private func keep(_ temporary: String, digest: String, size: Int) throws(IntakeFailure) -> Bool {
        let target = path(of: digest)
        try Folder.make(Folder.parent(of: target))
        let result = try Naming.link(temporary, to: target)
        if result == .taken {
            guard let there = try FileIdentity.of(target), there.size == size else {
                throw IntakeFailure("keep", target, .corrupt)
            }
        }
        try Folder.sync(Folder.parent(of: target))
        return result == .done
    }

    // MARK: Shared with the archive

    static func temporaryPath(in folder: String) -> String {
        "\(folder)/\(getpid())-\(serial.add(1, ordering: .relaxed).newValue)-\(monotonicNanoseconds())"
    }

    /// Whether a temporary name is that of another process that lives.
    static func isOfAnother(_ name: String) -> Bool {
        guard let process = name.split(separator: "-").first.flatMap({ pid_t($0) }), process != getpid() else { return false }
        return kill(process, 0) == 0 || errno == EPERM
    }

    static func monotonicNanoseconds() -> Int {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }

    /// SHA-256 of a file.
    static func digest(of path: String) throws(IntakeFailure) -> String {
        let file = try Descriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        var hash = SHA256()
        _ = try pass(file) { (block) throws(IntakeFailure) in hash.update(bufferPointer: block) }
        return hexadecimal(hash.finalize())
    }

    /// Gives a file's bytes to `body` in blocks, and how many there were.
    static func pass(
        _ file: borrowing Descriptor, _ body: (UnsafeRawBufferPointer) throws(IntakeFailure) -> Void
    ) throws(IntakeFailure) -> Int {
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { block.deallocate() }
        var total = 0
        while true {
            let count = try file.read(into: block)
            if count == 0 { return total }
            total += count
            try body(UnsafeRawBufferPointer(rebasing: block[..<count]))
        }
    }

    static func hexadecimal(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
