package import Diagnostics
import Values

extension ConfigurationShape {
    /// Every way in which a node differs from the shape, in the order of the file. Empty: the node can be read with the
    /// total accessors.
    package func check(_ node: ConfigurationNode) -> [Diagnostic] {
        switch self {
        case .text, .checkedText, .integer, .decimal, .flag, .duration, .instant, .choice: return checkScalar(node)
        case .list(let item):
            guard case .sequence(let items) = node.kind else { return [wrongKind(node)] }
            return items.flatMap { item.check($0) }
        case .map(let value):
            guard case .mapping(let entries) = node.kind else { return [wrongKind(node)] }
            return entries.flatMap { value.check($0.value) }
        case .record(let keys):
            guard case .mapping(let entries) = node.kind else { return [wrongKind(node)] }
            return checkRecord(node, entries, keys)
        case .either(let shapes):
            guard let shape = shapes.first(where: { $0.accepts(node) }) else { return [wrongKind(node)] }
            return shape.check(node)
        case .lazy(_, let make): return make().check(node)
        }
    }

    private func checkRecord(_ node: ConfigurationNode, _ entries: [ConfigurationEntry], _ keys: [ConfigurationKey]) -> [Diagnostic] {
        var findings: [Diagnostic] = []
        for key in keys where key.isRequired && node[key.name] == nil {
            findings.append(node.diagnostic(.configurationMissing, "key \(key.name) is missing", hint: "\(key.name): \(key.summary)"))
        }
        for entry in entries {
            if let key = keys.first(where: { $0.name == entry.name }) {
                findings += key.shape.check(entry.value)
            } else {
                let nearest = NearestName.of(entry.name, in: keys.map(\.name))
                findings.append(entry.key.diagnostic(
                    .configurationKey, "key \(entry.name) is not known here",
                    hint: nearest.map { "did you mean \($0)?" } ?? "known are \(keys.map(\.name).joined(separator: ", "))"))
            }
        }
        return findings
    }

    private func checkScalar(_ node: ConfigurationNode) -> [Diagnostic] {
        guard case .scalar(let text, _) = node.kind else { return [wrongKind(node)] }
        func refuse(_ code: DiagnosticCode, _ fact: String, _ hint: String? = nil) -> [Diagnostic] {
            [node.diagnostic(code, fact, hint: hint)]
        }
        if text.isEmpty, case .text = self { return refuse(.configurationValue, "the value is empty", "write a value, or remove the key") }
        switch self {
        case .checkedText(_, let check):
            return check(text).map { refuse(.configurationValue, $0) } ?? []
        case .integer(let range):
            guard let number = Int(text) else { return refuse(.configurationType, "\(quoted(text)) is no whole number") }
            return range.contains(number) ? [] : refuse(.configurationValue, "\(number) is not in \(range.lowerBound) to \(range.upperBound)")
        case .decimal where ExactDecimal(text) == nil:
            return refuse(.configurationType, "\(quoted(text)) is no number")
        case .flag where text != "true" && text != "false":
            return refuse(.configurationType, "\(quoted(text)) is neither true nor false")
        case .duration where ConfigurationValue.duration(text) == nil:
            return refuse(.configurationType, "\(quoted(text)) is no duration", "write 5s, 10m, 2h, 1d or ISO 8601 such as PT5S")
        case .instant where Instant(text) == nil:
            return refuse(.configurationType, "\(quoted(text)) is no instant", "write it with its zone, such as 2026-11-21T09:38:42Z")
        case .choice(let allowed) where !allowed.contains(text):
            let nearest = NearestName.of(text, in: allowed).map { "did you mean \($0)? " } ?? ""
            return refuse(.configurationValue, "\(quoted(text)) is not allowed here", nearest + "allowed are \(allowed.joined(separator: ", "))")
        default: return []
        }
    }

    private func quoted(_ text: String) -> String { "\"\(text.prefix(60))\"" }

    private func wrongKind(_ node: ConfigurationNode) -> Diagnostic {
        node.diagnostic(.configurationType, "\(expectedKind) is expected, and there is \(node.kindName)")
    }

    private var expectedKind: String {
        switch self {
        case .list: "a list"
        case .map, .record: "a mapping"
        case .either(let shapes): shapes.map(\.expectedKind).joined(separator: " or ")
        case .lazy(_, let make): make().expectedKind
        default: "text"
        }
    }

    private func accepts(_ node: ConfigurationNode) -> Bool {
        switch (self, node.kind) {
        case (.list, .sequence), (.map, .mapping), (.record, .mapping): true
        case (.list, _), (.map, _), (.record, _): false
        case (.either(let shapes), _): shapes.contains { $0.accepts(node) }
        case (.lazy(_, let make), _): make().accepts(node)
        case (_, .scalar): true
        default: false
        }
    }
}

/// The nearest of some names, for suggestions.
package enum NearestName {
    /// The name at the least edit distance, if that is at most a third of its length (and at least 1), else nil.
    package static func of(_ name: String, in names: some Sequence<String>) -> String? {
        var best: (name: String, distance: Int)?
        for candidate in names {
            let distance = editDistance(Array(name.lowercased().utf8), Array(candidate.lowercased().utf8))
            if distance <= max(1, candidate.utf8.count / 3), best.map({ distance < $0.distance }) ?? true {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
    private static func editDistance(_ a: [UInt8], _ b: [UInt8]) -> Int {
        guard a.count <= 100, b.count <= 100 else { return .max }
        var rows = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in 0...a.count { rows[i][0] = i }
        for j in 0...b.count { rows[0][j] = j }
        for i in stride(from: 1, through: a.count, by: 1) {
            for j in stride(from: 1, through: b.count, by: 1) {
                let cost = a[i - 1] == b[j - 1] ? 0 : 1
                rows[i][j] = min(rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + cost)
                if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
                    rows[i][j] = min(rows[i][j], rows[i - 2][j - 2] + 1)
                }
            }
        }
        return rows[a.count][b.count]
    }
}
