import DecisionTables
import Values

/// Writes the YAML of a table: keys in the order that they are given in, what is nil left out.
struct YAMLLines {
    private(set) var text = ""

    mutating func open(_ key: String) { text += "\(key):\n" }

    mutating func add(_ key: String, _ value: String?, depth: Int = 0) {
        if let value { text += "\(String(repeating: "  ", count: depth))\(key): \(Self.scalar(value))\n" }
    }

    mutating func add(identity: TableIdentity) {
        add("id", identity.id)
        add("label", identity.label)
        add("description", identity.description)
    }

    mutating func block(_ key: String, _ lines: [String]) {
        text += "\(key): |\n"
        for line in lines { text += "  \(line)\n" }
    }

    /// An item of a list that is a mapping.
    mutating func item(_ pairs: [(String, String?)], lists: [(String, [String]?)] = []) {
        var written = pairs.compactMap { key, value in value.map { "\(key): \(Self.scalar($0))" } }
        written += lists.compactMap { key, values in values.map { "\(key): [\($0.map(Self.scalar).joined(separator: ", "))]" } }
        text += written.isEmpty ? "  - {}\n" : "  - \(written.joined(separator: "\n    "))\n"
    }

    /// Plain where it is letters, digits, blanks and few signs; else in quotes, with escapes for what is not seen.
    static func scalar(_ value: String) -> String {
        let isPlain = value.unicodeScalars.first.map { $0.isASCII && $0.properties.isAlphabetic } ?? false
            && value.last != " " && value.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == " " || scalar == "_" || scalar == "-")
            }
        if isPlain { return value }
        var quoted = "\""
        for scalar in value.unicodeScalars {
            if CellText.isUnseen(scalar) {
                quoted += CellText.escape(scalar)
            } else {
                if scalar == "\"" || scalar == "\\" { quoted += "\\" }
                quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }
}
