/// The type of a value, with FEEL's names.
package indirect enum ValueType: Hashable, Sendable, CustomStringConvertible {
    case any
    case null
    case boolean
    case number
    case string
    case date
    case time
    case dateTime
    case dayTimeDuration
    case yearMonthDuration
    case list(ValueType)
    case context([String: ValueType])
    case range(ValueType)
    case function(parameters: [ValueType], result: ValueType)

    /// The types that have a plain name.
    private static let named: [(name: String, type: ValueType)] = [
        ("Any", .any), ("Null", .null), ("boolean", .boolean), ("number", .number), ("string", .string),
        ("date", .date), ("time", .time), ("date and time", .dateTime),
        ("days and time duration", .dayTimeDuration), ("years and months duration", .yearMonthDuration),
    ]

    /// Plain names that ``init(name:)`` reads, besides `list<...>` and `range<...>`.
    package static var plainNames: [String] { named.map(\.name) }

    /// Reads a plain name, `list<number>` or `range<date>`; `dateTime` is read as `date and time`. Nil for other text.
    package init?(name: String) {
        if let known = Self.named.first(where: { $0.name == name }) {
            self = known.type
        } else if name == "dateTime" {
            self = .dateTime
        } else if name.hasPrefix("list<"), name.hasSuffix(">"), let element = ValueType(name: Self.inner(name, 5)) {
            self = .list(element)
        } else if name.hasPrefix("range<"), name.hasSuffix(">"), let element = ValueType(name: Self.inner(name, 6)) {
            self = .range(element)
        } else {
            return nil
        }
    }

    private static func inner(_ name: String, _ prefix: Int) -> String { String(name.dropFirst(prefix).dropLast()) }

    package var description: String {
        switch self {
        case .list(let element): "list<\(element)>"
        case .range(let element): "range<\(element)>"
        case .function(let parameters, let result): "function<\(parameters.map(\.description).joined(separator: ", "))> -> \(result)"
        case .context(let fields):
            "context<" + fields.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ") + ">"
        default: Self.named.first { $0.type == self }?.name ?? "Any"
        }
    }
}
