import Microsegments
import Records
import Store
import Values

/// Rows of the history as lines of JSON: what archives hold.
///
/// A line begins with client and identifier, so that those of one entity are told by their first bytes.
enum HistoryText {
    /// The keys of a line, in order.
    static let columns = [
        "client", "entity", "kind", "microsegment", "cause", "rule", "state", "validFrom", "validTo", "knownFrom", "knownTo",
    ]

    /// Appends a row with its line end.
    static func append(_ row: HistoryRow, to bytes: inout [UInt8]) {
        let span = row.span
        let values: [Value] = [
            .string(row.entity.client), .string(row.entity.id), .string(row.entity.kind.rawValue), .string(span.microsegment), .string(span.cause),
            .integer(span.rule), .string(span.state), .string(span.validFrom.description), span.validTo.map { .string($0.description) } ?? .null,
            .integer(span.knownFrom), span.knownTo.map { .integer($0) } ?? .null,
        ]
        bytes += JSONText.write(.context(ContextValue(Array(zip(columns, values))))).utf8
        bytes.append(UInt8(ascii: "\n"))
    }

    /// The bytes that every line of an entity begins with, and of no other.
    static func prefix(of entity: EntityKey) -> [UInt8] {
        Array("{\"client\":\(JSONText.quote(entity.client)),\"entity\":\(JSONText.quote(entity.id)),\"kind\":\"\(entity.kind.rawValue)\",".utf8)
    }

    /// Reads a line back; nil where it is not in the form that is written.
    static func row(_ line: some Collection<UInt8>) -> HistoryRow? {
        let parsed: Value
        do { parsed = try JSONText.parse(String(decoding: line, as: UTF8.self)) } catch { return nil }
        guard case .context(let fields) = parsed else { return nil }
        func text(_ key: String) -> String? { if case .string(let text)? = fields[key] { text } else { nil } }
        func number(_ key: String) -> Int? {
            if case .number(let number)? = fields[key] { number.coefficient64.map { Int($0) } } else { nil }
        }
        guard let client = text("client"), let entity = text("entity"), let kind = text("kind").flatMap(EntityKind.init(rawValue:)),
            let microsegment = text("microsegment"), let cause = text("cause"), let rule = number("rule"), let state = text("state"),
            let from = text("validFrom").flatMap({ Instant($0) }), let known = number("knownFrom")
        else { return nil }
        return HistoryRow(
            entity: EntityKey(kind, client: client, id: entity),
            span: AssignmentSpan(
                microsegment: microsegment, cause: cause, rule: rule, state: state, validFrom: from, validTo: text("validTo").flatMap { Instant($0) },
                knownFrom: known, knownTo: number("knownTo")))
    }

    /// Whether one entity comes before another in archives and in the table: by the bytes of client and identifier, as the database orders them.
    static func precedes(_ left: EntityKey, _ right: EntityKey) -> Bool {
        if left.client != right.client { return left.client.utf8.lexicographicallyPrecedes(right.client.utf8) }
        return left.id.utf8.lexicographicallyPrecedes(right.id.utf8)
    }
}
