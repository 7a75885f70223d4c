import Outbox
import Synchronization
import Transfers
import Values

/// Access tokens of targets: each is had once, however many wait for it, and used until shortly before it expires. None is written down.
final class AccessTokens: Sendable {
    /// A token, or what the attempt that needed it came to.
    enum Answer: Sendable {
        case token(String)
        case none(AttemptOutcome)
    }

    private struct Entry {
        var token: String?
        var usableUntil = Instant(seconds: 0)
        var waiting: [@Sendable (Answer) -> Void] = []
    }

    private let engine: TransferEngine
    private let userAgent: String
    private let entries = Mutex<[String: Entry]>([:])

    /// Where the answer does not say for how long a token is good.
    private static let lifetime: Int64 = 300

    init(engine: TransferEngine, userAgent: String) {
        self.engine = engine
        self.userAgent = userAgent
    }

    /// Gives a token for a target, at once or when it is there.
    ///
    /// - Parameter refused: a token that the target did not take: it is not given again.
    func token(
        for target: TargetSettings, _ oauth2: OAuth2Settings, refused: String? = nil, clock: @escaping @Sendable () -> Instant,
        then: @escaping @Sendable (Answer) -> Void
    ) {
        let now = clock()
        let (known, isFirst) = entries.withLock { entries -> (String?, Bool) in
            var entry = entries[target.name] ?? Entry()
            if let token = entry.token, token != refused, now < entry.usableUntil { return (token, false) }
            entry.token = nil
            entry.waiting.append(then)
            entries[target.name] = entry
            return (nil, entry.waiting.count == 1)
        }
        if let known { return then(.token(known)) }
        guard isFirst else { return }
        let request = oauth2.request(for: target, userAgent: userAgent)
        engine.submit([(request, { @Sendable [self] result in settle(target.name, read(result, at: clock()), at: clock()) })])
    }

    private struct Granted {
        var token: String
        var seconds: Int64
    }

    private func settle(_ target: String, _ found: Result<Granted, Refusal>, at now: Instant) {
        let waiting = entries.withLock { entries -> [@Sendable (Answer) -> Void] in
            var entry = entries[target] ?? Entry()
            let waiting = entry.waiting
            entry.waiting = []
            if case .success(let granted) = found {
                entry.token = granted.token
                entry.usableUntil = now.adding(DayTimeDuration(seconds: granted.seconds - min(30, granted.seconds / 5)))
            }
            entries[target] = entry
            return waiting
        }
        let answer: Answer = switch found {
        case .success(let granted): .token(granted.token)
        case .failure(let refusal): .none(refusal.outcome)
        }
        for then in waiting { then(answer) }
    }

    private struct Refusal: Error {
        var outcome: AttemptOutcome

        init(_ detail: String, _ failure: FailureClass = .token, retryAfter: Instant? = nil) {
            outcome = .failed(failure, retryAfter: retryAfter, detail: "no access token: \(detail)")
        }
    }

    /// RFC 6749, 5.1 and 5.2.
    private func read(_ result: Result<Response, TransferFailure>, at now: Instant) -> Result<Granted, Refusal> {
        let response: Response
        switch result {
        case .success(let found): response = found
        case .failure(let failure):
            switch failure.kind {
            case .invalidRequest, .cancelled, .unavailable, .own: return .failure(Refusal(failure.description, .own))
            // It stands between this house and every endpoint, and is no fault of theirs.
            case .proxy: return .failure(Refusal(failure.description, .proxy))
            default: return .failure(Refusal("the token endpoint: \(failure.description)"))
            }
        }
        var fields = ContextValue([])
        do {
            if case .context(let parsed) = try JSONText.parse(String(decoding: response.body, as: UTF8.self)) { fields = parsed }
        } catch {
            // Whatever else it is, it holds no token, which is said below.
        }
        guard response.status == 200 else {
            var detail = "the token endpoint answered \(response.status)"
            if case .string(let code)? = fields["error"] { detail += ", \(code.filter { $0.isASCII && ($0.isLetter || $0 == "_") }.prefix(40))" }
            return .failure(Refusal(detail, retryAfter: response.header("retry-after").flatMap { RetryAfter.parse($0, now: now) }))
        }
        guard case .string(let token)? = fields["access_token"], !token.isEmpty, Request.Header("authorization", token).isWellFormed else {
            return .failure(Refusal("the token endpoint answered 200 without an access_token"))
        }
        if case .string(let type)? = fields["token_type"], type.lowercased() != "bearer" {
            return .failure(Refusal("the token endpoint gave a token that is no bearer token"))
        }
        return .success(Granted(token: token, seconds: AccessTokens.seconds(fields["expires_in"])))
    }

    private static func seconds(_ value: Value?) -> Int64 {
        // Some servers write the number as a text.
        let text: String? = switch value {
        case .number(let number)?: number.description
        case .string(let text)?: text
        default: nil
        }
        return text.flatMap { Int64($0) }.map { max(0, min($0, 86_400)) } ?? lifetime
    }
}
