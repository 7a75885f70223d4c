import Diagnostics
import FEEL
import Values

/// Compiles the elements of a graph, each after what it needs, so that types flow along the requirements.
struct ModelCompiler {
    private let graph: ModelGraph
    private let profile: FEELProfile
    private var logic: LogicCompiler
    private var elements: [CompiledElement?]

    init(_ graph: ModelGraph, profile: FEELProfile) {
        self.graph = graph
        self.profile = profile
        logic = LogicCompiler(types: TypeResolver(models: graph.models, imports: graph.imports, profile: profile), profile: profile)
        elements = Array(repeating: nil, count: graph.elements.count)
    }

    mutating func compile() -> (elements: [CompiledElement], diagnostics: [Diagnostic]) {
        logic.types.resolveAll()
        for number in graph.order { elements[number] = compile(number) }
        let findings = graph.diagnostics + logic.types.diagnostics
        let demoted = findings.map { finding in
            var finding = finding
            if profile == .standard, finding.severity == .error { finding.severity = .warning }
            return finding
        }
        return (elements.compactMap(\.self), demoted + logic.diagnostics)
    }

    private mutating func compile(_ number: Int) -> CompiledElement {
        let element = graph.elements[number]
        let type = logic.types.type(element.variable.type, in: element.model)
        var compiled = CompiledElement(
            kind: element.kind, model: element.model, name: element.name, type: type ?? .any, valueType: type?.valueType ?? .any,
            place: element.place, values: element.values, isStrict: profile == .strict)
        switch element.kind {
        case .input: break
        case .decision:
            let (scope, sources) = scope(of: number)
            compiled.sources = sources
            if let expression = graph.models[element.model].decisions[element.index].logic {
                let lowered = logic.held(logic.lower(expression, scope), to: type, "the decision \"\(element.name)\"", element.place)
                compiled.code = lowered.code
                compiled.valueType = lowered.type == .null ? type?.valueType ?? .any : lowered.type
            }
        case .knowledge: compileKnowledge(number, type, &compiled)
        case .service: compileService(number, type, &compiled)
        }
        return compiled
    }

    // MARK: - Functions

    /// The type of what a function gives, where its variable has that of the function.
    private func result(of type: ModelValueType?) -> ModelValueType? {
        guard let type, case .plain(.function(_, let result)) = type.shape else { return type }
        return ModelValueType(result)
    }

    private mutating func compileKnowledge(_ number: Int, _ type: ModelValueType?, _ compiled: inout CompiledElement) {
        let element = graph.elements[number]
        let (scope, sources) = scope(of: number)
        compiled.sources = sources
        guard let function = graph.models[element.model].knowledge[element.index].function else {
            compiled.valueType = .function(parameters: [], result: .any)
            return
        }
        let body = logic.compile(function, scope, result: result(of: type))
        compiled.function = body
        compiled.valueType = .function(parameters: body.parameters.map(\.type), result: body.result)
    }

    private mutating func compileService(_ number: Int, _ type: ModelValueType?, _ compiled: inout CompiledElement) {
        let element = graph.elements[number]
        compiled.outputs = element.outputs
        compiled.parameters = element.parameters
        compiled.result = result(of: type) ?? .any
        var given = compiled.result.valueType
        if compiled.result.isAny {
            let outputs = element.outputs.map { (graph.elements[$0].name, elements[$0]?.valueType ?? .any) }
            given = outputs.count == 1 ? outputs[0].1 : .context(Dictionary(outputs, uniquingKeysWith: { first, _ in first }))
        }
        compiled.valueType = .function(parameters: element.parameters.map { declared($0).valueType }, result: given)
    }

    private mutating func declared(_ number: Int) -> ModelValueType {
        let element = graph.elements[number]
        return logic.types.type(element.variable.type, in: element.model) ?? .any
    }

    // MARK: - Scopes

    /// The names that the logic of an element sees: what it requires, and of a function itself.
    private func scope(of number: Int) -> (LogicScope, [SlotSource]) {
        let element = graph.elements[number]
        var fields: [(String, ValueType)] = []
        var sources: [SlotSource] = []
        var imported: [String: [(name: String, element: Int)]] = [:]
        var importNames: [String] = []
        for needed in element.values + element.functions {
            let other = graph.elements[needed]
            let name = other.model == element.model ? "" : importName(of: other.model, in: element.model)
            if name.isEmpty {
                fields.append((other.name, seenType(needed)))
                sources.append(.element(needed))
            } else {
                if imported[name] == nil { importNames.append(name) }
                imported[name, default: []].append((other.name, needed))
            }
        }
        for name in importNames {
            let members = imported[name] ?? []
            fields.append((name, .context(Dictionary(members.map { ($0.name, seenType($0.element)) }, uniquingKeysWith: { first, _ in first }))))
            sources.append(.imported(members))
        }
        if element.kind == .knowledge, !fields.contains(where: { $0.0 == element.name }) {
            fields.append((element.name, signature(number)))
            sources.append(.element(number))
        }
        return (LogicScope(model: element.model, layout: Layout(fields)), sources)
    }

    private func importName(of model: Int, in importing: Int) -> String {
        graph.imports[importing].filter { $0.value == model }.keys.sorted().first ?? ""
    }

    private func seenType(_ number: Int) -> ValueType { elements[number]?.valueType ?? signature(number) }

    /// The type of an element that is not compiled yet: functions that call one another.
    private func signature(_ number: Int) -> ValueType {
        let element = graph.elements[number]
        switch element.kind {
        case .input, .decision: return .any
        case .knowledge:
            let parameters = graph.models[element.model].knowledge[element.index].function?.parameters ?? []
            return .function(parameters: parameters.map { _ in .any }, result: .any)
        case .service: return .function(parameters: element.parameters.map { _ in .any }, result: .any)
        }
    }
}
