import ChangeControl
import Glibc

/// The file `.lock` of a folder of backups: one process has it at a time, and its text names whose backups lie there.
struct BackupLock {
    /// Whose the folder is.
    enum Owner: Hashable {
        /// Nothing is written there that could be understood: somebody wrote to it, or left it out of a copy of the folder.
        case lost
        /// The first entry of the site's log, and the entry that the life began with; no life where a former program wrote it, or its line was lost.
        case named(genesis: ContentDigest, life: ContentDigest?)
    }

    let path: String
    private let descriptor: Int32

    /// Bytes that are read: more than two lines of 64 digits have.
    private static let bytesMax = 1_024

    /// Takes the lock of a folder, which is made where it is not there. Nobody is waited for.
    init(in folder: String) throws(PipelineFailure) {
        path = "\(folder)/.lock"
        // A pipe of that name would keep us waiting, and a link would have what it leads to written over.
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NONBLOCK | O_NOFOLLOW, 0o640)
        guard descriptor >= 0 else {
            let code = errno
            throw [ELOOP, EISDIR, ENXIO].contains(code) ? Self.irregular(path) : PipelineFailure(errno: code, subject: path, hint: "let the user who backs up write there")
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(descriptor)
            throw Self.irregular(path)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw PipelineFailure(subject: folder, cause: "another backup is written there", hint: "wait until it is done", isRetriable: true)
        }
    }

    private static func irregular(_ path: String) -> PipelineFailure {
        PipelineFailure(subject: path, cause: "it is no regular file", hint: "take it away: it is made anew, and the last backup of the folder tells whose it is")
    }

    /// Whose the folder is, by the first two lines. What stands behind them counts for nothing.
    func owner() throws(PipelineFailure) -> Owner {
        var bytes = [UInt8](repeating: 0, count: Self.bytesMax + 1)
        let count = pread(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "check the disk") }
        guard count <= Self.bytesMax else { return .lost }
        let lines = String(decoding: bytes[..<count], as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard let first = lines.first, let genesis = ContentDigest(hex: first) else { return .lost }
        return .named(genesis: genesis, life: lines.count > 1 ? ContentDigest(hex: lines[1]) : nil)
    }

    /// Writes whose the folder is, and nothing behind that.
    func name(genesis: ContentDigest, life: ContentDigest) throws(PipelineFailure) {
        let text = Array("\(genesis.hex)\n\(life.hex)\n".utf8)
        guard pwrite(descriptor, text, text.count, 0) == text.count, ftruncate(descriptor, off_t(text.count)) == 0 else {
            throw PipelineFailure(errno: errno, subject: path, hint: "check the disk")
        }
    }

    func release() {
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
