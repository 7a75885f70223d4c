import ChangeControl
import Glibc
import Intake
import Store

extension Site {
    /// Where the key that signs checkpoints is: beside the store, readable by the daemon's user alone.
    package var checkpointKeyPath: String { "\(Site.parent(of: path(configuration.store)))/checkpoint.key" }
}

/// The file of the key that signs checkpoints. It is drawn where it is first needed, and is never written anywhere else.
enum CheckpointKeyFile {
    private static let bytesMax = 4096

    /// Reads the key of a log, or makes it.
    static func signer(_ site: Site, origin: String) throws -> NoteSigner {
        let path = site.checkpointKeyPath, name = VerifierKey.name(forOrigin: origin)
        if let found = try read(path, name) { return found }
        var generator = SystemRandomNumberGenerator()
        let seed = (0..<4).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
        guard let signer = NoteSigner(name: name, seed: seed) else {
            throw PipelineFailure(subject: path, cause: "no key can bear the name \(name)", hint: "the origin of the log has to have printable characters")
        }
        try write(signer.secretText + "\n", path)
        // Another process may have been first: its key is the one that is there.
        guard let kept = try read(path, name) else { throw PipelineFailure(errno: ENOENT, subject: path, hint: "something removed it at once") }
        return kept
    }

    private static func read(_ path: String, _ name: String) throws -> NoteSigner? {
        var status = stat()
        guard lstat(path, &status) == 0 else {
            if errno == ENOENT { return nil }
            throw PipelineFailure(errno: errno, subject: path, hint: "check that the daemon may read it")
        }
        guard status.st_mode & S_IFMT == S_IFREG, status.st_mode & 0o077 == 0 else {
            throw PipelineFailure(subject: path, cause: "others than its owner may use the key, or it is no regular file", hint: "chmod 600 \(path)")
        }
        let bytes = try FileBytes.read(path, limit: bytesMax)
        guard let signer = NoteSigner(String(decoding: bytes, as: UTF8.self)) else {
            throw PipelineFailure(
                subject: path, cause: "it does not hold a key that signs notes", hint: "bring it back from a backup, or move it away: a new one is made, and the log says so")
        }
        guard signer.key.name == name else {
            throw PipelineFailure(subject: path, cause: "it is the key of \(signer.key.name), and this is the log of \(name)", hint: "move it away: a new one is made, and the log says so")
        }
        return signer
    }

    /// Whole or not there, and never in place of another one.
    private static func write(_ text: String, _ path: String) throws {
        var file = try NewFile(in: Site.parent(of: path), isSecret: true)
        let failure = Array(text.utf8).withUnsafeBytes { bytes -> IntakeFailure? in
            do throws(IntakeFailure) {
                try file.write(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        _ = try file.keep(as: String(path.split(separator: "/").last ?? ""))
    }
}
