import CLinux
import Glibc
package import Outbox

/// Puts action files into target folders so that a reader sees a whole file or none, under its final name or not at all,
/// and that what was reported as done survives a power cut: temporary file in a hidden folder within, fsync, link(2) to the final
/// name (which never replaces), unlink of the temporary name, fsync of the folder.
///
/// The temporary file is in a folder of its own because readers list hidden names too: OpenAS2's poller opens each name that it lists for
/// appending, and makes a file anew that has just gone.
///
/// Doing it again is harmless: a file of that name with the same bytes is a success.
package struct ActionFileWriter: Sendable {
    /// The permissions of new files, before the process's umask.
    package let mode: UInt32

    package init(mode: UInt32 = 0o640) { self.mode = mode }

    package enum Result: Hashable, Sendable {
        case written
        /// A file with the same name and bytes was there already.
        case alreadyThere
    }

    /// Writes the effect's payload as `folder/effect.fileName`. `folder` must exist: that it is missing may mean that a
    /// network share is not mounted, and creating it would hide that.
    package func write(_ effect: Effect, into folder: String) throws(ActionFileFailure) -> Result {
        guard let name = effect.fileName, ActionFileWriter.isPlain(fileName: name) else {
            throw ActionFileFailure(
                kind: .badName, path: folder, fact: "the effect \(effect.id) names no plain file (\(effect.fileName ?? "none"))",
                errno: 0, hint: "a file name has 1 to 200 bytes, no slash, no control character and no leading dot",
                mayRetry: false)
        }
        let path = "\(folder)/\(name)"
        let temporary = "\(folder)/\(Self.writing)/\(ActionFileWriter.temporaryName(of: name, effectID: effect.id, target: effect.target))"
        try makeWriting(folder)
        try writeTemporary(effect.payload, temporary)
        let linked = crossdock_link(temporary, path)
        // Whatever link(2) came to, the temporary name goes; a leftover is swept at the next start.
        let unlinked = crossdock_unlink(temporary)
        // On NFS a link whose answer was lost reports EEXIST for its own doing; equal bytes settle that, too.
        if linked == -EEXIST { return try compare(effect, path, folder) }
        guard linked == 0 else { throw systemFailure("it cannot be linked to its final name", -linked, path) }
        guard unlinked == 0 || unlinked == -ENOENT else {
            throw systemFailure("its temporary name cannot be removed", -unlinked, temporary)
        }
        try makeDurable(folder)
        return .written
    }

    /// As ``write(_:into:)``, in the outbox's terms.
    package func attempt(_ effect: Effect, into folder: String) -> AttemptOutcome {
        do throws(ActionFileFailure) {
            _ = try write(effect, into: folder)
            return .succeeded(status: nil)
        } catch {
            return error.mayRetry ? .failed(.own, retryAfter: nil, detail: error.description) : .refused(error.description)
        }
    }

    /// Removes what a lost process left half-written for a target in its folder: temporary names of that target, and nothing else. Another target may be
    /// writing in the same folder. Call it at the start, before anything is written for the target. Gives the names that were removed, sorted.
    package func sweep(_ folder: String, of target: String) throws(ActionFileFailure) -> [String] {
        // Those of former programs lie beside the files.
        let removed = try sweepOne(folder, of: target)
        return access("\(folder)/\(Self.writing)", F_OK) == 0 ? try sweepOne("\(folder)/\(Self.writing)", of: target) + removed : removed
    }

    private func sweepOne(_ folder: String, of target: String) throws(ActionFileFailure) -> [String] {
        guard let listing = opendir(folder) else { throw systemFailure("it cannot be listed", errno, folder) }
        defer { closedir(listing) }
        var removed: [String] = []
        while let entry = readdir(listing) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
            }
            guard ActionFileWriter.isTemporary(name: name, of: target) else { continue }
            let failure = crossdock_unlink("\(folder)/\(name)")
            guard failure == 0 || failure == -ENOENT else {
                throw systemFailure("a temporary file cannot be removed", -failure, "\(folder)/\(name)")
            }
            removed.append(name)
        }
        if !removed.isEmpty { try makeDurable(folder) }
        return removed.sorted()
    }

    // MARK: names

    /// The folder within a target's folder that files are written in.
    static let writing = ".crossdock"

    private func makeWriting(_ folder: String) throws(ActionFileFailure) {
        let path = "\(folder)/\(Self.writing)"
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw systemFailure("the folder that files are written in cannot be made", errno, path) }
    }

    /// 1 to 200 bytes, no slash, no control character, no leading dot: a name that stays in its folder, that pickers-up do
    /// not skip as hidden, and that leaves room for the temporary form within NAME_MAX (255).
    package static func isPlain(fileName: String) -> Bool {
        let bytes = fileName.utf8
        return (1...200).contains(bytes.count) && bytes.first != UInt8(ascii: ".")
            && bytes.allSatisfy { $0 >= 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "/") }
    }

    /// `.name.tmp-`, eight hexadecimal digits of the target and a hyphen, and eight of the effect: hidden, and never the same for two effects that differ in
    /// those, which ids made by a hash do.
    ///
    /// - Parameter target: nil where nobody sweeps: the digits of the effect are all then.
    package static func temporaryName(of name: String, effectID: String, target: String? = nil) -> String {
        ".\(name).tmp-\(target.map { "\(digits(of: $0))-" } ?? "")\(digits(of: effectID))"
    }

    /// Eight hexadecimal digits.
    private static func digits(of text: String) -> String {
        var hash: UInt32 = 0x811c_9dc5  // FNV-1a, 32 bits
        for byte in text.utf8 { hash = (hash ^ UInt32(byte)) &* 0x0100_0193 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 8 - digits.count) + digits
    }

    /// Whether a name is a temporary one of a target, or of a former program, which named no target: nobody writes under such a name any more.
    static func isTemporary(name: String, of target: String) -> Bool {
        let bytes = Array(name.utf8), marks = [".tmp-\(digits(of: target))-", ".tmp-"]
        guard bytes.first == UInt8(ascii: "."), bytes.suffix(8).allSatisfy(isDigit) else { return false }
        return marks.contains { mark in bytes.count > 9 + mark.utf8.count && bytes.dropLast(8).suffix(mark.utf8.count).elementsEqual(mark.utf8) }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
    }
}

extension ActionFileWriter {
    /// Creates the temporary file anew, writes it and makes its bytes durable. On failure nothing of it is left, if the
    /// system allows.
    private func writeTemporary(_ payload: [UInt8], _ path: String) throws(ActionFileFailure) {
        // One left by a lost process may be linked to the final name already: it is unlinked, never written into.
        let stale = crossdock_unlink(path)
        guard stale == 0 || stale == -ENOENT else { throw systemFailure("an old temporary file cannot be removed", -stale, path) }
        let descriptor = crossdock_open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode)
        guard descriptor >= 0 else { throw systemFailure("it cannot be created", -descriptor, path) }
        var failure = ActionFileWriter.write(payload, to: descriptor)
        if failure == 0, fsync(descriptor) != 0 { failure = errno }
        // A delayed write error of a network file system may first show here.
        if close(descriptor) != 0, failure == 0, errno != EINTR { failure = errno }
        guard failure == 0 else {
            crossdock_unlink(path)
            throw systemFailure("it cannot be written", failure, path)
        }
    }

    /// 0, or the errno.
    private static func write(_ payload: [UInt8], to descriptor: Int32) -> Int32 {
        payload.withUnsafeBytes { bytes in
            var written = 0
            while written < bytes.count {
                let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                written += count
            }
            return 0
        }
    }

    /// A file of the final name is there: the same bytes are a success, others a failure that names both.
    private func compare(_ effect: Effect, _ path: String, _ folder: String) throws(ActionFileFailure) -> Result {
        let descriptor = crossdock_open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK, 0)
        // Taken away between the link and here: whoever reads the folder has it, or it comes again under a retry.
        guard descriptor >= 0 else { throw systemFailure("a file of this name is there and cannot be read", -descriptor, path) }
        defer { close(descriptor) }
        var status = crossdock_status()
        let failure = crossdock_status_of(descriptor, &status)
        guard failure == 0 else { throw systemFailure("a file of this name is there and cannot be read", -failure, path) }
        let isSame = crossdock_is_regular(&status) != 0 && status.size == Int64(effect.payload.count)
            && ActionFileWriter.holds(descriptor, effect.payload)
        guard isSame else {
            throw ActionFileFailure(
                kind: .taken, path: path,
                fact: "it is there with \(status.size) other bytes; effect \(effect.id) has \(effect.payload.count)", errno: EEXIST,
                hint: "two effects must not share a file name: make the name hold what tells them apart", mayRetry: false)
        }
        // The first writer may have ended before its bytes were durable.
        guard fsync(descriptor) == 0 else { throw systemFailure("it cannot be made durable", errno, path) }
        try makeDurable(folder)
        return .alreadyThere
    }

    private static func holds(_ descriptor: Int32, _ payload: [UInt8]) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: 65_536, alignment: 1) { buffer in
            var position = 0
            while position < payload.count {
                let count = read(descriptor, buffer.baseAddress, min(buffer.count, payload.count - position))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                let isSame = payload.withUnsafeBytes { bytes in
                    memcmp(buffer.baseAddress!, bytes.baseAddress! + position, count) == 0
                }
                guard isSame else { return false }
                position += count
            }
            return true
        }
    }

    private func makeDurable(_ folder: String) throws(ActionFileFailure) {
        let failure = crossdock_fsync_folder(folder)
        guard failure == 0 else { throw systemFailure("it cannot be made durable", -failure, folder) }
    }

    private func systemFailure(_ fact: String, _ number: Int32, _ path: String) -> ActionFileFailure {
        let reason = String(cString: strerror(number))
        return ActionFileFailure(
            kind: .system, path: path, fact: "\(fact): \(reason)", errno: number, hint: ActionFileWriter.hint(number),
            mayRetry: ActionFileWriter.mayRetry(number))
    }

    private static func hint(_ number: Int32) -> String? {
        switch number {
        case ENOSPC, EDQUOT: "free space on the file system of the folder"
        case EACCES, EPERM: "let the daemon's user write to the folder"
        case EROFS: "the file system is read-only: remount it, or see why the kernel made it so"
        case ENOENT, ESTALE, ENOTDIR: "the folder is not there: is the share mounted?"
        case EXDEV, EMLINK, EOPNOTSUPP: "the file system of the folder has no hard links"
        case ENAMETOOLONG: "shorten the file name"
        default: nil
        }
    }

    /// All that an operator can mend, or that mends itself. What the name alone causes never does.
    private static func mayRetry(_ number: Int32) -> Bool { number != ENAMETOOLONG && number != EILSEQ }
}
