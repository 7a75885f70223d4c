import Diagnostics
package import Records
package import Store
package import Values

/// What is held of one subject.
package struct SubjectHoldings: Sendable {
    /// Records of one kind, of whatever load and version.
    package struct Records: Sendable, Hashable {
        package let kind: RecordKind
        package var count = 0
        /// Personal values that can be read; those of them that are not sealed; and those that can be read no more or were never kept.
        package var readable = 0
        package var plain = 0
        package var closed = 0
    }

    /// An effect that holds personal values of the subject.
    package struct Held: Sendable, Hashable {
        package let id: String
        package let target: String
        package let status: String
        package let isSealed: Bool
        /// The action file, where it still lies in its target's folder.
        package let lyingAt: String?

        package var isSettled: Bool { status == "delivered" || status == "dead" }
    }

    /// A file whose original may hold the subject's bytes.
    package struct Original: Sendable, Hashable {
        package let file: Int64
        package let feed: String
        package let name: String
        package let digest: String
        package let status: LedgerFile.Status
        /// Where its bytes lie, from the site's root.
        package let paths: [String]
        /// Position of the log entry by which it was shredded.
        package let shredded: Int?
        /// Whether it is known by its text alone, and not by records that it brought.
        package let isByText: Bool
    }

    package let subject: PersonalSubject
    package let keys: [PersonalKey]
    /// Whether the key of the latest is in the file of keys.
    package let hasKey: Bool
    package let records: [Records]
    package let effects: [Held]
    package let originals: [Original]
    package let hold: RetentionPolicy.Hold?

    package var isNothing: Bool { keys.isEmpty && records.isEmpty }
    package var blocking: [Held] { effects.filter { !$0.isSettled } }
    package var originalsLeft: [Original] { originals.filter { $0.shredded == nil } }

    package var keyState: String {
        guard let latest = keys.last else { return "no key: nothing personal came" }
        if let shredded = latest.shredded {
            return "shredded at log position \(shredded)" + (latest.admitted.map { "; since log position \($0) it may have a new key" } ?? "; personal values that come are not kept")
        }
        return hasKey ? "key \(latest.id)" : "key \(latest.id) is missing"
    }

    package var text: String {
        var lines = ["\(subject.told): \(keyState)"]
        for item in records {
            let parts = [
                item.readable > 0 ? "\(item.readable) personal values\(item.plain > 0 ? ", \(item.plain) of them from before they were sealed" : "")" : nil,
                item.closed > 0 ? "\(item.closed) shredded" : nil,
            ].compactMap(\.self)
            lines.append("  \(item.kind.rawValue): \(item.count) records" + (parts.isEmpty ? "" : ", \(parts.joined(separator: ", "))"))
        }
        for effect in effects {
            let left = effect.lyingAt.map { "; still at \($0)" } ?? ""
            lines.append("  effect \(effect.id.prefix(16)) to \(effect.target): \(effect.status), \(effect.isSealed ? "sealed" : "not sealed")\(left)")
        }
        for original in originals {
            let place = original.shredded.map { "shredded at log position \($0)" } ?? (original.paths.isEmpty ? "is nowhere any more" : original.paths.map { LineText.name($0) }.joined(separator: ", "))
            lines.append("  original \(original.file) \(LineText.name("\(original.feed)/\(original.name)")): \(place)\(original.isByText ? "; its text names the subject" : "")")
        }
        if let hold { lines.append("  held by \(hold.owner): \(hold.reason)\(hold.ticket.map { " (\($0))" } ?? "")") }
        return lines.joined(separator: "\n")
    }

    package var value: Value {
        .context(ContextValue([
            ("subject", .string(subject.description)), ("key", .string(keyState)),
            ("records", .list(records.map {
                .context(ContextValue([
                    ("kind", .string($0.kind.rawValue)), ("count", .integer($0.count)), ("readable", .integer($0.readable)), ("plain", .integer($0.plain)),
                    ("shredded", .integer($0.closed)),
                ]))
            })),
            ("effects", .list(effects.map {
                .context(ContextValue([
                    ("effect", .string($0.id)), ("target", .string($0.target)), ("status", .string($0.status)), ("sealed", .boolean($0.isSealed)),
                    ("file", $0.lyingAt.map { .string($0) } ?? .null),
                ]))
            })),
            ("originals", .list(originals.map {
                .context(ContextValue([
                    ("file", .integer(Int($0.file))), ("feed", .string($0.feed)), ("name", .string($0.name)), ("sha256", .string($0.digest)),
                    ("paths", .list($0.paths.map { .string($0) })), ("shredded", $0.shredded.map { .integer($0) } ?? .null), ("byText", .boolean($0.isByText)),
                ]))
            })),
            ("held", hold.map { .string($0.reason) } ?? .null),
        ]))
    }
}
