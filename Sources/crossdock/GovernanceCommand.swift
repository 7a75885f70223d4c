import ArgumentParser
import ChangeControl
import Pipeline
import Values

/// `crossdock governance`: who may change what.
struct GovernanceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "governance", abstract: "Show who may change what, and check what lies in Governance/.", subcommands: [Show.self, Check.self])

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Show the governance that is live: persons, classes of changes, freezes and times.")

        @OptionGroup var options: SiteOptions

        func run() async throws {
            let governance = try ChangeDesk(site: options.site()).governance()
            Console.answer(options.format, text: GovernanceText.text(governance), json: GovernanceText.value(governance))
        }
    }

    struct Check: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the governance that lies in the folder, and tell what a change of it would need.",
            discussion: "A change of governance is judged by the governance that is live, and takes two approvals at least.")

        @OptionGroup var options: SiteOptions

        func run() async throws {
            let site = try options.site(), desk = ChangeDesk(site: site)
            let found = try ChangeDesk.governance(of: StateFiles.onDisk(root: site.root))
            var lines = ["Governance/ holds together; every author can reach what each class asks for"]
            var differs = false
            if try desk.hasBegun() {
                let live = try desk.governance()
                differs = found.manifest != live.manifest
                lines.append(differs ? "it is not what is live: `crossdock change propose` puts it before the approvers" : "it is what is live")
                if differs {
                    var facts = ImpactFacts()
                    facts.components = [.governance]
                    lines.append("such a change needs: \(ChangeText.line(live.requirement(for: facts)))")
                }
            }
            Console.answer(
                options.format, text: lines.joined(separator: "\n"),
                json: .context(ContextValue([("sound", .boolean(true)), ("live", .boolean(!differs)), ("governance", GovernanceText.value(found))])))
        }
    }
}

/// Governance as it is told.
enum GovernanceText {
    static func text(_ governance: Governance) -> String {
        var lines = ["\(governance.origin): \(governance.threshold) approvals by others than the author; 2 for a change of governance"]
        for person in governance.persons {
            let key = governance.signers.signer(person.principal).map { "\($0.fingerprint) for \($0.namespaces.map(\.rawValue).sorted().joined(separator: ", "))" } ?? "no key"
            let functions = person.functions.isEmpty ? "" : "; speaks for \(person.functions.sorted().joined(separator: ", "))"
            lines.append("person   \(person.principal) (\(person.name)): \(person.roles.map(\.rawValue).sorted().joined(separator: ", "))\(functions); \(key)")
        }
        for one in governance.classes {
            let functions = one.functions.isEmpty ? "" : ", \(one.functions.joined(separator: " and ")) among them"
            lines.append("class    \(one.name): \(conditions(one.limits).map { "\($0.name) \($0.text)" }.joined(separator: ", or ")); \(one.approvals) approvals\(functions)")
        }
        for freeze in governance.freezes { lines.append("freeze   \(freeze.name): \(freeze.from) until \(freeze.until) (\(freeze.reason))") }
        let terms = governance.terms
        lines.append("times    zone \(terms.zone); a request lives \(terms.lifetime), may be \(terms.lateness) late; back within \(terms.rollbackWindow); reviews within \(terms.reviewWithin)")
        lines.append("reports  counts may differ at the activation by a share of \(governance.tolerance)")
        return lines.joined(separator: "\n")
    }

    private static func conditions(_ limits: ApprovalClass.Limits) -> [(name: String, text: String)] {
        var found: [(name: String, text: String)] = []
        for (name, limit) in [("moved", limits.moved), ("lowered", limits.lowered), ("contracts", limits.contracts), ("promises", limits.promises)] {
            if let limit { found.append((name, "from \(limit)")) }
        }
        if let value = limits.value { found.append(("value", "from \(value), or not known")) }
        if !limits.components.isEmpty { found.append(("components", limits.components.map(\.rawValue).sorted().joined(separator: " or "))) }
        if !limits.paths.isEmpty { found.append(("paths", limits.paths.joined(separator: " or "))) }
        return found
    }

    static func value(_ governance: Governance) -> Value {
        func texts(_ texts: some Sequence<String>) -> Value { .list(texts.sorted().map(Value.string)) }
        let terms = governance.terms
        return .context(ContextValue([
            ("origin", .string(governance.origin)), ("threshold", .integer(governance.threshold)), ("tolerance", .number(governance.tolerance)),
            ("persons", .list(governance.persons.map { person in
                .context(ContextValue([
                    ("principal", .string(person.principal.name)), ("name", .string(person.name)), ("roles", texts(person.roles.map(\.rawValue))),
                    ("functions", texts(person.functions)), ("key", governance.signers.signer(person.principal).map { .string($0.fingerprint.text) } ?? .null),
                ]))
            })),
            ("classes", .list(governance.classes.map { one in
                .context(ContextValue([
                    ("class", .string(one.name)), ("when", .context(ContextValue(conditions(one.limits).map { ($0.name, .string($0.text)) }))),
                    ("approvals", .integer(one.approvals)), ("functions", texts(one.functions)),
                ]))
            })),
            ("freezes", .list(governance.freezes.map { freeze in
                .context(ContextValue([
                    ("freeze", .string(freeze.name)), ("from", .string(freeze.from.description)), ("until", .string(freeze.until.description)), ("reason", .string(freeze.reason)),
                ]))
            })),
            ("zone", .string(terms.zone)), ("lifetime", .string(terms.lifetime.description)), ("lateness", .string(terms.lateness.description)),
            ("rollbackWindow", .string(terms.rollbackWindow.description)), ("reviewWithin", .string(terms.reviewWithin.description)),
        ]))
    }
}
