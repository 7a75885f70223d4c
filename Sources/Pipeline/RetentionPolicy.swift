package import Configurations
import Diagnostics
package import Records
package import Values

/// How long history stays in the store and in archives, and whose is held whatever its age. It is part of a state: only an approved change moves it.
package struct RetentionPolicy: Sendable, Hashable {
    package struct Terms: Sendable, Hashable {
        /// How long a span stays in the store after it ended; nil says nothing.
        package var keep: DayTimeDuration?
        /// How long an archive is kept after the last of its spans ended; nil keeps it for ever.
        package var keepArchived: DayTimeDuration?
    }

    /// All that there is of a client stays where it is.
    package struct Hold: Sendable, Hashable {
        package let client: String
        package let reason: String
        package let owner: String
        package let ticket: String?
    }

    private let general: Terms
    private let byScheme: [String: Terms]
    package let holds: [Hold]
    /// The fields that are personal: those of the catalogue and those that the policy declares.
    package let personal: PersonalFields
    /// How long a subject may be without activity before `privacy due` tells of it; nil tells of nobody.
    package let keepPersonal: DayTimeDuration?

    package static let file = "retention.yaml"
    /// Where a state says nothing: what is over may be archived, and archives are kept.
    package static let none = RetentionPolicy(general: Terms(), byScheme: [:], holds: [], personal: .catalogue, keepPersonal: nil)

    package func terms(of scheme: String) -> Terms {
        let own = byScheme[scheme] ?? Terms()
        return Terms(keep: own.keep ?? general.keep, keepArchived: own.keepArchived ?? general.keepArchived)
    }

    package func hold(of client: String) -> Hold? { holds.first { $0.client == client } }

    private static let terms = [
        ConfigurationKey("keep", .duration, "how long a span of history stays in the store after it ended"),
        ConfigurationKey("keepArchived", .duration, "how long an archive is kept after its spans ended; for ever where absent"),
    ]

    package static let shape = ConfigurationShape.record([
        ConfigurationKey("retention", .text, required: true, "name of the policy, such as site; a state has one"),
    ] + terms + [
        ConfigurationKey("schemes", .map(.record(terms)), "terms of single schemes, by name"),
        ConfigurationKey("holds", .list(.record([
            ConfigurationKey("client", .text, required: true, "client whose history is neither archived nor purged, and whose subjects are not shredded"),
            ConfigurationKey("reason", .text, required: true, "why"),
            ConfigurationKey("owner", .text, required: true, "who answers for it"),
            ConfigurationKey("ticket", .text, "where it was asked for"),
        ])), "clients whose history stays as it is until a change request lifts the hold"),
        ConfigurationKey("personal", .record([
            ConfigurationKey("keep", .duration, "how long a subject may be without activity before `crossdock privacy due` lists it"),
            ConfigurationKey("fields", .map(.list(.text)), "fields that are personal besides those of the catalogue, by kind of record"),
        ]), "personal fields, which are sealed and can be shredded"),
    ])

    /// Reads a file that was checked against ``shape``.
    ///
    /// - Parameter schemes: those of the state; terms of another one are told as a warning, as its history may outlive a scheme.
    static func read(_ root: ConfigurationNode, schemes: [String]) -> (policy: RetentionPolicy?, diagnostics: [Diagnostic]) {
        var findings: [Diagnostic] = []
        let general = terms(root, &findings)
        var byScheme: [String: Terms] = [:]
        for entry in root.entries("schemes") {
            byScheme[entry.name] = terms(entry.value, &findings)
            if !schemes.contains(entry.name) {
                findings.append(entry.key.diagnostic(
                    .retentionScheme, "there is no scheme \(entry.name)", severity: .warning,
                    hint: NearestName.of(entry.name, in: schemes).map { "did you mean \($0)?" } ?? "its history is kept by these terms all the same"))
            }
        }
        let holds = root.list("holds").map {
            Hold(client: $0.text("client"), reason: $0.text("reason"), owner: $0.text("owner"), ticket: $0.optionalText("ticket"))
        }
        let fields = personalFields(root["personal"], &findings), keepPersonal = root["personal"].flatMap { term("keep", of: $0, &findings) }
        guard !findings.contains(where: { $0.severity == .error }) else { return (nil, findings) }
        return (RetentionPolicy(general: general, byScheme: byScheme, holds: holds, personal: fields, keepPersonal: keepPersonal), findings)
    }

    private static func personalFields(_ node: ConfigurationNode?, _ findings: inout [Diagnostic]) -> PersonalFields {
        var fields = PersonalFields.catalogue
        for entry in node?.entries("fields") ?? [] {
            guard let kind = RecordKind(rawValue: entry.name) else {
                let known = RecordKind.allCases.map(\.rawValue)
                findings.append(entry.key.diagnostic(
                    .retentionPersonal, "\(entry.name) is no kind of record",
                    hint: NearestName.of(entry.name, in: known).map { "did you mean \($0)?" } ?? "there are \(known.joined(separator: ", "))"))
                continue
            }
            let definition = RecordCatalogue.definition(kind), names = definition.fields.indices.filter { definition.sealable[$0] }.map { definition.fields[$0].name }
            let choice = names.isEmpty ? "records of \(kind.rawValue) cannot be sealed" : "of \(kind.rawValue) these can be: \(names.joined(separator: ", "))"
            for item in entry.value.items {
                let name = item.scalar ?? ""
                guard let slot = definition.slot(name) else {
                    findings.append(item.diagnostic(
                        .retentionPersonal, "\(kind.rawValue) has no field \(name)", hint: NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? choice))
                    continue
                }
                if let obstacle = PersonalFields.obstacle(slot, of: definition) {
                    findings.append(item.diagnostic(.retentionPersonal, "\(obstacle): it cannot be sealed", hint: choice))
                } else {
                    fields.insert(slot, of: kind)
                }
            }
        }
        return fields
    }

    private static func terms(_ node: ConfigurationNode, _ findings: inout [Diagnostic]) -> Terms {
        Terms(keep: term("keep", of: node, &findings), keepArchived: term("keepArchived", of: node, &findings))
    }

    private static func term(_ key: String, of node: ConfigurationNode, _ findings: inout [Diagnostic]) -> DayTimeDuration? {
        guard let at = node[key], let duration = node.duration(key) else { return nil }
        if duration <= .zero { findings.append(at.diagnostic(.retentionTerm, "\(key) is \(duration), and is longer than nothing", hint: "write days, such as 365d")) }
        return duration
    }
}
