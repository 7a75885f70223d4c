package import ChangeControl
import Configurations
import Diagnostics
import FlatFiles
import FoundationEssentials
import Microsegments
import Records
import Store
package import Values

/// Brings back what was decided by hand: each row of a filled list is reconciled with what the rules say by now, or becomes an override that
/// expires, or is flagged. None is passed over.
package struct FallbackReconciliation: Sendable {
    package enum Outcome: Sendable, Hashable {
        /// The entity is where it was put by hand.
        case agrees
        /// Proposed as an override, under this id.
        case override(String)
        /// Nothing could be made of it; somebody has to look.
        case flagged(String)
    }

    package struct Row: Sendable {
        /// Line of the file, from 1.
        package let line: Int
        package let entity: String
        package let outcome: Outcome

        package var value: Value {
            let (word, detail): (String, Value) =
                switch outcome {
                case .agrees: ("agrees", .null)
                case .override(let id): ("override", .string(id))
                case .flagged(let why): ("flagged", .string(why))
                }
            return .context(ContextValue([("line", .integer(line)), ("entity", .string(entity)), ("outcome", .string(word)), ("detail", detail)]))
        }
    }

    package let rows: [Row]
    /// File under `Overrides/` that holds the overrides, for a change request; nil where there are none.
    package let file: String?

    /// The longest that a decision by hand may last without being renewed.
    static let lastsMax = DayTimeDuration(seconds: 30 * 86_400)

    package var flagged: Int { rows.count { if case .flagged = $0.outcome { true } else { false } } }

    /// Takes a filled list. The overrides are written as a sheet and are not live: a change request puts them before an approver.
    ///
    /// - Parameters:
    ///   - path: a file as ``FallbackList`` writes it; rows whose manual columns are empty say nothing.
    ///   - person: who brings it back; a person of governance.
    package static func take(_ path: String, by person: Principal, site: Site, now: Instant) throws -> FallbackReconciliation {
        guard let bytes = FileManager.default.contents(atPath: path).map(Array.init) else {
            throw PipelineFailure(subject: path, cause: "it cannot be read", hint: "give a file of a fallback list that was filled in")
        }
        guard try ChangeDesk(site: site).governance().person(person) != nil else {
            throw ChangeRefusal(.role, person.name, "is no person of the live governance", hint: "governance names the persons")
        }
        let digest = ContentDigest(of: bytes).hex
        let known = try site.store.driver.read { try Store.entries(of: .manualDecisions, in: $0) }.first { $0.body.contains(digest) }
        if let known {
            throw PipelineFailure(subject: path, cause: "it was taken already, log entry \(known.position)", hint: "`crossdock override list` tells what became of its overrides")
        }
        let name = path.split(separator: "/").last.map(String.init) ?? path
        let (nodes, findings) = ConfigurationSheet.read(bytes, file: name)
        guard !findings.contains(where: { $0.severity == .error }) else {
            throw PipelineFailure(subject: path, cause: "it is no CSV file of a fallback list", diagnostics: findings)
        }
        let header = bytes.prefix { $0 != 10 && $0 != 13 }.split { $0 == 44 || $0 == 59 }.map { String(decoding: $0, as: UTF8.self).filter { $0 != "\"" && $0 != "\u{FEFF}" } }
        let missing = (["scheme", "client", "entity"] + FallbackList.manualColumns).filter { !header.contains($0) }
        guard missing.isEmpty else {
            throw PipelineFailure(subject: path, cause: "it has no column \(missing.joined(separator: ", "))", hint: "fill in a file of a fallback list, and keep its header")
        }
        return try commit(try judge(nodes, digest, site, now), name, digest, person, site, now)
    }

    /// A decision by hand that became an override.
    private struct Decision {
        let row: Row
        let cells: [String]?
    }

    private static func judge(_ nodes: [ConfigurationNode], _ digest: String, _ site: Site, _ now: Instant) throws -> [Decision] {
        let filled = nodes.filter { node in FallbackList.manualColumns.contains { node[$0] != nil } }
        func text(_ node: ConfigurationNode, _ column: String) -> String { node.optionalText(column) ?? "" }
        // Two answers for one entity: nobody knows which one holds.
        var answers: [String: Set<String>] = [:]
        func key(_ node: ConfigurationNode) -> String { "\(text(node, "scheme")) \(text(node, "client"))/\(text(node, "entity"))" }
        for node in filled { answers[key(node), default: []].insert("\(text(node, "manual microsegment")) \(text(node, "manual until"))") }
        let bundle = try site.liveState().bundle, schemes = bundle.schemes, zone = bundle.zone
        // What lies in the folders already, live or not: two overrides of one entity would keep every proposal from compiling.
        let pending = (try? StateFiles.onDisk(root: site.root).compile().bundle?.overrides.all) ?? bundle.overrides.all
        var said: Set<String> = []
        return try filled.enumerated().map { index, node in
            func row(_ outcome: Outcome, _ cells: [String]? = nil) -> Decision {
                Decision(row: Row(line: node.position.line ?? 0, entity: key(node), outcome: outcome), cells: cells)
            }
            if answers[key(node)]?.count ?? 0 > 1 { return row(.flagged("rows disagree about it")) }
            guard let scheme = schemes.first(where: { $0.name == text(node, "scheme") }) else { return row(.flagged("there is no scheme \(text(node, "scheme"))")) }
            let wanted = text(node, "manual microsegment")
            guard scheme.microsegment(wanted) != nil else { return row(.flagged("scheme \(scheme.name) has no micro-segment '\(wanted)'")) }
            let entity = EntityKey(scheme.entity, client: text(node, "client"), id: text(node, "entity"))
            if let other = pending.first(where: { $0.scheme == scheme.name && $0.entity == entity && now < $0.expires }) {
                return row(.flagged("override \(other.id) is about it already"))
            }
            guard let standing = try site.store.standing(scheme: scheme.name, entity) else {
                return row(.flagged("\(scheme.name) has no such entity"))
            }
            if standing.microsegment == wanted { return row(.agrees) }
            guard let until = Instant(text(node, "manual until")) ?? DateTime(text(node, "manual until")).map({ $0.instant(in: zone) }) else {
                return row(.flagged("'\(text(node, "manual until"))' is no end: write 2026-12-10, 2026-12-10T06:00, or with Z or an offset"))
            }
            guard now < until, now.distance(to: until) <= lastsMax else { return row(.flagged("it ends at \(until); a decision by hand ends after now and within \(lastsMax)")) }
            let reason = text(node, "manual reason"), owner = text(node, "manual owner")
            guard !reason.isEmpty, !owner.isEmpty else { return row(.flagged("it has no reason, or no owner")) }
            guard said.insert(key(node)).inserted else { return row(.flagged("another row says the same of it, and counts")) }
            let id = "FB-\(digest.prefix(8))-\(index + 1)"
            return row(.override(id), [id, scheme.name, entity.client, entity.id, wanted, reason, owner, until.description])
        }
    }

    private static func commit(_ decisions: [Decision], _ name: String, _ digest: String, _ person: Principal, _ site: Site, _ now: Instant) throws -> FallbackReconciliation {
        var file: String?
        let overrides = decisions.compactMap(\.cells)
        if !overrides.isEmpty {
            var writer = CSVWriter(header: ["override", "scheme", "entity.client", "entity.id", "microsegment", "reason", "owner", "expires"], lineEnd: .lf)
            for row in overrides { writer.write(row) }
            let path = "Overrides/fallback-\(digest.prefix(8)).csv"
            try FileBytes.write(writer.take(), to: "\(site.root)/Overrides/.fallback", renamedTo: "\(site.root)/\(path)")
            file = path
        }
        let body = Value.context(ContextValue([
            ("by", .string(person.name)), ("file", .string(name)), ("digest", .string(digest)),
            ("rows", .list(decisions.map(\.row.value))),
        ]))
        try site.store.driver.write { session in _ = try Store.append(.manualDecisions, body, at: now, in: session) }
        return FallbackReconciliation(rows: decisions.map(\.row), file: file)
    }
}
