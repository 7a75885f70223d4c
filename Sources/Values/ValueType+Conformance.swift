extension ValueType {
    /// Whether a value of the other static type can stand where this one is asked for: the same type, null, an element-wise
    /// match, a context with at least these entries, or `any`, which only the value itself can tell.
    package func accepts(_ other: ValueType) -> Bool {
        switch (self, other) {
        case (.any, _), (_, .any), (_, .null): true
        case (.list(let element), .list(let found)), (.range(let element), .range(let found)): element.accepts(found)
        case (.context(let wanted), .context(let found)):
            wanted.allSatisfy { name, type in found[name].map { type.accepts($0) } ?? false }
        case (.function(let wanted, let result), .function(let found, let given)):
            // Parameters are contravariant, the result is covariant (DMN 1.5, 10.3.2.9.2).
            wanted.count == found.count && zip(found, wanted).allSatisfy { $0.accepts($1) } && result.accepts(given)
        default: self == other
        }
    }
}
