import Glibc

/// Holds the store of a site for one daemon: a second one is refused while the first lives, however it ends.
final class SiteLock: Sendable {
    private let descriptor: Int32

    init(store path: String) throws(PipelineFailure) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path + ".lock", hint: "check that the daemon may write beside its store") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw PipelineFailure(subject: path, cause: "another daemon works on this store", hint: "stop it first; one store has one daemon")
        }
    }

    deinit {
        // A child that was forked and has not yet run its program has the descriptor too: closing it here alone would leave the lock with the child.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
