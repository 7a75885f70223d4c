package import Configurations
package import Diagnostics
package import Microsegments
import Values

/// What a target may be told of a decision: the values that actions may write to it, and those that it gets as a pseudonym only.
///
/// A target without a scope may be told everything that its actions name.
package struct AccessScope: Sendable {
    package let target: String
    /// Names of values of a decision: what was decided, parameters, attributes.
    let allowed: Set<String>
    /// Those that are written as a digest: the same value has the same digest for one target, and another for the next.
    let hashed: Set<String>

    package static let shape = ConfigurationShape.record([
        ConfigurationKey("access", .text, required: true, "target whose actions are bound by it"),
        ConfigurationKey("summary", .text, "who the target is, and why it may know this"),
        ConfigurationKey("allow", .list(.text), required: true, "values of a decision that may be written to the target"),
        ConfigurationKey("hash", .list(.text), "texts that are written to it as a digest only"),
    ])

    /// - Parameters:
    ///   - root: the file's root, checked against ``shape``.
    ///   - schemes: whose decisions have the values that may be named.
    package static func read(_ root: ConfigurationNode, schemes: [Scheme]) -> (scope: AccessScope?, diagnostics: [Diagnostic]) {
        let known = Set(schemes.flatMap { DecisionLayout($0).layout.names })
        var findings: [Diagnostic] = []
        for key in ["allow", "hash"] {
            for node in root.list(key) {
                guard let name = node.scalar, !known.contains(name) else { continue }
                findings.append(node.diagnostic(
                    .actionAccess, "no decision has a value \(name)",
                    hint: NearestName.of(name, in: known.sorted()).map { "did you mean \($0)?" } ?? "name values of decisions: client, entity, parameters and attributes"))
            }
        }
        let allowed = Set(root.list("allow").compactMap(\.scalar)), hashed = Set(root.list("hash").compactMap(\.scalar))
        for node in root.list("hash") where node.scalar.map(allowed.contains) ?? false {
            findings.append(node.diagnostic(.actionAccess, "\(node.scalar ?? "") is under allow too", hint: "allow it, or have it written as a digest"))
        }
        return (findings.isEmpty ? AccessScope(target: root.text("access"), allowed: allowed, hashed: hashed) : nil, findings)
    }

    /// Why a value may not be written to the target; nil where it may.
    func refusal(of name: String, _ names: DecisionLayout, at node: ConfigurationNode) -> Diagnostic? {
        if hashed.contains(name) {
            guard let type = names.layout.type(of: name), type != .string else { return nil }
            return node.diagnostic(.actionAccess, "\(target) gets \(name) as a digest, and it is a \(type)", hint: "digests are for texts: leave it out")
        }
        guard !allowed.contains(name) else { return nil }
        return node.diagnostic(
            .actionAccess, "\(target) may not be told \(name)", hint: "leave it out, or have it added under allow or hash of the access of \(target)")
    }
}
