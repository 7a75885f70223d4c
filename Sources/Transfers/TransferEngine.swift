import CLibCurl
import Synchronization

/// Performs HTTP exchanges side by side: one libcurl multi handle on one thread of its own, driven by epoll.
///
/// What may not run yet waits in a queue here and not inside the multi handle, which scans its own and counts the wait
/// against the timeouts (libcurl 7.88): a queue a group, which take turns, so that a slow group keeps no other waiting. Host names
/// are looked up by threads of the engine's own, and the addresses that the request may reach are pinned. Connections are kept and used again for at most ``Settings/connectionAgeMaxSeconds``.
package final class TransferEngine: Sendable {
    package struct Settings: Hashable, Sendable {
        /// Exchanges that run at a time.
        package var runningMax: Int
        /// Exchanges that run or wait; one more is refused as ``TransferFailure/Kind/unavailable``.
        package var acceptedMax: Int
        /// A connection older than this is not used again, so that moved names and revoked certificates are noticed.
        package var connectionAgeMaxSeconds: Int
        /// An address found earlier than this is looked up again.
        package var addressAgeMaxSeconds: Int
        /// Names that are looked up at a time.
        package var lookupsMax: Int

        package init(
            runningMax: Int = 64, acceptedMax: Int = 10_000, connectionAgeMaxSeconds: Int = 300, addressAgeMaxSeconds: Int = 60, lookupsMax: Int = 8
        ) {
            self.runningMax = runningMax
            self.acceptedMax = acceptedMax
            self.connectionAgeMaxSeconds = connectionAgeMaxSeconds
            self.addressAgeMaxSeconds = addressAgeMaxSeconds
            self.lookupsMax = lookupsMax
        }
    }

    private let mailbox: TransferMailbox

    /// Starts the thread. Fails as ``TransferFailure/Kind/own`` where the system has no descriptors or threads left.
    ///
    /// - Parameter lookup: how host names are looked up; nil is the system's way.
    package init(_ settings: Settings = Settings(), lookup: NameLookup? = nil) throws(TransferFailure) {
        guard TransferEngine.isLibraryStarted else { throw TransferFailure(.own, "libcurl cannot be started") }
        mailbox = try TransferMailbox(acceptedMax: settings.acceptedMax)
        try TransferLoop.start(settings, mailbox, NameResolver(threadsMax: settings.lookupsMax, lookup: lookup ?? NameResolver.system))
    }

    deinit { mailbox.stop(.now, continuation: nil) }

    /// Performs one exchange. Any status is a response; a failure means that there is no complete response.
    ///
    /// Cancelling the task ends the exchange as ``TransferFailure/Kind/cancelled``; the receiver may have had it by then.
    package func perform(_ request: Request) async throws(TransferFailure) -> Response {
        if let failure = request.defect { throw failure }
        let id = mailbox.nextID()
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                mailbox.submit(CollectionOfOne(Submission(id: id, request: request, answer: { continuation.resume(returning: $0) })))
            }
        } onCancel: {
            mailbox.cancel(id)
        }
        if Task.isCancelled { mailbox.forget(id) }
        return try result.get()
    }

    /// Performs exchanges for somebody who does not wait for them: each answer is given once, on the engine's thread or, where the request cannot be
    /// accepted, at once. An answer must be taken quickly: nothing else is sent meanwhile.
    package func submit(_ requests: [(request: Request, answer: @Sendable (Result<Response, TransferFailure>) -> Void)]) {
        var accepted: [Submission] = []
        accepted.reserveCapacity(requests.count)
        for (request, answer) in requests {
            if let failure = request.defect {
                answer(.failure(failure))
            } else {
                accepted.append(Submission(id: mailbox.nextID(), request: request, answer: answer))
            }
        }
        if !accepted.isEmpty { mailbox.submit(accepted) }
    }

    package enum Ending: Hashable, Sendable {
        /// What was accepted is performed first, for at most this long; then the rest is cancelled.
        case drain(milliseconds: Int)
        /// What runs is cancelled.
        case now
    }

    /// Ends the engine and its thread; returns when the last exchange has its answer. From now on every new request fails
    /// as ``TransferFailure/Kind/unavailable``. Ending it twice is harmless.
    package func shutDown(_ ending: Ending) async {
        await withCheckedContinuation { mailbox.stop(ending, continuation: $0) }
    }

    /// curl_global_init is done once a process, before any handle; a static is initialised once, by one thread.
    static let isLibraryStarted = crossdock_curl_start() == CURLE_OK
}

extension Request {
    /// Why the request cannot be sent; nil if it can.
    var defect: TransferFailure? {
        guard !url.isEmpty, url.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            return TransferFailure(.invalidRequest, "the address is empty or holds a space or a control character")
        }
        if let header = headers.first(where: { !$0.isWellFormed }) {
            let name = header.name.filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
            return TransferFailure(
                .invalidRequest, "the header \(name) has a name or value that no header may have",
                hint: "a header name is a token; a value holds no line break and no other control character")
        }
        let counts = [
            limits.connectMilliseconds, limits.totalMilliseconds, limits.lowSpeedBytesPerSecond, limits.lowSpeedSeconds,
            limits.responseBytesMax,
        ]
        guard counts.allSatisfy({ (1...Int(Int32.max)).contains($0) }) else {
            return TransferFailure(.invalidRequest, "a limit of the request is not from 1 to 2147483647")
        }
        return nil
    }
}
