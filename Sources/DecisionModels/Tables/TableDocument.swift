package import DecisionTables
import FEEL
package import Values

/// One decision table by itself, as it is carried between the text form, `.dmn` and CSV: the table, and what a model says
/// around it.
package struct TableDocument: Hashable, Sendable {
    /// The name of the decision.
    package var name: String
    package var id: String?
    /// What the decision is about.
    package var about: String?
    package var modelName: String?
    package var namespace: String?
    /// What the expressions of inputs read, where it is not just the inputs themselves.
    package var fields: [TableField]
    package var table: DecisionTable

    package init(
        name: String, id: String? = nil, about: String? = nil, modelName: String? = nil, namespace: String? = nil,
        fields: [TableField] = [], table: DecisionTable
    ) {
        self.name = name
        self.id = id
        self.about = about
        self.modelName = modelName
        self.namespace = namespace
        self.fields = fields
        self.table = table
    }
}

/// A name that a table reads.
package struct TableField: Hashable, Sendable {
    package var name: String
    package var type: ValueType?
    /// The type's name, where the model has its own.
    package var typeName: String?

    package init(name: String, type: ValueType? = nil, typeName: String? = nil) {
        self.name = name
        self.type = type
        self.typeName = typeName
    }
}

/// How a table is written.
package enum TableForm: String, Sendable, CaseIterable {
    /// YAML with a pipe table.
    case text = "yaml"
    case model = "dmn"
    case csv

    /// Of a file by the end of its name, or nil.
    package init?(path: String) {
        let end = path.split(separator: ".").last.map { $0.lowercased() } ?? ""
        self.init(rawValue: end == "yml" ? "yaml" : end)
    }
}

extension TableDocument {
    /// The fields that columns read by their plain names, in the order of the columns, each once, with the columns' types.
    package var plainFields: [TableField] {
        var seen: Set<String> = []
        return table.inputs.compactMap { column in
            guard FieldName.isPlain(column.header.text), seen.insert(column.header.text).inserted else { return nil }
            return TableField(name: column.header.text, type: column.type, typeName: column.typeName)
        }
    }

    /// All fields: those of columns first.
    package var allFields: [TableField] {
        let plain = plainFields
        let known = Set(plain.map(\.name))
        return plain + fields.filter { !known.contains($0.name) }
    }
}

/// Which input is just a name.
enum FieldName {
    private static let words: Set<String> = [
        "and", "or", "in", "between", "instance", "of", "if", "then", "else", "for", "return", "some", "every", "satisfies", "not",
        "true", "false", "null", "function",
    ]

    /// Letters, digits, blanks and underscores, beginning with a letter, and no word of the language.
    static func isPlain(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, first.properties.isAlphabetic || first == "_" else { return false }
        let isName = text.unicodeScalars.allSatisfy { scalar in
            scalar == " " || scalar == "_" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
        }
        return isName && !text.split(separator: " ").contains { words.contains(String($0)) }
    }
}
