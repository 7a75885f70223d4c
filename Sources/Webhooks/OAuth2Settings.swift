import FoundationEssentials
package import Transfers

/// How an access token for a target is had: client credentials (RFC 6749, 4.4).
package struct OAuth2Settings: Sendable {
    /// How the client shows who it is.
    package enum Style: String, CaseIterable, Sendable {
        /// HTTP Basic (RFC 6749, 2.3.1).
        case basic
        /// In the body of the request.
        case body
    }

    /// The token endpoint.
    package var url: String
    package var clientID: String
    package var clientSecret: String
    package var scope: String?
    package var audience: String?
    package var style: Style
    package var trust: Request.Trust

    package init(
        url: String, clientID: String, clientSecret: String, scope: String? = nil, audience: String? = nil, style: Style = .basic,
        trust: Request.Trust = Request.Trust()
    ) {
        self.url = url
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.scope = scope
        self.audience = audience
        self.style = style
        self.trust = trust
    }

    /// The request for a token: under the limits and addresses of the target that it is for.
    func request(for target: TargetSettings, userAgent: String) -> Request {
        var fields = [("grant_type", "client_credentials")]
        if let scope { fields.append(("scope", scope)) }
        if let audience { fields.append(("audience", audience)) }
        var headers = [
            Request.Header("content-type", "application/x-www-form-urlencoded"), Request.Header("accept", "application/json"),
            Request.Header("user-agent", userAgent),
        ]
        switch style {
        case .basic:
            let credentials = "\(PercentEncoding.form(clientID)):\(PercentEncoding.form(clientSecret))"
            headers.append(Request.Header("authorization", "Basic " + Data(credentials.utf8).base64EncodedString()))
        case .body: fields += [("client_id", clientID), ("client_secret", clientSecret)]
        }
        var limits = target.limits
        limits.responseBytesMax = 65_536
        let body = fields.map { "\($0.0)=\(PercentEncoding.form($0.1))" }.joined(separator: "&")
        return Request(
            .post, url, headers: headers, body: Array(body.utf8), limits: limits, trust: trust, allowsPlainHTTP: target.allowsPlainHTTP,
            addresses: target.addresses, proxy: target.proxy, group: Request.Group(name: "token of \(target.name)", runningMax: 1))
    }
}
