import Values

extension Parser {
    /// What is known of a node's type from its parts: enough to know the names inside it. The compiler works out the full type.
    func shape(of kind: SyntaxKind) -> ValueType {
        switch kind {
        case .name(let name): return scope.shape(of: name) ?? .any
        case .list(let items): return .list(items.first?.shape ?? .any)
        case .context(let entries):
            return .context(Dictionary(entries.map { ($0.name, $0.value.shape) }, uniquingKeysWith: { first, _ in first }))
        case .path(let inner, let member, _):
            switch inner.shape {
            case .context(let fields): return fields[member] ?? .any
            case .list(.context(let fields)): return .list(fields[member] ?? .any)
            default: return .any
            }
        case .filter(let inner, let condition):
            guard case .list(let element) = inner.shape else { return inner.shape }
            if case .constant(.number) = condition.kind { return element }
            return inner.shape
        case .conditional(_, let yes, let no): return yes.shape == .any || yes.shape == .null ? no.shape : yes.shape
        case .loop(_, let body): return .list(body.shape)
        case .function(let parameters, let body): return .function(parameters: parameters.map(\.type), result: body.shape)
        case .call(let name, _, _):
            guard case .function(_, let result)? = scope.shape(of: name) else { return .any }
            return result
        case .invocation(let callee, _):
            guard case .function(_, let result) = callee.shape else { return .any }
            return result
        default: return .any
        }
    }
}
