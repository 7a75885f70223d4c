import DecisionTables
import Values

/// Writes a table as a decision model of DMN 1.5 that editors open: the types that it names, its fields as input data, the
/// decision, and a diagram.
struct TableModelWriter {
    /// What the ids of elements begin with that the table does not name: `model_`, with as many `_` before it as keep them apart
    /// from the ids of the table.
    static func idPrefix(of table: DecisionTable, besides id: String? = nil) -> String {
        var ids = [table.identity.id, id] + table.rules.map(\.identity.id)
        for column in table.inputs + table.outputs {
            ids += [column.identity.id, column.header.id, column.values?.id, column.defaultEntry?.id]
        }
        for rule in table.rules { ids += (rule.inputs + rule.outputs).map(\.id) }
        let given = ids.compactMap(\.self)
        var prefix = "model_"
        while given.contains(where: { $0.hasPrefix(prefix) }) { prefix = "_" + prefix }
        return prefix
    }

    /// The id of a decision that has none.
    static func decisionId(in table: DecisionTable) -> String { idPrefix(of: table) + "decision" }

    /// The namespace of a model that has none.
    static func namespace(of name: String) -> String {
        "urn:crossdock:table:" + name.unicodeScalars.map { $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil) ? String($0) : "-" }.joined()
    }

    private let document: TableDocument
    private let fields: [TableField]
    private let prefix: String
    private var lines: [String] = ["<?xml version=\"1.0\" encoding=\"UTF-8\"?>"]
    private var depth = 0

    init(_ document: TableDocument) {
        self.document = document
        fields = document.allFields
        prefix = Self.idPrefix(of: document.table, besides: document.id)
    }

    mutating func text() -> String {
        let id = document.id ?? prefix + "decision"
        open("definitions", [
            ("xmlns", ModelVersion.dmn15.rawValue), ("xmlns:dmndi", "https://www.omg.org/spec/DMN/20230324/DMNDI/"),
            ("xmlns:dc", "http://www.omg.org/spec/DMN/20180521/DC/"), ("xmlns:di", "http://www.omg.org/spec/DMN/20180521/DI/"),
            ("id", prefix + "definitions"), ("name", document.modelName ?? document.name),
            ("namespace", document.namespace ?? Self.namespace(of: document.name)),
        ])
        itemDefinitions()
        for (number, field) in fields.enumerated() {
            open("inputData", [("id", inputId(number)), ("name", field.name)])
            leaf("variable", [("name", field.name), ("typeRef", Self.typeName(field.type, field.typeName))])
            close("inputData")
        }
        open("decision", [("id", id), ("name", document.name)])
        text("description", document.about)
        leaf("variable", [("name", document.name), ("typeRef", resultType)])
        for number in fields.indices {
            open("informationRequirement", [("id", requirementId(number))])
            leaf("requiredInput", [("href", "#\(inputId(number))")])
            close("informationRequirement")
        }
        table(document.table)
        close("decision")
        diagram(id)
        close("definitions")
        return lines.joined(separator: "\n") + "\n"
    }

    /// The type of the decision's value, where it is that of the one output.
    private var resultType: String? {
        guard document.table.outputs.count == 1, document.table.hitPolicy.isSingle, let output = document.table.outputs.first else { return nil }
        return Self.typeName(output.type, output.typeName)
    }

    private func inputId(_ number: Int) -> String { "\(prefix)field_\(number + 1)" }
    private func requirementId(_ number: Int) -> String { "\(prefix)requirement_\(number + 1)" }

    /// The name that a type has in the model, or nil where there is none.
    private static func typeName(_ type: ValueType?, _ name: String?) -> String? { name ?? type?.description }

    // MARK: - Types

    /// Types of the model's own, and lists and ranges, which have no name in DMN; in the order in which they come.
    private mutating func itemDefinitions() {
        var seen: Set<String> = []
        let uses = fields.map { ($0.type, $0.typeName) } + (document.table.inputs + document.table.outputs).map { ($0.type, $0.typeName) }
        for (type, own) in uses {
            guard let name = Self.typeName(type, own), own != nil || Self.isComposed(type), seen.insert(name).inserted else { continue }
            var base = type?.description ?? "Any"
            var isCollection = false
            if case .list(let element)? = type {
                base = element.description
                isCollection = true
            }
            open("itemDefinition", [("name", name), ("isCollection", isCollection ? "true" : nil)])
            text("typeRef", base)
            close("itemDefinition")
        }
    }

    private static func isComposed(_ type: ValueType?) -> Bool {
        switch type {
        case .list?: true
        default: false
        }
    }

    // MARK: - Table

    private mutating func table(_ table: DecisionTable) {
        var policy = table.hitPolicy.description, aggregation: String?
        if case .collect(let kind?) = table.hitPolicy {
            policy = "COLLECT"
            aggregation = HitPolicy.collect(kind).description.split(separator: " ").last.map(String.init)
        }
        open("decisionTable", [
            ("id", table.identity.id), ("label", table.identity.label), ("hitPolicy", policy), ("aggregation", aggregation),
            ("outputLabel", table.outputLabel),
        ])
        text("description", table.identity.description)
        for column in table.inputs {
            open("input", [("id", column.identity.id), ("label", column.identity.label)])
            text("description", column.identity.description)
            entry("inputExpression", column.header, [("typeRef", Self.typeName(column.type, column.typeName))])
            entry("inputValues", column.values)
            close("input")
        }
        for column in table.outputs { output(column) }
        for column in table.annotations { leaf("annotation", [("name", column.header.text.isEmpty ? nil : column.header.text)]) }
        for rule in table.rules {
            open("rule", [("id", rule.identity.id), ("label", rule.identity.label)])
            text("description", rule.identity.description)
            for cell in rule.inputs { entry("inputEntry", cell) }
            for cell in rule.outputs { entry("outputEntry", cell) }
            for cell in rule.annotations { entry("annotationEntry", cell) }
            close("rule")
        }
        close("decisionTable")
    }

    private mutating func output(_ column: TableColumn) {
        let name = column.header.text
        let attributes: [(String, String?)] = [
            ("id", column.identity.id), ("label", column.identity.label), ("name", name.isEmpty ? nil : name),
            ("typeRef", Self.typeName(column.type, column.typeName)),
        ]
        guard column.identity.description != nil || column.values != nil || column.defaultEntry != nil else {
            leaf("output", attributes)
            return
        }
        open("output", attributes)
        text("description", column.identity.description)
        entry("outputValues", column.values)
        entry("defaultOutputEntry", column.defaultEntry)
        close("output")
    }

    private mutating func entry(_ name: String, _ cell: TableCell?, _ attributes: [(String, String?)] = []) {
        guard let cell else { return }
        let head = tag(name, [("id", cell.id)] + attributes)
        line("<\(head)><text>\(Self.escaped(cell.text))</text></\(name)>")
    }

    // MARK: - Diagram

    private static let inputWidth = 160, inputHeight = 60, gap = 40, decisionWidth = 200, decisionHeight = 80

    /// The decision above, its input data in a row below it, and an arrow from each.
    private mutating func diagram(_ id: String) {
        let rowWidth = max(Self.decisionWidth, fields.count * (Self.inputWidth + Self.gap) - Self.gap)
        let left = 100, top = 80, inputTop = 280
        let decisionLeft = left + (rowWidth - Self.decisionWidth) / 2
        open("dmndi:DMNDI", [])
        open("dmndi:DMNDiagram", [("id", prefix + "diagram"), ("name", document.name)])
        shape(id, "decision", x: decisionLeft, y: top, width: Self.decisionWidth, height: Self.decisionHeight)
        for number in fields.indices {
            shape(inputId(number), "field_\(number + 1)", x: left + number * (Self.inputWidth + Self.gap), y: inputTop, width: Self.inputWidth, height: Self.inputHeight)
        }
        for number in fields.indices {
            open("dmndi:DMNEdge", [("id", "\(prefix)edge_\(number + 1)"), ("dmnElementRef", requirementId(number))])
            leaf("di:waypoint", [("x", "\(left + number * (Self.inputWidth + Self.gap) + Self.inputWidth / 2)"), ("y", "\(inputTop)")])
            leaf("di:waypoint", [("x", "\(decisionLeft + Self.decisionWidth / 2)"), ("y", "\(top + Self.decisionHeight)")])
            close("dmndi:DMNEdge")
        }
        close("dmndi:DMNDiagram")
        close("dmndi:DMNDI")
    }

    private mutating func shape(_ element: String, _ name: String, x: Int, y: Int, width: Int, height: Int) {
        open("dmndi:DMNShape", [("id", "\(prefix)shape_\(name)"), ("dmnElementRef", element)])
        leaf("dc:Bounds", [("x", "\(x)"), ("y", "\(y)"), ("width", "\(width)"), ("height", "\(height)")])
        close("dmndi:DMNShape")
    }

    // MARK: - Markup

    private func tag(_ name: String, _ attributes: [(String, String?)]) -> String {
        ([name] + attributes.compactMap { key, value in value.map { "\(key)=\"\(Self.escaped($0, isAttribute: true))\"" } }).joined(separator: " ")
    }

    private mutating func line(_ text: String) { lines.append(String(repeating: "  ", count: depth) + text) }

    private mutating func open(_ name: String, _ attributes: [(String, String?)]) {
        line("<\(tag(name, attributes))>")
        depth += 1
    }

    private mutating func close(_ name: String) {
        depth -= 1
        line("</\(name)>")
    }

    private mutating func leaf(_ name: String, _ attributes: [(String, String?)]) { line("<\(tag(name, attributes))/>") }

    private mutating func text(_ name: String, _ value: String?) {
        if let value { line("<\(name)>\(Self.escaped(value))</\(name)>") }
    }

    /// Line ends and tabs of an attribute are references, lest a reader make blanks of them (XML 1.0, 3.3.3).
    private static func escaped(_ text: String, isAttribute: Bool = false) -> String {
        var written = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": written += "&amp;"
            case "<": written += "&lt;"
            case ">": written += "&gt;"
            case "\"" where isAttribute: written += "&quot;"
            case "\n" where isAttribute: written += "&#10;"
            case "\t" where isAttribute: written += "&#9;"
            case "\r": written += "&#13;"
            default: written.unicodeScalars.append(scalar)
            }
        }
        return written
    }
}
