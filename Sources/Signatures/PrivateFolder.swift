#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A new folder that only this user can enter (0700), for files that only this user can read (0600), gone at the end.
///
/// The program is given bytes and writes them here itself: a path that somebody else can change between a check and a use is never trusted.
struct PrivateFolder: ~Copyable {
    let path: String
    private var files: [String] = []

    /// - Parameter parent: an absolute path of an existing folder.
    init(in parent: String) throws(SignatureFailure) {
        var template = Array("\(parent)/crossdock-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { mkdtemp($0.baseAddress!) != nil }
        guard made else { throw PrivateFolder.failure(parent, "no folder could be made there") }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit {
        // A leftover is harmless: it holds public keys and signatures only, and only this user can read it.
        for file in files { _ = unlink(file) }
        _ = rmdir(path)
    }

    /// Writes a new file and gives its path.
    mutating func write(_ bytes: [UInt8], as name: String) throws(SignatureFailure) -> String {
        let file = "\(path)/\(name)"
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw PrivateFolder.failure(file, "the file could not be made") }
        files.append(file)
        defer { close(descriptor) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { throw PrivateFolder.failure(file, "the file could not be written") }
            written += count
        }
        return file
    }

    private static func failure(_ path: String, _ fact: String) -> SignatureFailure {
        SignatureFailure(.system, path, "\(fact): \(String(cString: strerror(errno)))", hint: "make room there, or set another folder for temporary files")
    }
}
