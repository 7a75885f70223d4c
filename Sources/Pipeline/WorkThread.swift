import Glibc
import Synchronization

/// Does what waits for others (servers, disks), one thing after the other, on a thread of its own, so that it holds up no task. The thread is there while there
/// is something to do.
final class WorkThread: Sendable {
    private struct State {
        var jobs: [@Sendable () -> Void] = []
        var isRunning = false
    }

    private let state = Mutex(State())

    /// Does something behind all that was added before, and gives what came of it.
    func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in add { continuation.resume(returning: body()) } }
    }

    func add(_ job: @escaping @Sendable () -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(job)
            defer { state.isRunning = true }
            return !state.isRunning
        }
        guard needsThread else { return }
        var thread = pthread_t()
        let context = Unmanaged.passRetained(self).toOpaque()
        let failure = pthread_create(&thread, nil, { context in
            guard let context else { return nil }
            // No signal is this thread's business, SIGPIPE least: a TLS library may write to a closed connection.
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            Unmanaged<WorkThread>.fromOpaque(context).takeRetainedValue().work()
            return nil
        }, context)
        guard failure == 0 else {
            // The system has no thread left: then it is done here, and whoever asked waits.
            Unmanaged<WorkThread>.fromOpaque(context).release()
            return work()
        }
        pthread_detach(thread)
    }

    private func work() {
        while let job = state.withLock({ state -> (@Sendable () -> Void)? in
            guard !state.jobs.isEmpty else {
                state.isRunning = false
                return nil
            }
            return state.jobs.removeFirst()
        }) {
            job()
        }
    }
}
