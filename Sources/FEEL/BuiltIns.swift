import Values

/// The built-in functions of DMN 1.5, section 10.3.4, but for those that run code from outside.
///
/// Beyond the standard: `trim`, `coalesce`, `is defined`, `round half even`.
enum BuiltIns {
    static let table: [String: BuiltIn] = Dictionary(
        uniqueKeysWithValues: (strings + patterns + conversions + lists + aggregates + numbers + temporals + contexts + ranges).map { ($0.name, $0) })

    static func function(_ name: String, _ parameters: [Parameter], _ result: ValueType, _ body: @escaping BuiltInForm.Body) -> BuiltIn {
        BuiltIn(name: name, forms: [BuiltInForm(parameters, result, body)])
    }

    /// The element type of a list type.
    static func element(_ type: ValueType) -> ValueType {
        if case .list(let element) = type { return element }
        return type == .null ? .any : type
    }

    /// A list type of the same elements.
    static func sameList(_ types: [ValueType]) -> ValueType { .list(element(types[0])) }
}
