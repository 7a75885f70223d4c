import Foundation
import Outbox
import ServiceLifecycle
import Testing
import Transfers
import Values
import WebhookReceiver
import Webhooks

@Suite struct `Webhook receiver` {
    let secret: SigningSecret
    let effectDeadline = Instant(seconds: 4_000_000_000)

    init() throws { secret = try #require(SigningSecret(bytes: Array(1...32))) }

    /// Runs a receiver for the time of `body`, which gets its address and an engine.
    func withReceiver(
        journal: String? = nil, _ body: @Sendable @escaping (String, TransferEngine) async throws -> Void
    ) async throws {
        let (ports, found) = AsyncStream.makeStream(of: Int.self)
        let service = try ReceiverService(ReceiverSettings(secrets: [secret], journalPath: journal)) { port in
            found.yield(port)
            found.finish()
        }
        let engine = try TransferEngine()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            var port: Int?
            for await listening in ports { port = listening }
            try await body("http://127.0.0.1:\(try #require(port))", engine)
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
        await engine.shutDown(.now)
    }

    func target(_ url: String, _ secret: SigningSecret) -> TargetSettings {
        TargetSettings(
            name: "receiver", url: url, secrets: [secret], limits: .init(totalMilliseconds: 30_000, responseBytesMax: 100_000),
            allowsPlainHTTP: true, addresses: AddressPolicy(allowing: ["127.0.0.1"].compactMap { AddressRange($0) }))
    }

    func effect(_ id: String, _ payload: String = "{}") -> Effect {
        Effect(
            id: id, kind: .webhook, target: "receiver", payload: Array(payload.utf8), createdAt: Instant(seconds: 0),
            deadline: effectDeadline)
    }

    static func clock() -> Instant { Instant(seconds: Int64(Date().timeIntervalSince1970)) }

    func send(_ effect: Effect, _ target: TargetSettings, _ engine: TransferEngine, at now: Instant? = nil) async -> AttemptOutcome {
        await WebhookSender(engine: engine).send(
            effect, to: target, at: now ?? `Webhook receiver`.clock(), clock: { Instant(seconds: 1_000) }).outcome
    }

    func statistics(_ url: String, _ engine: TransferEngine) async throws -> String {
        let response = try await engine.perform(
            Request(.get, url + "/stats", allowsPlainHTTP: true, addresses: target(url, secret).addresses))
        return String(decoding: response.body, as: UTF8.self)
    }

    @Test func `signed webhooks are taken, written down and told from repeats and forgeries`() async throws {
        let journal = NSTemporaryDirectory() + "crossdock-journal-" + UUID().uuidString
        defer { do { try FileManager.default.removeItem(atPath: journal) } catch { print("left behind: \(journal)") } }
        let forger = try #require(SigningSecret(bytes: Array(2...33)))
        try await withReceiver(journal: journal) { url, engine in
            #expect(await send(effect("a"), target(url + "/orders", secret), engine) == .succeeded(status: 204))
            #expect(await send(effect("a"), target(url + "/orders", secret), engine) == .succeeded(status: 204))
            #expect(await send(effect("b", "[]"), target(url + "/", secret), engine) == .succeeded(status: 204))
            let rejected = AttemptOutcome.failed(.http(status: 401), retryAfter: nil, detail: "status 401")
            #expect(await send(effect("c"), target(url, forger), engine) == rejected)
            #expect(await send(effect("d"), target(url, secret), engine, at: Instant(seconds: 1_000_000_000)) == rejected)
            let counts = try await statistics(url, engine)
            #expect(counts == #"{"requests":5,"accepted":3,"distinct":2,"repeated":1,"refused":2,"misbehaved":0}"#)
        }
        let lines = try String(contentsOfFile: journal, encoding: .utf8).split(separator: "\n").map(String.init)
        try #require(lines.count == 3)
        #expect(lines[0].contains(#""id":"a""#) && lines[0].contains(#""repeat":0"#) && lines[0].contains(#""path":"/orders""#))
        #expect(lines[1].contains(#""id":"a""#) && lines[1].contains(#""repeat":1"#))
        // SHA-256 of "[]".
        #expect(lines[2].contains(#""sha256":"4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945""#))
    }

    @Test func `it misbehaves as it is asked to`() async throws {
        try await withReceiver { url, engine in
            #expect(
                await send(effect("a"), target(url + "/fail/500", secret), engine)
                    == .failed(.http(status: 500), retryAfter: nil, detail: "status 500"))
            #expect(
                await send(effect("a"), target(url + "/fail/429?retryAfter=2", secret), engine)
                    == .failed(.http(status: 429), retryAfter: Instant(seconds: 1_002), detail: "status 429"))
            #expect(
                await send(effect("a"), target(url + "/fail/410", secret), engine)
                    == .failed(.http(status: 410), retryAfter: nil, detail: "status 410"))
            #expect(
                await send(effect("a"), target(url + "/redirect?to=http://169.254.169.254/", secret), engine)
                    == .failed(.redirect(status: 302), retryAfter: nil, detail: "status 302: redirects are not followed"))
            guard case .failed(.oversizedResponse, _, _) = await send(effect("a"), target(url + "/endless", secret), engine) else {
                Issue.record("an endless answer was taken")
                return
            }
            var slow = target(url + "/slow?seconds=30", secret)
            slow.limits.totalMilliseconds = 100
            guard case .failed(.timeout, _, _) = await send(effect("a"), slow, engine) else {
                Issue.record("a slow answer was waited for")
                return
            }
        }
    }

    @Test func `a flaky path fails each id so many times and then takes it`() async throws {
        try await withReceiver { url, engine in
            let flaky = target(url + "/flaky?failures=2&retryAfter=3", secret)
            for _ in 0..<2 {
                #expect(
                    await send(effect("a"), flaky, engine)
                        == .failed(.http(status: 503), retryAfter: Instant(seconds: 1_003), detail: "status 503"))
            }
            #expect(await send(effect("a"), flaky, engine) == .succeeded(status: 204))
            let counts = try await statistics(url, engine)
            #expect(counts == #"{"requests":3,"accepted":1,"distinct":1,"repeated":0,"refused":0,"misbehaved":2}"#)
        }
    }

    @Test func `a thousand webhooks are taken, each once`() async throws {
        try await withReceiver { url, engine in
            let delivered = await withTaskGroup(of: Bool.self) { group in
                for number in 0..<1_000 {
                    group.addTask { await send(effect("e\(number)"), target(url, secret), engine) == .succeeded(status: 204) }
                }
                return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
            }
            #expect(delivered == 1_000)
            let counts = try await statistics(url, engine)
            #expect(counts == #"{"requests":1000,"accepted":1000,"distinct":1000,"repeated":0,"refused":0,"misbehaved":0}"#)
        }
    }
}
