import Diagnostics
import Values

extension Diagnostic {
    /// The finding as a JSON value.
    var value: Value {
        var entries: [(String, Value)] = [
            ("code", .string(code.name)), ("severity", .string(severity.rawValue)), ("fact", .string(fact)),
        ]
        if let file = position.file { entries.append(("file", .string(file))) }
        if let line = position.line { entries.append(("line", Value.integer(line))) }
        if let column = position.column { entries.append(("column", Value.integer(column))) }
        if let bytes = position.bytes {
            entries.append(("bytes", .list([Value.integer(bytes.lowerBound), Value.integer(bytes.upperBound)])))
        }
        if let place = position.whereabouts { entries.append(("at", .string(place))) }
        if let hint { entries.append(("hint", .string(hint))) }
        return .context(ContextValue(entries))
    }
}
