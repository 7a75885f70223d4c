import Attributes
import ChangeControl
import Decisions
import Diagnostics
import FEEL
import Mapping
import Outbox
import Records
import Sealing
import Store
import Values

/// The effects of the routes that take records of a load, in the transaction that publishes it.
///
/// Routes see personal values. What they write with them is sealed under the keys of all whom its records are about, and digested as it is stored.
struct Routing {
    let keys: KeyFile
    let file: LedgerFile
    let state: ActiveState
    let position: Int
    let at: Instant

    /// Ids of effects with the digests of their bytes as they are stored, and what could not be written.
    struct Routed {
        var effects: [String] = []
        var findings: [Diagnostic] = []
        /// What the log is told of findings: where personal values are written a fact may quote one, so only the code stands there.
        var logged: [String] = []

        mutating func note(_ found: [Diagnostic], isPersonal: Bool) {
            findings += found
            logged += found.map { isPersonal ? "\($0.severity.rawValue)[\($0.code)]: told in the file's report, as it is about a record with personal fields" : $0.text }
        }
    }

    /// One record that a route takes, with the keys that its personal values are sealed under.
    private typealias Taken = (row: Int64, values: [Value], keys: Set<Int64>)

    func route(_ outcome: Loader.Outcome, in session: any StoreSession) throws -> Routed {
        var routed = Routed()
        let library = state.bundle.library
        for route in library.routes where outcome.mapping.records[route.kind] != nil {
            let facts = try facts(of: outcome.load, for: route, &routed, in: session)
            guard !facts.isEmpty else { continue }
            if let outbound = library.outbound(route.outbound) {
                try write(facts, outbound, route, &routed, in: session)
            } else if let set = library.outboundSet(route.outbound),
                let partner = route.partner.flatMap({ library.partners.partner(named: $0) }), let policy = partner.send {
                try send(facts, route, set, partner.partner, policy, &routed, in: session)
            }
        }
        return routed
    }

    private func facts(
        of load: Int64, for route: RouteDefinition, _ routed: inout Routed, in session: any StoreSession
    ) throws -> [Taken] {
        let context = state.context(now: at)
        var taken: [Taken] = []
        for item in try Store.openedFacts(ofLoad: load, kind: route.kind, with: keys, in: session) {
            do {
                if try route.takes(Record(kind: route.kind, values: item.fact.values, origins: [], rules: [], ordinal: 0), context) {
                    taken.append((item.fact.row, item.fact.values, item.keys))
                }
            } catch {
                routed.note([error.diagnostic], isPersonal: !item.keys.isEmpty)
            }
        }
        return taken
    }

    private func write(
        _ facts: [Taken], _ outbound: OutboundMapping, _ route: RouteDefinition, _ routed: inout Routed, in session: any StoreSession
    ) throws {
        let rows = facts.map(\.values), files = outbound.files(rows)
        for (number, members) in files.enumerated() {
            let (payload, findings) = outbound.render(members.map { rows[$0] }, state.context(now: at))
            let members = members.map { facts[$0] }
            routed.note(findings, isPersonal: members.contains { !$0.keys.isEmpty })
            let id = DeterministicID.of(["route", route.route, "\(file.id)", file.digest] + (files.count > 1 ? ["\(number)"] : []))
            try add(
                id, route, contentType: outbound.contentType, fileName: outbound.fileName(names(id, route)), payload: payload,
                records: members, &routed, in: session)
        }
    }

    private func send(
        _ facts: [Taken], _ route: RouteDefinition, _ set: OutboundSet, _ partner: String, _ policy: SendingPolicy, _ routed: inout Routed,
        in session: any StoreSession
    ) throws {
        let sending = Sending(set: set, partner: partner, policy: policy, bundle: state.bundle, context: state.context(now: at), at: at)
        func id(_ number: Int) -> String { DeterministicID.of(["route", route.route, "\(file.id)", file.digest, "\(number)"]) }
        let findings = try sending.send(facts.map(\.values), id: id, in: session) { outgoing in
            let names = names(id(outgoing.number), route).merging(outgoing.names, uniquingKeysWith: { $1 })
            try add(
                id(outgoing.number), route, contentType: outgoing.contentType, fileName: set.fileName(names), payload: outgoing.payload,
                records: outgoing.rows.map { facts[$0] }, &routed, in: session)
        }
        // Of which set a finding is it does not say: one set with personal values makes all of them.
        routed.note(findings, isPersonal: facts.contains { !$0.keys.isEmpty })
    }

    /// What the template of a file's name may hold.
    private func names(_ id: String, _ route: RouteDefinition) -> [String: String] {
        ["digest": String(file.digest.prefix(12)), "effect": String(id.prefix(12)), "route": route.route, "position": "\(position)"]
    }

    private func add(
        _ id: String, _ route: RouteDefinition, contentType: String, fileName: String, payload: [UInt8], records: [Taken],
        _ routed: inout Routed, in session: any StoreSession
    ) throws {
        let effect = Effect(
            id: id, kind: .actionFile, target: route.target, contentType: contentType, fileName: fileName, payload: payload,
            createdAt: at, deadline: at.adding(Effect.standardLifetime))
        var opener = PersonalOpener(keys, in: session)
        let sealing = try Set(records.flatMap(\.keys)).sorted().compactMap { try opener.key($0) }
        let stored = try Store.add(
            effect, action: "route \(route.route)", position: position, sources: records.map { .record($0.row) }, sealedUnder: sealing, in: session)
        routed.effects.append("\(id) \(ContentDigest(of: stored).hex)")
    }
}
