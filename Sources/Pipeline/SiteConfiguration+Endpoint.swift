import Configurations
import Diagnostics
import Transfers
package import Values
package import Webhooks

extension SiteConfiguration {
    /// Where a secret is; never the secret itself.
    package enum SecretReference: Sendable, Hashable {
        case file(String)
        case environment(String)
        /// A systemd credential, in the folder that `CREDENTIALS_DIRECTORY` names.
        case credential(String)
    }

    /// A target with an address.
    package struct Endpoint: Sendable {
        package let url: String
        package let allowHTTP: Bool
        /// Address ranges (CIDR) that are allowed although they are private.
        package let allowAddresses: [String]
        package let proxy: Proxy?
        package let secrets: [SecretReference]
        package let headers: [(name: String, value: String)]
        package let authentication: Authentication?
        package let tls: TLS
        package let cloudEvents: CloudEventSettings?
        package let timeout: DayTimeDuration
        /// Requests in flight at once.
        package let parallel: Int
        package let rate: Rate?
        package let breaker: Breaker
        package let responseBytesMax: Int
        package let retrySteps: [DayTimeDuration]
    }

    /// How this house shows a target who it is.
    package enum Authentication: Sendable {
        case basic(user: String, password: SecretReference)
        case bearer(SecretReference)
        case apiKey(header: String, value: SecretReference)
        case oauth2(OAuth2)
    }

    package struct OAuth2: Sendable {
        package let url: String
        package let clientID: String
        package let clientSecret: SecretReference
        package let scope: String?
        package let audience: String?
        package let style: OAuth2Settings.Style
    }

    /// A forward proxy that requests go through.
    package struct Proxy: Sendable {
        package let url: String
        package let allowAddresses: [String]
        package let user: String?
        package let password: SecretReference?
    }

    /// PEM files; nil: the system's authorities, and no client certificate.
    package struct TLS: Sendable {
        package let authorities: String?
        package let certificate: String?
        package let key: SecretReference?
    }

    package struct Rate: Sendable {
        package let requests: Int
        package let every: DayTimeDuration
        package let burst: Int
    }

    package struct Breaker: Sendable {
        package let failures: Int
        package let pause: DayTimeDuration
        package let pauseMax: DayTimeDuration
    }

    static let secret = ConfigurationShape.record([
        ConfigurationKey("file", .text, "file that holds it"),
        ConfigurationKey("environment", .text, "environment variable that holds it"),
        ConfigurationKey("credential", .text, "systemd credential that holds it"),
    ])

    private static let authentication = ConfigurationShape.record([
        ConfigurationKey("basic", .record([
            ConfigurationKey("user", .text, required: true, "user name"),
            ConfigurationKey("password", secret, required: true, "its password"),
        ]), "HTTP Basic"),
        ConfigurationKey("bearer", secret, "a token that does not change, sent as Authorization: Bearer"),
        ConfigurationKey("apiKey", .record([
            ConfigurationKey("header", .text, required: true, "header that carries it, such as X-Api-Key"),
            ConfigurationKey("value", secret, required: true, "the key"),
        ]), "a key in a header"),
        ConfigurationKey("oauth2", .record([
            ConfigurationKey("url", .text, required: true, "token endpoint"),
            ConfigurationKey("clientID", .text, required: true, "client"),
            ConfigurationKey("clientSecret", secret, required: true, "its secret"),
            ConfigurationKey("scope", .text, "scope that is asked for"),
            ConfigurationKey("audience", .text, "audience that is asked for"),
            ConfigurationKey("credentials", .choice(OAuth2Settings.Style.allCases.map(\.rawValue)), default: "basic", "basic: as HTTP Basic; body: in the body of the request"),
        ]), "access tokens by client credentials"),
    ])

    /// Keys of a target with an address, besides `url`.
    static let endpointKeys = [
        ConfigurationKey("allowHTTP", .flag, default: "false", "whether http:// is allowed"),
        ConfigurationKey("allowAddresses", .list(.text), "private address ranges that are allowed, as CIDR"),
        ConfigurationKey("proxy", .record([
            ConfigurationKey("url", .text, required: true, "http:// or https:// address of the proxy, with its port"),
            ConfigurationKey("allowAddresses", .list(.text), "private address ranges in which the proxy may be, as CIDR"),
            ConfigurationKey("user", .text, "user name at the proxy"),
            ConfigurationKey("password", secret, "its password"),
        ]), "a forward proxy that requests go through; those of the environment are not asked"),
        ConfigurationKey("secret", secret, "key that requests are signed with"),
        ConfigurationKey("formerSecret", secret, "second key during a rotation"),
        ConfigurationKey("authentication", authentication, "how the target knows who asks: one of basic, bearer, apiKey and oauth2"),
        ConfigurationKey("tls", .record([
            ConfigurationKey("authorities", .text, "PEM file of certificate authorities, in place of the system's"),
            ConfigurationKey("certificate", .text, "PEM file of the client certificate"),
            ConfigurationKey("key", secret, "PEM file of its key: a file or a credential"),
        ]), "whom to trust, and a client certificate"),
        ConfigurationKey("headers", .map(.text), "further headers"),
        ConfigurationKey("cloudEvents", .record([
            ConfigurationKey("mode", .choice(CloudEventSettings.Mode.allCases.map(\.rawValue)), required: true, "binary: attributes as headers; structured: one JSON object"),
            ConfigurationKey("source", .text, "source of every event, a URI reference; /crossdock/ and the name of the site unless given"),
        ]), "sends CloudEvents 1.0"),
        ConfigurationKey("timeout", .duration, default: "15s", "longest request in all"),
        ConfigurationKey("parallel", .integer(1...256), default: "8", "requests in flight at once"),
        ConfigurationKey("rate", .record([
            ConfigurationKey("requests", .integer(1...1_000_000), required: true, "requests that may start in every"),
            ConfigurationKey("every", .duration, default: "1s", "the while that requests is counted in, up to a day"),
            ConfigurationKey("burst", .integer(1...1_000_000), default: "1", "requests at once after a pause"),
        ]), "how often requests start; unless given, as often as parallel lets them"),
        ConfigurationKey("breaker", .record([
            ConfigurationKey("failures", .integer(1...10_000), default: "10", "failures in a row after which the target is left alone"),
            ConfigurationKey("pause", .duration, default: "10s", "for how long at first; doubled after each probe that fails"),
            ConfigurationKey("pauseMax", .duration, default: "10m", "and for how long at most"),
        ]), "when a target that does not answer is left alone, and for how long"),
        ConfigurationKey("responseBytesMax", .integer(1...(1 << 24)), default: "65536", "most bytes of an answer that are read"),
        ConfigurationKey("retry", .list(.duration), "waits before the second and further attempts; each is a full-jitter cap"),
    ]

    /// Reads the keys of one target with an address.
    static func endpoint(_ node: ConfigurationNode, url: String, site: String, _ findings: inout [Diagnostic]) -> Endpoint {
        let cloudEvents = node["cloudEvents"].map { told in
            CloudEventSettings(
                mode: told.optionalText("mode").flatMap { CloudEventSettings.Mode(rawValue: $0) } ?? .binary,
                source: told.optionalText("source") ?? "/crossdock/\(site.map { $0.isWhitespace ? "-" : String($0) }.joined())")
        }
        if let told = node["cloudEvents"]?["source"], let source = cloudEvents?.source, source.isEmpty || source.contains(where: \.isWhitespace) {
            findings.append(told.diagnostic(.configurationValue, "a source of cloud events is a URI reference, and neither empty nor with a space"))
        }
        if let former = node["formerSecret"], node["secret"] == nil {
            findings.append(former.diagnostic(.configurationValue, "there is a former secret and no secret", hint: "give the one that signs from now on as secret"))
        }
        // What needs no secret is told with its line; the rest when secrets are read.
        let plain = TargetSettings(
            name: "", url: url, headers: (node["headers"]?.entries ?? []).map { Request.Header($0.name, $0.value.scalar ?? "") }, allowsPlainHTTP: node.flag("allowHTTP"),
            proxy: node["proxy"].map { Request.Proxy($0.text("url"), addresses: .publicOnly) }, cloudEvents: cloudEvents)
        findings += plain.defects.map { node.diagnostic(.configurationValue, String($0.dropFirst(2)), hint: "docs/webhooks.md says what a target may have") }
        return Endpoint(
            url: url, allowHTTP: node.flag("allowHTTP"), allowAddresses: node.texts("allowAddresses"), proxy: node["proxy"].flatMap { proxy($0, &findings) },
            secrets: ["secret", "formerSecret"].compactMap { node[$0].flatMap { secret($0, &findings) } },
            headers: (node["headers"]?.entries ?? []).map { ($0.name, $0.value.scalar ?? "") },
            authentication: node["authentication"].flatMap { authentication($0, &findings) }, tls: tls(node["tls"], &findings), cloudEvents: cloudEvents,
            timeout: duration(node, "timeout", default: 15, from: tenth, to: 600, &findings),
            parallel: node.integer("parallel") ?? 8, rate: node["rate"].flatMap { rate($0, &findings) }, breaker: breaker(node["breaker"], &findings),
            responseBytesMax: node.integer("responseBytesMax") ?? 65_536,
            retrySteps: retrySteps(node, &findings))
    }

    private static func proxy(_ node: ConfigurationNode, _ findings: inout [Diagnostic]) -> Proxy? {
        if (node["user"] == nil) != (node["password"] == nil) {
            findings.append(node.diagnostic(.configurationValue, "a proxy has a user with a password, or neither", hint: "give both"))
        }
        return Proxy(
            url: node.text("url"), allowAddresses: node.texts("allowAddresses"), user: node.optionalText("user"), password: node["password"].flatMap { secret($0, &findings) })
    }

    private static func authentication(_ node: ConfigurationNode, _ findings: inout [Diagnostic]) -> Authentication? {
        let ways = ["basic", "bearer", "apiKey", "oauth2"].compactMap { name in node[name].map { (name, $0) } }
        guard ways.count == 1, let (way, told) = ways.first else {
            findings.append(node.diagnostic(.configurationValue, "authentication has \(ways.count) of basic, bearer, apiKey and oauth2", hint: "write one of them"))
            return nil
        }
        func reference(_ key: String) -> SecretReference? { told[key].flatMap { secret($0, &findings) } }
        switch way {
        case "basic":
            if told.text("user").isEmpty { findings.append(told.diagnostic(.configurationValue, "a user name of HTTP Basic is not empty")) }
            if told.text("user").contains(":") {
                findings.append(told.diagnostic(.configurationValue, "a user name of HTTP Basic has no colon"))
            }
            return reference("password").map { .basic(user: told.text("user"), password: $0) }
        case "bearer": return secret(told, &findings).map { .bearer($0) }
        case "apiKey": return reference("value").map { .apiKey(header: told.text("header"), value: $0) }
        default:
            return reference("clientSecret").map {
                .oauth2(OAuth2(
                    url: told.text("url"), clientID: told.text("clientID"), clientSecret: $0, scope: told.optionalText("scope"),
                    audience: told.optionalText("audience"),
                    style: told.optionalText("credentials").flatMap { OAuth2Settings.Style(rawValue: $0) } ?? .basic))
            }
        }
    }

    static func tls(_ node: ConfigurationNode?, _ findings: inout [Diagnostic]) -> TLS {
        let key = node?["key"].flatMap { secret($0, &findings) }
        if let told = node?["key"], case .environment? = key {
            findings.append(told.diagnostic(.configurationValue, "a key is read from a file", hint: "give it as file or as credential"))
        }
        if let node, (node["certificate"] == nil) != (node["key"] == nil) {
            findings.append(node.diagnostic(.configurationValue, "a client certificate needs its key, and a key its certificate", hint: "give both"))
        }
        return TLS(authorities: node?.optionalText("authorities"), certificate: node?.optionalText("certificate"), key: key)
    }

    private static func rate(_ node: ConfigurationNode, _ findings: inout [Diagnostic]) -> Rate? {
        let every = node.duration("every") ?? DayTimeDuration(seconds: 1)
        guard every > .zero, every.seconds <= 86_400 else {
            findings.append((node["every"] ?? node).diagnostic(.configurationValue, "a rate counts requests in up to a day, and not in \(every)"))
            return nil
        }
        return Rate(requests: node.integer("requests") ?? 1, every: every, burst: node.integer("burst") ?? 1)
    }

    static func retrySteps(_ node: ConfigurationNode, _ findings: inout [Diagnostic]) -> [DayTimeDuration] {
        if let given = node["retry"], node.list("retry").isEmpty {
            findings.append(given.diagnostic(.configurationValue, "a schedule without a wait", hint: "leave the key out for the usual one"))
        }
        return node.list("retry").compactMap { item in
            guard let step = item.scalar.flatMap(ConfigurationValue.duration) else { return nil }
            if step < .zero || step.seconds > 30 * 86_400 {
                findings.append(item.diagnostic(.configurationValue, "a wait of \(step) is too short or too long", hint: "write 0s to 30d"))
            }
            return step
        }
    }

    static func breaker(_ node: ConfigurationNode?, _ findings: inout [Diagnostic]) -> Breaker {
        let pause = node?.duration("pause") ?? DayTimeDuration(seconds: 10), longest = node?.duration("pauseMax") ?? DayTimeDuration(seconds: 600)
        if let node, pause <= .zero || longest < pause || longest.seconds > 7 * 86_400 {
            findings.append(node.diagnostic(
                .configurationValue, "the pause of a breaker is \(pause) and grows to \(longest)", hint: "pause is more than nothing, and pauseMax not less than it and at most a week"))
        }
        return Breaker(failures: node?.integer("failures") ?? 10, pause: pause, pauseMax: longest)
    }

    static func secret(_ node: ConfigurationNode, _ findings: inout [Diagnostic]) -> SecretReference? {
        switch (node.optionalText("file"), node.optionalText("environment"), node.optionalText("credential")) {
        case (let file?, nil, nil): return .file(file)
        case (nil, let name?, nil): return .environment(name)
        case (nil, nil, let name?): return .credential(name)
        default:
            findings.append(node.diagnostic(.configurationValue, "a secret is in one of file, environment and credential", hint: "write one of the three"))
            return nil
        }
    }
}
