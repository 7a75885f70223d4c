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
        package let parallel: Int
    }

    /// Absolute folder of each folder target.
    package let folders: [String: String]
    package let endpoints: [String: Endpoint]

    /// - Parameter root: the site's folder, which relative paths begin at.
    package init(_ site: SiteConfiguration, root: String) throws(PipelineFailure) {
        var folders: [String: String] = [:]
        var endpoints: [String: Endpoint] = [:]
        for (name, target) in site.targets {
            switch target {
            case .folder(let folder): folders[name] = "\(root)/\(site.outbox)/\(folder)"
            case .endpoint(let endpoint): endpoints[name] = try Self.endpoint(name, endpoint, root: root)
            }
        }
        self.folders = folders
        self.endpoints = endpoints
    }

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
            guard let secret = SigningSecret(text) else {
                throw refuse("its secret is not 24 to 64 bytes in base64", "make one with: echo whsec_$(openssl rand -base64 32)")
            }
            secrets.append(secret)
        }
        var ranges: [AddressRange] = []
        for text in endpoint.allowAddresses {
            guard let range = AddressRange(text) else { throw refuse("\(text) is no address range", "write it as CIDR, such as 10.0.0.0/8") }
            ranges.append(range)
        }
        var limits = Request.Limits()
        limits.totalMilliseconds = Int(endpoint.timeout.seconds) * 1000
        limits.responseBytesMax = endpoint.responseBytesMax
        let settings = TargetSettings(
            name: name, url: endpoint.url, secrets: secrets,
            headers: endpoint.headers.map { Request.Header($0.name, $0.value) }, limits: limits,
            allowsPlainHTTP: endpoint.allowHTTP, addresses: AddressPolicy(allowing: ranges))
        if let defect = settings.defects.first { throw refuse(defect, "mend it in crossdock.yaml") }
        let schedule = endpoint.retrySteps.isEmpty ? RetrySchedule.standard : RetrySchedule(steps: endpoint.retrySteps)
        return Endpoint(settings: settings, schedule: schedule, parallel: endpoint.parallel)
    }

    private static func secretText(_ reference: SiteConfiguration.SecretReference, root: String) throws(PipelineFailure) -> String {
        let environment = ProcessInfo.processInfo.environment
        func fileText(_ path: String) throws(PipelineFailure) -> String {
            let bytes = try FileBytes.read(path, limit: 4096)
            return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isWhitespace).first.map(String.init) ?? ""
        }
        switch reference {
        case .file(let path): return try fileText(path.hasPrefix("/") ? path : "\(root)/\(path)")
        case .environment(let name):
            guard let value = environment[name] else {
                throw PipelineFailure(subject: "secret \(name)", cause: "the environment has no such variable", hint: "set it where the daemon starts")
            }
            return value
        case .credential(let name):
            guard let folder = environment["CREDENTIALS_DIRECTORY"] else {
                throw PipelineFailure(subject: "credential \(name)", cause: "CREDENTIALS_DIRECTORY is not set", hint: "use LoadCredential= in the systemd unit")
            }
            return try fileText("\(folder)/\(name)")
        }
    }
}
