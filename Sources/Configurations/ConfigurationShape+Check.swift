package import Diagnostics
import Values

extension ConfigurationShape {
    /// Every way in which a node differs from the shape, in the order of the file. Empty: the node can be read with the
    /// total accessors.
    package func check(_ node: ConfigurationNode) -> [Diagnostic] {
        switch self {
        case .list(let item):
            guard case .sequence(let items) = node.kind else { return [wrongKind(node)] }
            return items.flatMap { item.check($0) }
        case .map(let value):
            guard case .mapping(let entries) = node.kind else { return [wrongKind(node)] }
            return entries.flatMap { value.check($0.value) }
        case .keyed(_, let key, let value):
            guard case .mapping(let entries) = node.kind else { return [wrongKind(node)] }
            return entries.flatMap { key.check($0.key) + value.check($0.value) }
        case .record(let keys):
            guard case .mapping(let entries) = node.kind else { return [wrongKind(node)] }
            return checkRecord(node, entries, keys)
        case .either(let shapes): return checkEither(node, shapes)
        case .lazy(_, let make): return make().check(node)
        default: return checkScalar(node)
        }
    }

    private func checkRecord(
        _ node: ConfigurationNode, _ entries: [ConfigurationEntry], _ keys: [ConfigurationKey]
    ) -> [Diagnostic] {
        let names = Set(entries.map(\.name))
        let missing = keys.filter { $0.isRequired && !names.contains($0.name) }
        var findings = missing.map { key in
            node.diagnostic(.configurationMissing, "key \(key.name) is missing", hint: "\(key.name): \(key.summary)")
        }
        for entry in entries {
            if let key = keys.first(where: { $0.name == entry.name }) {
                findings += key.shape.check(entry.value)
            } else {
                // Whoever misspelt a key most likely meant one that is not there yet.
                let absent = keys.map(\.name).filter { !names.contains($0) }
                let nearest = NearestName.of(entry.name, in: absent) ?? NearestName.of(entry.name, in: keys.map(\.name))
                findings.append(entry.key.diagnostic(
                    .configurationKey, "key \(entry.name) is not known here",
                    hint: nearest.map { "did you mean \($0)?" } ?? "known are \(keys.map(\.name).joined(separator: ", "))"))
            }
        }
        return findings
    }

    /// The shapes that the kind of node admits; of several shapes of text any may accept it.
    private func checkEither(_ node: ConfigurationNode, _ shapes: [ConfigurationShape]) -> [Diagnostic] {
        let admitted = shapes.filter { $0.accepts(node) }
        guard !node.isEmpty, let first = admitted.first else { return [wrongKind(node)] }
        guard node.scalar != nil, admitted.count > 1 else { return first.check(node) }
        let findings = admitted.map { $0.check(node) }
        if findings.contains(where: \.isEmpty) { return [] }
        let wanted = admitted.map(\.wanted).joined(separator: " or ")
        return [node.diagnostic(.configurationValue, "\(quoted(node.scalar)) is not \(wanted)", hint: findings.compactMap(\.first?.hint).first)]
    }

    private func checkScalar(_ node: ConfigurationNode) -> [Diagnostic] {
        guard let text = node.scalar, !node.isEmpty else { return [wrongKind(node)] }
        func refuse(_ code: DiagnosticCode, _ fact: String, _ hint: String? = nil) -> [Diagnostic] {
            [node.diagnostic(code, fact, hint: hint)]
        }
        func wrong(_ hint: String? = nil) -> [Diagnostic] {
            refuse(.configurationType, "\(quoted(text)) is not \(wanted)", hint)
        }
        switch self {
        case .checkedText(_, let check): return check(text).map { refuse(.configurationValue, $0) } ?? []
        case .integer(let range):
            guard let number = Int(text) else { return wrong() }
            return range.contains(number) ? [] : refuse(.configurationValue, "\(number) is not \(wanted)")
        case .duration:
            guard let duration = ConfigurationValue.duration(text) else {
                return wrong("write 5s, 10m, 2h, 1d or ISO 8601 such as PT5S")
            }
            return duration.isNegative ? refuse(.configurationValue, "the duration is negative") : []
        case .feel, .table: return text.allSatisfy(\.isWhitespace) ? refuse(.configurationValue, "the text is empty") : []
        case .decimal where ExactDecimal(text) == nil: return wrong()
        case .flag where text != "true" && text != "false": return wrong("write true or false")
        case .instant where Instant(text) == nil: return wrong("write it with its zone, such as 2026-11-21T09:38:42Z")
        case .date where CalendarDate(text) == nil: return wrong("write it as 2026-11-21")
        case .bytes where ConfigurationValue.bytes(text) == nil: return wrong("write a whole number and a unit, such as 64MiB")
        case .percent where ConfigurationValue.percent(text) == nil: return wrong("write it as 10%")
        case .choice(let allowed) where !allowed.contains(text):
            let nearest = NearestName.of(text, in: allowed).map { "did you mean \($0)? " } ?? ""
            return refuse(.configurationValue, "\(quoted(text)) is not allowed here", nearest + "allowed are \(allowed.joined(separator: ", "))")
        default: return []
        }
    }

    private func quoted(_ text: String?) -> String { "\"\((text ?? "").prefix(60))\"" }

    private func wrongKind(_ node: ConfigurationNode) -> Diagnostic {
        if node.isEmpty {
            return node.diagnostic(.configurationValue, "\(expectedKind) is expected, and there is nothing", hint: "write a value, or remove the key")
        }
        return node.diagnostic(.configurationType, "\(expectedKind) is expected, and there is \(node.kindName)")
    }

    /// The kinds of node that the shape admits, for people.
    private var expectedKind: String {
        switch self {
        case .list: return "a list"
        case .map, .keyed, .record: return "a mapping"
        case .either(let shapes):
            var kinds: [String] = []
            for shape in shapes where !kinds.contains(shape.expectedKind) { kinds.append(shape.expectedKind) }
            return kinds.joined(separator: " or ")
        case .lazy(_, let make): return make().expectedKind
        default: return "text"
        }
    }

    private func accepts(_ node: ConfigurationNode) -> Bool {
        switch (self, node.kind) {
        case (.either(let shapes), _): shapes.contains { $0.accepts(node) }
        case (.lazy(_, let make), _): make().accepts(node)
        case (.list, .sequence), (.map, .mapping), (.keyed, .mapping), (.record, .mapping): true
        case (.list, _), (.map, _), (.keyed, _), (.record, _): false
        case (_, .scalar): true
        default: false
        }
    }
}
