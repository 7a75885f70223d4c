import Configurations
import Diagnostics
import FEEL
import Records
import Values

/// Compiles one mapping file whose shape has been checked.
struct MappingCompiler {
    private let file: String
    private let lookups: [String: LookupTable]
    private let segments: Set<String>?
    private(set) var symbols: SymbolTable
    private(set) var diagnostics: [Diagnostic] = []

    /// - Parameter segments: tags of the transaction set's EDI segments, where its structure is known.
    init(file: String, lookups: [String: LookupTable], segments: Set<String>?, symbols: SymbolTable) {
        self.file = file
        self.segments = segments
        self.lookups = lookups
        self.symbols = symbols
    }

    mutating func compile(_ root: ConfigurationNode) -> CompiledMapping? {
        guard let name = root["mapping"]?.scalar, let readsNode = root["reads"], let reads = reads(readsNode) else { return nil }
        let transactionSet = reads.transactionSet.map { symbols.intern($0) }
        let nodes = root["records"]?.items ?? []
        var outlines: [RecordOutline] = []
        for node in nodes { if let outline = outline(node, reads, transactionSet) { outlines.append(outline) } }
        guard outlines.count == nodes.count else { return nil }
        var rules: [RecordRule] = [], kept: Set<Int32> = [], spoken: Set<Int32> = []
        for (node, outline) in zip(nodes, outlines) {
            guard let (rule, selectors) = record(node, outline, outlines, reads, transactionSet) else { continue }
            rules.append(rule)
            kept.formUnion(selectors.kept)
            spoken.formUnion(selectors.spoken)
        }
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return nil }
        var byName: [Int32: [Int]] = [:]
        for (index, rule) in rules.enumerated() {
            if let last = rule.lastName { byName[last, default: []].append(index) }
        }
        return CompiledMapping(
            name: name, file: file, reads: reads, records: rules, kept: kept, spoken: spoken, rulesByName: byName)
    }

    // MARK: - Which documents

    private mutating func reads(_ node: ConfigurationNode) -> ReadsClause? {
        guard let format = node["format"]?.scalar.flatMap(SourceFormat.init) else { return nil }
        let wanted: [SourceFormat: String] = [.x12: "transactionSet", .edifact: "transactionSet", .tradacoms: "transactionSet", .xml: "root", .flat: "layout"]
        for key in ["transactionSet", "versions", "root", "namespaces", "messages", "layout", "header", "optional"] where node[key] != nil {
            let belongs = switch key {
            case "transactionSet", "versions": format.isEDI
            case "root", "messages", "namespaces": format == .xml
            case "layout": format == .flat
            default: format == .csv
            }
            if !belongs {
                diagnostics.append(node[key]!.diagnostic(.mapRule, "`\(key)` has no meaning for \(format.rawValue)"))
            }
        }
        if format == .idoc {
            diagnostics.append(node.diagnostic(.mapRule, "a mapping reads IDocs as xml, whatever the feed's format", hint: "write format: xml"))
        }
        if let key = wanted[format], node[key] == nil {
            diagnostics.append(node.diagnostic(.mapRule, "a mapping that reads \(format.rawValue) says its `\(key)`"))
            return nil
        }
        var namespaces: [String: Int32] = [:]
        for entry in node["namespaces"]?.entries ?? [] { namespaces[entry.name] = symbols.intern(entry.value.scalar ?? "") }
        let root = node["root"]?.scalar?.split(separator: ":", maxSplits: 1).map(String.init) ?? []
        var rootNamespace: String?
        if root.count == 2, !namespaces.isEmpty, let rootNode = node["root"] {
            rootNamespace = namespaces[root[0]].map { symbols.names[Int($0)] }
            if rootNamespace == nil { diagnostics.append(rootNode.diagnostic(.mapRule, "prefix `\(root[0])` stands for no namespace of `namespaces`")) }
        }
        return ReadsClause(
            format: format, transactionSet: node["transactionSet"]?.scalar, versions: node["versions"]?.texts ?? [],
            root: root.last, rootNamespace: rootNamespace, namespaces: namespaces, messages: node["messages"]?.texts ?? [], layout: node["layout"]?.scalar,
            header: node["header"]?.texts ?? [], optionalColumns: node["optional"]?.texts ?? [])
    }

    private mutating func outline(
        _ node: ConfigurationNode, _ reads: ReadsClause, _ transactionSet: Int32?
    ) -> RecordOutline? {
        guard let kindNode = node["record"], let name = kindNode.scalar else { return nil }
        guard let kind = RecordKind(rawValue: name) else {
            let known = RecordKind.allCases.map(\.rawValue)
            diagnostics.append(kindNode.diagnostic(
                .mapUnknownName, "the catalogue has no record `\(name)`",
                hint: NearestName.hint(name, known) ?? "known are \(known.joined(separator: ", "))"))
            return nil
        }
        guard let eachNode = node["each"], let each = each(eachNode, reads, transactionSet) else { return nil }
        return RecordOutline(kind: kind, each: each, fieldNames: Set(node["fields"]?.entries.map(\.name) ?? []))
    }

    private mutating func each(
        _ node: ConfigurationNode, _ reads: ReadsClause, _ transactionSet: Int32?
    ) -> RecordRule.Each? {
        guard let text = node.scalar else { return nil }
        if reads.format == .csv {
            if text == "row" { return .row }
            diagnostics.append(node.diagnostic(.mapSelector, "`each: \(text)`: in a flat file a record is made of each row", hint: "write `each: row`"))
            return nil
        }
        if reads.format.isEDI, text == EnvelopeName.transactionSet, let transactionSet {
            return .path(absolute: false, steps: [SelectorStep(symbol: transactionSet, predicates: [])])
        }
        do {
            let path = try SelectorParser.steps(text, format: reads.format, namespaces: reads.namespaces, symbols: &symbols)
            return .path(absolute: path.absolute, steps: path.steps)
        } catch {
            diagnostics.append(node.diagnostic(
                .mapSelector, "`each: \(text)`: \(error.fact)", inText: error.offset..<(error.offset + 1),
                hint: error.hint))
            return nil
        }
    }

    // MARK: - One record

    private mutating func record(
        _ node: ConfigurationNode, _ outline: RecordOutline, _ outlines: [RecordOutline], _ reads: ReadsClause,
        _ transactionSet: Int32?
    ) -> (RecordRule, SelectorScope)? {
        let definition = RecordCatalogue.definition(outline.kind)
        var compiler = FieldCompiler(
            reads: reads, lookups: lookups, segments: segments,
            parents: outlines.map { $0.encloses(outline, transactionSet: transactionSet) ? $0 : nil }, definition: definition,
            selectors: SelectorScope(format: reads.format, each: outline.each, envelopes: EnvelopeName.heads(of: reads.format, &symbols)),
            expressions: ExpressionScope(fields: definition.layout), symbols: symbols)
        let lets = compiler.lets(node)
        let when = node["when"].flatMap { condition in
            if condition.scalar == Guard.otherwise { return Guard(expression: nil) }
            return compiler.expression(condition, wanted: .boolean, overSourceOnly: true).map { Guard(expression: $0) }
        }
        let fields = compiler.fields(node["fields"])
        let checks = (node["checks"]?.items ?? []).compactMap { compiler.check($0) }
        compiler.requireFields(node["fields"] ?? node)
        symbols = compiler.symbols
        diagnostics += compiler.diagnostics
        let ruleLines = definition.fields.indices.map { slot in fields.first { $0.slot == slot }?.line ?? 0 }
        let required = definition.fields.indices.filter { definition.fields[$0].isRequired }
        let rule = RecordRule(
            kind: outline.kind, definition: definition, each: outline.each, when: when, lets: lets, fields: fields,
            checks: checks, required: required, width: compiler.expressions.width,
            mapsClient: fields.contains { $0.slot == 0 }, rules: ruleLines, line: Int32(node.position.line ?? 0),
            counterScope: compiler.usesCounter ? compiler.parents.compactMap { $0?.lastName }.last ?? -2 : nil)
        return (rule, compiler.selectors)
    }
}

extension RecordOutline {
    /// Name of the node that the record is made of; nil for rows.
    var lastName: Int32? {
        if case .path(_, let steps) = each { return steps.last?.symbol }
        return nil
    }
}
