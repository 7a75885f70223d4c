package import Diagnostics
package import FEEL
package import Values

/// A decision table as it was written: texts with their places, nothing compiled.
package struct DecisionTable: Hashable, Sendable {
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
        rules: [TableRule]
    ) {
        self.hitPolicy = hitPolicy
        self.inputs = inputs
        self.outputs = outputs
        self.annotations = annotations
        self.rules = rules
    }
}

/// A column's header.
package struct TableColumn: Hashable, Sendable {
    /// The expression of an input, the name of an output or annotation; without a declared type.
    package var header: TableCell
    /// The type that the header declares (`name : number`), or nil.
    package var type: ValueType?

    package init(header: TableCell, type: ValueType? = nil) {
        self.header = header
        self.type = type
    }
}

/// One row below the header. Rules are numbered from 1, from the top.
package struct TableRule: Hashable, Sendable {
    /// Unary tests, one an input column.
    package var inputs: [TableCell]
    /// Expressions, one an output column.
    package var outputs: [TableCell]
    /// Plain text, one an annotation column.
    package var annotations: [TableCell]

    package init(inputs: [TableCell], outputs: [TableCell], annotations: [TableCell] = []) {
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

    package init(_ text: String, at origin: TextOrigin, escapedBars: [Int] = []) {
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
