package import Outbox
package import Transfers
package import Values

/// Sends effects as webhooks. What it is given it sends; when and how often is the outbox's decision.
package struct WebhookSender: Sendable {
    private let engine: TransferEngine
    private let userAgent: String
    private let tokens: AccessTokens
    private let mayEmit: (@Sendable () -> Bool)?

    /// - Parameter mayEmit: whether this process still has the right to let something out; asked right before each attempt goes out.
    package init(engine: TransferEngine, userAgent: String = "crossdock", mayEmit: (@Sendable () -> Bool)? = nil) {
        self.engine = engine
        self.mayEmit = mayEmit
        self.userAgent = userAgent
        tokens = AccessTokens(engine: engine, userAgent: userAgent)
    }

    /// What one attempt came to, for the outbox and for the attempt log.
    package struct Attempt: Sendable {
        package var outcome: AttemptOutcome
        package var endedAt: Instant
        /// nil if there was no complete response.
        package var response: Response?
    }

    /// One attempt that is to be made.
    package struct Sending: Sendable {
        package var effect: Effect
        /// The name of what made the effect.
        package var action: String
        package var target: TargetSettings

        package init(_ effect: Effect, action: String, to target: TargetSettings) {
            self.effect = effect
            self.action = action
            self.target = target
        }
    }

    /// A request that has waited for longer than this since it was signed is not sent, and fails as a fault of this side: receivers refuse what was signed more
    /// than five minutes ago (Standard Webhooks, "Verifying webhook authenticity").
    private static let signatureAgeMax = DayTimeDuration(seconds: 120)

    /// One attempt. `now` is the time that is signed, but where a token has to be had first; `clock` is asked once more when the answer is there, as
    /// Retry-After counts from then.
    package func send(
        _ effect: Effect, action: String = "webhook", to target: TargetSettings, at now: Instant, clock: @escaping @Sendable () -> Instant
    ) async -> Attempt {
        await withCheckedContinuation { continuation in
            submit([(Sending(effect, action: action, to: target), { @Sendable in continuation.resume(returning: $0) })], at: now, clock: clock)
        }
    }

    /// Attempts that nobody waits for: `ended` of each is called once, on the engine's thread or at once, and must be quick.
    package func submit(
        _ sendings: [(sending: Sending, ended: @Sendable (Attempt) -> Void)], at now: Instant, clock: @escaping @Sendable () -> Instant
    ) {
        var requests: [(request: Request, answer: @Sendable (Result<Response, TransferFailure>) -> Void)] = []
        requests.reserveCapacity(sendings.count)
        for (sending, ended) in sendings {
            if let oauth2 = sending.target.oauth2 {
                submitWithToken(sending, oauth2, refused: nil, clock: clock, ended: ended)
            } else {
                requests.append((freshRequest(for: sending, at: now, clock: clock), { @Sendable in ended(attempt($0, at: clock())) }))
            }
        }
        engine.submit(requests)
    }

    /// A token that the target does not take is had anew once.
    private func submitWithToken(
        _ sending: Sending, _ oauth2: OAuth2Settings, refused: String?, clock: @escaping @Sendable () -> Instant, ended: @escaping @Sendable (Attempt) -> Void
    ) {
        tokens.token(for: sending.target, oauth2, refused: refused, clock: clock) { answer in
            switch answer {
            case .none(let outcome): ended(Attempt(outcome: outcome, endedAt: clock(), response: nil))
            case .token(let token):
                // The token may have been long in coming.
                var request = freshRequest(for: sending, at: clock(), clock: clock)
                request.headers.append(Request.Header("authorization", "Bearer \(token)"))
                engine.submit([(request, { @Sendable result in
                    if refused == nil, case .success(let response) = result, response.status == 401 {
                        return submitWithToken(sending, oauth2, refused: token, clock: clock, ended: ended)
                    }
                    ended(attempt(result, at: clock()))
                })])
            }
        }
    }

    /// A request that does not start once its signature is old.
    private func freshRequest(for sending: Sending, at now: Instant, clock: @escaping @Sendable () -> Instant) -> Request {
        var request = request(for: sending, at: now)
        let mayEmit = mayEmit
        request.mayStart = { (mayEmit?() ?? true) && now.distance(to: clock()) <= WebhookSender.signatureAgeMax }
        return request
    }

    private func attempt(_ result: Result<Response, TransferFailure>, at ended: Instant) -> Attempt {
        switch result {
        case .success(let response): Attempt(outcome: outcome(of: response, at: ended), endedAt: ended, response: response)
        case .failure(let failure): Attempt(outcome: outcome(of: failure), endedAt: ended, response: nil)
        }
    }

    /// The request that carries an effect: its payload, untouched or as a cloud event, signed at `now`.
    package func request(for sending: Sending, at now: Instant) -> Request {
        let effect = sending.effect, target = sending.target
        var headers = target.headers.filter { !TargetSettings.ownHeaders.contains($0.name.lowercased()) }
        if let name = target.idempotencyHeader { headers.append(Request.Header(name, effect.id)) }
        if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            headers.append(Request.Header("user-agent", userAgent))
        }
        var body = effect.payload, contentType = effect.contentType
        if let cloudEvents = target.cloudEvents {
            let dressed = cloudEvents.dress(effect, action: sending.action)
            (body, contentType) = (dressed.body, dressed.contentType)
            headers += dressed.headers
        }
        headers.append(Request.Header("content-type", contentType))
        headers.append(Request.Header(WebhookSignature.idHeader, effect.id))
        headers.append(Request.Header(WebhookSignature.timestampHeader, String(now.seconds)))
        if !target.secrets.isEmpty {
            let signature = WebhookSignature.sign(id: effect.id, timestamp: now.seconds, body: body, secrets: target.secrets)
            headers.append(Request.Header(WebhookSignature.signatureHeader, signature))
        }
        var request = Request(
            target.method, target.url, headers: headers, body: body, limits: target.limits, trust: target.trust,
            allowsPlainHTTP: target.allowsPlainHTTP, addresses: target.addresses, proxy: target.proxy, wantedHeaders: ["retry-after"],
            group: Request.Group(name: target.name, runningMax: target.parallel))
        request.mayStart = mayEmit
        return request
    }

    /// What a response means: 2xx is a delivery (Standard Webhooks, "Retries and failures"), all else a failure.
    package func outcome(of response: Response, at now: Instant) -> AttemptOutcome {
        let status = response.status
        let retryAfter = response.header("retry-after").flatMap { RetryAfter.parse($0, now: now) }
        switch status {
        case 200...299: return .succeeded(status: status)
        case 300...399:
            return .failed(
                .redirect(status: status), retryAfter: retryAfter, detail: "status \(status): redirects are not followed")
        default: return .failed(.http(status: status), retryAfter: retryAfter, detail: "status \(status)")
        }
    }

    /// What a failed transfer means.
    package func outcome(of failure: TransferFailure) -> AttemptOutcome {
        let kind: FailureClass
        switch failure.kind {
        case .dns: kind = .dns
        case .connect: kind = .connect
        case .tls: kind = .tls
        case .timeout: kind = .timeout
        // Servers of files alone answer as the last four.
        case .interrupted, .hostKey, .login, .notFound, .denied: kind = .interrupted
        case .oversizedResponse: kind = .oversizedResponse
        case .refusedAddress: kind = .refusedAddress
        case .proxy: kind = .proxy
        // An unsendable request is a fault of this site's configuration: it waits for a reload, uncharged, until its deadline.
        case .invalidRequest, .cancelled, .unavailable, .own: kind = .own
        }
        return .failed(kind, retryAfter: nil, detail: failure.description)
    }
}
