import Foundation
import Outbox
import Synchronization
import Testing
import Transfers
import Values
import Webhooks

@Suite struct `Access tokens` {
    let now = Instant(seconds: 1_763_720_000)

    /// What the token endpoint and the target saw.
    final class Seen: Sendable {
        let tokens = Mutex<[LoopbackServer.Received]>([])
        let hooks = Mutex<[String]>([])
    }

    func target(_ url: String, token: String, style: OAuth2Settings.Style = .basic) -> TargetSettings {
        TargetSettings(
            name: "carrier", url: url, limits: .init(connectMilliseconds: 10_000, totalMilliseconds: 20_000), allowsPlainHTTP: true,
            addresses: AddressPolicy(allowing: ["127.0.0.1"].compactMap { AddressRange($0) }),
            oauth2: OAuth2Settings(url: token, clientID: "cross dock", clientSecret: "s3cret/+", scope: "hooks:write", audience: "https://carrier.example", style: style))
    }

    func effect(_ id: String = "e1") -> Effect {
        Effect(id: id, kind: .webhook, target: "carrier", payload: Array("{}".utf8), createdAt: now, deadline: now.adding(DayTimeDuration(seconds: 1_000)))
    }

    /// - Parameters:
    ///   - token: the answer to the request for the token with a number, from 1.
    ///   - accepts: whether the target takes a token.
    func server(
        _ seen: Seen, accepts: @escaping @Sendable (String) -> Bool = { _ in true }, token: @escaping @Sendable (Int) -> LoopbackServer.Reply
    ) -> LoopbackServer {
        LoopbackServer { request in
            if request.path == "/token" { return token(seen.tokens.withLock { $0.append(request); return $0.count }) }
            let given = request.headers["authorization"] ?? "-"
            seen.hooks.withLock { $0.append(given) }
            return .answer(accepts(given) ? 204 : 401)
        }
    }

    static func granted(_ number: Int, seconds: String = "3600") -> LoopbackServer.Reply {
        .answer(200, body: #"{"access_token":"t\#(number)","token_type":"Bearer","expires_in":\#(seconds)}"#)
    }

    @Test func `one token is had for many webhooks, by the client's credentials`() async throws {
        let seen = Seen()
        let server = server(seen) { Self.granted($0) }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine), now = now
        let target = target(server.url + "/hook", token: server.url + "/token")
        let delivered = await withTaskGroup(of: Bool.self) { group in
            for number in 0..<20 {
                let effect = effect("e\(number)")
                group.addTask { await sender.send(effect, to: target, at: now, clock: { now }).outcome == .succeeded(status: 204) }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(delivered == 20)
        let asked = seen.tokens.withLock { $0 }
        #expect(asked.count == 1)
        #expect(asked[0].headers["authorization"] == "Basic " + Data("cross+dock:s3cret%2F%2B".utf8).base64EncodedString())
        #expect(asked[0].headers["content-type"] == "application/x-www-form-urlencoded")
        #expect(String(decoding: asked[0].body, as: UTF8.self) == "grant_type=client_credentials&scope=hooks%3Awrite&audience=https%3A%2F%2Fcarrier.example")
        #expect(Set(seen.hooks.withLock { $0 }) == ["Bearer t1"])
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `credentials may stand in the body`() async throws {
        let seen = Seen()
        let server = server(seen) { Self.granted($0) }
        let engine = try TransferEngine()
        let target = target(server.url + "/hook", token: server.url + "/token", style: .body)
        _ = await WebhookSender(engine: engine).send(effect(), to: target, at: now, clock: { [now] in now })
        let asked = try #require(seen.tokens.withLock { $0.first })
        #expect(asked.headers["authorization"] == nil)
        #expect(String(decoding: asked.body, as: UTF8.self).hasSuffix("&client_id=cross+dock&client_secret=s3cret%2F%2B"))
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a token that expires, or is not taken, is had anew once`() async throws {
        let seen = Seen(), clock = Mutex(now)
        let server = server(seen, accepts: { $0 != "Bearer t3" && $0 != "Bearer t4" }) { Self.granted($0, seconds: $0 == 2 ? "\"100\"" : "3600") }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine)
        let target = target(server.url + "/hook", token: server.url + "/token")
        func send(after seconds: Int64) async -> AttemptOutcome {
            clock.withLock { $0 = $0.adding(DayTimeDuration(seconds: seconds)) }
            return await sender.send(effect(), to: target, at: now, clock: { clock.withLock { $0 } }).outcome
        }
        #expect(await send(after: 0) == .succeeded(status: 204))
        #expect(await send(after: 3_569) == .succeeded(status: 204))
        #expect(seen.tokens.withLock { $0.count } == 1)
        // 30 s before its end it is not used any more.
        #expect(await send(after: 1) == .succeeded(status: 204))
        #expect(seen.tokens.withLock { $0.count } == 2)
        #expect(await send(after: 79) == .succeeded(status: 204))
        #expect(seen.tokens.withLock { $0.count } == 2)
        // t3 is not taken, and neither is t4: that is the target's answer.
        #expect(await send(after: 1) == .failed(.http(status: 401), retryAfter: nil, detail: "status 401"))
        #expect(seen.hooks.withLock { $0.suffix(2) } == ["Bearer t3", "Bearer t4"])
        #expect(await send(after: 1) == .succeeded(status: 204))
        #expect(seen.hooks.withLock { $0.last } == "Bearer t5")
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `faults of the token endpoint are told as such, and nothing is sent`() async throws {
        let seen = Seen()
        let replies: [LoopbackServer.Reply] = [
            .answer(401, body: #"{"error":"invalid_client","error_description":"s3cret/+ is wrong"}"#), .answer(503, headers: [("Retry-After", "120")]),
            .answer(200, body: "<html>"), .answer(200, body: #"{"access_token":"a\r\nb"}"#), .answer(200, body: #"{"access_token":"a","token_type":"mac"}"#),
            .answer(302, headers: [("Location", "http://169.254.169.254/")]), .hangUp,
        ]
        let server = server(seen) { replies[min($0, replies.count) - 1] }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine), now = now
        func send(_ target: TargetSettings) async -> (FailureClass, Instant?, String)? {
            guard case .failed(let failure, let after, let detail) = await sender.send(effect(), to: target, at: now, clock: { now }).outcome else { return nil }
            return (failure, after, detail)
        }
        let target = target(server.url + "/hook", token: server.url + "/token")
        var details: [String] = []
        for number in replies.indices {
            let found = try #require(await send(target))
            #expect(found.0 == .token)
            #expect(found.1 == (number == 1 ? now.adding(DayTimeDuration(seconds: 120)) : nil))
            details.append(found.2)
        }
        #expect(details.prefix(6) == [
            "no access token: the token endpoint answered 401, invalid_client", "no access token: the token endpoint answered 503",
            "no access token: the token endpoint answered 200 without an access_token", "no access token: the token endpoint answered 200 without an access_token",
            "no access token: the token endpoint gave a token that is no bearer token", "no access token: the token endpoint answered 302",
        ])
        #expect(details.allSatisfy { !$0.contains("s3cret") })
        // The same addresses are refused as of the target.
        let elsewhere = try #require(await send(self.target(server.url + "/hook", token: "http://169.254.169.254/token")))
        #expect(elsewhere.0 == .token && elsewhere.2.contains("never reached"))
        #expect(seen.hooks.withLock { $0.isEmpty })
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `the time that is signed is the one at which the token was there`() async throws {
        let clock = Mutex(now), stamps = Mutex<[String]>([])
        let server = LoopbackServer { request in
            guard request.path == "/token" else {
                stamps.withLock { $0.append(request.headers["webhook-timestamp"] ?? "-") }
                return .answer(204)
            }
            clock.withLock { $0 = $0.adding(DayTimeDuration(seconds: 600)) }
            return Self.granted(1)
        }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine)
        let target = target(server.url + "/hook", token: server.url + "/token")
        #expect(await sender.send(effect(), to: target, at: now, clock: { clock.withLock { $0 } }).outcome == .succeeded(status: 204))
        #expect(stamps.withLock { $0 } == [String(now.seconds + 600)])
        await engine.shutDown(.now)
        server.stop()
    }

    @Test func `a proxy of this side that is not there is not charged to the token endpoint`() async throws {
        let nobody = LoopbackServer { _ in .hangUp }
        nobody.stop()
        let engine = try TransferEngine()
        var target = target("http://carrier.example/hook", token: "http://login.example/token")
        target.proxy = Request.Proxy(nobody.url, addresses: target.addresses)
        guard case .failed(let failure, _, let detail) = await WebhookSender(engine: engine).send(effect(), to: target, at: now, clock: { [now] in now }).outcome else {
            Issue.record("there is a token")
            return
        }
        #expect(failure == .proxy && failure.treatment == .retryUncharged)
        #expect(detail.hasPrefix("no access token: "))
        await engine.shutDown(.now)
    }

    @Test func `settings of tokens say what is wrong with them`() {
        var wrong = target("https://x/", token: "http://y/")
        wrong.allowsPlainHTTP = false
        wrong.headers = [.init("Authorization", "Basic x")]
        #expect(wrong.defects == [
            "carrier: of the token endpoint: plain http is not allowed for this target", "carrier: the header authorization is set from the access token",
        ])
    }
}

@Suite struct `An hour of trouble` {
    let start = Instant(seconds: 1_763_720_000)

    @Test(arguments: ["e1", "e2", "shipment-4711"])
    func `500 for an hour is outlived by the schedule, under one id`(id: String) async throws {
        let ids = Mutex<Set<String>>([]), start = start
        // The receiver goes by the time that was signed, which is the simulated one.
        let server = LoopbackServer { request in
            ids.withLock { _ = $0.insert(request.headers["webhook-id"] ?? "-") }
            let sent = Int64(request.headers["webhook-timestamp"] ?? "") ?? 0
            return .answer(sent < start.seconds + 3_600 ? 500 : 204)
        }
        let engine = try TransferEngine(), sender = WebhookSender(engine: engine)
        let target = TargetSettings(
            name: "carrier", url: server.url, allowsPlainHTTP: true, addresses: AddressPolicy(allowing: ["127.0.0.1"].compactMap { AddressRange($0) }))
        let effect = Effect(id: id, kind: .webhook, target: "carrier", payload: [], createdAt: start, deadline: start.adding(Effect.standardLifetime))
        var state = DeliveryState(effectID: id, deadline: effect.deadline), clock = start, waits: [DayTimeDuration] = []
        while !state.isSettled {
            switch state.tick(at: clock) {
            case .send:
                state.attemptStarted(at: clock)
                let ended = clock
                let outcome = await sender.send(effect, to: target, at: clock, clock: { ended }).outcome
                if case .wait(let until) = state.attemptEnded(outcome, at: clock, schedule: .standard) { waits.append(clock.distance(to: until)) }
            case .wait(let until): clock = until
            default: break
            }
        }
        #expect(state.phase == .delivered(at: clock, status: 204))
        #expect(clock >= start.adding(DayTimeDuration(seconds: 3_600)))
        for (wait, step) in zip(waits, RetrySchedule.standard.steps) { #expect(wait < step) }
        #expect(state.attempts == waits.count + 1 && (4...8).contains(state.attempts))
        #expect(ids.withLock { $0 } == [id])
        await engine.shutDown(.now)
        server.stop()
    }
}
