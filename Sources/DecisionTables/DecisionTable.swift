package import Diagnostics
package import FEEL
package import Values

/// A decision table as it was written: texts with their places, nothing compiled.
package struct DecisionTable: Hashable, Sendable {
    package var identity: TableIdentity
    /// What the whole output is called, where a DMN model says so; it takes no part in the answer.
    package var outputLabel: String?
    package var hitPolicy: HitPolicy
    /// Each input's text is an expression over the layout that the table is compiled against, most often one name.
    package var inputs: [TableColumn]
    /// Each output's text is its name.
    package var outputs: [TableColumn]
    /// Columns of remarks, which take no part in the answer.
    package var annotations: [TableColumn]
    package var rules: [TableRule]

    /// Most rules of one table, and most columns of all three kinds together.
    package static let rulesMax = 20_000, columnsMax = 200

    package init(
        hitPolicy: HitPolicy, inputs: [TableColumn], outputs: [TableColumn], annotations: [TableColumn] = [],
        rules: [TableRule], identity: TableIdentity = TableIdentity(), outputLabel: String? = nil
    ) {
        self.identity = identity
        self.outputLabel = outputLabel
        self.hitPolicy = hitPolicy
        self.inputs = inputs
        self.outputs = outputs
        self.annotations = annotations
        self.rules = rules
    }
}

/// What an element of a DMN model is called beside what it does (DMN 1.5 section 6.3.1); all of it is kept and none of it is
/// evaluated.
package struct TableIdentity: Hashable, Sendable {
    package var id: String?
    package var label: String?
    package var description: String?

    package init(id: String? = nil, label: String? = nil, description: String? = nil) {
        self.id = id
        self.label = label
        self.description = description
    }

    var isEmpty: Bool { id == nil && label == nil && description == nil }
}

/// A column: an input, an output or an annotation.
package struct TableColumn: Hashable, Sendable {
    package var identity: TableIdentity
    /// The expression of an input, the name of an output or annotation; without a declared type. The name of an annotation
    /// may be empty, and that of an output that stands alone.
    package var header: TableCell
    /// The type that the header declares (`name : number`), or nil.
    package var type: ValueType?
    /// The name of the type in a DMN model, where it is one of the model's own.
    package var typeName: String?
    /// Unary tests over constants that every value of the column passes, or nil where there is no limit. Those of an output
    /// are in order: PRIORITY and OUTPUT ORDER put the first one first.
    package var values: TableCell?
    /// What an output gives where no rule matches, or nil for null.
    package var defaultEntry: TableCell?

    package init(
        header: TableCell, type: ValueType? = nil, typeName: String? = nil, values: TableCell? = nil,
        defaultEntry: TableCell? = nil, identity: TableIdentity = TableIdentity()
    ) {
        self.identity = identity
        self.header = header
        self.type = type
        self.typeName = typeName
        self.values = values
        self.defaultEntry = defaultEntry
    }
}

/// One row below the header. Rules are numbered from 1, from the top.
package struct TableRule: Hashable, Sendable {
    package var identity: TableIdentity
    /// Unary tests, one an input column.
    package var inputs: [TableCell]
    /// Expressions, one an output column.
    package var outputs: [TableCell]
    /// Plain text, one an annotation column.
    package var annotations: [TableCell]

    package init(
        inputs: [TableCell], outputs: [TableCell], annotations: [TableCell] = [], identity: TableIdentity = TableIdentity()
    ) {
        self.identity = identity
        self.inputs = inputs
        self.outputs = outputs
        self.annotations = annotations
    }
}

/// The text of one cell and where it stands.
package struct TableCell: Hashable, Sendable {
    /// Without the blanks around it, with `\|` read as `|`.
    package var text: String
    /// Of the first character of `text`.
    package var origin: TextOrigin
    /// Byte offsets in `text` of bars that were written as `\|`, each of which takes one byte more in the file.
    package var escapedBars: [Int]
    /// The id of the entry in a DMN model.
    package var id: String?

    package init(_ text: String, at origin: TextOrigin = TextOrigin(), escapedBars: [Int] = [], id: String? = nil) {
        self.id = id
        self.text = text
        self.origin = origin
        self.escapedBars = escapedBars
    }

    package var position: SourcePosition {
        SourcePosition(file: origin.file, line: origin.line, column: origin.column, place: origin.place)
    }

    /// A finding about this cell's text with the column that the file has, where bars before it were escaped.
    func relocated(_ diagnostic: Diagnostic) -> Diagnostic {
        guard !escapedBars.isEmpty, let column = diagnostic.position.column else { return diagnostic }
        var moved = diagnostic
        let offset = column - origin.column
        moved.position.column = column + escapedBars.filter { $0 < offset }.count
        return moved
    }
}
