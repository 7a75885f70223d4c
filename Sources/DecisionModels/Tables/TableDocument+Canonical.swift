import DecisionTables
import FEEL
import Values

extension TableDocument {
    /// The document without what its file alone knows (places, line ends within cells), so that two that say the same are equal.
    package var canonical: TableDocument {
        var document = settled
        document.table.changeCells { $0 = TableCell($0.text, id: $0.id) }
        return document
    }

    /// The document as ``canonical`` has it, with the places of its cells, which findings name.
    ///
    /// An empty input cell is `-`, an empty output cell `null`, as the standard reads them. A type's name is kept only where it
    /// is the model's own, and a type only where it has a name of FEEL.
    package var settled: TableDocument {
        var document = self
        document.name = Self.line(name)
        document.about = Self.text(about)
        // What a written model has anyway is not said.
        document.modelName = modelName.map(Self.line).flatMap { $0.isEmpty || $0 == document.name ? nil : $0 }
        let ownId = TableModelWriter.decisionId(in: table)
        document.id = Self.text(id).flatMap { $0 == ownId ? nil : $0 }
        document.namespace = Self.text(namespace).flatMap { $0 == TableModelWriter.namespace(of: document.name) ? nil : $0 }
        document.table = Self.canonical(table)
        let columns = document.plainFields
        document.fields = fields.map { field in
            var field = field
            field.name = Self.line(field.name)
            (field.type, field.typeName) = Self.types(field.type, field.typeName)
            return field
        }.filter { !columns.contains($0) }
        return document
    }

    private static func canonical(_ table: DecisionTable) -> DecisionTable {
        var table = table
        table.identity = identity(table.identity)
        table.outputLabel = text(table.outputLabel)
        table.inputs = typed(table.inputs.map { column($0, isExpression: true) })
        table.outputs = table.outputs.map { column($0, isExpression: false) }
        table.annotations = table.annotations.map { TableColumn(header: retold($0.header, line($0.header.text))) }
        table.rules = table.rules.map { rule in
            var rule = rule
            rule.identity = identity(rule.identity)
            rule.inputs = rule.inputs.map { cell($0, empty: "-") }
            rule.outputs = rule.outputs.map { cell($0, empty: "null") }
            rule.annotations = table.annotations.indices.map { place in
                guard place < rule.annotations.count else { return TableCell("") }
                return retold(rule.annotations[place], rule.annotations[place].text.trimmed.replacing("\r\n", with: "\n"))
            }
            return rule
        }
        return table
    }

    /// A later column that reads a name without a type has the type that the first one gives the name: a model says it once.
    private static func typed(_ columns: [TableColumn]) -> [TableColumn] {
        columns.map { column in
            guard column.type == nil, column.typeName == nil, FieldName.isPlain(column.header.text),
                let first = columns.first(where: { $0.header.text == column.header.text })
            else { return column }
            var typed = column
            (typed.type, typed.typeName) = (first.type, first.typeName)
            return typed
        }
    }

    private static func column(_ written: TableColumn, isExpression: Bool) -> TableColumn {
        var column = written
        let header = isExpression ? CellText.canonical(written.header.text) : line(written.header.text)
        column.header = retold(written.header, header)
        column.identity = identity(written.identity)
        (column.type, column.typeName) = types(written.type, written.typeName)
        column.values = written.values.map { cell($0, empty: "-") }
        column.defaultEntry = isExpression ? nil : written.defaultEntry.map { cell($0, empty: "null") }
        return column
    }

    static func types(_ type: ValueType?, _ typeName: String?) -> (ValueType?, String?) {
        let spelled = type.flatMap { ValueType(name: $0.description) == $0 ? $0 : nil }
        guard let name = typeName.map(line), !name.isEmpty else { return (spelled, nil) }
        if let own = ValueType(name: name), spelled == nil || own == spelled { return (own, nil) }
        return (spelled == .any ? nil : spelled, name)
    }

    private static func cell(_ cell: TableCell, empty: String) -> TableCell {
        let flat = CellText.canonical(cell.text)
        return retold(cell, flat.isEmpty ? empty : flat)
    }

    /// A cell at its place with another text. Bars that its file escapes are known for the text that stands there alone.
    private static func retold(_ cell: TableCell, _ text: String) -> TableCell {
        TableCell(text, at: cell.origin, escapedBars: text == cell.text ? cell.escapedBars : [], id: self.text(cell.id))
    }

    private static func identity(_ identity: TableIdentity) -> TableIdentity {
        TableIdentity(id: text(identity.id), label: text(identity.label), description: text(identity.description))
    }

    /// Nil for what is empty.
    private static func text(_ text: String?) -> String? {
        guard let trimmed = text?.trimmed.replacing("\r\n", with: "\n"), !trimmed.isEmpty else { return nil }
        return trimmed
    }

    private static func line(_ text: String) -> String { ModelReader.normalized(text) }
}

extension DecisionTable {
    /// Changes every cell.
    fileprivate mutating func changeCells(_ change: (inout TableCell) -> Void) {
        func all(_ cells: inout [TableCell]) { for place in cells.indices { change(&cells[place]) } }
        func one(_ cell: inout TableCell?) {
            guard var changed = cell else { return }
            change(&changed)
            cell = changed
        }
        func all(_ columns: inout [TableColumn]) {
            for place in columns.indices {
                change(&columns[place].header)
                one(&columns[place].values)
                one(&columns[place].defaultEntry)
            }
        }
        all(&inputs)
        all(&outputs)
        all(&annotations)
        for rule in rules.indices {
            all(&rules[rule].inputs)
            all(&rules[rule].outputs)
            all(&rules[rule].annotations)
        }
    }
}
