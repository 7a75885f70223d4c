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

    package init(
        name: String, url: String, method: Request.Method = .post, secrets: [SigningSecret] = [],
        headers: [Request.Header] = [], idempotencyHeader: String? = nil, limits: Request.Limits = Request.Limits(),
        trust: Request.Trust = Request.Trust(), allowsPlainHTTP: Bool = false, addresses: AddressPolicy = .publicOnly
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
    }

    /// Headers that a target may not set: those of the signature, and those that frame the message.
    package static let ownHeaders: Set<String> = [
        WebhookSignature.idHeader, WebhookSignature.timestampHeader, WebhookSignature.signatureHeader, "content-type",
        "content-length", "transfer-encoding", "connection", "host", "expect",
    ]

    /// What is wrong with the settings, each as one short sentence; for `check` and for reloading.
    package var defects: [String] {
        var facts: [String] = []
        let scheme = url.prefix { $0 != ":" }.lowercased()
        switch scheme {
        case "https": break
        case "http": if !allowsPlainHTTP { facts.append("\(name): plain http is not allowed for this target") }
        default: facts.append("\(name): the address begins with neither https:// nor http://")
        }
        let authority = url.dropFirst(scheme.count + 3).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        if authority.contains("@") { facts.append("\(name): the address carries credentials; use a header") }
        let names = headers.map { $0.name.lowercased() } + (idempotencyHeader.map { [$0.lowercased()] } ?? [])
        for header in Set(names).intersection(TargetSettings.ownHeaders).sorted() {
            facts.append("\(name): the header \(header) is set by the sender itself")
        }
        if Set(names).count != names.count { facts.append("\(name): a header is given twice") }
        let all = headers + (idempotencyHeader.map { [Request.Header($0, "id")] } ?? [])
        if !all.allSatisfy(\.isWellFormed) { facts.append("\(name): a header name or value holds a character no header may have") }
        if secrets.count > 2 { facts.append("\(name): there are \(secrets.count) secrets; at most two sign at a time") }
        return facts
    }
}
