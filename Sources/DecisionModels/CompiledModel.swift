package import Diagnostics
package import FEEL
package import Values

/// A decision model that was checked and compiled, with the models that it imports. It holds no state and may be evaluated
/// anywhere, at the same time, as often as wanted.
package final class CompiledModel: Sendable {
    let elements: [CompiledElement]
    /// The namespaces of the models, the main one first.
    private let namespaces: [String]
    /// Elements by model and name.
    private let named: [[String: Int]]

    /// Compiles a model.
    ///
    /// In the strict profile the product is nil where there is an error. In the standard profile it is always there: what is in
    /// error is null when it is evaluated, and its finding is a warning.
    /// - Parameter imports: the models that it imports, and those that they import.
    package static func compile(
        _ model: DecisionModel, imports: [DecisionModel] = [], profile: FEELProfile = .standard
    ) -> Compilation<CompiledModel> {
        let models = [model] + imports
        var compiler = ModelCompiler(ModelGraph(models), profile: profile)
        let (elements, diagnostics) = compiler.compile()
        if diagnostics.contains(where: { $0.severity == .error }) { return Compilation(product: nil, diagnostics: diagnostics) }
        return Compilation(product: CompiledModel(models, elements), diagnostics: diagnostics)
    }

    private init(_ models: [DecisionModel], _ elements: [CompiledElement]) {
        self.elements = elements
        namespaces = models.map(\.namespace)
        var named = [[String: Int]](repeating: [:], count: models.count)
        for (number, element) in elements.enumerated() where named[element.model][element.name] == nil {
            named[element.model][element.name] = number
        }
        self.named = named
    }

    /// Finds an element of the main model, or of the model of a namespace.
    package func element(_ name: String, namespace: String? = nil) -> ModelElement? {
        guard let namespace else { return named[0][name].map { reference($0) } }
        guard let model = namespaces.firstIndex(of: namespace) else { return nil }
        return named[model][name].map { reference($0) }
    }

    /// The first element of a name in any of the models, the main one first.
    package func elementAnywhere(_ name: String) -> ModelElement? {
        named.lazy.compactMap { $0[name] }.first.map { reference($0) }
    }

    /// The elements of the main model, in the order inputs, decisions, business knowledge models, services.
    package var ownElements: [ModelElement] { elements.indices.filter { elements[$0].model == 0 }.map { reference($0) } }

    /// What a decision, business knowledge model or service needs to be given: inputs of a decision and of all that it requires;
    /// parameters of a service.
    package func inputs(of element: ModelElement) -> [ModelElement] {
        if elements[element.number].kind == .service { return elements[element.number].parameters.map { reference($0) } }
        var found: Set<Int> = [], waiting = [element.number]
        while let next = waiting.popLast() {
            for needed in elements[next].values where found.insert(needed).inserted { waiting.append(needed) }
        }
        return found.filter { elements[$0].kind == .input }.sorted().map { reference($0) }
    }

    /// The names of a service's output decisions.
    package func outputNames(of service: ModelElement) -> [String] { elements[service.number].outputs.map { elements[$0].name } }

    private func reference(_ number: Int) -> ModelElement {
        ModelElement(number: number, name: elements[number].name, kind: elements[number].kind, type: elements[number].type)
    }
}

/// One element of a ``CompiledModel``.
package struct ModelElement: Sendable {
    let number: Int
    package let name: String
    package let kind: ModelElementKind
    /// What its value is declared as.
    package let type: ModelValueType
}

/// What a decision or service gave.
package struct ModelAnswer: Sendable {
    package let value: Value
    /// Why it or a part of it is null, in the standard profile.
    package let reasons: [Diagnostic]
}
