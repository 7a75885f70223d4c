import FoundationEssentials
package import Outbox
import Transfers
import Values
package import Webhooks

/// The site's targets with their secrets read and their limits made ready.
package struct TargetDirectory: Sendable {
    package struct Endpoint: Sendable {
        package let settings: TargetSettings
        package let schedule: RetrySchedule
        /// As it is when the daemon starts.
        package let gate: TargetGate
        package var parallel: Int { settings.parallel }
    }

    /// Absolute folder of each folder target.
    package let folders: [String: String]
    /// Those that are the site's own, below its outbox, and are made where they are missing.
    let ownFolders: [String]
    /// Folders, here or on servers, in which files keep the order in which they were committed.
    let ordered: Set<String>
    package let endpoints: [String: Endpoint]
    /// Folders on servers.
    let remotes: [String: RemoteTarget]

    /// - Parameter root: the site's folder, which relative paths begin at.
    package init(_ site: SiteConfiguration, root: String) throws(PipelineFailure) {
        var folders: [String: String] = [:]
        var endpoints: [String: Endpoint] = [:]
        var remotes: [String: RemoteTarget] = [:]
        for (name, target) in site.targets {
            switch target {
            case .folder(let folder): folders[name] = Self.path(folder, site, root: root)
            case .endpoint(let endpoint): endpoints[name] = try Self.endpoint(name, endpoint, root: root)
            case .remote(let target): remotes[name] = try RemoteTarget(target, of: site, root: root)
            }
        }
        self.folders = folders
        ownFolders = site.targets.compactMap { name, target in if case .folder(let folder) = target, !folder.hasPrefix("/") { folders[name] } else { nil } }.sorted()
        ordered = site.ordered
        self.endpoints = endpoints
        self.remotes = remotes
    }

    /// A folder of a target: absolute, where it is somebody else's, or below the outbox.
    static func path(_ folder: String, _ site: SiteConfiguration, root: String) -> String { Site.path(folder, root: Site.path(site.outbox, root: root)) }

    private static func endpoint(_ name: String, _ endpoint: SiteConfiguration.Endpoint, root: String) throws(PipelineFailure) -> Endpoint {
        func refuse(_ cause: String, _ hint: String) -> PipelineFailure {
            PipelineFailure(subject: "target \(name)", cause: cause, hint: hint)
        }
        var secrets: [SigningSecret] = []
        for reference in endpoint.secrets {
            let text: String
            do {
                text = try secretText(reference, root: root)
            } catch {
                throw refuse("its secret cannot be read: \(error.subject): \(error.cause)", error.hint ?? "mend the reference in crossdock.yaml")
            }
            guard let secret = SigningSecret(text.filter { !$0.isWhitespace }) else {
                throw refuse("its secret is neither 24 to 64 bytes in base64 nor a key of Ed25519", "make one with: echo whsec_$(openssl rand -base64 32)")
            }
            secrets.append(secret)
        }
        let limits = Request.Limits(
            totalMilliseconds: max(1, Int(endpoint.timeout.seconds) * 1000 + Int(endpoint.timeout.nanoseconds) / 1_000_000),
            responseBytesMax: endpoint.responseBytesMax)
        let trust = try trust(endpoint.tls, root: root, refuse)
        var headers = endpoint.headers.map { Request.Header($0.name, $0.value) }
        var oauth2: OAuth2Settings?
        switch endpoint.authentication {
        case nil: break
        case .basic(let user, let reference)?:
            let text = "\(user):\(try credential(reference, root: root, refuse))"
            headers.append(Request.Header("authorization", "Basic " + Data(text.utf8).base64EncodedString()))
        case .bearer(let reference)?: headers.append(Request.Header("authorization", "Bearer \(try credential(reference, root: root, refuse))"))
        case .apiKey(let header, let reference)?: headers.append(Request.Header(header, try credential(reference, root: root, refuse)))
        case .oauth2(let told)?:
            oauth2 = OAuth2Settings(
                url: told.url, clientID: told.clientID, clientSecret: try credential(told.clientSecret, root: root, refuse), scope: told.scope,
                audience: told.audience, style: told.style, trust: Request.Trust(authoritiesFile: trust.authoritiesFile))
        }
        let proxy = try endpoint.proxy.map { told throws(PipelineFailure) in
            Request.Proxy(
                told.url, user: told.user, password: try told.password.map { reference throws(PipelineFailure) in try credential(reference, root: root, refuse) },
                addresses: try addresses(told.allowAddresses, refuse))
        }
        let settings = TargetSettings(
            name: name, url: endpoint.url, secrets: secrets, headers: headers, limits: limits, trust: trust,
            allowsPlainHTTP: endpoint.allowHTTP, addresses: try addresses(endpoint.allowAddresses, refuse), proxy: proxy, parallel: endpoint.parallel, oauth2: oauth2,
            cloudEvents: endpoint.cloudEvents)
        if let defect = settings.defects.first { throw refuse(defect, "mend it in crossdock.yaml") }
        let schedule = endpoint.retrySteps.isEmpty ? RetrySchedule.standard : RetrySchedule(steps: endpoint.retrySteps)
        let breaker = CircuitBreaker(failuresMax: endpoint.breaker.failures, pause: endpoint.breaker.pause, pauseMax: endpoint.breaker.pauseMax)
        let bucket = endpoint.rate.map { TokenBucket(requests: $0.requests, every: $0.every, burst: $0.burst) }
        return Endpoint(settings: settings, schedule: schedule, gate: TargetGate(breaker: breaker, bucket: bucket))
    }

    typealias Refuse = (_ cause: String, _ hint: String) -> PipelineFailure

    /// The private ranges that may be reached.
    static func addresses(_ texts: [String], _ refuse: Refuse) throws(PipelineFailure) -> AddressPolicy {
        var ranges: [AddressRange] = []
        for text in texts {
            guard let range = AddressRange(text) else { throw refuse("\(text) is no address range", "write it as CIDR, such as 10.0.0.0/8") }
            ranges.append(range)
        }
        return AddressPolicy(allowing: ranges)
    }

    /// A password, token or key.
    static func credential(_ reference: SiteConfiguration.SecretReference, root: String, _ refuse: Refuse) throws(PipelineFailure) -> String {
        let text: String
        do {
            text = try secretText(reference, root: root)
        } catch {
            throw refuse("a secret of its authentication cannot be read: \(error.subject): \(error.cause)", error.hint ?? "mend the reference in crossdock.yaml")
        }
        guard !text.isEmpty else { throw refuse("a secret of its authentication is empty", "put it into the first line of the file") }
        return text
    }

    static func trust(_ tls: SiteConfiguration.TLS, root: String, _ refuse: Refuse) throws(PipelineFailure) -> Request.Trust {
        func readable(_ path: String, _ what: String) throws(PipelineFailure) -> String { try Self.readable(path, what, root: root, refuse) }
        return Request.Trust(
            authoritiesFile: try tls.authorities.map { path throws(PipelineFailure) in try readable(path, "file of authorities") },
            certificateFile: try tls.certificate.map { path throws(PipelineFailure) in try readable(path, "client certificate") },
            keyFile: try tls.key.map { reference throws(PipelineFailure) in try keyFile(reference, root: root, refuse) })
    }

    /// Path of a key that is read from a file.
    static func keyFile(_ reference: SiteConfiguration.SecretReference, root: String, _ refuse: Refuse) throws(PipelineFailure) -> String {
        switch reference {
        case .file(let path), .environment(let path): try readable(path, "key", root: root, refuse)
        case .credential(let name): try readable("\(try credentialsFolder(name))/\(name)", "key", root: root, refuse)
        }
    }

    static func readable(_ path: String, _ what: String, wantsPEM: Bool = true, root: String, _ refuse: Refuse) throws(PipelineFailure) -> String {
        let whole = path.hasPrefix("/") ? path : "\(root)/\(path)", isPEM: Bool
        do {
            let bytes = try FileBytes.read(whole, limit: 4 << 20)
            isPEM = String(decoding: bytes, as: UTF8.self).contains("-----BEGIN ")
        } catch {
            throw refuse("its \(what) cannot be read: \(error.subject): \(error.cause)", error.hint ?? "mend the path in crossdock.yaml")
        }
        guard isPEM || !wantsPEM else { throw refuse("its \(what) \(path) is no PEM file", "one has a line -----BEGIN ...; convert it with openssl") }
        return whole
    }

    static func credentialsFolder(_ name: String) throws(PipelineFailure) -> String {
        guard let folder = ProcessInfo.processInfo.environment["CREDENTIALS_DIRECTORY"] else {
            throw PipelineFailure(subject: "credential \(name)", cause: "CREDENTIALS_DIRECTORY is not set", hint: "use LoadCredential= in the systemd unit")
        }
        return folder
    }

    private static func secretText(_ reference: SiteConfiguration.SecretReference, root: String) throws(PipelineFailure) -> String {
        let environment = ProcessInfo.processInfo.environment
        func fileText(_ path: String) throws(PipelineFailure) -> String {
            let bytes = try FileBytes.read(path, limit: 16_384)
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
        }
        switch reference {
        case .file(let path): return try fileText(path.hasPrefix("/") ? path : "\(root)/\(path)")
        case .environment(let name):
            guard let value = environment[name] else {
                throw PipelineFailure(subject: "secret \(name)", cause: "the environment has no such variable", hint: "set it where the daemon starts")
            }
            return value
        case .credential(let name):
            return try fileText("\(try credentialsFolder(name))/\(name)")
        }
    }
}
