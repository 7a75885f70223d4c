package import Configurations
package import Diagnostics

extension Governance {
    /// The files that governance is read from, relative to the site's folder.
    package static let configurationPath = "Governance/governance.yaml", signersPath = "Governance/allowed_signers"

    /// The form of `Governance/governance.yaml`.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("governance", .checkedText("a name", lineDefect), required: true,
                         "The name of the site in everything that is signed, such as example-dc. A signature for one site is void on another."),
        ConfigurationKey("threshold", .integer(1...thresholdLimit), required: true,
                         "How many persons other than the author must approve a change. Never 0."),
        ConfigurationKey("tolerance", .decimal, default: "0.05",
                         "Share, 0 to 1, by which counts may differ at the activation from the report that was approved."),
        ConfigurationKey("persons", .list(.record([
            ConfigurationKey("principal", .checkedText("a principal", principalDefect), required: true,
                             "The exact name of the person in allowed_signers."),
            ConfigurationKey("name", .checkedText("a name", lineDefect), required: true, "The name as printed in what the person signs."),
            ConfigurationKey("roles", .list(.choice(GovernanceRole.allCases.map(\.rawValue))), required: true,
                             "author proposes, approver signs approvals, operator rolls back, root signs the genesis."),
        ])), required: true, "Everybody who may take part in a change."),
        DisputePolicy.key,
    ])

    /// Reads the two files of governance together. Nil with at least one error if either is refused or they do not fit.
    ///
    /// - Parameter manifest: the id of the governance manifest that both files are of.
    package static func read(
        configuration: [UInt8], allowedSigners: [UInt8], manifest: ContentDigest
    ) -> (governance: Governance?, diagnostics: [Diagnostic]) {
        guard let text = String(validating: configuration, as: UTF8.self) else {
            let finding = Diagnostic(.governanceShape, .error, "the file is not UTF-8", at: SourcePosition(file: configurationPath))
            return (nil, [finding])
        }
        let (root, syntax) = ConfigurationText.parse(text, file: configurationPath)
        let (signers, signerFindings) = AllowedSigners.parse(allowedSigners, file: signersPath)
        let findings = syntax + (root.map(shape.check) ?? []) + signerFindings
        guard let root, let signers, !findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        let disputes = DisputePolicy.read(root["disputes"])
        guard disputes.diagnostics.isEmpty else { return (nil, findings + disputes.diagnostics) }
        var made = make(
            origin: root.text("governance"), threshold: root.integer("threshold") ?? 0, tolerance: root.decimal("tolerance") ?? standardTolerance, persons: root.list("persons").compactMap(person),
            signers: signers, manifest: manifest, at: root["threshold"]?.position ?? root.position)
        made.governance?.disputes = disputes.policy
        return (made.governance, findings + made.diagnostics)
    }

    private static func person(_ node: ConfigurationNode) -> Person? {
        Principal(node.text("principal")).map {
            Person(principal: $0, name: node.text("name"), roles: Set(node.texts("roles").compactMap(GovernanceRole.init)),
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
