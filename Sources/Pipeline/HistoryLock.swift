import Glibc
import Intake

/// Keeps a second process from archiving history at the same time; it goes with its process, however that ends.
struct HistoryLock {
    private let descriptor: Int32

    init(folder: String) throws {
        try Site.makeFolder(folder)
        descriptor = open("\(folder)/.lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: folder, hint: "check that it may be written") }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw PipelineFailure(subject: folder, cause: "another process archives history", hint: "wait until it is done", isRetriable: true)
        }
    }

    func release() {
        // A child that was forked and has not yet run its program has the descriptor too: closing it here alone would leave the lock with the child.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}
