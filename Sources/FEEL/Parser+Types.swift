import Diagnostics
import Values

extension Parser {
    static let plainTypes: [String: ValueType] = [
        "Any": .any, "Null": .null, "null": .null, "boolean": .boolean, "number": .number, "string": .string, "date": .date,
        "time": .time, "date and time": .dateTime, "dateTime": .dateTime, "days and time duration": .dayTimeDuration,
        "dayTimeDuration": .dayTimeDuration, "years and months duration": .yearMonthDuration,
        "yearMonthDuration": .yearMonthDuration, "list": .list(.any), "context": .context([:]), "range": .range(.any),
        "function": .function(parameters: [], result: .any),
    ]
    static let plainTypeNames = NameTrie(plainTypes.keys)

    /// A type such as `date and time`, `list<number>`, `context<a: string>` or `function<number> -> string`, with its text
    /// (DMN 1.5, rule 52). A name that a model gives goes before the plain ones.
    mutating func typeReference() throws(SyntaxFault) -> (type: ValueType, name: String) {
        try descend()
        defer { ascend() }
        let start = CharacterClass.skipSpace(lexer.bytes, offset)
        guard let match = typeNames.longest(in: lexer.bytes, at: start), let type = types[match.name] ?? Self.plainTypes[match.name] else {
            let lexeme = lexer.declaredName(at: offset)
            let names = Array(types.keys) + Array(Self.plainTypes.keys)
            let hint = NameSuggestion.nearest(to: lexer.text(lexeme.range), among: names).map { "did you mean \($0)?" }
            throw SyntaxFault(.feelSyntax, "\(lexer.text(lexeme.range)) is no type", lexeme.range, hint: hint)
        }
        offset = match.end
        let full = types[match.name] == nil ? try withArguments(type, at: start) : type
        return (full, lexer.text(start..<offset))
    }

    /// What stands in angle brackets after a plain type.
    private mutating func withArguments(_ type: ValueType, at start: Int) throws(SyntaxFault) -> ValueType {
        switch type {
        case .list where take(.less):
            let element = try typeReference().type
            try expect(.greater, "after the element type")
            return .list(element)
        case .range where take(.less):
            let element = try typeReference().type
            try expect(.greater, "after the range's type")
            return .range(element)
        case .context where take(.less):
            var fields: [String: ValueType] = [:]
            if take(.greater) { return .context(fields) }
            repeat {
                let name = try declaredName()
                try expect(.colon, "after the name of an entry")
                fields[name] = try typeReference().type
            } while take(.comma)
            try expect(.greater, "after the entries")
            return .context(fields)
        case .function:
            var parameters: [ValueType] = []
            try expect(.less, "after function")
            if !take(.greater) {
                repeat { parameters.append(try typeReference().type) } while take(.comma)
                try expect(.greater, "after the types of the parameters")
            }
            try expect(.arrow, "before the type of the result")
            return .function(parameters: parameters, result: try typeReference().type)
        default: return type
        }
    }
}
