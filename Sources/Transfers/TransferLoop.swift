import CLibCurl
import CLinux
import Glibc

/// The engine's thread: it owns the multi handle, the easy handles and the epoll, and shares nothing but the mailbox.
final class TransferLoop {
    private let settings: TransferEngine.Settings
    private let mailbox: TransferMailbox
    private let multi: UnsafeMutableRawPointer
    private let epoll: Int32
    /// What is accepted and not started.
    private var queue = TransferQueue()
    private var names: NameBook
    private var running: [UnsafeMutableRawPointer: Exchange] = [:]
    private var idle: [EasyHandle] = []
    private var answers: [(Submission, Result<Response, TransferFailure>)] = []
    /// When libcurl wants to be called again, in monotonic nanoseconds; nil: only on an event.
    private var timerDue: UInt64?
    private var ending: TransferEngine.Ending?
    private var drainUntil: UInt64?

    private static let wakeTag = UInt64.max
    private static let eventsAtOnce = 64

    /// Starts the thread and gives it the loop.
    static func start(_ settings: TransferEngine.Settings, _ mailbox: TransferMailbox, _ resolver: NameResolver) throws(TransferFailure) {
        let loop = try TransferLoop(settings, mailbox, resolver)
        // The thread takes the reference over; from here on nothing else holds the loop.
        let context = Unmanaged.passRetained(loop).toOpaque()
        var thread = pthread_t()
        let failure = pthread_create(&thread, nil, { context in
            guard let context else { return nil }
            // No signal is this thread's business, SIGPIPE least: a TLS library may write to a closed connection.
            var all = sigset_t()
            sigfillset(&all)
            pthread_sigmask(SIG_BLOCK, &all, nil)
            Unmanaged<TransferLoop>.fromOpaque(context).takeRetainedValue().run()
            return nil
        }, context)
        guard failure == 0 else {
            Unmanaged<TransferLoop>.fromOpaque(context).release()
            throw TransferFailure(.own, "no thread for transfers: errno \(failure)")
        }
        pthread_detach(thread)
    }

    private init(_ settings: TransferEngine.Settings, _ mailbox: TransferMailbox, _ resolver: NameResolver) throws(TransferFailure) {
        guard let multi = curl_multi_init() else { throw TransferFailure(.own, "libcurl has no memory for a multi handle") }
        let epoll = crossdock_epoll_create()
        guard epoll >= 0 else {
            curl_multi_cleanup(multi)
            throw TransferFailure(.own, "no epoll: errno \(-epoll)")
        }
        (self.settings, self.mailbox, self.multi, self.epoll) = (settings, mailbox, multi, epoll)
        names = NameBook(ageMaxSeconds: settings.addressAgeMaxSeconds, resolver) { mailbox.resolved($0, $1) }
        let context = Unmanaged.passUnretained(self).toOpaque()
        crossdock_curl_multi_set_socket(multi, loopSocket)
        crossdock_curl_multi_set_pointer(multi, CURLMOPT_SOCKETDATA, context)
        crossdock_curl_multi_set_timer(multi, loopTimer)
        crossdock_curl_multi_set_pointer(multi, CURLMOPT_TIMERDATA, context)
        crossdock_curl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, settings.runningMax)
        let failure = crossdock_epoll_ctl(
            epoll, Int32(crossdock_EPOLL_ADD), mailbox.wake, crossdock_EPOLLIN, TransferLoop.wakeTag)
        guard failure == 0 else { throw TransferFailure(.own, "the epoll takes no eventfd: errno \(-failure)") }
    }

    deinit {
        idle = []
        // Closing the kept connections calls back, and nobody needs to hear it.
        crossdock_curl_multi_set_socket(multi, nil)
        crossdock_curl_multi_set_timer(multi, nil)
        curl_multi_cleanup(multi)
        close(epoll)
    }

    // MARK: the loop

    private func run() {
        var events = [crossdock_event](repeating: crossdock_event(), count: TransferLoop.eventsAtOnce)
        while !isOver {
            startWaiting()
            runDueTimer()
            giveUpLookups()
            collectEnded()
            flushAnswers()
            let count = crossdock_epoll_wait(epoll, &events, Int32(TransferLoop.eventsAtOnce), waitMilliseconds)
            var isWoken = false
            for event in events.prefix(Int(max(0, count))) {
                if event.tag == TransferLoop.wakeTag { isWoken = true } else { act(on: event) }
            }
            collectEnded()
            flushAnswers()
            if isWoken { readMail() }
            endIfAsked()
        }
        mailbox.finish()
    }

    private var isOver: Bool { ending != nil && running.isEmpty && queue.isEmpty && names.isEmpty && answers.isEmpty }

    private func act(on event: crossdock_event) {
        var mask: Int32 = 0
        if event.events & crossdock_EPOLLIN != 0 { mask |= CURL_CSELECT_IN }
        if event.events & crossdock_EPOLLOUT != 0 { mask |= CURL_CSELECT_OUT }
        if event.events & (crossdock_EPOLLERR | crossdock_EPOLLHUP) != 0 { mask |= CURL_CSELECT_ERR }
        var still: Int32 = 0
        curl_multi_socket_action(multi, curl_socket_t(truncatingIfNeeded: event.tag), mask, &still)
    }

    private func readMail() {
        let mail = mailbox.take()
        for submission in mail.submissions { queue.add(submission) }
        for (name, answer) in mail.resolved {
            for (submission, origin) in names.note(answer, of: name, at: TransferLoop.now) { begin(submission, origin, answer) }
        }
        for id in mail.cancelled { cancel(id) }
        if let asked = mail.ending {
            ending = asked
            if case .drain(let milliseconds) = asked {
                drainUntil = TransferLoop.now + UInt64(max(0, milliseconds)) * 1_000_000
            } else {
                drainUntil = nil
            }
        }
    }

    private func startWaiting() {
        while running.count + names.askingCount < settings.runningMax, let submission = queue.next() {
            switch names.answer(for: submission, at: TransferLoop.now) {
            case .asked: break
            case .known(let origin, let answer): begin(submission, origin, answer)
            case .none: start(submission, pinned: nil)
            }
        }
    }

    /// The host of a submission, or its proxy, is looked up: it starts with the addresses at which that may be.
    private func begin(_ submission: Submission, _ origin: Origin, _ answer: NameAnswer) {
        let request = submission.request
        do throws(TransferFailure) {
            start(submission, pinned: try (request.proxy?.addresses ?? request.addresses).pin(origin.host, port: origin.port, to: answer))
        } catch {
            refuse(submission, error)
        }
    }

    private func refuse(_ submission: Submission, _ failure: TransferFailure) {
        queue.ended(submission)
        answers.append((submission, .failure(submission.request.proxy == nil ? failure : failure.ofProxy)))
    }

    private func giveUpLookups() {
        for (submission, origin) in names.overdue(at: TransferLoop.now) {
            refuse(submission, TransferFailure(
                .dns, "the name \(origin.host) was not looked up within \(submission.request.limits.connectMilliseconds) ms",
                hint: "check the name servers of this machine"))
        }
    }

    private func start(_ submission: Submission, pinned: String?) {
        guard submission.request.mayStart?() ?? true else {
            return refuse(submission, TransferFailure(.own, "it may not start any more"))
        }
        guard let easy = idle.popLast() ?? EasyHandle(connectionAgeMaxSeconds: settings.connectionAgeMaxSeconds) else {
            return refuse(submission, TransferFailure(.own, "libcurl has no memory for a handle"))
        }
        let exchange = Exchange(submission, easy)
        do throws(TransferFailure) {
            try easy.prepare(
                submission.request, pinned: pinned, exchange: Unmanaged.passUnretained(exchange).toOpaque(),
                vetting: Unmanaged.passUnretained(exchange.vetting).toOpaque())
        } catch {
            return refuse(submission, error)
        }
        running[easy.raw] = exchange
        let code = curl_multi_add_handle(multi, easy.raw)
        guard code == CURLM_OK else {
            running[easy.raw] = nil
            return refuse(submission, TransferFailure(.own, String(cString: curl_multi_strerror(code))))
        }
    }

    /// Takes what libcurl is done with out of the multi handle.
    private func collectEnded() {
        var code = CURLE_OK
        while let raw = crossdock_curl_multi_next_done(multi, &code) {
            guard let exchange = running.removeValue(forKey: raw) else { continue }
            answers.append((exchange.submission, exchange.outcome(code)))
            end(exchange)
        }
    }

    private func end(_ exchange: Exchange) {
        queue.ended(exchange.submission)
        curl_multi_remove_handle(multi, exchange.easy.raw)
        exchange.easy.release()
        if idle.count < settings.runningMax { idle.append(exchange.easy) }
    }

    private func flushAnswers() {
        guard !answers.isEmpty else { return }
        mailbox.answer(answers)
        answers.removeAll(keepingCapacity: true)
    }

    // MARK: cancelling and ending

    private func cancel(_ id: UInt64) {
        let failure = TransferFailure(.cancelled, "cancelled")
        if let (raw, exchange) = running.first(where: { $0.value.submission.id == id }) {
            running[raw] = nil
            end(exchange)
            answers.append((exchange.submission, .failure(failure)))
        } else if let submission = names.remove(id) {
            refuse(submission, failure)
        } else if let submission = queue.remove(id) {
            answers.append((submission, .failure(failure)))
        }
    }

    private func endIfAsked() {
        guard let ending else { return }
        if case .drain = ending, let drainUntil, TransferLoop.now < drainUntil { return }
        let failure = TransferFailure(.unavailable, "the transfer engine is ending")
        for exchange in running.values {
            end(exchange)
            answers.append((exchange.submission, .failure(failure)))
        }
        running = [:]
        for submission in names.removeAll() + queue.removeAll() { answers.append((submission, .failure(failure))) }
        flushAnswers()
    }

    // MARK: time

    private func runDueTimer() {
        // libcurl may set the timer anew from within; a bound keeps one loop turn finite.
        for _ in 0..<8 {
            guard let due = timerDue, due <= TransferLoop.now else { return }
            timerDue = nil
            var still: Int32 = 0
            curl_multi_socket_action(multi, CURL_SOCKET_TIMEOUT, 0, &still)
        }
    }

    private var waitMilliseconds: Int32 {
        // With room for what waits, the loop turns at once.
        if queue.hasNext, running.count + names.askingCount < settings.runningMax { return 0 }
        guard let next = [timerDue, drainUntil, names.nextDue].compactMap({ $0 }).min() else { return -1 }
        let now = TransferLoop.now
        // Rounded up: woken early, libcurl would find nothing due and the loop would spin.
        return next <= now ? 0 : Int32(clamping: (next - now + 999_999) / 1_000_000)
    }

    private static var now: UInt64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }

    // MARK: from libcurl's callbacks, on the thread

    /// `isKnown`: the socket is in the epoll.
    fileprivate func watch(_ socket: curl_socket_t, what: Int32, isKnown: Bool) {
        guard what != CURL_POLL_REMOVE else {
            crossdock_epoll_ctl(epoll, Int32(crossdock_EPOLL_REMOVE), socket, 0, 0)
            curl_multi_assign(multi, socket, nil)
            return
        }
        var events: UInt32 = 0
        if what & CURL_POLL_IN != 0 { events |= crossdock_EPOLLIN }
        if what & CURL_POLL_OUT != 0 { events |= crossdock_EPOLLOUT }
        let tag = UInt64(UInt32(bitPattern: socket))
        let operation = isKnown ? crossdock_EPOLL_MODIFY : crossdock_EPOLL_ADD
        let failure = crossdock_epoll_ctl(epoll, Int32(operation), socket, events, tag)
        if failure == -EEXIST {
            crossdock_epoll_ctl(epoll, Int32(crossdock_EPOLL_MODIFY), socket, events, tag)
        } else if failure == -ENOENT {
            crossdock_epoll_ctl(epoll, Int32(crossdock_EPOLL_ADD), socket, events, tag)
        }
        if !isKnown { curl_multi_assign(multi, socket, Unmanaged.passUnretained(self).toOpaque()) }
    }

    fileprivate func setTimer(milliseconds: Int) {
        timerDue = milliseconds < 0 ? nil : TransferLoop.now + UInt64(milliseconds) * 1_000_000
    }
}

/// CURLMOPT_SOCKETFUNCTION. `known` is what ``TransferLoop/watch(_:what:isKnown:)`` assigned: the loop, as a mark.
private func loopSocket(
    _ easy: UnsafeMutableRawPointer?, _ socket: curl_socket_t, _ what: Int32, _ context: UnsafeMutableRawPointer?,
    _ known: UnsafeMutableRawPointer?
) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue().watch(socket, what: what, isKnown: known != nil)
    return 0
}

/// CURLMOPT_TIMERFUNCTION.
private func loopTimer(_ multi: UnsafeMutableRawPointer?, _ milliseconds: Int, _ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let context else { return -1 }
    Unmanaged<TransferLoop>.fromOpaque(context).takeUnretainedValue().setTimer(milliseconds: milliseconds)
    return 0
}
