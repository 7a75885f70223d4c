package import Configurations
package import Diagnostics
import FEEL
import Records
import Values

/// Reads one file of attributes into a plan, with every finding.
package struct AttributePlanReader {
    private(set) var diagnostics: [Diagnostic] = []
    private(set) var definitions: [AttributeDefinition] = []
    private var relations: [Relation] = []
    var measures: [Measure] = []
    let entity: EntityKind
    let own: RecordDefinition?
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
        case .shipment: own = RecordCatalogue.definition(.shipment)
        case .itemLocation: own = RecordCatalogue.definition(.itemLocation)
        case .location: own = RecordCatalogue.definition(.location)
        case .lane, .itemCustomerLocation, .supplierItem, .carrierLane: own = nil
        }
    }

    static let aggregates = Measure.Aggregate.allCases.map(\.rawValue)
    static let rankings = ["class", "rank", "percentile", "cumulativeShare", "shareOf", "tile"]

    private mutating func add(_ entry: ConfigurationEntry) {
        let node = entry.value
        let sources = (["related", "hoursUntil", "distance", "feel"] + Self.rankings + Self.aggregates).filter { node[$0] != nil }
        guard sources.count == 1 || (sources.isEmpty && node["field"] != nil) else {
            return refuse(
                entry.key, .attributeForm, "attribute \(entry.name) says \(sources.isEmpty ? "nowhere" : "in \(sources.count) ways") where it comes from",
                hint: "use one of field, related, hoursUntil, distance, feel, \((Self.rankings + Self.aggregates).joined(separator: ", "))")
        }
        let name = sources.first ?? "field"
        if let stray = node.entries.first(where: { !Self.keys(of: name).contains($0.name) }) {
            return refuse(stray.key, .attributeForm, "\(stray.name) is not for \(name)", hint: "remove it")
        }
        switch sources.first {
        case nil: addField(entry)
        case "related": addRelated(entry)
        case "hoursUntil": addHoursUntil(entry)
        case "distance": addDistance(entry)
        case "feel": addDerived(entry)
        case let ranking? where Self.rankings.contains(ranking): addRanking(entry, ranking)
        case let aggregate?: addMeasure(entry, aggregate)
        }
    }

    /// The keys that mean something beside the one that says where an attribute comes from.
    private static func keys(of source: String) -> Set<String> {
        let common: Set<String> = [source, "scale", "unit", "owner", "summary"]
        switch source {
        case "field": return common.union(["default"])
        case "related": return common.union(["field", "through", "role", "default"])
        case "hoursUntil", "distance", "feel": return common
        case "class": return common.union(["cuts", "names", "crossing", "within"])
        case "tile": return common.union(["tiles", "order", "within"])
        case "rank", "percentile": return common.union(["order", "within"])
        case "shareOf", "cumulativeShare": return common.union(["within"])
        default:
            return common.union([
                "by", "join", "through", "of", "that", "among", "where", "at", "until", "window", "bucket", "buckets", "between", "p", "halfLife", "per", "divisor", "form",
            ])
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
        guard definition.describes?.slots.count == 1 else {
            return refuse(node["related"] ?? entry.key, .attributeForm, "a \(kind.rawValue) describes no entity with one identifier, so nothing can point to it")
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

    private mutating func addDistance(_ entry: ConfigurationEntry) {
        let operands = entry.value.list("distance")
        guard operands.count == 4 else {
            return refuse(entry.value["distance"] ?? entry.key, .attributeForm, "distance has \(operands.count) parts", hint: "write latitude and longitude of one place, then of the other: [latitude, longitude, 48.21, 16.37]")
        }
        var coordinates: [AttributeSource.Coordinate] = []
        for (place, operand) in operands.enumerated() {
            let text = operand.scalar ?? ""
            if let number = ExactDecimal(text) {
                let limit = place % 2 == 0 ? 90 : 360
                guard number.magnitude <= ExactDecimal(limit) else {
                    return refuse(operand, .attributeForm, "\(text) is no \(place % 2 == 0 ? "latitude" : "longitude")", hint: "write degrees, from -\(limit) to \(limit); latitude comes first")
                }
                coordinates.append(.constant(number))
            } else if let attribute = definitions.firstIndex(where: { $0.name == text }) {
                guard [.number, .any].contains(definitions[attribute].type) else { return refuse(operand, .attributeForm, "\(text) is no number", hint: "name an attribute that is one, in degrees") }
                coordinates.append(.attribute(attribute))
            } else {
                let hint = NearestName.of(text, in: definitions.map(\.name)).map { "did you mean \($0)?" } ?? "name an attribute above it, or write a number of degrees"
                return refuse(operand, .attributeName, "there is no attribute \(text) above it", hint: hint)
            }
        }
        define(entry, .distance(coordinates), .number, scale: entry.value.integer("scale") ?? 0)
    }

    private mutating func addDerived(_ entry: ConfigurationEntry) {
        guard let expression = expression(entry.value, "feel", Layout(definitions.map { ($0.name, $0.type) })) else { return }
        if entry.value["scale"] != nil, expression.type != .number, expression.type != .any {
            return refuse(entry.value["scale"] ?? entry.key, .attributeForm, "scale is for numbers, and the expression gives \(expression.type)")
        }
        define(entry, .derived(expression), expression.type, scale: entry.value.integer("scale"))
    }

    mutating func define(_ entry: ConfigurationEntry, _ source: AttributeSource, _ type: ValueType, scale: Int?) {
        guard !definitions.contains(where: { $0.name == entry.name }) else {
            return refuse(entry.key, .attributeTwice, "attribute \(entry.name) is declared twice")
        }
        definitions.append(AttributeDefinition(
            name: entry.name, source: source, type: type, scale: scale, unit: entry.value.optionalText("unit"),
            owner: entry.value.optionalText("owner") ?? owner, summary: entry.value.optionalText("summary")))
    }

    mutating func kind(_ node: ConfigurationNode, _ key: String) -> RecordKind? {
        if let kind = RecordKind(rawValue: node.text(key)) { return kind }
        let names = RecordKind.allCases.map(\.rawValue)
        if let at = node[key] {
            refuse(at, .attributeName, "\(node.text(key)) is no kind of record", hint: NearestName.of(node.text(key), in: names).map { "did you mean \($0)?" } ?? "there are \(names.joined(separator: ", "))")
        }
        return nil
    }

    mutating func slot(_ node: ConfigurationNode, _ key: String, of record: RecordDefinition) -> Int? {
        guard let at = node[key] else { return nil }
        let name = node.text(key)
        if let slot = record.slot(name) { return slot }
        let names = record.fields.map(\.name)
        refuse(at, .attributeName, "\(record.kind.rawValue) has no field \(name)", hint: NearestName.of(name, in: names).map { "did you mean \($0)?" } ?? "it has \(names.joined(separator: ", "))")
        return nil
    }

    mutating func expression(_ node: ConfigurationNode, _ key: String, _ layout: Layout) -> CompiledExpression? {
        guard let at = node[key], let text = at.scalar else { return nil }
        let place = at.contentPosition
        let origin = TextOrigin(file: place.file, line: place.line ?? 1, column: place.column ?? 1, indentation: max(0, (place.column ?? 1) - 1))
        let compilation = FEEL.expression(text, layout: layout, at: origin)
        diagnostics += compilation.diagnostics
        return compilation.product
    }

    mutating func refuse(_ node: ConfigurationNode, _ code: DiagnosticCode, _ fact: String, hint: String? = nil) {
        diagnostics.append(node.diagnostic(code, fact, hint: hint))
    }
}
