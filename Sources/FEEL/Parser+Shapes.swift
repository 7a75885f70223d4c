import Values

extension Parser {
    /// What is known of a value's type while parsing: enough to know the names inside it. The compiler works out the full type.
    func shape(of node: SyntaxNode) -> ValueType {
        switch node.kind {
        case .name(let name): return scope.shape(of: name) ?? .any
        case .list(let items): return .list(items.first.map(shape(of:)) ?? .any)
        case .context(let entries):
            return .context(Dictionary(entries.map { ($0.name, shape(of: $0.value)) }, uniquingKeysWith: { first, _ in first }))
        case .path(let inner, let member, _):
            switch shape(of: inner) {
            case .context(let fields): return fields[member] ?? .any
            case .list(.context(let fields)): return .list(fields[member] ?? .any)
            default: return .any
            }
        case .filter(let inner, let condition):
            let type = shape(of: inner)
            guard case .list(let element) = type else { return type }
            if case .constant(.number) = condition.kind { return element }
            return type
        case .conditional(_, let yes, let no):
            let type = shape(of: yes)
            return type == .any || type == .null ? shape(of: no) : type
        case .loop(_, let body): return .list(shape(of: body))
        default: return .any
        }
    }
}
