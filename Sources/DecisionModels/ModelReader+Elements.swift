import Diagnostics
import Markup

extension ModelReader {
    mutating func readImport(_ element: MarkupElement) -> ModelImport {
        let type = element.attribute("importType") ?? ""
        let isModel = ModelVersion(rawValue: type) != nil || type.isEmpty
        if !isModel {
            report(.modelImport, .warning, "an import of type \(type) is not read", element, hint: "models of DMN 1.2 to 1.5 are")
        }
        return ModelImport(
            name: Self.normalized(element.attribute("name") ?? ""), namespace: element.attribute("namespace") ?? "",
            location: element.attribute("locationURI"), isModel: isModel, place: position(element))
    }

    /// `itemDefinition` and `itemComponent` are of one make.
    mutating func readItem(_ element: MarkupElement) -> ItemDefinition {
        var item = ItemDefinition(
            name: name(of: element), isCollection: element.attribute("isCollection") == "true", content: .open,
            place: position(element))
        let components = own(element).filter { $0.name == "itemComponent" }
        if let type = first("typeRef", of: element) {
            let text = text(type)
            let name = Self.normalized(text.string)
            if !name.isEmpty { item.content = .reference(TypeReference(name: name, place: text.position)) }
        } else if !components.isEmpty {
            item.content = .components(components.map { readItem($0) })
        } else if let function = first("functionItem", of: element) {
            let parameters = own(function).filter { $0.name == "parameters" }.map { readVariable($0) }
            item.content = .function(parameters: parameters, result: typeReference(function, "outputTypeRef"))
        }
        item.allowedValues = first("allowedValues", of: element).flatMap { unaryTests($0) }
        item.typeConstraint = first("typeConstraint", of: element).flatMap { unaryTests($0) }
        return item
    }

    /// The text of unary tests, or nil where there is none, or another language.
    mutating func unaryTests(_ element: MarkupElement) -> ModelText? {
        guard isFEEL(element), let text = first("text", of: element).map({ text($0) }), !text.isBlank else { return nil }
        return text
    }

    private static let decisionParts: Set<String> = [
        "description", "extensionElements", "question", "allowedAnswers", "variable", "informationRequirement",
        "knowledgeRequirement", "authorityRequirement", "supportedObjective", "impactedPerformanceIndicator", "decisionMaker",
        "decisionOwner", "usingProcess", "usingTask",
    ]

    mutating func readDecision(_ element: MarkupElement) -> ModelDecision {
        ModelDecision(
            id: element.attribute("id"), variable: variable(of: element),
            description: first("description", of: element).map { text($0).string },
            requiredInputs: references("requiredInput", within: "informationRequirement", of: element),
            requiredDecisions: references("requiredDecision", within: "informationRequirement", of: element),
            requiredKnowledge: references("requiredKnowledge", within: "knowledgeRequirement", of: element),
            logic: readChildExpression(of: element, besides: Self.decisionParts), place: position(element))
    }

    mutating func readKnowledge(_ element: MarkupElement) -> ModelKnowledge {
        ModelKnowledge(
            id: element.attribute("id"), variable: variable(of: element),
            requiredKnowledge: references("requiredKnowledge", within: "knowledgeRequirement", of: element),
            function: first("encapsulatedLogic", of: element).map { readFunction($0) }, place: position(element))
    }

    mutating func readService(_ element: MarkupElement) -> ModelService {
        ModelService(
            id: element.attribute("id"), variable: variable(of: element),
            outputDecisions: references("outputDecision", of: element),
            encapsulatedDecisions: references("encapsulatedDecision", of: element),
            inputDecisions: references("inputDecision", of: element), inputData: references("inputData", of: element),
            place: position(element))
    }
}
