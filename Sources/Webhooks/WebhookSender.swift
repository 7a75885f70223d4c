package import Outbox
package import Transfers
package import Values

/// Sends effects as webhooks. What it is given it sends; when and how often is the outbox's decision.
package struct WebhookSender: Sendable {
    private let engine: TransferEngine
    private let userAgent: String

    package init(engine: TransferEngine, userAgent: String = "crossdock") {
        self.engine = engine
        self.userAgent = userAgent
    }

    /// One attempt. `now` is the time that is signed; `clock` is asked once more when the answer is there, as Retry-After
    /// counts from then.
    package func send(
        _ effect: Effect, to target: TargetSettings, at now: Instant, clock: @Sendable () -> Instant
    ) async -> Attempt {
        do throws(TransferFailure) {
            let response = try await engine.perform(request(for: effect, to: target, at: now))
            let ended = clock()
            return Attempt(outcome: outcome(of: response, at: ended), endedAt: ended, response: response)
        } catch {
            return Attempt(outcome: outcome(of: error), endedAt: clock(), response: nil)
        }
    }

    /// What one attempt came to, for the outbox and for the attempt log.
    package struct Attempt: Sendable {
        package var outcome: AttemptOutcome
        package var endedAt: Instant
        /// nil if there was no complete response.
        package var response: Response?
    }

    /// The request that carries an effect: its payload untouched, signed at `now`.
    package func request(for effect: Effect, to target: TargetSettings, at now: Instant) -> Request {
        var headers = target.headers.filter { !TargetSettings.ownHeaders.contains($0.name.lowercased()) }
        if let name = target.idempotencyHeader { headers.append(Request.Header(name, effect.id)) }
        if !headers.contains(where: { $0.name.lowercased() == "user-agent" }) {
            headers.append(Request.Header("user-agent", userAgent))
        }
        headers.append(Request.Header("content-type", effect.contentType))
        headers.append(Request.Header(WebhookSignature.idHeader, effect.id))
        headers.append(Request.Header(WebhookSignature.timestampHeader, String(now.seconds)))
        if !target.secrets.isEmpty {
            let signature = WebhookSignature.sign(
                id: effect.id, timestamp: now.seconds, body: effect.payload, secrets: target.secrets)
            headers.append(Request.Header(WebhookSignature.signatureHeader, signature))
        }
        return Request(
            target.method, target.url, headers: headers, body: effect.payload, limits: target.limits, trust: target.trust,
            allowsPlainHTTP: target.allowsPlainHTTP, addresses: target.addresses)
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
        case .interrupted: kind = .interrupted
        case .oversizedResponse: kind = .oversizedResponse
        case .refusedAddress: kind = .refusedAddress
        // An unsendable request is a fault of this site's configuration: it waits for a reload, uncharged, until its deadline.
        case .invalidRequest, .cancelled, .unavailable, .own: kind = .own
        }
        return .failed(kind, retryAfter: nil, detail: failure.description)
    }
}
