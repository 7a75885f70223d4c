import Outbox
import Synchronization
import Testing
import Transfers
import Values
import Webhooks

@Suite struct `Webhook sending` {
    let secret: SigningSecret
    let now = Instant(seconds: 1_763_720_000)

    init() throws { secret = try #require(SigningSecret(bytes: Array(100..<132))) }

    func target(_ url: String, limits: Request.Limits = Request.Limits()) -> TargetSettings {
        TargetSettings(
            name: "carrier", url: url, secrets: [secret], headers: [.init("x-api-key", "k1")], idempotencyHeader: "Idempotency-Key",
            limits: limits, allowsPlainHTTP: true, addresses: AddressPolicy(allowing: ["127.0.0.1"].compactMap { AddressRange($0) }))
    }

    func effect(_ id: String = "e1", _ payload: String = #"{"shipment":"S1"}"#) -> Effect {
        Effect(
            id: id, kind: .webhook, target: "carrier", payload: Array(payload.utf8), createdAt: now,
            deadline: now.adding(DayTimeDuration(seconds: 100_000)))
    }

    /// Drives an effect to its end: the state machine and the sender together, on a clock that jumps to what is due.
    func deliver(_ effect: Effect, to target: TargetSettings, with engine: TransferEngine) async -> (DeliveryState, [Instant]) {
        let sender = WebhookSender(engine: engine)
        var state = DeliveryState(effectID: effect.id, deadline: effect.deadline)
        var clock = now
        var starts: [Instant] = []
        while !state.isSettled {
            switch state.tick(at: clock) {
            case .send:
                state.attemptStarted(at: clock)
                starts.append(clock)
                let ended = clock
                let attempt = await sender.send(effect, to: target, at: clock, clock: { ended })
                _ = state.attemptEnded(attempt.outcome, at: clock, schedule: .standard)
            case .wait(let until): clock = until
            case .none, .recordDelivered, .deadLetter, .deadLetterAndDisableTarget: return (state, starts)
            }
        }
        return (state, starts)
    }

    @Test func `a webhook carries the effect's id, payload, type, keys and a signature that verifies`() async throws {
        let secret = secret
        let now = now
        let server = LoopbackServer { request in
            let verdict = WebhookSignature.verify(
                id: request.headers["webhook-id"], timestamp: request.headers["webhook-timestamp"],
                signatures: request.headers["webhook-signature"], body: request.body, secrets: [secret], now: now)
            let isWhole = request.headers["content-type"] == "application/json" && request.headers["x-api-key"] == "k1"
                && request.headers["idempotency-key"] == "e1" && request.headers["webhook-id"] == "e1"
                && request.headers["user-agent"] == "crossdock"
            return .answer(verdict == .valid && isWhole ? 204 : 400)
        }
        let engine = try TransferEngine()
        let (state, starts) = await deliver(effect(), to: target(server.url), with: engine)
        #expect(state.phase == .delivered(at: now, status: 204))
        #expect(starts == [now])
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `503 is retried, 429 waits as long as it asks, and the effect arrives with the same id`() async throws {
        let ids = Mutex<[String]>([])
        let server = LoopbackServer { request in
            let count = ids.withLock { $0.append(request.headers["webhook-id"] ?? "-"); return $0.count }
            switch count {
            case 1: return .answer(503)
            case 2: return .answer(429, headers: [("Retry-After", "9000")])
            default: return .answer(200, body: "ok")
            }
        }
        let engine = try TransferEngine()
        let (state, starts) = await deliver(effect(), to: target(server.url), with: engine)
        #expect(state.attempts == 3)
        #expect(ids.withLock { $0 } == ["e1", "e1", "e1"])
        try #require(starts.count == 3)
        #expect(starts[0].distance(to: starts[1]) < DayTimeDuration(seconds: 5))
        #expect(starts[1].distance(to: starts[2]) == DayTimeDuration(seconds: 9_000))
        #expect(state.phase == .delivered(at: starts[2], status: 200))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a Retry-After date is honoured`() async throws {
        let count = Atomic<Int>(0)
        // 1763720000 is Fri, 21 Nov 2025 10:13:20 GMT.
        let server = LoopbackServer { _ in
            count.add(1, ordering: .relaxed).newValue == 1
                ? .answer(503, headers: [("retry-after", "Fri, 21 Nov 2025 11:13:20 GMT")]) : .answer(204)
        }
        let engine = try TransferEngine()
        let (_, starts) = await deliver(effect(), to: target(server.url), with: engine)
        #expect(starts.last == now.adding(DayTimeDuration(seconds: 3_600)))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `410 is dead at once, a redirect and a 404 after three attempts`() async throws {
        let server = LoopbackServer { request in
            switch request.path {
            case "/gone": .answer(410)
            case "/moved": .answer(301, headers: [("Location", "/")])
            default: .answer(404)
            }
        }
        let engine = try TransferEngine()
        let (gone, _) = await deliver(effect(), to: target(server.url + "/gone"), with: engine)
        // A machine under load can lose a connection first; what is dead is dead because of the 410.
        let isGone = if case .dead(_, .gone) = gone.phase { true } else { false }
        #expect(isGone, "\(gone.phase)")
        let (moved, moves) = await deliver(effect(), to: target(server.url + "/moved"), with: engine)
        #expect(moves.count == 3)
        #expect(moved.lastFailure == .redirect(status: 301))
        let (missing, misses) = await deliver(effect(), to: target(server.url + "/x"), with: engine)
        #expect(misses.count == 3)
        #expect(missing.lastFailure == .http(status: 404))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `transfer failures keep their class`() async throws {
        let server = LoopbackServer { $0.path == "/endless" ? .endless : .hangUp }
        let closed = LoopbackServer { _ in .hangUp }
        closed.stop()
        let engine = try TransferEngine()
        let sender = WebhookSender(engine: engine)
        func failure(_ target: TargetSettings) async -> FailureClass? {
            let attempt = await sender.send(effect(), to: target, at: now, clock: { Instant(seconds: 0) })
            guard case .failed(let failure, _, _) = attempt.outcome else { return nil }
            return failure
        }
        #expect(await failure(target(server.url + "/endless")) == .oversizedResponse)
        #expect(await failure(target(server.url + "/")) == .interrupted)
        #expect(await failure(target(closed.url)) == .connect)
        #expect(await failure(target("http://name.invalid/")) == .dns)
        var guarded = target(server.url)
        guarded.addresses = .publicOnly
        #expect(await failure(guarded) == .refusedAddress)
        await engine.shutDown(.now)
        #expect(await failure(target(server.url)) == .own)
        server.stop()
    }

    @Test func `what a receiver answers that refuses is kept, short, on one line and as text`() async throws {
        let endings = String(repeating: "ä\u{1F69A}", count: 400)
        let bodies = [
            "/json": #"{"error":\#n  "sku\#tis unknown"}\#r\#n"#, "/long": endings, "/empty": " \n", "/odd": "a\u{1B}[31mb\u{202E}c\u{0}d\u{2028}e", "/fine": "thanks",
        ]
        let server = LoopbackServer { request in .answer(request.path == "/fine" ? 200 : 422, body: bodies[request.path] ?? "") }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine)
        func attempt(_ path: String) async -> WebhookSender.Attempt { await sender.send(effect(), to: target(server.url + path), at: now, clock: { [now] in now }) }
        #expect(await attempt("/json").answer == #"{"error": "sku is unknown"}"#)
        let long = try #require(await attempt("/long").answer)
        #expect(long.unicodeScalars.count == WebhookSender.Attempt.answerLengthMax && endings.hasPrefix(long))
        #expect(await attempt("/odd").answer == "a [31mb c d e")
        #expect(await attempt("/empty").answer == nil)
        #expect(await attempt("/fine").answer == nil)
        // What the outbox decides by does not have it.
        #expect(await attempt("/json").outcome == .failed(.http(status: 422), retryAfter: nil, detail: "status 422"))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a request that waited for long behind others is not sent with its old signature`() async throws {
        let clock = Mutex(now), arrived = Atomic<Int>(0)
        // Each takes three minutes.
        let server = LoopbackServer { _ in
            arrived.add(1, ordering: .relaxed)
            clock.withLock { $0 = $0.adding(DayTimeDuration(seconds: 180)) }
            return .answer(204)
        }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine)
        var target = target(server.url)
        target.parallel = 1
        let (ends, ended) = AsyncStream.makeStream(of: WebhookSender.Attempt.self)
        var sendings: [(sending: WebhookSender.Sending, ended: @Sendable (WebhookSender.Attempt) -> Void)] = []
        for number in 0..<2 { sendings.append((WebhookSender.Sending(effect("e\(number)"), action: "tried", to: target), { _ = ended.yield($0) })) }
        sender.submit(sendings, at: now, clock: { clock.withLock { $0 } })
        var outcomes: [AttemptOutcome] = []
        for await attempt in ends {
            outcomes.append(attempt.outcome)
            if outcomes.count == 2 { break }
        }
        #expect(outcomes.first == .succeeded(status: 204))
        guard case .failed(.own, _, _)? = outcomes.last else {
            Issue.record("it was sent: \(outcomes)")
            return
        }
        #expect(arrived.load(ordering: .relaxed) == 1)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a thousand webhooks arrive, each once and each with its signature`() async throws {
        let secret = secret
        let now = now
        let arrived = Mutex<[String: Int]>([:])
        let server = LoopbackServer { request in
            let verdict = WebhookSignature.verify(
                id: request.headers["webhook-id"], timestamp: request.headers["webhook-timestamp"],
                signatures: request.headers["webhook-signature"], body: request.body, secrets: [secret], now: now)
            guard verdict == .valid, let id = request.headers["webhook-id"] else { return .answer(401) }
            arrived.withLock { $0[id, default: 0] += 1 }
            return .answer(204)
        }
        let engine = try TransferEngine(.init(runningMax: 32))
        let sender = WebhookSender(engine: engine)
        let target = target(server.url)
        let delivered = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<1_000 {
                let effect = effect("effect-\(number)", #"{"n":\#(number),"x":"\#(String(repeating: "x", count: 900))"}"#)
                group.addTask {
                    await sender.send(effect, to: target, at: now, clock: { now }).outcome == .succeeded(status: 204)
                }
            }
            var delivered = 0
            for await isDelivered in group where isDelivered { delivered += 1 }
            return delivered
        }
        #expect(delivered == 1_000)
        #expect(arrived.withLock { $0.count } == 1_000)
        #expect(arrived.withLock { $0.values.allSatisfy { $0 == 1 } })
        #expect(server.connections <= 32)
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `settings say what is wrong with them`() {
        #expect(target("http://127.0.0.1/").defects == [])
        var plain = target("http://127.0.0.1/")
        plain.allowsPlainHTTP = false
        #expect(plain.defects == ["carrier: plain http is not allowed for this target"])
        #expect(target("ftp://x/").defects == ["carrier: the address begins with neither https:// nor http://"])
        #expect(target("https://user:pw@x/").defects == ["carrier: the address carries credentials; use a header"])
        var headers = target("https://x/")
        headers.headers = [.init("Webhook-Id", "1"), .init("x-a", "b\r\n")]
        #expect(
            headers.defects == [
                "carrier: the header webhook-id is set by the sender itself",
                "carrier: a header name or value holds a character no header may have",
            ])
    }
}
