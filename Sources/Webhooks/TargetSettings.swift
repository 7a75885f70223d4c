package import Transfers

/// One target of webhooks, as the site configuration gives it, with its secrets resolved.
package struct TargetSettings: Sendable {
    /// The name that effects carry.
    package var name: String
    /// `https://...`, without credentials.
    package var url: String
    package var method: Request.Method
    /// The secret to sign with; two while one is changed for the other. Empty: not signed.
    package var secrets: [SigningSecret]
    /// Sent with every webhook, such as an API key. Values are secret and never logged.
    package var headers: [Request.Header]
    /// A second header that carries the effect id, such as `Idempotency-Key`, for receivers that know that one.
    package var idempotencyHeader: String?
    package var limits: Request.Limits
    package var trust: Request.Trust
    package var allowsPlainHTTP: Bool
    package var addresses: AddressPolicy
    /// What requests go through, those for access tokens too; nil: nothing.
    package var proxy: Request.Proxy?
    /// Requests to it that are under way at a time.
    package var parallel: Int
    /// Where an access token is had before a request; nil: none is needed.
    package var oauth2: OAuth2Settings?
    /// How effects are dressed as CloudEvents; nil: they are sent as they are.
    package var cloudEvents: CloudEventSettings?

    package init(
        name: String, url: String, method: Request.Method = .post, secrets: [SigningSecret] = [],
        headers: [Request.Header] = [], idempotencyHeader: String? = nil, limits: Request.Limits = Request.Limits(),
        trust: Request.Trust = Request.Trust(), allowsPlainHTTP: Bool = false, addresses: AddressPolicy = .publicOnly, proxy: Request.Proxy? = nil,
        parallel: Int = 8, oauth2: OAuth2Settings? = nil, cloudEvents: CloudEventSettings? = nil
    ) {
        self.name = name
        self.url = url
        self.method = method
        self.secrets = secrets
        self.headers = headers
        self.idempotencyHeader = idempotencyHeader
        self.limits = limits
        self.trust = trust
        self.allowsPlainHTTP = allowsPlainHTTP
        self.addresses = addresses
        self.proxy = proxy
        self.parallel = parallel
        self.oauth2 = oauth2
        self.cloudEvents = cloudEvents
    }

    /// Headers that a target may not set: those of the signature, and those that frame the message.
    package static let ownHeaders: Set<String> = [
        WebhookSignature.idHeader, WebhookSignature.timestampHeader, WebhookSignature.signatureHeader, "content-type",
        "content-length", "transfer-encoding", "connection", "host", "expect",
    ]

    /// What is wrong with the settings, each as one short sentence; for `check` and for reloading.
    package var defects: [String] {
        var facts = TargetSettings.defects(ofAddress: url, allowsPlainHTTP).map { "\(name): \($0)" }
        let names = headers.map { $0.name.lowercased() } + (idempotencyHeader.map { [$0.lowercased()] } ?? [])
        for header in Set(names).intersection(TargetSettings.ownHeaders).sorted() {
            facts.append("\(name): the header \(header) is set by the sender itself")
        }
        if let oauth2 {
            facts += TargetSettings.defects(ofAddress: oauth2.url, allowsPlainHTTP).map { "\(name): of the token endpoint: \($0)" }
            if names.contains("authorization") { facts.append("\(name): the header authorization is set from the access token") }
        }
        if cloudEvents != nil, let header = names.first(where: { $0.hasPrefix("ce-") }) {
            facts.append("\(name): the header \(header) is an attribute of the cloud event")
        }
        if Set(names).count != names.count { facts.append("\(name): a header is given twice") }
        let all = headers + (idempotencyHeader.map { [Request.Header($0, "id")] } ?? [])
        if !all.allSatisfy(\.isWellFormed) { facts.append("\(name): a header name or value holds a character no header may have") }
        if let proxy {
            facts += TargetSettings.defects(ofAddress: proxy.url, true).map { "\(name): of the proxy: \($0)" }
            if !TargetSettings.hasPort(proxy.url) { facts.append("\(name): of the proxy: the address has no port, such as http://proxy.example:3128") }
        }
        if secrets.count > 2 { facts.append("\(name): there are \(secrets.count) secrets; at most two sign at a time") }
        if !secrets.allSatisfy(\.canSign) { facts.append("\(name): a public key signs nothing; the private one begins with whsk_") }
        return facts
    }

    private static func hasPort(_ url: String) -> Bool { url.contains(/^[a-zA-Z]+:\/\/(\[[^\]]+\]|[^:\/]+):[0-9]+\/?$/) }

    private static func defects(ofAddress url: String, _ allowsPlainHTTP: Bool) -> [String] {
        var facts: [String] = []
        let scheme = url.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "https": break
        case "http": if !allowsPlainHTTP { facts.append("plain http is not allowed for this target") }
        default: facts.append("the address begins with neither https:// nor http://")
        }
        let authority = url.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") { facts.append("the address carries credentials; use a header") }
        if !authority.allSatisfy(\.isASCII) { facts.append("the host is not in ASCII; write it as it is looked up, with xn--") }
        return facts
    }
}
