import Diagnostics
import FEEL
import Markup

/// Reads the elements of one document into a ``DecisionModel``, and gathers what is wrong with any of them.
struct ModelReader {
    let document: MarkupDocument
    let file: String?
    var diagnostics = DiagnosticList()
    /// The namespace of the model's own elements.
    private var namespace = ""
    private var language: String?

    init(document: MarkupDocument, file: String?) {
        self.document = document
        self.file = file
    }

    mutating func read(_ root: MarkupElement) -> DecisionModel? {
        guard root.name == "definitions", let version = ModelVersion(rawValue: root.namespace) else {
            let known = ModelVersion.allCases.map(\.number).joined(separator: ", ")
            report(
                .modelVersion, .error,
                root.name == "definitions"
                    ? "the namespace \(root.namespace.isEmpty ? "of the document is empty and" : root.namespace) names no version that is read"
                    : "the root element is <\(root.name)>; a decision model has <definitions>",
                root, hint: "export it as DMN \(known)")
            return nil
        }
        namespace = root.namespace
        let count = root.size
        guard count <= DecisionModel.elementsMax else {
            report(.modelTooLarge, .error, "the model has \(count) elements; at most \(DecisionModel.elementsMax) are read", root)
            return nil
        }
        var ignored = IgnoredParts(namespace: namespace)
        ignored.look(at: root)
        for finding in ignored.findings(in: document) { diagnostics.add(finding) }
        language = root.attribute("expressionLanguage")
        var model = DecisionModel(
            name: name(of: root), namespace: root.attribute("namespace") ?? "", version: version, file: file, place: position(root))
        if model.namespace.isEmpty {
            report(.modelMissing, .warning, "the model has no namespace of its own", root, hint: "other models cannot import it")
        }
        for child in own(root) { readElement(child, into: &model) }
        return model
    }

    /// Elements that tell people something and take no part in an evaluation.
    private static let remarks: Set<String> = [
        "description", "textAnnotation", "association", "group", "knowledgeSource", "elementCollection", "performanceIndicator",
        "organizationUnit", "extensionElements", "artifact", "businessContextElement",
    ]

    private mutating func readElement(_ element: MarkupElement, into model: inout DecisionModel) {
        switch element.name {
        case "import": model.imports.append(readImport(element))
        case "itemDefinition": model.itemDefinitions.append(readItem(element))
        case "inputData":
            model.inputs.append(ModelInput(id: element.attribute("id"), variable: variable(of: element), place: position(element)))
        case "decision": model.decisions.append(readDecision(element))
        case "businessKnowledgeModel": model.knowledge.append(readKnowledge(element))
        case "decisionService": model.services.append(readService(element))
        default: unexpected(element, known: Self.remarks)
        }
    }

    // MARK: - What elements share

    /// The children that belong to the standard.
    func own(_ element: MarkupElement) -> [MarkupElement] { element.children.filter { $0.namespace == namespace } }

    func first(_ name: String, of element: MarkupElement) -> MarkupElement? {
        element.children.first { $0.name == name && $0.namespace == namespace }
    }

    func position(_ element: MarkupElement) -> SourcePosition { document.position(element.bytes, path: element.path) }

    /// The text of an element; empty where it has none.
    func text(_ element: MarkupElement) -> ModelText {
        let path = Place.path(element.path)
        guard let text = element.text else {
            let at = position(element)
            return ModelText("", at: TextOrigin(file: file, line: at.line ?? 1, column: at.column ?? 1, place: path))
        }
        let at = document.position(text.bytes)
        return ModelText(
            text.string, at: TextOrigin(file: file, line: at.line ?? 1, column: at.column ?? 1, place: path),
            surplus: document.surplus(of: text))
    }

    /// The name of an element, runs of white space made one blank (DMN 1.5, 10.3.1.4).
    mutating func name(of element: MarkupElement) -> String {
        guard let name = element.attribute("name") else {
            report(.modelMissing, .error, "<\(element.name)> has no name", element)
            return ""
        }
        return Self.normalized(name)
    }

    static func normalized(_ name: String) -> String {
        name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    func typeReference(_ element: MarkupElement, _ attribute: String = "typeRef") -> TypeReference? {
        guard let found = element.attributes.first(where: { $0.name == attribute && $0.prefix.isEmpty }) else { return nil }
        let name = Self.normalized(found.value)
        return name.isEmpty ? nil : TypeReference(name: name, place: document.position(found.bytes, path: element.path))
    }

    /// An information item: the variable of an element, a parameter, a column.
    mutating func readVariable(_ element: MarkupElement) -> ModelVariable {
        ModelVariable(name: name(of: element), type: typeReference(element), place: position(element))
    }

    /// The variable of an element, which bears the element's name. Where it is left out, the element's name stands for it.
    mutating func variable(of element: MarkupElement) -> ModelVariable {
        let name = name(of: element)
        guard let child = first("variable", of: element) else { return ModelVariable(name: name, place: position(element)) }
        var variable = ModelVariable(name: name, type: typeReference(child), place: position(child))
        variable.place = position(element)
        let own = child.attribute("name").map(Self.normalized)
        if let own, own != name, !name.isEmpty {
            report(
                .modelMissing, .warning, "the variable of \"\(name)\" is called \"\(own)\"; the element's name is used", child,
                hint: "give both the same name")
        }
        return variable
    }

    mutating func reference(_ element: MarkupElement) -> ModelReference? {
        guard let href = element.attributes.first(where: { $0.name == "href" }) else {
            report(.modelMissing, .error, "<\(element.name)> has no href", element)
            return nil
        }
        return ModelReference(href: href.value, place: document.position(href.bytes, path: element.path))
    }

    /// The references of children such as `<outputDecision href="#id"/>`.
    mutating func references(_ name: String, of element: MarkupElement) -> [ModelReference] {
        own(element).filter { $0.name == name }.compactMap { reference($0) }
    }

    /// The references within children such as `<informationRequirement><requiredInput href="#id"/></informationRequirement>`.
    mutating func references(_ name: String, within requirement: String, of element: MarkupElement) -> [ModelReference] {
        own(element).filter { $0.name == requirement }.flatMap { references(name, of: $0) }
    }

    /// Whether texts of an element are FEEL; reports another language.
    mutating func isFEEL(_ element: MarkupElement) -> Bool {
        guard let name = element.attribute("expressionLanguage") ?? language else { return true }
        // The URIs of all versions, and what editors write for short.
        if name.isEmpty || name.lowercased() == "feel" || name.hasSuffix("/FEEL/") || name.hasSuffix("/FEEL") { return true }
        report(.modelLanguage, .error, "the expression is in \(name); only FEEL is read", element)
        return false
    }

    mutating func unexpected(_ element: MarkupElement, known: Set<String>) {
        guard !known.contains(element.name) else { return }
        report(.modelElement, .warning, "<\(element.name)> is not known here and is not read", element)
    }

    mutating func report(
        _ code: DiagnosticCode, _ severity: Severity, _ fact: String, _ element: MarkupElement, hint: String? = nil
    ) {
        diagnostics.add(Diagnostic(code, severity, fact, at: position(element), hint: hint))
    }
}

extension MarkupElement {
    /// How many elements there are, this one included.
    fileprivate var size: Int { children.reduce(1) { $0 + $1.size } }
}
