import CLinux
import Glibc
import Synchronization

/// One accepted request and who waits for its answer.
struct Submission: Sendable {
    var id: UInt64
    var request: Request
    var answer: @Sendable (Result<Response, TransferFailure>) -> Void
}

/// What tasks leave for the engine's thread, and the counter that wakes it.
final class TransferMailbox: Sendable {
    /// What the thread takes in one go.
    struct Mail: Sendable {
        var submissions: [Submission] = []
        var cancelled: [UInt64] = []
        var resolved: [(name: String, answer: NameAnswer)] = []
        var ending: TransferEngine.Ending?
    }

    private struct Contents: Sendable {
        var mail = Mail()
        /// Accepted and not answered.
        var live: Set<UInt64> = []
        /// Cancelled before they were submitted.
        var early: Set<UInt64> = []
        var isSignalled = false
        var isStopping = false
        var isOver = false
        var watchers: [CheckedContinuation<Void, Never>] = []
    }

    /// The eventfd that wakes the thread. Open until the mailbox goes, which the thread outlives only in `finish`.
    let wake: Int32
    private let acceptedMax: Int
    private let contents = Mutex(Contents())
    private let lastID = Atomic<UInt64>(0)

    init(acceptedMax: Int) throws(TransferFailure) {
        wake = crossdock_eventfd()
        self.acceptedMax = acceptedMax
        guard wake >= 0 else { throw TransferFailure(.own, "no eventfd: errno \(-wake)") }
    }

    deinit { close(wake) }

    func nextID() -> UInt64 { lastID.add(1, ordering: .relaxed).newValue }

    // MARK: from tasks

    func submit(_ submissions: some Collection<Submission>) {
        let refused = contents.withLock { contents -> [(Submission, TransferFailure)] in
            var refused: [(Submission, TransferFailure)] = []
            for submission in submissions {
                if contents.early.remove(submission.id) != nil {
                    refused.append((submission, TransferFailure(.cancelled, "cancelled before it began")))
                } else if contents.isStopping {
                    refused.append((submission, TransferFailure(.unavailable, "the transfer engine is ending")))
                } else if contents.live.count >= acceptedMax {
                    refused.append((submission, TransferFailure(
                        .unavailable, "the transfer engine holds \(contents.live.count) requests, its limit",
                        hint: "send fewer at a time, or raise the limit")))
                } else {
                    contents.live.insert(submission.id)
                    contents.mail.submissions.append(submission)
                }
            }
            if !contents.mail.submissions.isEmpty { signal(&contents) }
            return refused
        }
        for (submission, failure) in refused { submission.answer(.failure(failure)) }
    }

    /// From a thread of the resolver: a name was looked up.
    func resolved(_ name: String, _ answer: NameAnswer) {
        contents.withLock { contents in
            guard !contents.isOver else { return }
            contents.mail.resolved.append((name, answer))
            signal(&contents)
        }
    }

    func cancel(_ id: UInt64) {
        contents.withLock { contents in
            guard contents.live.contains(id) else {
                contents.early.insert(id)
                return
            }
            contents.mail.cancelled.append(id)
            signal(&contents)
        }
    }

    /// The task with this id has its answer and was cancelled: nothing about it is kept.
    func forget(_ id: UInt64) { contents.withLock { _ = $0.early.remove(id) } }

    func stop(_ ending: TransferEngine.Ending, continuation: CheckedContinuation<Void, Never>?) {
        let isOver = contents.withLock { contents in
            if contents.isOver { return true }
            contents.isStopping = true
            contents.mail.ending = ending
            if let continuation { contents.watchers.append(continuation) }
            signal(&contents)
            return false
        }
        if isOver { continuation?.resume() }
    }

    // MARK: from the engine's thread

    func take() -> Mail {
        contents.withLock { contents in
            if contents.isSignalled { _ = crossdock_counter_drain(wake) }
            contents.isSignalled = false
            let mail = contents.mail
            contents.mail = Mail()
            return mail
        }
    }

    /// Gives answers to those who wait for them.
    func answer(_ answers: [(Submission, Result<Response, TransferFailure>)]) {
        guard !answers.isEmpty else { return }
        contents.withLock { contents in
            for (submission, _) in answers { contents.live.remove(submission.id) }
        }
        for (submission, result) in answers { submission.answer(result) }
    }

    /// The thread is over: what was submitted in the meantime fails, and those who wait for the end go on.
    func finish() {
        let (left, watchers) = contents.withLock { contents in
            contents.isOver = true
            contents.isStopping = true
            let left = contents.mail.submissions
            contents.mail = Mail()
            let watchers = contents.watchers
            contents.watchers = []
            return (left, watchers)
        }
        answer(left.map { ($0, .failure(TransferFailure(.unavailable, "the transfer engine is ending"))) })
        for watcher in watchers { watcher.resume() }
    }

    private func signal(_ contents: inout Contents) {
        guard !contents.isSignalled else { return }
        contents.isSignalled = true
        _ = crossdock_eventfd_signal(wake)
    }
}
