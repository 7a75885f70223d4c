import Outbox
import Transfers
import Values

/// A target that is a folder on a server, with its secrets read.
struct RemoteTarget: Sendable {
    let settings: RemoteSettings
    /// Absolute, or beginning with `~`.
    let folder: String
    let schedule: RetrySchedule
    /// As it is when the daemon starts.
    let gate: TargetGate

    /// Soon at first, then every hour until the deadline: the breaker spares a server that does not answer.
    private static let schedule = RetrySchedule(
        steps: ([5, 30, 120, 300, 600, 1_800] + [Int64](repeating: 3_600, count: 94)).map { DayTimeDuration(seconds: $0, nanoseconds: 0) })

    init(_ target: SiteConfiguration.RemoteFolder, of site: SiteConfiguration, root: String) throws(PipelineFailure) {
        settings = try RemoteSettings(target.remote, of: site, root: root)
        folder = try settings.folder(target.folder, of: target.remote)
        schedule = target.retrySteps.isEmpty ? Self.schedule : RetrySchedule(steps: target.retrySteps)
        gate = TargetGate(breaker: CircuitBreaker(failuresMax: target.breaker.failures, pause: target.breaker.pause, pauseMax: target.breaker.pauseMax))
    }
}

extension RemoteSettings {
    /// A server of the site, with its secrets read.
    init(_ name: String, of site: SiteConfiguration, root: String) throws(PipelineFailure) {
        func refuse(_ cause: String, _ hint: String) -> PipelineFailure { PipelineFailure(subject: "remote \(name)", cause: cause, hint: hint) }
        guard let remote = site.remotes.first(where: { $0.name == name })?.remote else { throw refuse("the site has no such remote", "add it under remotes") }
        let login: Login
        switch remote.login {
        case .password(let reference): login = .password(try TargetDirectory.credential(reference, root: root, refuse))
        case .key(let reference, let passphrase):
            login = .key(
                file: try TargetDirectory.keyFile(reference, root: root, refuse),
                passphrase: try passphrase.map { reference throws(PipelineFailure) in try TargetDirectory.credential(reference, root: root, refuse) })
        }
        var hostKeys = Set(remote.hostKeys)
        if let path = remote.knownHosts {
            let whole = try TargetDirectory.readable(path, "known_hosts file", wantsPEM: false, root: root, refuse)
            let text = String(decoding: try FileBytes.read(whole, limit: 4 << 20), as: UTF8.self)
            let known = HostKey.known(text, host: remote.address.host, port: remote.address.port)
            guard !known.isEmpty || !hostKeys.isEmpty else {
                throw refuse("\(path) has no key of \(remote.address.host)", "add it: `ssh-keyscan` prints what the server shows, and the partner says whether that is right")
            }
            hostKeys.formUnion(known)
        }
        var limits = Limits()
        limits.answerMilliseconds = remote.timeout.wholeMilliseconds
        limits.transferMilliseconds = remote.transferTimeout.wholeMilliseconds
        self.init(
            address: remote.address, user: remote.user, login: login, hostKeys: hostKeys, trust: try TargetDirectory.trust(remote.tls, root: root, refuse),
            addresses: try TargetDirectory.addresses(remote.allowAddresses, refuse), limits: limits)
    }

    /// A folder below that of the server's address, or from the root.
    func folder(_ text: String, of name: String) throws(PipelineFailure) -> String {
        guard let path = RemotePath.joined(address.folder, text) else {
            throw PipelineFailure(subject: "remote \(name)", cause: "\(text) is no folder on a server", hint: "mend it in crossdock.yaml")
        }
        return path
    }
}
