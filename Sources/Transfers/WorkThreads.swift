import CLibCurl
import Glibc
import Synchronization

/// Does what waits for others (servers, disks, name servers) on a few threads of its own, so that it holds up no task and no loop. Jobs begin in the order in
/// which they were added; a thread is there while there is something to do.
package final class WorkThreads: Sendable {
    private struct Job {
        let body: @Sendable () -> Void
        let refusal: @Sendable (Int32) -> Void
    }

    private struct State {
        var jobs: [Job] = []
        var threads = 0
    }

    private let threadsMax: Int
    private let state = Mutex(State())

    /// - Parameter threadsMax: with 1, one job ends before the next one begins.
    package init(threadsMax: Int) { self.threadsMax = threadsMax }

    /// Does something on a thread.
    ///
    /// - Parameter refusal: what is done instead, here, where the system has no thread left (with its errno).
    package func add(_ body: @escaping @Sendable () -> Void, refusal: @escaping @Sendable (Int32) -> Void) {
        let needsThread = state.withLock { state in
            state.jobs.append(Job(body: body, refusal: refusal))
            guard state.threads < threadsMax else { return false }
            state.threads += 1
            return true
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
            Unmanaged<WorkThreads>.fromOpaque(context).takeRetainedValue().work()
            return nil
        }, context)
        guard failure == 0 else {
            Unmanaged<WorkThreads>.fromOpaque(context).release()
            let left = state.withLock { state in
                state.threads -= 1
                // Another thread, if there is one, does the work.
                return state.threads > 0 ? nil : state.jobs.popLast()
            }
            left?.refusal(failure)
            return
        }
        pthread_detach(thread)
    }

    /// Does something behind all that was added before, and gives what came of it. Where the system has no thread left it is done here.
    package func run<Result: Sendable>(_ body: @escaping @Sendable () -> Result) async -> Result {
        await withCheckedContinuation { continuation in
            add({ continuation.resume(returning: body()) }, refusal: { _ in continuation.resume(returning: body()) })
        }
    }

    /// Whether all that was added has ended.
    package var isIdle: Bool { state.withLock { $0.threads == 0 && $0.jobs.isEmpty } }

    private func work() {
        while let job = state.withLock({ state -> Job? in
            guard !state.jobs.isEmpty else {
                state.threads -= 1
                return nil
            }
            return state.jobs.removeFirst()
        }) {
            job.body()
        }
    }
}
