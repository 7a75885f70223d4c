/// Why one attempt to deliver an effect did not succeed. docs/diagnostics/delivery.md has a paragraph for each.
package enum FailureClass: Hashable, Sendable {
    /// The host name did not resolve.
    case dns
    /// No connection could be made.
    case connect
    /// The TLS handshake or the certificate check failed.
    case tls
    /// A limit on connecting, on the whole exchange or on its lowest speed was reached.
    case timeout
    /// The connection was made and then lost, or what came back was not HTTP.
    case interrupted
    /// The receiver answered with a status outside 200...299 that is no redirect.
    case http(status: Int)
    /// The receiver answered with a redirect. Redirects are never followed.
    case redirect(status: Int)
    /// The response was larger than the target's limit.
    case oversizedResponse
    /// The resolved address is one that the target may not reach (link-local, metadata, or private and not allowed).
    case refusedAddress
    /// No access token could be had from the token endpoint of the target, so that nothing was sent.
    case token
    /// The server of a folder shows another key than those that it may.
    case hostKey
    /// The server of a folder does not let us in.
    case login
    /// The server of a folder does not do what it was asked: no right, no room, no such folder.
    case server
    /// The site's own forward proxy does not let anything through. It is never charged to the target.
    case proxy
    /// The fault is on this side (no disk space, shutting down, out of memory). It is never charged to the target.
    case own

    /// What is done about a failure.
    package enum Treatment: Hashable, Sendable {
        /// Tried again along the whole schedule.
        case retry
        /// Tried again only until ``RetrySchedule/clientErrorAttemptsMax``: the receiver says the request is wrong.
        case retryFew
        /// The receiver says that the endpoint is gone: the effect is dead and the target is disabled.
        case disable
        /// Tried again soon, without counting.
        case retryUncharged
    }

    /// 408, 425, 429 and 5xx are the receiver's passing troubles; 410 is final (Standard Webhooks, "Retries and failures");
    /// any other answer says that the request is wrong, which a few repeats may outlive (a deployment, a permission).
    package var treatment: Treatment {
        switch self {
        case .dns, .connect, .tls, .timeout, .interrupted, .token, .hostKey, .login, .server: .retry
        case .http(status: 410): .disable
        case .http(let status) where status == 408 || status == 425 || status == 429 || status >= 500: .retry
        case .http, .redirect, .oversizedResponse, .refusedAddress: .retryFew
        case .proxy, .own: .retryUncharged
        }
    }

    /// A stable short name, kept in the store and shown to people: `dns`, `http-503`, `redirect-302`.
    package var code: String {
        switch self {
        case .dns: "dns"
        case .connect: "connect"
        case .tls: "tls"
        case .timeout: "timeout"
        case .interrupted: "interrupted"
        case .http(let status): "http-\(status)"
        case .redirect(let status): "redirect-\(status)"
        case .oversizedResponse: "oversized-response"
        case .refusedAddress: "refused-address"
        case .token: "token"
        case .hostKey: "host-key"
        case .login: "login"
        case .server: "server"
        case .proxy: "proxy"
        case .own: "own"
        }
    }

    /// Reads ``code`` back; nil if it is none.
    package init?(code: String) {
        switch code {
        case "dns": self = .dns
        case "connect": self = .connect
        case "tls": self = .tls
        case "timeout": self = .timeout
        case "interrupted": self = .interrupted
        case "oversized-response": self = .oversizedResponse
        case "refused-address": self = .refusedAddress
        case "token": self = .token
        case "host-key": self = .hostKey
        case "login": self = .login
        case "server": self = .server
        case "proxy": self = .proxy
        case "own": self = .own
        default:
            let parts = code.split(separator: "-", maxSplits: 1)
            guard parts.count == 2, let status = Int(parts[1]), (100...999).contains(status) else { return nil }
            switch parts[0] {
            case "http": self = .http(status: status)
            case "redirect": self = .redirect(status: status)
            default: return nil
            }
        }
    }
}
