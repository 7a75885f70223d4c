import Glibc

/// A lock beside the store that ends with the process that has it, however that ends. It says that a holder of the lease is gone, before the lease's time
/// is over; the lease alone gives the right to write.
final class SiteLock: Sendable {
    private let descriptor: Int32

    /// nil where another process has it.
    init?(store path: String) throws(PipelineFailure) {
        descriptor = open(path + ".lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path + ".lock", hint: "check that the daemon may write beside its store") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            return nil
        }
    }

    deinit {
        // A child that was forked and has not yet run its program has the descriptor too: closing it here alone would leave the lock with the child.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
