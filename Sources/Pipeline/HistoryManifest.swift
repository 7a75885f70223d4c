package import ChangeControl
package import Records
import Store
package import Values

/// What an archive of history holds: the file beside it, whose digest is in the log.
package struct HistoryManifest: Sendable, Hashable {
    package var scheme: String
    /// Every span in it ended before this instant, or was superseded before it.
    package var before: Instant
    /// Name of the archive, within the folder of archives.
    package var name: String
    package var rows = 0
    /// Clients of the rows, in order.
    package var clients: [String] = []
    /// First and last entity, in the order of the file.
    package var firstEntity: EntityKey?
    package var lastEntity: EntityKey?
    /// Earliest and latest beginning of a span.
    package var firstFrom: Instant?
    package var lastFrom: Instant?
    /// Least and greatest position of the log at which a row became known.
    package var firstPosition: Int?
    package var lastPosition: Int?
    /// States under which the rows came about.
    package var states: [String] = []
    /// Of the lines.
    package var content = ContentDigest.zero
    package var contentBytes = 0
    /// Of the file.
    package var packed = ContentDigest.zero
    package var packedBytes = 0

    static let ending = ".jsonl.gz"
    static let manifestEnding = ".manifest.json"

    init(scheme: String, before: Instant) {
        self.scheme = scheme
        self.before = before
        name = ""
    }

    /// Name of the manifest's own file.
    package var manifestName: String { Self.manifestName(of: name) }

    static func manifestName(of archive: String) -> String {
        (archive.hasSuffix(ending) ? String(archive.dropLast(ending.utf8.count)) : archive) + manifestEnding
    }

    /// Notes one more row. Rows come in the order of the file.
    mutating func add(_ row: HistoryRow) {
        let span = row.span
        rows += 1
        if clients.last != row.entity.client { clients.append(row.entity.client) }
        firstEntity = firstEntity ?? row.entity
        lastEntity = row.entity
        firstFrom = min(firstFrom ?? span.validFrom, span.validFrom)
        lastFrom = max(lastFrom ?? span.validFrom, span.validFrom)
        firstPosition = min(firstPosition ?? span.knownFrom, span.knownFrom)
        lastPosition = max(lastPosition ?? span.knownFrom, span.knownFrom)
        if !states.contains(span.state) { states.append(span.state) }
    }

    /// `order-priority-20261121T090000Z-1a2b3c4d5e6f.jsonl.gz`: what is no letter, digit, point or dash of the scheme becomes `_`, and the digest of the lines
    /// tells apart what would be called alike.
    mutating func giveName() {
        func isPlain(_ character: Character) -> Bool { character.isASCII && (character.isLetter || character.isNumber || character == "." || character == "-") }
        let stem = String(scheme.map { isPlain($0) ? $0 : "_" }.prefix(80))
        let time = before.description.filter { $0 != "-" && $0 != ":" }
        name = "\(stem.hasPrefix(".") ? "_" : "")\(stem)-\(time)-\(content.hex.prefix(12))\(Self.ending)"
    }

    /// The manifest as it is written.
    package var text: String {
        func text(_ text: String?) -> Value { text.map { .string($0) } ?? .null }
        func number(_ number: Int?) -> Value { number.map { .integer($0) } ?? .null }
        return JSONText.write(pretty: .context(ContextValue([
            ("history", .string(name)), ("scheme", .string(scheme)), ("before", .string(before.description)), ("rows", .integer(rows)),
            ("clients", .list(clients.map { .string($0) })), ("firstEntity", text(firstEntity?.description)), ("lastEntity", text(lastEntity?.description)),
            ("firstFrom", text(firstFrom?.description)), ("lastFrom", text(lastFrom?.description)), ("firstPosition", number(firstPosition)),
            ("lastPosition", number(lastPosition)), ("states", .list(states.map { .string($0) })),
            ("columns", .list(HistoryText.columns.map { .string($0) })),
            ("content", .context(ContextValue([("sha256", .string(content.hex)), ("bytes", .integer(contentBytes))]))),
            ("packed", .context(ContextValue([("form", .string("gzip")), ("sha256", .string(packed.hex)), ("bytes", .integer(packedBytes))]))),
        ]))) + "\n"
    }

    package var digest: ContentDigest { ContentDigest(ofText: text) }

    /// Reads ``text`` back; nil where it is another thing.
    package init?(_ text: String) {
        let parsed: Value
        do { parsed = try JSONText.parse(text) } catch { return nil }
        guard case .context(let fields) = parsed, case .string(let name)? = fields["history"], case .string(let scheme)? = fields["scheme"],
            case .string(let before)? = fields["before"], let before = Instant(before), let rows = Self.number(fields["rows"]),
            let content = Self.file(fields["content"]), let packed = Self.file(fields["packed"])
        else { return nil }
        self.init(scheme: scheme, before: before)
        self.name = name
        self.rows = rows
        (self.content, contentBytes) = content
        (self.packed, packedBytes) = packed
        clients = Self.texts(fields["clients"])
        states = Self.texts(fields["states"])
        firstEntity = fields["firstEntity"].flatMap { EntityKey($0.text) }
        lastEntity = fields["lastEntity"].flatMap { EntityKey($0.text) }
        firstFrom = fields["firstFrom"].flatMap { Instant($0.text) }
        lastFrom = fields["lastFrom"].flatMap { Instant($0.text) }
        firstPosition = Self.number(fields["firstPosition"])
        lastPosition = Self.number(fields["lastPosition"])
    }

    private static func number(_ value: Value?) -> Int? {
        if case .number(let number)? = value { number.coefficient64.map { Int($0) } } else { nil }
    }

    private static func texts(_ value: Value?) -> [String] {
        if case .list(let items)? = value { items.map(\.text) } else { [] }
    }

    private static func file(_ value: Value?) -> (ContentDigest, Int)? {
        guard case .context(let fields)? = value, let digest = fields["sha256"].flatMap({ ContentDigest(hex: $0.text) }), let bytes = number(fields["bytes"])
        else { return nil }
        return (digest, bytes)
    }
}
