import DecisionTables
import Diagnostics
import FEEL
import Markup

extension ModelReader {
    mutating func readTable(_ element: MarkupElement) -> DecisionTable {
        var table = DecisionTable(
            hitPolicy: policy(element), inputs: [], outputs: [], rules: [], identity: identity(element),
            outputLabel: element.attribute("outputLabel"))
        let rules = own(element).filter { $0.name == "rule" }
        for child in own(element) {
            switch child.name {
            case "input": table.inputs.append(readInput(child))
            case "output": table.outputs.append(readOutput(child))
            case "annotation": table.annotations.append(TableColumn(header: attributeText("name", of: child).cell()))
            case "rule": break
            default: unexpected(child, known: ["description", "extensionElements"])
            }
        }
        if table.outputs.isEmpty { report(.modelMissing, .error, "the decision table has no output", element) }
        let columns = table.inputs.count + table.outputs.count + table.annotations.count
        if rules.count > DecisionTable.rulesMax || columns > DecisionTable.columnsMax {
            report(
                .tableSize, .error,
                "the table has \(rules.count) rules and \(columns) columns; at most \(DecisionTable.rulesMax) and \(DecisionTable.columnsMax) are read",
                element)
            return table
        }
        for (number, rule) in rules.enumerated() {
            if let read = readRule(rule, number + 1, in: table) { table.rules.append(read) }
        }
        return table
    }

    private func identity(_ element: MarkupElement) -> TableIdentity {
        TableIdentity(
            id: element.attribute("id"), label: element.attribute("label"),
            description: first("description", of: element).map { text($0).string })
    }

    private mutating func policy(_ element: MarkupElement) -> HitPolicy {
        let written = element.attribute("hitPolicy") ?? "UNIQUE"
        let aggregation = written == "COLLECT" ? element.attribute("aggregation") : nil
        let name = aggregation.map { "\(written) \($0)" } ?? written
        // Short forms such as C+ are not of the standard.
        if let policy = HitPolicy(name), policy.description == name { return policy }
        report(
            .tablePolicy, .error, "\"\(name)\" is no hit policy", element,
            hint: "known policies: \(HitPolicy.all.map(\.description).joined(separator: ", "))")
        return .unique
    }

    private func attributeText(_ name: String, of element: MarkupElement) -> ModelText {
        guard let found = element.attributes.first(where: { $0.name == name && $0.prefix.isEmpty }) else {
            return ModelText("", at: text(element).origin)
        }
        let at = document.position(found.bytes)
        return ModelText(
            Self.normalized(found.value),
            at: .init(file: file, line: at.line ?? 1, column: at.column ?? 1, place: .path(element.path)))
    }

    private mutating func readInput(_ element: MarkupElement) -> TableColumn {
        let expression = first("inputExpression", of: element)
        if expression == nil { report(.modelMissing, .error, "an input of the table has no expression", element) }
        let text = expression.flatMap { isFEEL($0) ? first("text", of: $0) : nil }.map { self.text($0) }
        let values = first("inputValues", of: element)
        return TableColumn(
            header: (text ?? self.text(element)).cell(id: expression?.attribute("id")),
            typeName: expression.flatMap { typeReference($0)?.name },
            values: values.flatMap { tests in unaryTests(tests).map { $0.cell(id: tests.attribute("id")) } },
            identity: identity(element))
    }

    private mutating func readOutput(_ element: MarkupElement) -> TableColumn {
        let values = first("outputValues", of: element)
        let entry = first("defaultOutputEntry", of: element)
        let text = entry.flatMap { isFEEL($0) ? first("text", of: $0) : nil }.map { self.text($0) }
        return TableColumn(
            header: attributeText("name", of: element).cell(), typeName: typeReference(element)?.name,
            values: values.flatMap { tests in unaryTests(tests).map { $0.cell(id: tests.attribute("id")) } },
            defaultEntry: text.flatMap { $0.isBlank ? nil : $0.cell(id: entry?.attribute("id")) }, identity: identity(element))
    }

    /// Nil where the rule has not as many entries as the table has columns.
    private mutating func readRule(_ element: MarkupElement, _ number: Int, in table: DecisionTable) -> TableRule? {
        var rule = TableRule(inputs: [], outputs: [], identity: identity(element))
        for child in own(element) {
            switch child.name {
            case "inputEntry": rule.inputs.append(cell(child, number, rule.inputs.count, table.inputs, before: 0))
            case "outputEntry":
                rule.outputs.append(cell(child, number, rule.outputs.count, table.outputs, before: table.inputs.count))
            case "annotationEntry": rule.annotations.append((first("text", of: child).map { text($0) } ?? text(child)).cell())
            default: unexpected(child, known: ["description", "extensionElements"])
            }
        }
        guard rule.inputs.count == table.inputs.count, rule.outputs.count == table.outputs.count else {
            report(
                .tableRow, .error,
                "rule \(number) has \(rule.inputs.count) inputs and \(rule.outputs.count) outputs; the table has \(table.inputs.count) and \(table.outputs.count)",
                element)
            return nil
        }
        if rule.annotations.count > table.annotations.count {
            report(
                .tableRow, .warning,
                "rule \(number) has \(rule.annotations.count) remarks; the table has \(table.annotations.count) columns of them, and the rest is left out",
                element)
            rule.annotations.removeLast(rule.annotations.count - table.annotations.count)
        }
        return rule
    }

    private mutating func cell(
        _ element: MarkupElement, _ rule: Int, _ index: Int, _ columns: [TableColumn], before: Int
    ) -> TableCell {
        let text = isFEEL(element) ? first("text", of: element).map { self.text($0) } : nil
        var cell = (text ?? ModelText("", at: self.text(element).origin)).cell(id: element.attribute("id"))
        let name = index < columns.count ? columns[index].header.text : nil
        cell.origin.place = .cell(row: rule, column: before + index + 1, name: name)
        return cell
    }
}
