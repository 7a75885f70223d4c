import Diagnostics

/// The elements of a set of models, numbered, with their references resolved.
struct ModelGraph {
    struct Element {
        let kind: ModelElementKind
        let model: Int
        /// Place in the model's own list of its kind.
        let index: Int
        let name: String
        let variable: ModelVariable
        let place: SourcePosition
        /// Numbers of the inputs and decisions whose values are needed.
        var values: [Int] = []
        /// Numbers of the business knowledge models and services that are called.
        var functions: [Int] = []
        /// Of a service.
        var outputs: [Int] = []
        var parameters: [Int] = []
    }

    let models: [DecisionModel]
    /// For each model, the numbers of the models that it imports, by name.
    let imports: [[String: Int]]
    private(set) var elements: [Element] = []
    private(set) var diagnostics: [Diagnostic] = []
    /// Elements by model and name.
    private var named: [[String: Int]] = []
    /// Elements by model and id.
    private var identified: [[String: Int]] = []

    /// - Parameter models: the model itself first, then those that it and they may import.
    init(_ models: [DecisionModel]) {
        self.models = models
        var findings: [Diagnostic] = []
        imports = Self.imports(models, &findings)
        diagnostics = findings
        for (number, model) in models.enumerated() { addElements(of: model, number) }
        for number in elements.indices { resolve(number) }
        breakCycles()
    }

    func element(named name: String, in model: Int) -> Int? { named[model][name] }

    // MARK: - Elements

    private static func imports(_ models: [DecisionModel], _ findings: inout [Diagnostic]) -> [[String: Int]] {
        models.map { model in
            var imports: [String: Int] = [:]
            for item in model.imports where item.isModel {
                if let number = models.firstIndex(where: { $0.namespace == item.namespace }) {
                    if imports.updateValue(number, forKey: item.name) != nil {
                        findings.append(Diagnostic(.modelDuplicate, .error, "two imports are called \"\(item.name)\"", at: item.place))
                    }
                } else {
                    findings.append(Diagnostic(
                        .modelImport, .error, "no model of the namespace \(item.namespace) is here", at: item.place,
                        hint: item.location.map { "the file says that it lies at \($0)" }))
                }
            }
            return imports
        }
    }

    private mutating func addElements(of model: DecisionModel, _ number: Int) {
        named.append([:])
        identified.append([:])
        for (index, input) in model.inputs.enumerated() { add(.input, number, index, input.variable, input.id, input.place) }
        for (index, decision) in model.decisions.enumerated() {
            add(.decision, number, index, decision.variable, decision.id, decision.place)
        }
        for (index, knowledge) in model.knowledge.enumerated() {
            add(.knowledge, number, index, knowledge.variable, knowledge.id, knowledge.place)
        }
        for (index, service) in model.services.enumerated() {
            add(.service, number, index, service.variable, service.id, service.place)
        }
    }

    private mutating func add(
        _ kind: ModelElementKind, _ model: Int, _ index: Int, _ variable: ModelVariable, _ id: String?, _ place: SourcePosition
    ) {
        let number = elements.count
        elements.append(Element(kind: kind, model: model, index: index, name: variable.name, variable: variable, place: place))
        if named[model][variable.name] == nil {
            named[model][variable.name] = number
        } else {
            report(.modelDuplicate, "a second element is called \"\(variable.name)\"", place, hint: "names are told apart within a model")
        }
        guard let id else { return }
        if identified[model][id] == nil {
            identified[model][id] = number
        } else {
            report(.modelDuplicate, "a second element has the id \(id); references go to the first", place)
        }
    }

    // MARK: - References

    private mutating func resolve(_ number: Int) {
        let element = elements[number]
        let model = models[element.model]
        switch element.kind {
        case .input: break
        case .decision:
            let decision = model.decisions[element.index]
            elements[number].values = find(decision.requiredInputs, .input, number) + find(decision.requiredDecisions, .decision, number)
            elements[number].functions = callable(decision.requiredKnowledge, number)
        case .knowledge: elements[number].functions = callable(model.knowledge[element.index].requiredKnowledge, number)
        case .service:
            let service = model.services[element.index]
            elements[number].outputs = find(service.outputDecisions, .decision, number)
            elements[number].parameters = find(service.inputData, .input, number) + find(service.inputDecisions, .decision, number)
            _ = find(service.encapsulatedDecisions, .decision, number)
            if elements[number].outputs.isEmpty { report(.modelMissing, "the decision service has no output decision", element.place) }
        }
    }

    private mutating func find(_ references: [ModelReference], _ kind: ModelElementKind, _ from: Int) -> [Int] {
        references.compactMap { reference in
            guard let found = find(reference, from: elements[from].model) else { return nil }
            guard elements[found].kind == kind else {
                report(
                    .modelReference, "\"\(elements[found].name)\" is a \(elements[found].kind.rawValue); a \(kind.rawValue) is wanted here",
                    reference.place)
                return nil
            }
            return found
        }
    }

    private mutating func callable(_ references: [ModelReference], _ from: Int) -> [Int] {
        references.compactMap { reference in
            guard let found = find(reference, from: elements[from].model) else { return nil }
            guard elements[found].kind.isCallable else {
                report(
                    .modelReference,
                    "\"\(elements[found].name)\" is a \(elements[found].kind.rawValue); a business knowledge model or decision service is wanted here",
                    reference.place)
                return nil
            }
            return found
        }
    }

    /// The element of `#id` or `namespace#id`.
    private mutating func find(_ reference: ModelReference, from model: Int) -> Int? {
        guard let hash = reference.href.lastIndex(of: "#") else {
            report(.modelReference, "\(reference.href) is no reference", reference.place, hint: "write #id, or namespace#id for an imported model")
            return nil
        }
        let namespace = String(reference.href[..<hash]), id = String(reference.href[reference.href.index(after: hash)...])
        var target = model
        if !namespace.isEmpty, namespace != models[model].namespace {
            guard let imported = imports[model].values.sorted().first(where: { models[$0].namespace == namespace }) else {
                report(.modelReference, "the model of the namespace \(namespace) is not imported", reference.place)
                return nil
            }
            target = imported
        }
        if let found = identified[target][id] { return found }
        report(.modelReference, "there is no element with the id \(id)", reference.place)
        return nil
    }

    // MARK: - Order

    /// Drops each requirement that closes a circle of decisions, and says so.
    private mutating func breakCycles() {
        var state = [UInt8](repeating: 0, count: elements.count)
        for root in elements.indices where state[root] == 0 {
            var path: [(element: Int, next: Int)] = [(root, 0)]
            state[root] = 1
            while let top = path.last {
                guard top.next < elements[top.element].values.count else {
                    state[top.element] = 2
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                let needed = elements[top.element].values[top.next]
                if state[needed] == 0 {
                    state[needed] = 1
                    path.append((needed, 0))
                } else if state[needed] == 1 {
                    let start = path.firstIndex { $0.element == needed } ?? 0
                    let names = path[start...].prefix(20).map { elements[$0.element].name } + [elements[needed].name]
                    report(
                        .modelCycle, "the decision \"\(elements[needed].name)\" needs itself: \(names.joined(separator: " needs "))",
                        elements[top.element].place)
                    elements[top.element].values.remove(at: top.next)
                    path[path.count - 1].next -= 1
                }
            }
        }
    }

    /// All elements, each after what it needs; where functions call one another in a circle, any of them first.
    var order: [Int] {
        var order: [Int] = []
        var isSeen = [Bool](repeating: false, count: elements.count)
        for root in elements.indices where !isSeen[root] {
            var path: [(element: Int, next: Int)] = [(root, 0)]
            isSeen[root] = true
            while let top = path.last {
                let needs = elements[top.element].values + elements[top.element].functions + elements[top.element].outputs
                    + elements[top.element].parameters
                guard top.next < needs.count else {
                    order.append(top.element)
                    path.removeLast()
                    continue
                }
                path[path.count - 1].next += 1
                if !isSeen[needs[top.next]] {
                    isSeen[needs[top.next]] = true
                    path.append((needs[top.next], 0))
                }
            }
        }
        return order
    }

    private mutating func report(_ code: DiagnosticCode, _ fact: String, _ place: SourcePosition, hint: String? = nil) {
        diagnostics.append(Diagnostic(code, .error, fact, at: place, hint: hint))
    }
}
