import Values

extension BuiltIns {
    static var conversions: [BuiltIn] {
        [
            function("string", [.any("from")], .string) { given, _ throws(Refusal) in .string(FEELText.string(given[0])) },
            BuiltIn(
                name: "number",
                forms: [
                    BuiltInForm([.any("from")], .number) { given, _ throws(Refusal) in
                        switch given[0] {
                        case .number: return given[0]
                        case .string(let text): return try number(text)
                        default: throw .type("from is a \(given[0].typeName); expected string")
                        }
                    },
                    BuiltInForm(
                        [.string("from"), .nullable("grouping separator"), .nullable("decimal separator")], .number
                    ) { given, _ throws(Refusal) in
                        try number(given.string(0), grouping: given[1], decimal: given[2])
                    },
                ]),
            BuiltIn(
                name: "not",
                forms: [
                    BuiltInForm([.boolean("negand")], .boolean) { given, _ throws(Refusal) in .boolean(given[0] == .boolean(false)) }
                ]),
            BuiltIn(
                name: "is defined",
                forms: [BuiltInForm([.any("value")], .boolean, takesNull: true) { given, _ throws(Refusal) in .boolean(given[0] != .null) }]),
            BuiltIn(
                name: "coalesce",
                forms: [
                    BuiltInForm(
                        [.any("value")], isVariadic: true, takesNull: true,
                        result: { types in types.dropFirst().reduce(types[0]) { Compiler.joined($0, $1) } }
                    ) { given, _ throws(Refusal) in given.values.first { $0 != .null } ?? .null }
                ]),
            BuiltIn(
                name: "is",
                forms: [
                    // An argument that is left out is null, so that the answer is false (the compatibility kit's 0103).
                    identity([.any("value1"), .any("value2").optional]), identity([.any("value1").optional, .any("value2")]),
                ]),
        ]
    }

    /// Whether two values are the same element: of one kind, and temporals with the same clock, offset and zone (DMN 1.5, 10.3.4.9).
    private static func identity(_ parameters: [Parameter]) -> BuiltInForm {
        BuiltInForm(parameters, .boolean, takesNull: true) { given, _ throws(Refusal) in .boolean(given[0] == given[1]) }
    }

    private static func number(_ text: String) throws(Refusal) -> Value {
        guard let number = ExactDecimal(text) else { throw .value("the text is no number") }
        return .number(number)
    }

    private static func number(_ text: String, grouping: Value, decimal: Value) throws(Refusal) -> Value {
        let group = try separator(grouping, [" ", ".", ","], "grouping separator")
        let point = try separator(decimal, [".", ","], "decimal separator")
        if let group, group == point { throw .value("the grouping and the decimal separator are the same") }
        var plain = text
        if let group {
            // The digits after the point are not grouped.
            let mark: Character? = point ?? (group == "." ? nil : ".")
            let fraction = mark.flatMap { plain.lastIndex(of: $0) } ?? plain.endIndex
            if plain[fraction...].contains(group) { throw .value("the text is no number with this grouping separator") }
            plain = String(plain.filter { $0 != group })
        }
        if point == "," {
            if plain.contains(".") { throw .value("the text has a point, and the decimal separator is a comma") }
            plain = String(plain.map { $0 == "," ? "." : $0 })
        }
        return try number(plain)
    }

    private static func separator(_ value: Value, _ allowed: [Character], _ name: String) throws(Refusal) -> Character? {
        if value == .null { return nil }
        guard case .string(let text) = value, text.count == 1, let character = text.first, allowed.contains(character) else {
            throw .value("\(name) is one of \(allowed.map { "\"\($0)\"" }.joined(separator: ", ")), or null")
        }
        return character
    }
}

/// Values as FEEL text.
enum FEELText {
    /// What `string()` gives: a string as it is, the rest as literals.
    static func string(_ value: Value) -> String {
        if case .string(let text) = value { return text }
        return literal(value)
    }

    /// The value as it would be written in an expression, without the `@` of temporals.
    static func literal(_ value: Value) -> String {
        switch value {
        case .null: "null"
        case .string(let text): JSONText.quote(text)
        case .list(let items): "[" + items.map(literal).joined(separator: ", ") + "]"
        case .context(let context): "{" + context.entries.map { "\(key($0.name)): \(literal($0.value))" }.joined(separator: ", ") + "}"
        case .range(let range):
            (range.includesLower ? "[" : "(") + literal(range.lower ?? .null) + ".." + literal(range.upper ?? .null)
                + (range.includesUpper ? "]" : ")")
        default: value.text
        }
    }

    private static func key(_ name: String) -> String {
        let bytes = Array(name.utf8)
        let isPlain = !bytes.isEmpty && CharacterClass.isNameStart(bytes[0]) && bytes.allSatisfy { CharacterClass.isNamePart($0) || $0 == 0x20 }
        return isPlain ? name : JSONText.quote(name)
    }
}
