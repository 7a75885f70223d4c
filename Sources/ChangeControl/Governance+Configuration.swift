package import Configurations
package import Diagnostics
import Values

extension Governance {
    /// The files that governance is read from, relative to the site's folder.
    package static let configurationPath = "Governance/governance.yaml", signersPath = "Governance/allowed_signers",
        revokedPath = "Governance/revoked_keys"

    /// The form of `Governance/governance.yaml`.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("governance", .checkedText("a name", lineDefect), required: true,
                         "The name of the site in everything that is signed, such as example-dc. A signature for one site is void on another."),
        ConfigurationKey("threshold", .integer(1...thresholdLimit), required: true,
                         "How many persons other than the author must approve a change. Never 0."),
        ConfigurationKey("tolerance", .decimal, default: "0.05",
                         "Share, 0 to 1, by which counts may differ at the activation from the report that was approved."),
        ConfigurationKey("zone", .text, default: "UTC", "Zone in which the times of changes are meant that have no offset."),
        ConfigurationKey("lifetime", .duration, default: "30d", "How long a revision of a request stays open before it expires."),
        ConfigurationKey("lateness", .duration, default: "1h", "How late a scheduled activation may come; one that is later is assessed and approved anew."),
        ConfigurationKey("rollbackWindow", .duration, default: "90d", "How long ago a bundle may have gone out of use to be rolled back to."),
        ConfigurationKey("reviewWithin", .duration, default: "48h", "Within what time a rollback or a break of the glass is reviewed."),
        ConfigurationKey("classes", .list(.record([
            ConfigurationKey("class", .checkedText("a name", lineDefect), required: true, "Name of the class, as it stands in what is signed."),
            ConfigurationKey("when", .record([
                ConfigurationKey("moved", .integer(1...countLimit), "As many entities move, or more."),
                ConfigurationKey("lowered", .integer(1...countLimit), "As many entities are lowered or told that they will be, or more."),
                ConfigurationKey("contracts", .integer(1...countLimit), "As many contracts are touched, or more."),
                ConfigurationKey("promises", .integer(1...countLimit), "As many open promises are lost or unclear, or more."),
                ConfigurationKey("value", .decimal, "The movers are worth as much, or nobody can tell."),
                ConfigurationKey("money", .decimal, "Figures of money go up or down by as much, or nobody can tell."),
                ConfigurationKey("components", .list(.choice(StateComponent.allCases.map(\.rawValue))), "One of these parts of the state changes."),
                ConfigurationKey("paths", .list(.text), "A file whose path begins so changes."),
            ]), required: true, "What makes a change one of the class; one of these is enough."),
            ConfigurationKey("approvals", .integer(1...thresholdLimit), default: "the threshold", "How many persons other than the author must approve."),
            ConfigurationKey("functions", .list(.checkedText("a name", lineDefect)), "Functions that must be among those who approve."),
        ])), "Kinds of changes that take more than the threshold; found from what a change does."),
        ConfigurationKey("freezes", .list(.record([
            ConfigurationKey("freeze", .checkedText("a name", lineDefect), required: true, "What it is for, such as year end."),
            ConfigurationKey("from", .instant, required: true, "The first instant at which nothing is activated."),
            ConfigurationKey("until", .instant, required: true, "The first instant at which it does not hold any more."),
            ConfigurationKey("reason", .checkedText("a reason", lineDefect), required: true, "Why."),
        ])), "Times in which nothing is activated. Going back is never frozen."),
        ConfigurationKey("persons", .list(.record([
            ConfigurationKey("principal", .checkedText("a principal", principalDefect), required: true,
                             "The exact name of the person in allowed_signers."),
            ConfigurationKey("name", .checkedText("a name", lineDefect), required: true, "The name as printed in what the person signs."),
            ConfigurationKey("roles", .list(.choice(GovernanceRole.allCases.map(\.rawValue))), required: true,
                             "author proposes, approver signs approvals, operator rolls back, root signs the genesis."),
            ConfigurationKey("functions", .list(.checkedText("a name", lineDefect)), "What the person speaks for when they approve, such as sales or legal."),
        ])), required: true, "Everybody who may take part in a change."),
        DisputePolicy.key,
    ])

    /// Reads the files of governance together. Nil with at least one error if one is refused or they do not fit.
    ///
    /// - Parameters:
    ///   - revokedKeys: nil where there is no such file.
    ///   - manifest: the id of the governance manifest that the files are of.
    package static func read(
        configuration: [UInt8], allowedSigners: [UInt8], revokedKeys: [UInt8]? = nil, manifest: ContentDigest
    ) -> (governance: Governance?, diagnostics: [Diagnostic]) {
        guard let text = String(validating: configuration, as: UTF8.self) else {
            let finding = Diagnostic(.governanceShape, .error, "the file is not UTF-8", at: SourcePosition(file: configurationPath))
            return (nil, [finding])
        }
        let (root, syntax) = ConfigurationText.parse(text, file: configurationPath)
        let (signers, signerFindings) = AllowedSigners.parse(allowedSigners, file: signersPath)
        let (revoked, revokedFindings) = revokedKeys.map { RevokedKeys.parse($0, file: revokedPath) } ?? (RevokedKeys.none, [])
        let findings = syntax + (root.map(shape.check) ?? []) + signerFindings + revokedFindings + (signers.flatMap { revoked?.findings($0) } ?? [])
        guard let root, let signers, let revoked, !findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        let threshold = root.integer("threshold") ?? 0
        let (terms, termFindings) = terms(root)
        let (freezes, freezeFindings) = freezes(root)
        let disputes = DisputePolicy.read(root["disputes"])
        var made = make(
            origin: root.text("governance"), threshold: threshold, tolerance: root.decimal("tolerance") ?? standardTolerance, terms: terms,
            classes: root.list("classes").map { approvalClass($0, threshold) }, freezes: freezes, persons: root.list("persons").compactMap(person),
            signers: signers, manifest: manifest, at: root["threshold"]?.position ?? root.position)
        made.governance?.disputes = disputes.policy
        made.governance?.revoked = revoked
        let all = findings + termFindings + freezeFindings + disputes.diagnostics + made.diagnostics
        return (all.contains { $0.severity == .error } ? nil : made.governance, all)
    }

    private static func terms(_ root: ConfigurationNode) -> (ChangeTerms, [Diagnostic]) {
        var terms = ChangeTerms(), findings: [Diagnostic] = []
        if let zone = root.optionalText("zone") { terms.zone = zone }
        for (key, path, least, most) in ChangeTerms.bounds {
            guard let duration = root.duration(key) else { continue }
            if duration < least || most < duration {
                findings.append(root.node(key).diagnostic(.governanceShape, "\(key) is \(duration); it is \(least) to \(most)", hint: "write a duration such as 48h"))
            }
            terms[keyPath: path] = duration
        }
        return (terms, findings)
    }

    private static func approvalClass(_ node: ConfigurationNode, _ threshold: Int) -> ApprovalClass {
        let when = node.node("when")
        var limits = ApprovalClass.Limits()
        limits.moved = when.integer("moved")
        limits.lowered = when.integer("lowered")
        limits.contracts = when.integer("contracts")
        limits.promises = when.integer("promises")
        limits.value = when.decimal("value")
        limits.money = when.decimal("money")
        limits.components = Set(when.texts("components").compactMap(StateComponent.init(rawValue:)))
        limits.paths = when.texts("paths")
        return ApprovalClass(
            name: node.text("class"), limits: limits, approvals: node.integer("approvals") ?? threshold, functions: node.texts("functions"),
            position: node.position)
    }

    private static func freezes(_ root: ConfigurationNode) -> ([Freeze], [Diagnostic]) {
        var freezes: [Freeze] = [], findings: [Diagnostic] = []
        for node in root.list("freezes") {
            guard let from = node.instant("from"), let until = node.instant("until") else { continue }
            guard from.distance(to: until) <= ChangeTerms.governedFreezeLimit else {
                findings.append(node.node("until").diagnostic(
                    .governanceShape, "the freeze lasts longer than \(ChangeTerms.governedFreezeLimit), and while it holds not even this file can be changed",
                    hint: "write an earlier end"))
                continue
            }
            guard from < until else {
                findings.append(node.node("until").diagnostic(.governanceShape, "the freeze ends at \(until), before it begins", hint: "write an instant after \(from)"))
                continue
            }
            freezes.append(Freeze(name: node.text("freeze"), from: from, until: until, reason: node.text("reason")))
        }
        return (freezes, findings)
    }

    private static let countLimit = 1_000_000_000

    private static func person(_ node: ConfigurationNode) -> Person? {
        Principal(node.text("principal")).map {
            Person(principal: $0, name: node.text("name"), roles: Set(node.texts("roles").compactMap(GovernanceRole.init)), functions: Set(node.texts("functions")),
                   position: node.position)
        }
    }

    @Sendable private static func principalDefect(_ text: String) -> String? {
        Principal(text) == nil ? "a principal is one exact name of letters, digits and . _ + - @" : nil
    }

    @Sendable private static func lineDefect(_ text: String) -> String? {
        StatementLines.isLine(text) ? nil : "the text is one line, without control characters and without spaces at its ends"
    }
}
