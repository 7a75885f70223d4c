import Crypto
import Glibc
import Synchronization

/// The keys of all subjects, in one file beside the store: 64 bytes a key, at 64 times its number. A key and a digest of it stand there, or
/// zeros where there is none, or none any more.
///
/// It is a file of its own, and no table, because a database writes what it changes to several places: pages, free pages, its log, and each
/// backup. Here a key is written to one place, and destroyed by writing zeros over that place and waiting for the disk. Only the
/// user of the process may read the file.
package final class KeyFile: Sendable {
    package let path: String
    /// The descriptor, once the file was opened.
    private let opened = Mutex<Int32?>(nil)

    private static let slotBytes = 64
    private static let heading = "crossdock keys 1\n"

    /// - Parameter path: made with the first key.
    package init(path: String) { self.path = path }

    deinit { opened.withLock { if let descriptor = $0 { close(descriptor) } } }

    /// Whether there is a file of keys.
    package var exists: Bool { access(path, F_OK) == 0 }

    /// Draws a key and writes it to its place; it is durable after ``sync()``. A key that a process made there and never used is written over.
    ///
    /// - Parameters:
    ///   - id: from 1.
    ///   - isFirst: whether a file is made where there is none: nothing is sealed under a key of a file that is gone.
    package func make(_ id: Int64, isFirst: Bool) throws(SealingFailure) -> SealingKey {
        precondition(id > 0 && id < 1 << 40, "a key has a number from 1")
        guard let descriptor = try descriptor(creating: isFirst) else { throw missing() }
        try expectWhole(before: id, descriptor)
        let key = SealingKey(id: id, secret: SymmetricKey(size: .bits256))
        try write(Self.slot(key), at: id, descriptor)
        return key
    }

    /// The key of a number; nil where it was destroyed, or the file is not there.
    package func key(_ id: Int64) throws(SealingFailure) -> SealingKey? {
        guard id > 0, id < 1 << 40, let descriptor = try descriptor(creating: false), let slot = try slot(id, descriptor) else { return nil }
        let key = SealingKey(id: id, secret: SymmetricKey(data: slot[..<SealingKey.byteCount]))
        guard Self.slot(key) == slot else {
            throw SealingFailure(subject: "\(path), key \(id)", cause: "it is not as it was written", hint: "restore the file of keys from its backup", isRetriable: false)
        }
        return key
    }

    /// Whether anything stands in the place of a key.
    package func holds(_ id: Int64) throws(SealingFailure) -> Bool {
        guard let descriptor = try descriptor(creating: false) else { return false }
        return try slot(id, descriptor) != nil
    }

    /// Writes zeros over a key and waits for the disk. Doing it again does nothing.
    package func destroy(_ id: Int64) throws(SealingFailure) {
        guard let descriptor = try descriptor(creating: false), try slot(id, descriptor) != nil else { return }
        try write([UInt8](repeating: 0, count: Self.slotBytes), at: id, descriptor)
        try sync()
    }

    /// Waits until what was written is on the disk.
    package func sync() throws(SealingFailure) {
        guard let descriptor = try descriptor(creating: false) else { return }
        guard fsync(descriptor) == 0 else { throw failure(errno) }
    }

    // MARK: - Places

    private static func slot(_ key: SealingKey) -> [UInt8] {
        var bytes = key.secret.withUnsafeBytes { Array($0) }
        var digest = SHA256()
        digest.update(data: Array("\(heading)\(key.id)\n".utf8))
        digest.update(data: bytes)
        bytes += digest.finalize()
        return bytes
    }

    /// What stands in the place of a key; nil for nothing.
    private func slot(_ id: Int64, _ descriptor: Int32) throws(SealingFailure) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: Self.slotBytes)
        var count: Int
        repeat { count = pread(descriptor, &bytes, bytes.count, off_t(id) * off_t(Self.slotBytes)) } while count < 0 && errno == EINTR
        guard count >= 0 else { throw failure(errno) }
        return bytes.contains { $0 != 0 } ? bytes : nil
    }

    private func write(_ bytes: [UInt8], at id: Int64, _ descriptor: Int32) throws(SealingFailure) {
        var count: Int
        repeat { count = pwrite(descriptor, bytes, bytes.count, off_t(id) * off_t(Self.slotBytes)) } while count < 0 && errno == EINTR
        guard count == bytes.count else { throw failure(count < 0 ? errno : ENOSPC) }
    }

    // MARK: - The file

    private func descriptor(creating: Bool) throws(SealingFailure) -> Int32? {
        let path = path
        let (descriptor, failed): (Int32?, SealingFailure?) = opened.withLock { opened in
            do throws(SealingFailure) {
                if opened == nil { opened = try open(path, creating) }
                return (opened, nil)
            } catch {
                return (nil, error)
            }
        }
        if let failed { throw failed }
        return descriptor
    }

    private func open(_ path: String, _ creating: Bool) throws(SealingFailure) -> Int32? {
        let descriptor = Glibc.open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | (creating ? O_CREAT : 0), 0o600)
        guard descriptor >= 0 else {
            if errno == ENOENT { return nil }
            throw failure(errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
            close(descriptor)
            throw SealingFailure(subject: path, cause: "others may read it", hint: "chmod 600, and see who could have read it", isRetriable: false)
        }
        if status.st_size == 0, creating {
            let heading = Array(Self.heading.utf8)
            guard pwrite(descriptor, heading, heading.count, 0) == heading.count, syncFolder(of: path) else {
                let code = errno
                close(descriptor)
                throw failure(code)
            }
        }
        return descriptor
    }

    /// Makes the name of the file durable.
    private func syncFolder(of path: String) -> Bool {
        let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
        let descriptor = Glibc.open(folder.isEmpty ? "/" : folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        return fsync(descriptor) == 0
    }

    /// Keys stand one after the other: a file that ends before the place of the next one was cut. One with no key at all was made anew.
    private func expectWhole(before id: Int64, _ descriptor: Int32) throws(SealingFailure) {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw failure(errno) }
        guard status.st_size <= Self.heading.utf8.count || status.st_size >= off_t(id) * off_t(Self.slotBytes) else {
            throw SealingFailure(
                subject: path, cause: "the file of keys was cut: it has \(status.st_size) bytes, and key \(id) would be the next one",
                hint: "restore it from its backup; without one make an empty file of that name with mode 600: what was sealed stays unreadable then", isRetriable: false)
        }
    }

    private func missing() -> SealingFailure {
        SealingFailure(
            subject: path, cause: "the file of keys is missing, and values are sealed under its keys",
            hint: "restore it from its backup; without one make an empty file of that name with mode 600: what was sealed stays unreadable then",
            isRetriable: false)
    }

    private func failure(_ code: Int32) -> SealingFailure {
        SealingFailure(
            subject: path, cause: String(cString: strerror(code)), hint: code == ENOSPC ? "make room on its disk" : "check its owner and mode, and its disk",
            isRetriable: code == ENOSPC || code == EIO || code == EDQUOT)
    }
}
