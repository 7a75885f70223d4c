import Configurations
import Diagnostics
import Intake
package import Transfers
package import Values

extension SiteConfiguration {
    /// A server of files, without its secrets.
    package struct Remote: Sendable {
        package let address: RemoteAddress
        package let user: String
        package let login: Login
        package let hostKeys: [HostKey]
        /// A `known_hosts` file, in which the server's keys stand.
        package let knownHosts: String?
        package let tls: TLS
        package let allowAddresses: [String]
        /// The longest wait for an answer, and the longest transfer of one file.
        package let timeout: DayTimeDuration
        package let transferTimeout: DayTimeDuration
    }

    package enum Login: Sendable {
        case password(SecretReference)
        case key(SecretReference, passphrase: SecretReference?)
    }

    /// A target that is a folder on a server.
    package struct RemoteFolder: Sendable {
        package let remote: String
        /// Below the folder of the server's address, or from the root.
        package let folder: String
        package let retrySteps: [DayTimeDuration]
        package let breaker: Breaker
    }

    /// A folder on a server from which a drop folder is filled.
    package struct Pull: Sendable {
        package enum After: Sendable, Hashable {
            case delete
            /// Into a folder of the server, never over another file.
            case move(String)
        }

        package let remote: String
        package let folder: String
        package let feed: String
        package let every: DayTimeDuration
        package let quiet: DayTimeDuration
        /// Name of the file that says that another is whole; `{name}` stands for that one's name.
        package let done: String?
        /// Which names are taken; `*` and `?` as in a shell.
        package let names: String
        package let after: After
        /// Folder of the server into which a file is renamed before it is fetched, where several fetch from one folder.
        package let claim: String?
        /// Most files of a round, bytes of a file, and names of a listing.
        package let filesMax: Int
        package let fileBytesMax: Int
        package let namesMax: Int

        /// What it is called in what is said of it.
        package var name: String { "\(remote)/\(folder)" }
    }

    static let remoteShape = ConfigurationShape.record([
        ConfigurationKey("url", .text, required: true, "sftp://host:port/folder, ftps://… (TLS from the first byte) or ftpes://… (TLS after AUTH TLS)"),
        ConfigurationKey("user", .text, required: true, "user name there"),
        ConfigurationKey("password", secret, "its password"),
        ConfigurationKey("key", secret, "private key of OpenSSH or PEM, in place of a password: a file or a credential"),
        ConfigurationKey("passphrase", secret, "what the private key is sealed with"),
        ConfigurationKey("hostKey", .either([.text, .list(.text)]), "fingerprint of the server's key, as ssh-keygen -lf prints it (SHA256:…), or several; an SFTP server needs this or knownHosts"),
        ConfigurationKey("knownHosts", .text, "known_hosts file of OpenSSH that has the server's keys"),
        ConfigurationKey("tls", .record([
            ConfigurationKey("authorities", .text, "PEM file of certificate authorities, in place of the system's"),
            ConfigurationKey("certificate", .text, "PEM file of the client certificate"),
            ConfigurationKey("key", secret, "PEM file of its key: a file or a credential"),
        ]), "whom to trust of FTPS, and a client certificate"),
        ConfigurationKey("allowAddresses", .list(.text), "private address ranges that are allowed, as CIDR"),
        ConfigurationKey("timeout", .duration, default: "30s", "longest wait for a connection and for each answer"),
        ConfigurationKey("transferTimeout", .duration, default: "1h", "longest transfer of one file"),
    ])

    static let pullShape = ConfigurationShape.record([
        ConfigurationKey("remote", .text, required: true, "server of remotes"),
        ConfigurationKey("folder", .text, required: true, "folder there, below that of its url or from the root"),
        ConfigurationKey("feed", .text, required: true, "feed whose drop folder is filled"),
        ConfigurationKey("every", .duration, default: "60s", "how often it is looked at"),
        ConfigurationKey("quiet", .duration, default: "30s", "how long a file is to be unchanged, counted from our first look at it"),
        ConfigurationKey("done", .text, "name of a file that says that another is whole, such as {name}.done; in place of quiet"),
        ConfigurationKey("names", .text, default: "*", "names that are taken, with * and ? as in a shell"),
        ConfigurationKey("after", .either([.choice(["delete"]), .record([ConfigurationKey("move", .text, required: true, "folder on the server")])]), default: "delete", "what becomes of a file there once it is safe here: delete, or { move: folder }"),
        ConfigurationKey("claim", .text, "folder there into which a file is renamed before it is fetched, where several fetch from one folder"),
        ConfigurationKey("filesMax", .integer(1...100_000), default: "1000", "most files of one round"),
        ConfigurationKey("fileBytesMax", .bytes, default: "4GiB", "largest file that is fetched"),
        ConfigurationKey("namesMax", .integer(1...1_000_000), default: "20000", "most files of one listing"),
    ])

    static func remote(_ node: ConfigurationNode, _ name: String, _ findings: inout [Diagnostic]) -> Remote? {
        let known = findings.count
        func refuse(_ key: String, _ fact: String, _ hint: String) { findings.append((node[key] ?? node).diagnostic(.configurationValue, fact, hint: hint)) }
        let (address, refusal) = RemoteAddress.read(node.text("url"))
        if let refusal { refuse("url", refusal, "write it as sftp://sftp.partner.example/out, and the user apart") }
        if node.text("user").utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) || node.text("user").isEmpty { refuse("user", "a user name is not empty and has no control character", "write it as the partner gave it") }
        let password = node["password"].flatMap { secret($0, &findings) }, key = node["key"].flatMap { secret($0, &findings) }
        let passphrase = node["passphrase"].flatMap { secret($0, &findings) }
        if case .environment? = key { refuse("key", "a key is read from a file", "give it as file or as credential") }
        if (node["password"] == nil) == (node["key"] == nil) { refuse("user", "remote \(name) has neither a password nor a key, or both", "write one of the two") }
        if node["passphrase"] != nil, node["key"] == nil { refuse("passphrase", "a passphrase belongs to a key, and there is none", "give key, or leave it out") }
        var hostKeys: [HostKey] = []
        for item in node["hostKey"].map({ $0.scalar == nil ? node.list("hostKey") : [$0] }) ?? [] {
            if let key = item.scalar.flatMap({ HostKey($0) }) { hostKeys.append(key) } else {
                findings.append(item.diagnostic(.configurationValue, "\(item.scalar ?? "that") is no fingerprint of a key", hint: "write what `ssh-keygen -lf` prints of the server's public key: SHA256: and 43 characters"))
            }
        }
        if let address {
            let isSFTP = address.scheme == .sftp
            if isSFTP, node["hostKey"].map({ $0.scalar == nil && node.list("hostKey").isEmpty }) ?? true, node["knownHosts"] == nil {
                refuse("url", "remote \(name) says nothing of the server's key, without which anybody could pass for it", "ask the partner for the fingerprint (`ssh-keygen -lf` of the server's public key) and give it as hostKey")
            }
            if isSFTP, node["tls"] != nil { refuse("tls", "tls is of FTPS, and \(name) is reached over SFTP", "leave it out; hostKey says which server it is") }
            for key in ["hostKey", "knownHosts", "key", "passphrase"] where !isSFTP && node[key] != nil {
                refuse(key, "\(key) is of SFTP, and \(name) is reached over FTPS", "leave it out; tls says which server it is")
            }
        }
        let tls = tls(node["tls"], &findings)
        let timeout = duration(node, "timeout", default: 30, to: 600, &findings), transfer = duration(node, "transferTimeout", default: 3_600, to: 86_400, &findings)
        guard let address, let login = password.map({ Login.password($0) }) ?? key.map({ .key($0, passphrase: passphrase) }), findings.count == known else { return nil }
        return Remote(
            address: address, user: node.text("user"), login: login, hostKeys: hostKeys, knownHosts: node.optionalText("knownHosts"), tls: tls,
            allowAddresses: node.texts("allowAddresses"), timeout: timeout, transferTimeout: transfer)
    }

    /// Whether a name is that of a server; tells it where not.
    private static func isKnown(_ remote: ConfigurationNode, _ remotes: ConfigurationNode?, _ findings: inout [Diagnostic]) -> Bool {
        let names = (remotes?.entries ?? []).map(\.name), name = remote.scalar ?? ""
        if names.contains(name) { return true }
        let hint = NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? (names.isEmpty ? "add it under remotes" : "there are \(names.joined(separator: ", "))")
        findings.append(remote.diagnostic(.configurationValue, "\(name) is none of the remotes", hint: hint))
        return false
    }

    /// A folder on a server; one that leads elsewhere is told.
    private static func folder(_ node: ConfigurationNode, _ key: String, _ text: String, _ findings: inout [Diagnostic]) {
        guard RemotePath.joined("/", text) == nil else { return }
        findings.append((node[key] ?? node).diagnostic(.configurationValue, "\(text) is no folder on a server", hint: "write it without .. and control characters"))
    }

    static func remoteFolder(
        _ node: ConfigurationNode, _ folder: String?, of remote: ConfigurationNode, _ remotes: ConfigurationNode?, _ findings: inout [Diagnostic]
    ) -> RemoteFolder? {
        for key in endpointKeys.map(\.name) where key != "retry" && key != "breaker" {
            guard let given = node[key] else { continue }
            findings.append(given.diagnostic(.configurationValue, "\(key) is of a target with a url", hint: "what concerns the server stands under remotes"))
        }
        self.folder(node, "folder", folder ?? "", &findings)
        guard isKnown(remote, remotes, &findings) else { return nil }
        return RemoteFolder(
            remote: remote.scalar ?? "", folder: folder ?? "", retrySteps: retrySteps(node, &findings), breaker: breaker(node["breaker"], &findings))
    }

    static func pulls(_ nodes: [ConfigurationNode], _ remotes: ConfigurationNode?, _ findings: inout [Diagnostic]) -> [Pull] {
        // Names of pulls by the folder that they come to: one folder can be written in many ways, and be of several remotes.
        var names: [String: String] = [:]
        return nodes.compactMap { node in
            let server = remotes?[node.text("remote")], address = server.flatMap { RemoteAddress.read($0.text("url")).address }
            let pull = pull(node, below: address?.folder ?? "/", &findings)
            guard let remote = node["remote"], isKnown(remote, remotes, &findings) else { return nil }
            guard let server, let address, let folder = RemotePath.joined(address.folder, pull.folder) else { return pull }
            let place = "\(address.host.lowercased()) \(address.port) \(server.text("user")) \(folder)"
            if let first = names[place] {
                let which = first == pull.name ? "" : ": \(first) is the same folder"
                findings.append(node.diagnostic(.configurationValue, "\(pull.name) is pulled twice\(which)", hint: "one pull of a folder takes all its files, for one feed"))
            } else {
                names[place] = pull.name
            }
            return pull
        }
    }

    /// - Parameter base: folder of the server's address.
    private static func pull(_ node: ConfigurationNode, below base: String, _ findings: inout [Diagnostic]) -> Pull {
        let done = node.optionalText("done")
        if let done, !done.contains("{name}") || done == "{name}" || done.contains("/") {
            findings.append((node["done"] ?? node).diagnostic(.configurationValue, "\(done) marks no file as done", hint: "write it with {name}, such as {name}.done"))
        }
        if done != nil, let quiet = node["quiet"] {
            findings.append(quiet.diagnostic(.configurationValue, "a file that has a done marker waits for nothing else", hint: "leave quiet out, or done"))
        }
        for key in ["folder", "claim"] { if let text = node.optionalText(key) { folder(node, key, text, &findings) } }
        var after = Pull.After.delete
        if let told = node["after"], told.scalar == nil {
            after = .move(told.text("move"))
            folder(told, "move", told.text("move"), &findings)
        }
        // As they are on the server: a pull that moved into its own folder would fetch the same files for ever.
        let own = RemotePath.joined(base, node.text("folder"))
        for (key, other) in [("claim", node.optionalText("claim")), ("after", node["after"]?.optionalText("move"))] {
            guard let other, RemotePath.joined(base, other) == own else { continue }
            findings.append((node[key] ?? node).diagnostic(.configurationValue, "\(other) is the folder itself", hint: "name another one"))
        }
        let bytes = node.bytes("fileBytesMax") ?? 4 << 30
        if let given = node["fileBytesMax"], !(1...(4 << 30)).contains(bytes) {
            findings.append(given.diagnostic(.configurationValue, "fileBytesMax is \(bytes) bytes", hint: "write 1 byte to 4GiB, which is the most that a feed reads"))
        }
        return Pull(
            remote: node.text("remote"), folder: node.text("folder"), feed: node.text("feed"), every: duration(node, "every", default: 60, from: tenth, to: 86_400, &findings),
            quiet: duration(node, "quiet", default: 30, from: tenth, to: 86_400, &findings), done: done, names: node.optionalText("names") ?? "*", after: after,
            claim: node.optionalText("claim"), filesMax: node.integer("filesMax") ?? 1_000, fileBytesMax: bytes, namesMax: node.integer("namesMax") ?? 20_000)
    }
}
