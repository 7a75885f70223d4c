package import Configurations
import Decisions
package import Diagnostics
import Mapping
package import Values

/// What the operator owns: folders, store, targets and limits. It is not under change control.
package struct SiteConfiguration: Sendable {
    package enum Target: Sendable {
        /// A folder below the outbox, or, by its absolute path, one of somebody else.
        case folder(String)
        case endpoint(Endpoint)
        /// A folder on a server.
        case remote(RemoteFolder)
    }

    /// Who is handed checkpoints of the log.
    package enum Witness: Sendable, Hashable {
        /// A folder that somebody else owns, such as a share.
        case folder(String)
        /// A target with an address.
        case target(String)
    }

    package let name: String
    package let store: String
    package let spool: String
    package let inbox: String
    package let outbox: String
    package let archive: String
    package let quarantine: String
    /// How often folders are looked at although no event arrived.
    package let rescan: DayTimeDuration
    /// How long a daemon that has stopped answering keeps the right to work on the site.
    package let lease: DayTimeDuration
    /// When no more files are taken.
    package let backPressure: BackPressureLimits
    package let targets: [(name: String, target: Target)]
    /// Targets of files, in which one waits for those that were committed before it.
    package let ordered: Set<String>
    /// Folders that whoever collects action files puts those into that could not be sent on, by target.
    package let returns: [(target: String, folder: String)]
    /// Servers of files.
    package let remotes: [(name: String, remote: Remote)]
    /// What is fetched from them.
    package let pulls: [Pull]
    /// The least time between two checkpoints of the log.
    package let checkpointEvery: DayTimeDuration
    package let witnesses: [Witness]
    /// Folder of fallback lists, and the least time between two of them; nil writes none by itself.
    package let fallback: (folder: String, every: DayTimeDuration)?

    package func target(_ name: String) -> Target? { targets.first { $0.name == name }?.target }

    package static let shape = ConfigurationShape.record([
        ConfigurationKey("site", .text, required: true, "name of the site"),
        ConfigurationKey("store", .text, default: "Var/crossdock.sqlite", "database file, on a local disk"),
        ConfigurationKey("spool", .text, default: "Var/spool", "content-addressed copies of what was taken"),
        ConfigurationKey("inbox", .text, default: "Inbox", "folder of the drop folders"),
        ConfigurationKey("outbox", .text, default: "Outbox", "folder of the targets that are folders"),
        ConfigurationKey("archive", .text, default: "Archive", "originals that were processed"),
        ConfigurationKey("quarantine", .text, default: "Quarantine", "originals that were not, each with a report"),
        ConfigurationKey("rescan", .duration, default: "10s", "how often folders are looked at although no event arrived"),
        ConfigurationKey("lease", .duration, default: "30s", "how long a daemon that answers no more keeps others from its work, 1s to 1h; it is renewed every third of it"),
        ConfigurationKey("backPressure", .record([
            ConfigurationKey("effects", .integer(1...Int(Int32.max)), default: "1000000", "effects that wait to go out"),
            ConfigurationKey("bytes", .integer(1...(1 << 60)), default: "8589934592", "bytes of them"),
            ConfigurationKey("age", .duration, "age of the oldest of them; any unless said"),
            ConfigurationKey("free", .integer(0...(1 << 60)), default: "67108864", "bytes that stay free where the store and the spool lie"),
        ]), "when files are left in their drop folders for a while"),
        ConfigurationKey("targets", .map(.record([
            ConfigurationKey("folder", .text, "folder below the outbox; absolute for one of somebody else, which is not made where it is missing; with remote, folder on the server"),
            ConfigurationKey("returns", .text, "folder that whoever collects the files puts those into that could not be sent on: `status` counts them"),
            ConfigurationKey("remote", .text, "server of remotes that files are put on"),
            ConfigurationKey("ordered", .flag, default: "false", "of a folder: no file is put there before those that were committed earlier"),
            ConfigurationKey("url", .text, "address that requests are sent to"),
        ] + endpointKeys)), required: true, "where effects go, by name"),
        ConfigurationKey("remotes", .map(remoteShape), "servers that files are fetched from and put on, by name"),
        ConfigurationKey("pulls", .list(pullShape), "folders on servers from which drop folders are filled"),
        ConfigurationKey("audit", .record([
            ConfigurationKey("every", .duration, default: "10m", "least time between two checkpoints of the log"),
            ConfigurationKey("witnesses", .list(.record([
                ConfigurationKey("folder", .text, "folder that checkpoints are put into; it is not made where it is missing"),
                ConfigurationKey("target", .text, "target with a url that checkpoints are sent to"),
            ])), "who is handed checkpoints"),
        ]), "checkpoints of the log"),
        ConfigurationKey("fallback", .record([
            ConfigurationKey("folder", .text, required: true, "folder that the lists are put into, best on another machine"),
            ConfigurationKey("every", .duration, default: "1h", "least time between two lists"),
        ]), "lists of what everybody has now, for work by hand while nothing else can be used"),
    ])

    /// Reads `crossdock.yaml`.
    package static func read(_ text: String, file: String) -> (site: SiteConfiguration?, diagnostics: [Diagnostic]) {
        let (parsed, problems) = ConfigurationText.parse(text, file: file)
        guard let root = parsed else { return (nil, problems) }
        var findings = problems + shape.check(root)
        guard !findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        let remotes = (root["remotes"]?.entries ?? []).compactMap { entry in remote(entry.value, entry.name, &findings).map { (name: entry.name, remote: $0) } }
        let targets = (root["targets"]?.entries ?? []).compactMap { entry -> (name: String, target: Target)? in
            let known = findings.count
            guard let target = target(entry.value, site: root.text("site"), root["remotes"], &findings) else {
                if findings.count == known {
                    findings.append(entry.key.diagnostic(.configurationValue, "target \(entry.name) has neither a folder nor a url, or both", hint: "write one of the two"))
                }
                return nil
            }
            return (entry.name, target)
        }
        let site = SiteConfiguration(
            name: root.text("site"), store: root.optionalText("store") ?? "Var/crossdock.sqlite",
            spool: root.optionalText("spool") ?? "Var/spool", inbox: root.optionalText("inbox") ?? "Inbox",
            outbox: root.optionalText("outbox") ?? "Outbox", archive: root.optionalText("archive") ?? "Archive",
            quarantine: root.optionalText("quarantine") ?? "Quarantine",
            rescan: duration(root, "rescan", default: 10, from: tenth, to: 3_600, &findings),
            lease: duration(root, "lease", default: 30, to: 3_600, &findings),
            backPressure: backPressure(root["backPressure"], &findings), targets: targets,
            ordered: orderedTargets(root["targets"]?.entries ?? [], &findings),
            returns: (root["targets"]?.entries ?? []).compactMap { entry in entry.value.optionalText("returns").map { (entry.name, $0) } },
            remotes: remotes, pulls: pulls(root.list("pulls"), root["remotes"], &findings),
            checkpointEvery: duration(root["audit"], "every", default: 600, to: 30 * 86_400, &findings),
            witnesses: witnesses(root["audit"]?.list("witnesses") ?? [], targets, &findings),
            fallback: root["fallback"].map { ($0.text("folder"), duration($0, "every", default: 3_600, to: 30 * 86_400, &findings)) })
        return (findings.contains { $0.severity == .error } ? nil : site, findings)
    }

    static let tenth = DayTimeDuration(seconds: 0, nanoseconds: 100_000_000)

    /// A duration within bounds; another one is told with its line.
    static func duration(
        _ node: ConfigurationNode?, _ key: String, default standard: Int64, from least: DayTimeDuration = DayTimeDuration(seconds: 1), to most: Int64,
        _ findings: inout [Diagnostic]
    ) -> DayTimeDuration {
        let duration = node?.duration(key) ?? DayTimeDuration(seconds: standard), most = DayTimeDuration(seconds: most)
        guard let given = node?[key], duration < least || duration > most else { return duration }
        findings.append(given.diagnostic(.configurationValue, "\(key) is \(duration), which is too short or too long", hint: "write \(least) to \(most)"))
        return DayTimeDuration(seconds: standard)
    }

    private static func backPressure(_ node: ConfigurationNode?, _ findings: inout [Diagnostic]) -> BackPressureLimits {
        var limits = BackPressureLimits()
        guard let node else { return limits }
        limits.effects = node.integer("effects") ?? limits.effects
        limits.bytes = node.integer("bytes") ?? limits.bytes
        limits.free = node.integer("free") ?? limits.free
        if node["age"] != nil { limits.age = duration(node, "age", default: 3_600, to: 30 * 86_400, &findings) }
        return limits
    }

    private static func orderedTargets(_ targets: [ConfigurationEntry], _ findings: inout [Diagnostic]) -> Set<String> {
        var ordered: Set<String> = []
        for target in targets where target.value.flag("ordered") {
            if let url = target.value["url"] {
                findings.append(url.diagnostic(.configurationValue, "webhooks have their order by lane", hint: "take `ordered` away: the lane of an action keeps its order"))
            }
            ordered.insert(target.name)
        }
        return ordered
    }

    private static func target(_ node: ConfigurationNode, site: String, _ remotes: ConfigurationNode?, _ findings: inout [Diagnostic]) -> Target? {
        switch (node.optionalText("folder"), node.optionalText("url"), node["remote"]) {
        case (let folder, nil, let remote?): remoteFolder(node, folder, of: remote, remotes, &findings).map { .remote($0) }
        case (let folder?, nil, nil): .folder(folder)
        case (nil, let url?, nil): .endpoint(endpoint(node, url: url, site: site, &findings))
        default: nil
        }
    }

    private static func witnesses(
        _ nodes: [ConfigurationNode], _ targets: [(name: String, target: Target)], _ findings: inout [Diagnostic]
    ) -> [Witness] {
        nodes.compactMap { node in
            switch (node.optionalText("folder"), node.optionalText("target")) {
            case (let folder?, nil): return .folder(folder)
            case (nil, let name?):
                if case .endpoint? = targets.first(where: { $0.name == name })?.target { return .target(name) }
                findings.append(node.diagnostic(.configurationValue, "witness \(name) is no target with a url", hint: "name one of the targets that have a url"))
                return nil
            default:
                findings.append(node.diagnostic(.configurationValue, "a witness has neither a folder nor a target, or both", hint: "write one of the two"))
                return nil
            }
        }
    }
}

extension SiteConfiguration {
    /// Pulls for feeds that a bundle does not have.
    package func missingFeeds(of bundle: Bundle) -> [Diagnostic] {
        let names = bundle.library.feeds.map(\.feed)
        return pulls.filter { !names.contains($0.feed) }.map { pull in
            Diagnostic(
                .siteFeed, .error, "the pull of \(pull.name) is for feed \(pull.feed), which there is not", at: SourcePosition(file: "crossdock.yaml"),
                hint: NearestName.of(pull.feed, in: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))")
        }
    }

    /// What a bundle sends to and the site does not have.
    package func missingTargets(of bundle: Bundle) -> [Diagnostic] {
        let wanted = bundle.actions.map { ("action \($0.name)", $0.target, $0.wantsFolder) }
            + bundle.library.routes.map { ("route \($0.route)", $0.target, true) }
            + bundle.library.answeredPartners.map { ("the answer to partner \($0.partner)", $0.target, true) }
            + bundle.library.notifiedTargets.map { ("the notice about partner \($0.partner)", $0.target, false) }
        return wanted.compactMap { who, name, wantsFolder in
            let names = targets.map(\.name)
            switch target(name) {
            case nil:
                return Diagnostic(
                    .siteTarget, .error, "\(who) sends to \(name), which the site does not have", at: SourcePosition(file: "crossdock.yaml"),
                    hint: NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? "add it under targets; there are \(names.joined(separator: ", "))")
            case .folder where !wantsFolder:
                return Diagnostic(.siteTarget, .error, "\(who) is a webhook, and target \(name) is a folder", at: SourcePosition(file: "crossdock.yaml"))
            case .remote where !wantsFolder:
                return Diagnostic(.siteTarget, .error, "\(who) is a webhook, and target \(name) is a folder on a server", at: SourcePosition(file: "crossdock.yaml"))
            case .endpoint where wantsFolder:
                return Diagnostic(.siteTarget, .error, "\(who) writes a file, and target \(name) is an address", at: SourcePosition(file: "crossdock.yaml"))
            default: return nil
            }
        }
    }
}
