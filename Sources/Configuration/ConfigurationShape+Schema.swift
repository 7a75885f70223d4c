package import Values

extension ConfigurationShape {
    /// The shape as a JSON Schema (draft 2020-12), for editors that complete and check.
    package func jsonSchema(title: String) -> Value {
        guard case .context(let body) = schema else { return schema }
        return .context(ContextValue(
            [("$schema", .string("https://json-schema.org/draft/2020-12/schema")), ("title", .string(title))]
                + body.entries.map { ($0.name, $0.value) }))
    }

    private var schema: Value {
        func object(_ entries: [(String, Value)]) -> Value { .context(ContextValue(entries)) }
        switch self {
        case .text: return object([("type", .list([.string("string"), .string("number"), .string("boolean")]))])
        case .checkedText(let summary, _): return object([("type", .string("string")), ("description", .string(summary))])
        case .integer(let range):
            return object([
                ("type", .string("integer")), ("minimum", .number(ExactDecimal(range.lowerBound))),
                ("maximum", .number(ExactDecimal(range.upperBound))),
            ])
        case .decimal: return object([("type", .string("number"))])
        case .flag: return object([("type", .string("boolean"))])
        case .duration: return object([("type", .string("string")), ("pattern", .string("^([0-9]+[smhd]|-?P.+)$"))])
        case .instant: return object([("type", .string("string")), ("format", .string("date-time"))])
        case .choice(let allowed): return object([("enum", .list(allowed.map(Value.string)))])
        case .list(let item): return object([("type", .string("array")), ("items", item.schema)])
        case .map(let value): return object([("type", .string("object")), ("additionalProperties", value.schema)])
        case .record(let keys):
            return object([
                ("type", .string("object")), ("additionalProperties", .boolean(false)),
                ("required", .list(keys.filter(\.isRequired).map { .string($0.name) })),
                ("properties", object(keys.map { key in
                    guard case .context(let inner) = key.shape.schema else { return (key.name, key.shape.schema) }
                    return (key.name, object(
                        inner.entries.map { ($0.name, $0.value) }.filter { $0.0 != "description" } + [("description", .string(key.summary))]))
                })),
            ])
        case .either(let shapes): return object([("anyOf", .list(shapes.map(\.schema)))])
        case .lazy(let name, _): return object([("description", .string(name))])
        }
    }

    /// The keys of a record as a Markdown list, nested records indented below their key.
    package func documentation(depth: Int = 0) -> String {
        guard depth < 6 else { return "" }
        switch self {
        case .record(let keys):
            return keys.map { key in
                let mark = key.isRequired ? "required" : key.fallback.map { "default \($0)" } ?? "optional"
                return String(repeating: "  ", count: depth) + "- `\(key.name)` (\(mark)): \(key.summary)\n"
                    + key.shape.documentation(depth: depth + 1)
            }.joined()
        case .list(let inner), .map(let inner): return inner.documentation(depth: depth)
        case .either(let shapes): return shapes.map { $0.documentation(depth: depth) }.joined()
        default: return ""
        }
    }
}
