import Values

extension BuiltIns {
    static var contexts: [BuiltIn] {
        [
            function("get value", [.context("m"), .any("key")], .any) { given, _ throws(Refusal) in
                switch given[1] {
                case .string(let key): return given.context(0)[key] ?? .null
                case .list(let keys):
                    var value = given[0]
                    for key in keys {
                        guard case .string(let name) = key, case .context(let context) = value else { return .null }
                        value = context[name] ?? .null
                    }
                    return value
                default: throw .type("key is a \(given[1].typeName); expected string")
                }
            },
            function("get entries", [.context("m")], .list(.context(["key": .string, "value": .any]))) { given, _ throws(Refusal) in
                .list(given.context(0).entries.map { .context(ContextValue([("key", .string($0.name)), ("value", $0.value)])) })
            },
            function("context", [.list("entries")], .context([:])) { given, _ throws(Refusal) in
                var entries: [(name: String, value: Value)] = []
                for item in given.list(0) {
                    guard case .context(let entry) = item, case .string(let key)? = entry["key"], let value = entry["value"] else {
                        throw .value("an entry is a context with a key and a value")
                    }
                    entries.append((key, value))
                }
                if Set(entries.map(\.name)).count < entries.count { throw .value("a key comes twice") }
                return .context(ContextValue(entries))
            },
            BuiltIn(
                name: "context put",
                forms: [
                    BuiltInForm([.context("context"), .string("key"), .nullable("value")], .context([:])) { given, _ throws(Refusal) in
                        .context(try put(given.context(0), [given[1]], given[2]))
                    },
                    BuiltInForm([.context("context"), .list("keys", of: .string), .nullable("value")], .context([:])) { given, _ throws(Refusal) in
                        .context(try put(given.context(0), given.list(1)[...], given[2]))
                    },
                ]),
            function("context merge", [.list("contexts")], .context([:])) { given, _ throws(Refusal) in
                var entries: [(name: String, value: Value)] = []
                for item in given.list(0) {
                    guard case .context(let context) = item else { throw .type("contexts has a \(item.typeName)") }
                    entries += context.entries
                }
                return .context(ContextValue(entries))
            },
        ]
    }

    /// The context with the value at the end of a path of keys; contexts on the way must be there, the last key need not.
    private static func put(_ context: ContextValue, _ keys: ArraySlice<Value>, _ value: Value) throws(Refusal) -> ContextValue {
        guard case .string(let key)? = keys.first else { throw .value("keys are strings, at least one") }
        var result = context
        if keys.count == 1 {
            result[key] = value
        } else {
            guard case .context(let inner)? = context[key] else { throw .value("there is no context \(key)") }
            result[key] = .context(try put(inner, keys.dropFirst(), value))
        }
        return result
    }
}
