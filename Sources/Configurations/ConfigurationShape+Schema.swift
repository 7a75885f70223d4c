package import Values

extension ConfigurationShape {
    /// The shape as a JSON Schema (draft 2020-12), for editors that complete and check while typing. Editors type a plain
    /// `1.10` or `NO` as their YAML says; where text is wanted the schema lets those pass, as the check does.
    package func jsonSchema(title: String) -> Value {
        var definitions = SchemaDefinitions()
        let body = schema(&definitions)
        var entries: [(name: String, value: Value)] = [
            ("$schema", .string("https://json-schema.org/draft/2020-12/schema")), ("title", .string(title)),
        ]
        entries += body.entries
        if !definitions.entries.isEmpty { entries.append(("$defs", .context(ContextValue(definitions.entries)))) }
        return .context(ContextValue(entries))
    }

    /// The shapes with a name, each written once.
    private struct SchemaDefinitions {
        var names: Set<String> = []
        var entries: [(name: String, value: Value)] = []
    }

    private func schema(_ definitions: inout SchemaDefinitions) -> ContextValue {
        switch self {
        case .text: return object(("type", types("string", "number", "boolean", "null")))
        case .checkedText(let summary, _):
            return object(("type", types("string", "number", "boolean", "null")), ("description", .string(summary)))
        case .feel, .table: return object(("type", types("string", "number", "boolean")), ("description", .string(wanted)))
        case .integer(let range):
            var entries: [(name: String, value: Value)] = [("type", types("integer", "string")), ("pattern", .string("^[+-]?[0-9]+$"))]
            if range.lowerBound != .min { entries.append(("minimum", .integer(range.lowerBound))) }
            if range.upperBound != .max { entries.append(("maximum", .integer(range.upperBound))) }
            return ContextValue(entries)
        case .decimal:
            return object(("type", types("number", "string")), ("pattern", .string("^[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]+)?$")))
        case .flag: return object(("enum", .list([.boolean(true), .boolean(false), .string("true"), .string("false")])))
        case .duration: return object(("type", .string("string")), ("pattern", .string("^([0-9]+[smhd]|P.+)$")))
        case .instant: return object(("type", .string("string")), ("format", .string("date-time")))
        case .date: return object(("type", .string("string")), ("format", .string("date")))
        case .bytes:
            let units = ConfigurationValue.byteUnits.map(\.name).joined(separator: "|")
            return object(("type", types("string", "integer")), ("pattern", .string("^[0-9]+(\(units))?$")), ("minimum", .integer(0)))
        case .percent: return object(("type", .string("string")), ("pattern", .string("^[0-9]+(\\.[0-9]+)?%$")))
        case .choice(let allowed): return object(("enum", .list(allowed.flatMap(Self.spellings))))
        case .list(let item): return object(("type", .string("array")), ("items", .context(item.schema(&definitions))))
        case .map(let value):
            return object(("type", .string("object")), ("additionalProperties", .context(value.schema(&definitions))))
        case .keyed(_, let key, let value):
            return object(
                ("type", .string("object")), ("propertyNames", .context(key.schema(&definitions))),
                ("additionalProperties", .context(value.schema(&definitions))))
        case .record(let keys): return schema(of: keys, &definitions)
        case .either(let shapes):
            var alternatives: [Value] = []
            for shape in shapes { alternatives.append(.context(shape.schema(&definitions))) }
            return object(("anyOf", .list(alternatives)))
        case .lazy(let name, let make):
            if definitions.names.insert(name).inserted {
                let place = definitions.entries.count
                definitions.entries.append((name, .null))
                definitions.entries[place].value = .context(make().schema(&definitions))
            }
            return object(("$ref", .string("#/$defs/" + Self.pointer(name))))
        }
    }

    private func schema(of keys: [ConfigurationKey], _ definitions: inout SchemaDefinitions) -> ContextValue {
        var properties: [(name: String, value: Value)] = []
        for key in keys {
            var property = key.shape.schema(&definitions)
            property["description"] = .string(key.summary)
            if let fallback = key.fallback { property["description"] = .string("\(key.summary) (default: \(fallback))") }
            properties.append((key.name, .context(property)))
        }
        return object(
            ("type", .string("object")), ("additionalProperties", .boolean(false)),
            ("required", .list(keys.filter(\.isRequired).map { .string($0.name) })),
            ("properties", .context(ContextValue(properties))))
    }

    private func object(_ entries: (name: String, value: Value)...) -> ContextValue { ContextValue(entries) }

    private func types(_ names: String...) -> Value { .list(names.map(Value.string)) }

    /// An allowed text, and the number or boolean that an editor's YAML takes it for when it has no quotes.
    private static func spellings(_ text: String) -> [Value] {
        if text == "true" || text == "false" { return [.string(text), .boolean(text == "true")] }
        return [.string(text)] + (ExactDecimal(text).map { [.number($0)] } ?? [])
    }

    /// A name as part of a JSON pointer in a URI fragment (RFC 6901, section 6).
    private static func pointer(_ name: String) -> String {
        let escaped = name.replacing("~", with: "~0").replacing("/", with: "~1")
        return escaped.utf8.map { byte in
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
                || "-._~".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.utf8.count == 1 ? "0" : "") + digits
        }.joined()
    }
}
