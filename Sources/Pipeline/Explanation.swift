import Attributes
import ChangeControl
import DecisionTables
import Diagnostics
import FEEL
import Mapping
import Microsegments
import Outbox
package import Records
import Store
import Values

/// The chain behind an effect or an entity, from the outside in: effect, decision, rule, attribute values, records, bytes.
package struct Explanation: Sendable {
    package struct Line: Sendable {
        package let depth: Int
        package let text: String
    }

    package private(set) var lines: [Line] = []
    private let site: Site
    /// Bundles of the states that decisions were made under, compiled once each; nil where a state does not compile any more.
    private var bundles: [String: Bundle?] = [:]

    package init(site: Site) { self.site = site }

    package var text: String { lines.map { String(repeating: "  ", count: $0.depth) + LineText.line($0.text) }.joined(separator: "\n") }

    private mutating func say(_ depth: Int, _ text: String) { lines.append(Line(depth: depth, text: text)) }

    // MARK: - Effects

    /// Explains an effect by its id or an unambiguous beginning of it.
    package mutating func explainEffect(_ prefix: String) throws -> Bool {
        let ids = try site.store.effectIDs(startingWith: prefix)
        guard ids.count == 1, let stored = try site.store.effect(ids[0]) else { return false }
        let effect = stored.effect
        let what = effect.kind == .webhook ? "webhook" : "action file \(LineText.name(effect.fileName ?? ""))"
        let opened = try site.store.opened(stored)
        let size = try opened.map { "\($0.payload.count) bytes\(stored.isSealed ? ", sealed" : "")" } ?? "its payload \(site.store.fate(of: stored))"
        say(0, "\(what) \(effect.id) to \(effect.target) by \(stored.action), \(size), log position \(stored.position)")
        say(1, "delivery: \(stored.delivery.phase.code) after \(stored.delivery.attempts) attempts" + (stored.reason.map { "; \($0)" } ?? ""))
        for attempt in try site.store.attempts(ofEffect: effect.id) {
            say(2, "attempt \(attempt.number) at \(attempt.at): \(attempt.outcome), \(attempt.detail), \(attempt.milliseconds) ms")
        }
        for source in try site.store.sources(ofEffect: effect.id) {
            switch source {
            case .decision(let id): try explainDecision(id, depth: 1)
            case .record(let row): try explainRecord(row, depth: 1, fields: nil)
            case .file(let id): try explainAnswer(to: id, opened?.payload ?? [], depth: 1)
            }
        }
        return true
    }

    /// Explains an acknowledgement: the file that it answers, and its lines.
    private mutating func explainAnswer(to id: Int64, _ payload: [UInt8], depth: Int) throws {
        guard let file = try site.store.file(id) else { return say(depth, "file \(id) is not in the store") }
        say(depth, "answers \(file.told) (file \(file.id), sha256 \(file.digest.prefix(16))…), \(file.status.rawValue), \(try site.store.whereabouts(of: file))")
        let terminator = payload.starts(with: "ISA".utf8) ? UInt8(ascii: "~") : UInt8(ascii: "'")
        let lines = payload.split(separator: terminator)
        for line in lines.prefix(Self.answerLinesMax) { say(depth + 1, "| \(String(decoding: line, as: UTF8.self))") }
        if lines.count > Self.answerLinesMax { say(depth + 1, "and \(lines.count - Self.answerLinesMax) more EDI segments") }
    }

    /// EDI segments of an acknowledgement that are shown.
    private static let answerLinesMax = 40

    // MARK: - Entities

    /// Explains where an entity stands in every scheme, what kept it there, what would move it, and its latest decision there.
    package mutating func explainEntity(_ entity: EntityKey, state: ActiveState) throws -> Bool {
        var isKnown = false
        for scheme in state.bundle.schemes where scheme.entity == entity.kind {
            if let arm = scheme.arm {
                guard arm.holds(entity, own: try site.store.driver.read({ try Store.facts(of: entity, for: scheme.plan, in: $0) }).own) else { continue }
                say(0, "a change of \(scheme.name) is live for a part of the entities: \(entity) is in the \(arm.name)")
            }
            guard let standing = try site.store.standing(scheme: scheme.name, entity) else { continue }
            isKnown = true
            for line in try StandingExplanation(site: site, state: state, scheme: scheme, standing: standing, now: SystemClock.now()).lines { say(line.depth, line.text) }
            let decisions = try site.store.decisions(client: entity.client, entity: entity.id)
            if let latest = decisions.first(where: { $0.scheme == scheme.name }) { try explainDecision(latest.id, depth: 1) }
        }
        return isKnown
    }

    // MARK: - Decisions

    private mutating func explainDecision(_ id: String, depth: Int) throws {
        guard let decision = try site.store.decision(id), case .context(let body) = try JSONText.parse(decision.body) else {
            return say(depth, "decision \(id) is not in the store")
        }
        func text(_ key: String) -> String { body[key]?.text ?? "" }
        let former = text("former")
        say(depth, "decision \(id) at \(decision.at): \(text("entity")) \(former.isEmpty || former == decision.microsegment ? "is" : "moves from \(former) to") \(decision.microsegment) of \(decision.scheme), by \(text("cause"))")
        if case .context(let notice)? = body["notice"] {
            say(depth + 1, "gives notice: from \(notice["from"]?.text ?? "") to \(notice["to"]?.text ?? ""), not before \(notice["effective"]?.text ?? "")")
        }
        say(depth + 1, "state \(decision.state)")
        if case .context(let parameters)? = body["parameters"] {
            say(depth + 1, "gets " + parameters.entries.map { "\($0.name) \($0.value.text)" }.joined(separator: ", "))
        }
        if let arm = body["arm"]?.text { say(depth + 1, "in the \(arm) of a change that was live for a part of the entities") }
        try sayRule(body, state: decision.state, scheme: decision.scheme, depth: depth + 1)
        guard case .list(let attributes)? = body["attributes"] else { return }
        for case .context(let attribute) in attributes {
            let rows: [Int64] = if case .list(let list)? = attribute["records"] {
                list.compactMap { if case .number(let number) = $0 { number.coefficient64 } else { nil } }
            } else { [] }
            say(depth + 1, "\(attribute["name"]?.text ?? "") = \(attribute["value"].map { JSONText.write($0) } ?? "null")" + (rows.isEmpty ? "" : ", from \(rows.count) record\(rows.count == 1 ? "" : "s")"))
            for row in rows.prefix(Self.recordsMax) {
                try explainRecord(row, depth: depth + 2, fields: sourceFields(attribute["name"]?.text ?? "", decision, arm: body["arm"]?.text, kind: RecordRow.kind(row)))
            }
            if rows.count > Self.recordsMax { say(depth + 2, "and \(rows.count - Self.recordsMax) more") }
        }
    }

    /// Records that are shown behind one attribute.
    private static let recordsMax = 3

    private mutating func sayRule(_ body: ContextValue, state: String, scheme: String, depth: Int) throws {
        let rule = Int(body["rule"]?.text ?? "") ?? 0
        let file = body["ruleFile"]?.text ?? ""
        guard let found = bundle(of: state)?.scheme(scheme, arm: body["arm"]?.text),
            rule >= 1, rule <= found.table.table.rules.count
        else { return say(depth, "rule \(rule) of \(file)") }
        let row = found.table.table.rules[rule - 1]
        let cells = zip(found.table.table.inputs, row.inputs).map { "\($0.header.text) \($1.text)" }.joined(separator: ", ")
        let remark = row.annotations.map(\.text).joined(separator: " ")
        say(depth, "rule \(rule) of \(file):\(row.inputs.first?.origin.line ?? 0): if \(cells)" + (remark.isEmpty ? "" : " (\(remark))"))
    }

    /// The fields of a record that an attribute reads, as the bundle of the decision's state says.
    private mutating func sourceFields(_ attribute: String, _ decision: StoredDecision, arm: String?, kind: RecordKind?) -> Set<Int>? {
        guard let kind, let found = bundle(of: decision.state)?.scheme(decision.scheme, arm: arm) else { return nil }
        return found.plan.sourceSlots(of: attribute, in: kind)
    }

    /// The bundle of a state, from the store's copies: rules are shown as they were when they were applied.
    private mutating func bundle(of state: String) -> Bundle? {
        if let known = bundles[state] { return known }
        var bundle: Bundle?
        do {
            if let text = try site.store.stateDescription(state), let description = StateDescription.parse(text).state {
                bundle = try StateFiles.stored(description, in: site.store).compile().bundle
            }
        } catch {
            say(1, "the files of state \(state) cannot be read any more: \(error)")
        }
        bundles[state] = bundle
        return bundle
    }

    // MARK: - Records and bytes

    /// Explains a record: its file, and for each field the bytes that it came from, read from the file as it is kept now.
    package mutating func explainRecord(_ row: Int64, depth: Int, fields wanted: Set<Int>?) throws {
        guard let record = try site.store.record(row), let load = try site.store.load(record.load),
            let file = try site.store.file(load.file)
        else { return say(depth, "record \(row) is not in the store") }
        let definition = RecordCatalogue.definition(record.kind)
        let key = definition.key.map { record.values[$0].text }.joined(separator: " / ")
        say(depth, "\(record.kind.rawValue) \(key) of \(file.told) (file \(file.id), sha256 \(file.digest.prefix(16))…), \(try site.store.whereabouts(of: file))")
        // The feed as it was when the file was mapped.
        let format = bundle(of: load.state)?.library.feed(file.feed)?.format
        let path = site.path(file.archivedAs ?? "\(site.configuration.spool)/\(file.digest.prefix(2))/\(file.digest)")
        for (slot, value) in record.values.enumerated() where value != .null || record.closed[slot] != nil {
            if let wanted, !wanted.contains(slot) { continue }
            if let key = record.closed[slot] {
                say(depth + 1, "\(definition.fields[slot].name) \(try site.store.fate(ofKey: key))")
                continue
            }
            guard slot < record.origins.count, let origin = record.origins[slot] else { continue }
            let bytes = FileSlice.read(path, origin.node, limit: 240)
            let line = slot < record.rules.count && record.rules[slot] > 0 ? ", mapping line \(record.rules[slot])" : ""
            say(depth + 1, "\(definition.fields[slot].name) = \(value.text): bytes \(origin.field) in \(Self.nodeName(bytes, format)) at bytes \(origin.node)\(line)")
            if let bytes { say(depth + 2, "| \(bytes)") }
        }
    }

    /// What the bytes of a node are in the terms of the feed's format.
    private static func nodeName(_ bytes: String?, _ format: SourceFormat?) -> String {
        let tag = bytes.map { String($0.drop { $0 == "<" }.prefix { $0.isLetter || $0.isNumber || $0 == "_" }) } ?? ""
        switch format {
        case .x12, .edifact, .tradacoms: return "EDI segment \(tag)"
        case .xml: return "element \(tag)"
        case .csv: return "the row"
        case .flat: return "the record"
        case .idoc: return "the segment"
        case .json: return "the value"
        case nil: return "the part"
        }
    }
}
