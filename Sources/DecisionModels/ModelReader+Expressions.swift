import Diagnostics
import Markup

extension ModelReader {
    private static let expressionNames: Set<String> = [
        "literalExpression", "decisionTable", "invocation", "context", "list", "relation", "functionDefinition", "conditional",
        "for", "some", "every", "filter",
    ]
    private static let commonParts: Set<String> = ["description", "extensionElements"]

    /// The one expression among the children, or nil.
    mutating func readChildExpression(of element: MarkupElement, besides known: Set<String>) -> ModelExpression? {
        var found: ModelExpression?
        for child in own(element) {
            if Self.expressionNames.contains(child.name) {
                if found == nil {
                    found = readExpression(child)
                } else {
                    report(.modelElement, .error, "<\(element.name)> holds a second expression", child)
                }
            } else {
                unexpected(child, known: known)
            }
        }
        return found
    }

    /// The expression of a child such as `<if>`, open where it is missing.
    private mutating func part(_ name: String, of element: MarkupElement) -> ModelExpression {
        guard let child = first(name, of: element) else {
            report(.modelMissing, .error, "<\(element.name)> has no <\(name)>", element)
            return ModelExpression(.open, place: position(element))
        }
        guard var inner = readChildExpression(of: child, besides: Self.commonParts) else {
            report(.modelMissing, .error, "<\(name)> holds no expression", child)
            return ModelExpression(.open, place: position(child))
        }
        if inner.type == nil { inner.type = typeReference(child) }
        return inner
    }

    private mutating func readExpression(_ element: MarkupElement) -> ModelExpression {
        ModelExpression(logic(element), type: typeReference(element), place: position(element))
    }

    private mutating func logic(_ element: MarkupElement) -> ModelExpression.Logic {
        switch element.name {
        case "literalExpression": return literal(element)
        case "decisionTable": return .table(readTable(element))
        case "invocation": return readInvocation(element)
        case "context": return .context(own(element).filter { $0.name == "contextEntry" }.map { readEntry($0) })
        case "list": return .list(readItems(element))
        case "relation": return readRelation(element)
        case "functionDefinition": return .function(readFunction(element))
        case "conditional":
            return .conditional(condition: part("if", of: element), yes: part("then", of: element), no: part("else", of: element))
        case "for":
            return .loop(variable: iterator(element), source: part("in", of: element), body: part("return", of: element))
        case "filter": return .filter(source: part("in", of: element), match: part("match", of: element))
        default:
            return .quantified(
                isEvery: element.name == "every", variable: iterator(element), source: part("in", of: element),
                test: part("satisfies", of: element))
        }
    }

    private mutating func iterator(_ element: MarkupElement) -> String {
        let name = Self.normalized(element.attribute("iteratorVariable") ?? "")
        if name.isEmpty { report(.modelMissing, .error, "<\(element.name)> has no iteratorVariable", element) }
        return name
    }

    private mutating func literal(_ element: MarkupElement) -> ModelExpression.Logic {
        if let imported = first("importedValues", of: element) {
            report(.modelElement, .error, "imported values are not read", imported)
            return .open
        }
        guard isFEEL(element), let text = first("text", of: element).map({ text($0) }), !text.isBlank else { return .open }
        return .literal(text)
    }

    private mutating func readInvocation(_ element: MarkupElement) -> ModelExpression.Logic {
        guard let function = readChildExpression(of: element, besides: Self.commonParts.union(["binding"])) else {
            report(.modelMissing, .error, "the invocation names no function", element)
            return .open
        }
        var bindings: [ModelBinding] = []
        for child in own(element) where child.name == "binding" {
            guard let parameter = first("parameter", of: child) else {
                report(.modelMissing, .error, "<binding> has no <parameter>", child)
                continue
            }
            bindings.append(ModelBinding(
                parameter: readVariable(parameter),
                value: readChildExpression(of: child, besides: ["parameter"]) ?? ModelExpression(.open, place: position(child))))
        }
        return .invocation(function: function, bindings: bindings)
    }

    private mutating func readEntry(_ element: MarkupElement) -> ModelContextEntry {
        ModelContextEntry(
            variable: first("variable", of: element).map { readVariable($0) },
            value: readChildExpression(of: element, besides: Self.commonParts.union(["variable"]))
                ?? ModelExpression(.open, place: position(element)))
    }

    /// Each child that is an expression.
    private mutating func readItems(_ element: MarkupElement) -> [ModelExpression] {
        var items: [ModelExpression] = []
        for child in own(element) {
            if Self.expressionNames.contains(child.name) { items.append(readExpression(child)) } else { unexpected(child, known: Self.commonParts) }
        }
        return items
    }

    private mutating func readRelation(_ element: MarkupElement) -> ModelExpression.Logic {
        let columns = own(element).filter { $0.name == "column" }.map { readVariable($0) }
        var rows: [[ModelExpression]] = []
        for row in own(element) where row.name == "row" {
            let cells = readItems(row)
            if cells.count == columns.count {
                rows.append(cells)
            } else {
                report(.modelMissing, .error, "the row has \(cells.count) cells; the relation has \(columns.count) columns", row)
            }
        }
        return .relation(columns: columns, rows: rows)
    }

    /// `functionDefinition` and `encapsulatedLogic` are of one make.
    mutating func readFunction(_ element: MarkupElement) -> ModelFunction {
        let written = element.attribute("kind") ?? ModelFunction.Kind.feel.rawValue
        let kind = ModelFunction.Kind(rawValue: written)
        if kind == nil { report(.modelMissing, .error, "\"\(written)\" is no kind of function; FEEL is", element) }
        if let kind, kind != .feel {
            report(
                .modelExternal, .warning, "the function is defined by \(kind.rawValue) code, which is never run: its calls are null",
                element, hint: "write it in FEEL")
        }
        let parameters = own(element).filter { $0.name == "formalParameter" }.map { readVariable($0) }
        let body = readChildExpression(of: element, besides: Self.commonParts.union(["formalParameter"]))
        return ModelFunction(
            kind: kind ?? .feel, parameters: parameters,
            body: kind == .feel ? body ?? ModelExpression(.open, place: position(element)) : ModelExpression(.open, place: position(element)),
            type: typeReference(element), place: position(element))
    }
}
