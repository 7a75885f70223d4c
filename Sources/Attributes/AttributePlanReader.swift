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
        guard let own = ownRecord(entry), let slot = slot(entry.value, "field", of: own) else { return }
        var source = AttributeSource.field(slot: slot)
        guard let fallback = fallback(entry.value, own.fields[slot]) else { return }
        if fallback != .null { source = .fieldOr(slot: slot, fallback: fallback) }
        define(entry, source, own.layout.types[slot], scale: nil)
    }

    private mutating func addRelated(_ entry: ConfigurationEntry) {
        let node = entry.value
        guard let own = ownRecord(entry), let kind = kind(node, "related") else { return }
        let definition = RecordCatalogue.definition(kind)
        for key in ["through", "field"] where node[key] == nil {
            return refuse(entry.key, .attributeForm, "related needs \(key)", hint: key == "through" ? "through names the field of \(own.kind.rawValue) that holds the identifier of the \(kind.rawValue)" : "field names the field of \(kind.rawValue) that is wanted")
        }
        guard let through = slot(node, "through", of: own), let slot = slot(node, "field", of: definition) else { return }
        guard definition.describes != nil else {
            return refuse(node["related"] ?? entry.key, .attributeForm, "a \(kind.rawValue) describes no entity, so nothing can point to it")
        }
        guard (kind == .party) == (node["role"] != nil) else {
            return refuse(
                entry.key, .attributeForm, kind == .party ? "a related party needs role" : "role is for a related party, and \(kind.rawValue) is none",
                hint: kind == .party ? "one identifier may name a customer and a supplier: say which is meant" : "remove role")
        }
        guard let fallback = fallback(node, definition.fields[slot]) else { return }
        let relation = Relation(kind: kind, through: through, role: node.optionalText("role"))
        let index = relations.firstIndex(of: relation) ?? relations.count
        if index == relations.count { relations.append(relation) }
        define(entry, .related(relation: index, slot: slot, fallback: fallback), definition.layout.types[slot], scale: nil)
    }

    /// What applies where nothing was sent: null where the file says nothing, nil where it says what the field cannot hold.
    private mutating func fallback(_ node: ConfigurationNode, _ field: RecordField) -> Value? {
        guard let at = node["default"], let text = at.scalar else { return .null }
        switch field.type {
        case .text: return .string(text)
        case .number: if let number = ExactDecimal(text) { return .number(number) }
        case .boolean: if text == "true" || text == "false" { return .boolean(text == "true") }
        case .date, .dateTime: break
        }
        refuse(at, .attributeForm, "\(text) is no default for \(field.name), which is a \(field.type.rawValue)", hint: "a default is a text, a number, or true or false, as the field is")
        return nil
    }

    private mutating func ownRecord(_ entry: ConfigurationEntry) -> RecordDefinition? {
        if own == nil { refuse(entry.key, .attributeForm, "no record describes a \(entity.rawValue)", hint: "use \(Self.aggregates.joined(separator: ", ")) over the records that refer to it") }
        return own
    }

    private mutating func addHoursUntil(_ entry: ConfigurationEntry) {
        guard let own = ownRecord(entry), let slot = slot(entry.value, "hoursUntil", of: own) else { return }
        guard own.fields[slot].type == .dateTime else {
            return refuse(entry.value["hoursUntil"] ?? entry.key, .attributeForm, "\(own.fields[slot].name) is no date and time")
        }
        define(entry, .hoursUntil(slot: slot), .number, scale: entry.value.integer("scale") ?? 0)
    }

    private mutating func addClass(_ entry: ConfigurationEntry) {
        let node = entry.value
        let cuts = node.list("cuts").compactMap { $0.scalar.flatMap { ExactDecimal($0) } }, names = node.texts("names")
        guard let measure = definitions.firstIndex(where: { $0.name == node.text("class") }) else {
            return refuse(
                node["class"] ?? entry.key, .attributeName, "attribute \(node.text("class")) is not declared above",
                hint: NearestName.of(node.text("class"), in: definitions.map(\.name)).map { "did you mean \($0)?" })
        }
        guard definitions[measure].type == .number else {
            return refuse(node["class"] ?? entry.key, .attributeForm, "\(definitions[measure].name) is no number, so it cannot rank")
        }
        guard !cuts.isEmpty, names.count == cuts.count + 1, zip(cuts, cuts.dropFirst()).allSatisfy({ $0 < $1 }),
            cuts.allSatisfy({ $0 > .zero && $0 < ExactDecimal(100) }), Set(names).count == names.count
        else {
            return refuse(
                node["cuts"] ?? entry.key, .attributeForm, "there are \(cuts.count) cuts and \(names.count) names",
                hint: "cuts ascend between 0 and 100, and there is one name more than cuts, each once")
        }
        define(entry, .populationClass(PopulationClass(measure: measure, cuts: cuts, names: names)), .string, scale: nil)
    }

    private mutating func addDerived(_ entry: ConfigurationEntry) {
        guard let expression = expression(entry.value, "feel", Layout(definitions.map { ($0.name, $0.type) })) else { return }
        if entry.value["scale"] != nil, expression.type != .number, expression.type != .any {
            return refuse(entry.value["scale"] ?? entry.key, .attributeForm, "scale is for numbers, and the expression gives \(expression.type)")
        }
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
        // A party's own field says customer, and stands for suppliers too: its role tells them apart.
        guard record.fields[link].refersTo == entity else {
            let fields = record.fields.filter { $0.refersTo == entity }.map(\.name)
            return refuse(
                node["by"] ?? entry.key, .attributeForm, "\(record.fields[link].name) of \(over.rawValue) does not name a \(entity.rawValue)",
                hint: fields.isEmpty ? "no field of \(over.rawValue) does" : "use \(fields.joined(separator: ", "))")
        }
        var layout = record.fields.map { ($0.name, $0.type.valueType) }
        var join: (kind: RecordKind, through: Int)?
        if let at = node["join"] {
            guard let joined = kind(node, "join") else { return }
            guard node["through"] != nil else {
                return refuse(entry.key, .attributeForm, "join needs through", hint: "through names the field of \(over.rawValue) that points to the joined record")
            }
            guard let through = slot(node, "through", of: record) else { return }
            // A party is found by its role as well, which a join cannot say.
            guard let described = RecordCatalogue.definition(joined).describes?.kind, joined != .party else {
                return refuse(at, .attributeForm, "a \(joined.rawValue) cannot be joined", hint: "a kind that describes one entity can, such as item or order")
            }
            guard record.fields[through].refersTo == described else {
                return refuse(node["through"] ?? at, .attributeForm, "\(record.fields[through].name) of \(over.rawValue) does not name a \(joined.rawValue)")
            }
            let known = Set(layout.map(\.0))
            // Fields that both have are the counted record's; the joined one's are hidden.
            layout += RecordCatalogue.definition(joined).fields.map { (known.contains($0.name) ? "joined \($0.name)" : $0.name, $0.type.valueType) }
            join = (joined, through)
        }
        let at = node["at"] == nil ? nil : slot(node, "at", of: record)
        let names = Layout(layout)
        let findings = diagnostics.count
        let of = node["of"] == nil ? nil : expression(node, "of", names)
        let filter = node["where"] == nil ? nil : expression(node, "where", names)
        guard diagnostics.count == findings, node["at"] == nil || at != nil else { return }
        if let (key, fact) = problem(aggregate, node, of: of, filter: filter, at: at, record) {
            return refuse(key.flatMap { node[$0] } ?? entry.key, .attributeForm, fact)
        }
        measures.append(Measure(
            aggregate: aggregate, over: over, link: link, join: join, of: of, filter: filter, at: at,
            window: node.duration("window"), bucket: node.optionalText("bucket").flatMap { Measure.Bucket(rawValue: $0) },
            scale: node.integer("scale") ?? 0))
        define(entry, .measure(measures.count - 1), aggregate == .any ? .boolean : .number, scale: node.integer("scale") ?? 0)
    }

    /// What does not fit about a measure, and the key that is to blame.
    private func problem(
        _ aggregate: Measure.Aggregate, _ node: ConfigurationNode, of: CompiledExpression?, filter: CompiledExpression?,
        at: Int?, _ record: RecordDefinition
    ) -> (key: String?, fact: String)? {
        let name = aggregate.rawValue
        if aggregate == .count, of != nil { return ("of", "count counts records and takes no of; use where to choose them") }
        if aggregate != .count, of == nil { return (nil, "\(name) needs of") }
        if let of, of.type != (aggregate == .any ? .boolean : .number) {
            return ("of", "\(name) needs \(aggregate == .any ? "true or false" : "a number"), and of gives \(of.type)")
        }
        if let filter, filter.type != .boolean { return ("where", "where needs true or false, and gives \(filter.type)") }
        if let at, record.fields[at].type != .dateTime { return ("at", "\(record.fields[at].name) is no date and time") }
        if let window = node.duration("window") {
            if at == nil { return ("window", "window needs at") }
            if window <= .zero { return ("window", "a window is longer than nothing") }
        }
        if aggregate == .variation, node["window"] == nil || node["bucket"] == nil { return (nil, "variation needs window and bucket") }
        if aggregate != .variation, node["bucket"] != nil { return ("bucket", "bucket is for variation") }
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
