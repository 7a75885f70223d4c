import Diagnostics
import FEEL
import Values

/// Finds the types that the models of one set define, each once, whatever the order of their definitions.
struct TypeResolver {
    private struct Key: Hashable {
        let model: Int
        let name: String
    }

    private let models: [DecisionModel]
    private let profile: FEELProfile
    private var definitions: [Key: ItemDefinition] = [:]
    private var resolved: [Key: ModelValueType] = [:]
    private var inProgress: Set<Key> = []
    /// For each model, the number of the model that an import's name stands for.
    private let imports: [[String: Int]]
    private(set) var diagnostics: [Diagnostic] = []

    /// How deep definitions may refer to one another.
    private static let depthMax = 100

    init(models: [DecisionModel], imports: [[String: Int]], profile: FEELProfile) {
        self.models = models
        self.imports = imports
        self.profile = profile
        for (number, model) in models.enumerated() {
            for item in model.itemDefinitions {
                let key = Key(model: number, name: item.name)
                if definitions[key] == nil {
                    definitions[key] = item
                } else {
                    report(.modelDuplicate, "the type \(item.name) is defined twice; the first is used", item.place)
                }
            }
        }
    }

    /// For each model its types by the names that expressions know them by; filled by ``resolveAll()``.
    private var known: [[String: ValueType]] = []

    /// Resolves every definition, so that what is wrong with one is told even where nothing uses it.
    mutating func resolveAll() {
        var own: [[String: ValueType]] = []
        for (number, model) in models.enumerated() {
            var names: [String: ValueType] = [:]
            for item in model.itemDefinitions { names[item.name] = defined(Key(model: number, name: item.name))?.valueType }
            own.append(names)
        }
        known = own
        for (number, imported) in imports.enumerated() {
            for (name, other) in imported {
                for (type, value) in own[other] { known[number][name.isEmpty ? type : "\(name).\(type)"] = value }
            }
        }
    }

    /// The types that expressions of a model may name.
    func names(in model: Int) -> [String: ValueType] { known.isEmpty ? [:] : known[model] }

    /// The type that a reference names in a model; any, with a finding, where there is none. Nil where nothing is named.
    mutating func type(_ reference: TypeReference?, in model: Int) -> ModelValueType? {
        guard let reference else { return nil }
        if let found = find(reference.name, in: model) { return found }
        let known = models[model].itemDefinitions.map(\.name) + ValueType.plainNames
        report(
            .modelType, "\(reference.name) is no type of FEEL or of the model", reference.place,
            hint: "known types: \(known.prefix(20).joined(separator: ", "))\(known.count > 20 ? ", ..." : "")")
        return .any
    }

    private mutating func find(_ name: String, in model: Int) -> ModelValueType? {
        if let own = defined(Key(model: model, name: name)) { return own }
        if let type = Self.feelType(name) { return type }
        // `import.type`, and a component of a type: `tLoan.amount`. Both kinds of names may hold dots themselves.
        var dot = name.firstIndex(of: ".")
        while let at = dot {
            let head = String(name[..<at]), tail = String(name[name.index(after: at)...])
            if let other = imports[model][head], let found = find(tail, in: other) { return found }
            if let whole = defined(Key(model: model, name: head)), let part = whole.component(tail) { return part }
            dot = name[name.index(after: at)...].firstIndex(of: ".")
        }
        if let other = imports[model][""], other != model { return defined(Key(model: other, name: name)) }
        return nil
    }

    private static func feelType(_ written: String) -> ModelValueType? {
        let name = written.hasPrefix("feel:") ? String(written.dropFirst(5)) : written
        switch name {
        case "Any", "any": return .any
        case "dayTimeDuration": return ModelValueType(.dayTimeDuration)
        case "yearMonthDuration": return ModelValueType(.yearMonthDuration)
        case "list": return ModelValueType(.list(.any))
        case "context": return ModelValueType(.context([:]))
        default: return ValueType(name: name).map { ModelValueType($0) }
        }
    }

    private mutating func defined(_ key: Key) -> ModelValueType? {
        if let known = resolved[key] { return known }
        guard let item = definitions[key] else { return nil }
        guard inProgress.count < Self.depthMax, inProgress.insert(key).inserted else {
            report(.modelCycle, "the type \(key.name) is defined by itself; it is taken as any", item.place)
            return .any
        }
        defer { inProgress.remove(key) }
        let type = resolve(item, in: key.model)
        resolved[key] = type
        return type
    }

    private mutating func resolve(_ item: ItemDefinition, in model: Int) -> ModelValueType {
        let base: ModelValueType
        switch item.content {
        case .open: base = .any
        case .reference(let reference): base = type(reference, in: model) ?? .any
        case .components(let components):
            var entries: [(name: String, type: ModelValueType)] = []
            var names: Set<String> = []
            for component in components {
                if names.insert(component.name).inserted {
                    entries.append((name: component.name, type: resolve(component, in: model)))
                } else {
                    report(.modelDuplicate, "the type \(item.name) has two components \(component.name)", component.place)
                }
            }
            base = ModelValueType(name: item.name, shape: .context(entries))
        case .function(let parameters, let result):
            let types = parameters.map { type($0.type, in: model)?.valueType ?? .any }
            base = ModelValueType(name: item.name, shape: .plain(.function(parameters: types, result: type(result, in: model)?.valueType ?? .any)))
        }
        let whole = item.isCollection ? ModelValueType(name: item.name, shape: .list(base)) : base
        var checks: [ModelValueCheck] = []
        if let test = item.allowedValues.flatMap({ tests($0, of: whole.isList ? whole.elementType : whole) }) {
            checks.append(ModelValueCheck(test: test, isOfItems: whole.isList))
        }
        if let test = item.typeConstraint.flatMap({ tests($0, of: whole) }) {
            checks.append(ModelValueCheck(test: test, isOfItems: false))
        }
        return ModelValueType(
            name: item.name, shape: whole.shape, checks: whole.checks + checks,
            listed: whole.isList ? nil : item.allowedValues ?? whole.listed)
    }

    private mutating func tests(_ text: ModelText, of type: ModelValueType) -> CompiledTest? {
        let compilation = FEEL.unaryTests(text.string, input: type.valueType, layout: .empty, at: text.origin, profile: profile)
        diagnostics += compilation.diagnostics.map { text.relocated($0) }
        return compilation.product
    }

    private mutating func report(_ code: DiagnosticCode, _ fact: String, _ place: SourcePosition, hint: String? = nil) {
        diagnostics.append(Diagnostic(code, .error, fact, at: place, hint: hint))
    }
}

extension ModelValueType {
    /// The type of a list's items; of another type, itself.
    var elementType: ModelValueType {
        if case .list(let element) = shape { return element }
        return self
    }

    /// The type of a component by its path, such as `amount` or `borrower.age`.
    fileprivate func component(_ path: String) -> ModelValueType? {
        guard case .context(let entries) = elementType.shape else { return nil }
        if let found = entries.first(where: { $0.name == path }) { return found.type }
        for entry in entries where path.hasPrefix(entry.name + ".") {
            if let found = entry.type.component(String(path.dropFirst(entry.name.count + 1))) { return found }
        }
        return nil
    }
}
