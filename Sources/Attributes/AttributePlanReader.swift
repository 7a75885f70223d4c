package import Configurations
package import Diagnostics
import FEEL
import Records
import Values

/// Reads one file of attributes into a plan, with every finding.
package struct AttributePlanReader {
    private var diagnostics: [Diagnostic] = []
    private var definitions: [AttributeDefinition] = []
    private var relations: [Relation] = []
    private var measures: [Measure] = []
    private let entity: EntityKind
    private let own: RecordDefinition?
    private let owner: String?

    /// - Parameter root: the file's root, checked against ``AttributeFile/shape``.
    package static func read(_ root: ConfigurationNode) -> (plan: AttributePlan?, diagnostics: [Diagnostic]) {
        var reader = AttributePlanReader(root)
        for entry in root["values"]?.entries ?? [] { reader.add(entry) }
        let plan = AttributePlan(
            entity: reader.entity, own: reader.own, definitions: reader.definitions, relations: reader.relations,
            measures: reader.measures)
        return (reader.diagnostics.isEmpty ? plan : nil, reader.diagnostics)
    }

    private init(_ root: ConfigurationNode) {
        guard let entity = EntityKind(rawValue: root.text("entity")) else { preconditionFailure("the shape was not checked") }
        self.entity = entity
        owner = root.optionalText("owner")
        switch entity {
        case .order: own = RecordCatalogue.definition(.order)
        case .item: own = RecordCatalogue.definition(.item)
        case .customer, .supplier: own = RecordCatalogue.definition(.party)
        case .lane: own = nil
        }
    }

    private static let aggregates = ["count", "sum", "min", "max", "mean", "any", "variation"]

    private mutating func add(_ entry: ConfigurationEntry) {
        let node = entry.value
        let sources = (["related", "hoursUntil", "class", "feel"] + Self.aggregates).filter { node[$0] != nil }
        guard sources.count == 1 || (sources.isEmpty && node["field"] != nil) else {
            return refuse(
                entry.key, .attributeForm, "attribute \(entry.name) says \(sources.isEmpty ? "nowhere" : "in \(sources.count) ways") where it comes from",
                hint: "use one of field, related, hoursUntil, class, feel, \(Self.aggregates.joined(separator: ", "))")
        }
        switch sources.first {
        case nil: addField(entry)
        case "related": addRelated(entry)
        case "hoursUntil": addHoursUntil(entry)
        case "class": addClass(entry)
        case "feel": addDerived(entry)
        case let aggregate?: addMeasure(entry, aggregate)
        }
    }

    private mutating func addField(_ entry: ConfigurationEntry) {
        guard let own else { return refuse(entry.key, .attributeForm, "no record describes a \(entity.rawValue)") }
        guard let slot = slot(entry.value, "field", of: own) else { return }
        var source = AttributeSource.field(slot: slot)
        if let text = entry.value.optionalText("default") {
            guard case .text = own.fields[slot].type else {
                return refuse(entry.key, .attributeForm, "a default is for text, and \(own.fields[slot].name) is not")
            }
            source = .fieldOr(slot: slot, fallback: .string(text))
        }
        define(entry, source, own.layout.types[slot], scale: nil)
    }

    private mutating func addRelated(_ entry: ConfigurationEntry) {
        let node = entry.value
        guard let own, let kind = kind(node, "related"), let through = slot(node, "through", of: own),
            let slot = slot(node, "field", of: RecordCatalogue.definition(kind))
        else { return }
        let definition = RecordCatalogue.definition(kind)
        guard definition.describes != nil else {
            return refuse(entry.key, .attributeForm, "a \(kind.rawValue) describes no entity, so nothing can point to it")
        }
        let relation = Relation(kind: kind, through: through, role: node.optionalText("role"))
        let index = relations.firstIndex(of: relation) ?? relations.count
        if index == relations.count { relations.append(relation) }
        let fallback = node.optionalText("default").map { text -> Value in
            definition.fields[slot].type == .number ? ExactDecimal(text).map(Value.number) ?? .string(text) : .string(text)
        }
        define(entry, .related(relation: index, slot: slot, fallback: fallback ?? .null), definition.layout.types[slot], scale: nil)
    }

    private mutating func addHoursUntil(_ entry: ConfigurationEntry) {
        guard let own, let slot = slot(entry.value, "hoursUntil", of: own) else { return }
        guard own.fields[slot].type == .dateTime else {
            return refuse(entry.key, .attributeForm, "\(own.fields[slot].name) is no date and time")
        }
        define(entry, .hoursUntil(slot: slot), .number, scale: entry.value.integer("scale") ?? 0)
    }

    private mutating func addClass(_ entry: ConfigurationEntry) {
        let node = entry.value
        let cuts = node.list("cuts").compactMap { $0.scalar.flatMap { ExactDecimal($0) } }, names = node.texts("names")
        guard let measure = definitions.firstIndex(where: { $0.name == node.text("class") }) else {
            return refuse(
                entry.key, .attributeName, "attribute \(node.text("class")) is not declared above",
                hint: NearestName.of(node.text("class"), in: definitions.map(\.name)).map { "did you mean \($0)?" })
        }
        guard definitions[measure].type == .number else {
            return refuse(entry.key, .attributeForm, "\(definitions[measure].name) is no number, so it cannot rank")
        }
        guard !cuts.isEmpty, names.count == cuts.count + 1, zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }) else {
            return refuse(entry.key, .attributeForm, "there are \(cuts.count) cuts and \(names.count) names", hint: "cuts ascend, and there is one name more than cuts")
        }
        define(entry, .populationClass(PopulationClass(measure: measure, cuts: cuts, names: names)), .string, scale: nil)
    }

    private mutating func addDerived(_ entry: ConfigurationEntry) {
        guard let expression = expression(entry.value, "feel", Layout(definitions.map { ($0.name, $0.type) })) else { return }
        define(entry, .derived(expression), expression.type, scale: entry.value.integer("scale"))
    }

    private mutating func addMeasure(_ entry: ConfigurationEntry, _ name: String) {
        let node = entry.value
        guard let aggregate = Measure.Aggregate(rawValue: name), let over = kind(node, name) else { return }
        let record = RecordCatalogue.definition(over)
        guard node["by"] != nil else {
            return refuse(entry.key, .attributeForm, "\(name) needs by", hint: "by names the field of \(over.rawValue) that holds the \(entity.rawValue)")
        }
        guard let link = slot(node, "by", of: record) else { return }
        var layout = record.fields.map { ($0.name, $0.type.valueType) }
        var join: (kind: RecordKind, through: Int)?
        if node["join"] != nil {
            guard let joined = kind(node, "join"), let through = slot(node, "through", of: record) else {
                return refuse(entry.key, .attributeForm, "join needs through", hint: "through names the field of \(over.rawValue) that points to the joined record")
            }
            let known = Set(layout.map(\.0))
            // Fields that both have are the counted record's; the joined one's are hidden.
            layout += RecordCatalogue.definition(joined).fields.map { (known.contains($0.name) ? "joined \($0.name)" : $0.name, $0.type.valueType) }
            join = (joined, through)
        }
        let at = node["at"] == nil ? nil : slot(node, "at", of: record)
        let names = Layout(layout)
        let of = node["of"] == nil ? nil : expression(node, "of", names)
        let filter = node["where"] == nil ? nil : expression(node, "where", names)
        if let problem = problem(aggregate, node, of: of, at: at, record) { return refuse(entry.key, .attributeForm, problem) }
        measures.append(Measure(
            aggregate: aggregate, over: over, link: link, join: join, of: of, filter: filter, at: at,
            window: node.duration("window"), bucket: node.optionalText("bucket").flatMap { Measure.Bucket(rawValue: $0) },
            scale: node.integer("scale") ?? 0))
        define(entry, .measure(measures.count - 1), aggregate == .any ? .boolean : .number, scale: node.integer("scale") ?? 0)
    }

    private func problem(
        _ aggregate: Measure.Aggregate, _ node: ConfigurationNode, of: CompiledExpression?, at: Int?, _ record: RecordDefinition
    ) -> String? {
        if aggregate != .count, node["of"] == nil { return "\(aggregate.rawValue) needs of" }
        if let of, aggregate == .any ? of.type != .boolean : of.type != .number {
            return "\(aggregate.rawValue) needs \(aggregate == .any ? "true or false" : "a number"), and of gives \(of.type)"
        }
        if node["window"] != nil, node["at"] == nil { return "window needs at" }
        if let at, record.fields[at].type != .dateTime { return "\(record.fields[at].name) is no date and time" }
        if aggregate == .variation, node["window"] == nil || node["bucket"] == nil { return "variation needs window and bucket" }
        return nil
    }

    private mutating func define(_ entry: ConfigurationEntry, _ source: AttributeSource, _ type: ValueType, scale: Int?) {
        guard !definitions.contains(where: { $0.name == entry.name }) else {
            return refuse(entry.key, .attributeTwice, "attribute \(entry.name) is declared twice")
        }
        definitions.append(AttributeDefinition(
            name: entry.name, source: source, type: type, scale: scale, unit: entry.value.optionalText("unit"), owner: owner,
            summary: entry.value.optionalText("summary")))
    }

    private mutating func kind(_ node: ConfigurationNode, _ key: String) -> RecordKind? {
        if let kind = RecordKind(rawValue: node.text(key)) { return kind }
        let names = RecordKind.allCases.map(\.rawValue)
        if let at = node[key] {
            refuse(at, .attributeName, "\(node.text(key)) is no kind of record", hint: NearestName.of(node.text(key), in: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))")
        }
        return nil
    }

    private mutating func slot(_ node: ConfigurationNode, _ key: String, of record: RecordDefinition) -> Int? {
        guard let at = node[key] else { return nil }
        let name = node.text(key)
        if let slot = record.slot(name) { return slot }
        let names = record.fields.map(\.name)
        refuse(at, .attributeName, "\(record.kind.rawValue) has no field \(name)", hint: NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? "it has \(names.joined(separator: ", "))")
        return nil
    }

    private mutating func expression(_ node: ConfigurationNode, _ key: String, _ layout: Layout) -> CompiledExpression? {
        guard let at = node[key], let text = at.scalar else { return nil }
        let place = at.contentPosition
        let origin = TextOrigin(file: place.file, line: place.line ?? 1, column: place.column ?? 1, indentation: max(0, (place.column ?? 1) - 1))
        let compilation = FEEL.expression(text, layout: layout, at: origin)
        diagnostics += compilation.diagnostics
        return compilation.product
    }

    private mutating func refuse(_ node: ConfigurationNode, _ code: DiagnosticCode, _ fact: String, hint: String? = nil) {
        diagnostics.append(node.diagnostic(code, fact, hint: hint))
    }
}
