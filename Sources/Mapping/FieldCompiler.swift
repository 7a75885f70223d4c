import Configurations
import Diagnostics
import FEEL
import Records
import Values

/// Compiles the rules of the fields of one record: what each is read from, and what becomes of the text.
struct FieldCompiler {
    let reads: ReadsClause
    let lookups: [String: LookupTable]
    /// Tags of the transaction set's EDI segments, where its structure is known.
    let segments: Set<String>?
    /// The records of the mapping in order; nil for those that do not enclose this one.
    let parents: [RecordOutline?]
    let definition: RecordDefinition
    var selectors: SelectorScope
    var expressions: ExpressionScope
    var symbols: SymbolTable
    var diagnostics: [Diagnostic] = []
    /// For a record with counters: the node within which they run.
    private(set) var usesCounter = false
    private(set) var mapped: Set<Int> = [0]

    init(
        reads: ReadsClause, lookups: [String: LookupTable], segments: Set<String>?, parents: [RecordOutline?], definition: RecordDefinition,
        selectors: SelectorScope, expressions: ExpressionScope, symbols: SymbolTable
    ) {
        self.reads = reads
        self.lookups = lookups
        self.segments = segments
        self.parents = parents
        self.definition = definition
        self.selectors = selectors
        self.expressions = expressions
        self.symbols = symbols
    }

    // MARK: - One field

    /// - Parameters:
    ///   - type: of the record's field; nil for a source value, which takes the type that it declares.
    mutating func field(_ name: String, _ node: ConfigurationNode, slot: Int, type: RecordField.FieldType?) -> FieldRule? {
        let line = Int32(node.position.line ?? 0)
        if let text = node.scalar {
            guard let source = plain(text, node) else { return nil }
            mapped.insert(slot)
            let conversion = type.map { defaultConversion(of: $0) } ?? .text
            if case .parent(let record, let parentSlot) = source {
                guard parentFits(record, parentSlot, type, node) else { return nil }
            }
            return FieldRule(name: name, slot: slot, source: source, time: nil, conversion: conversion, line: line)
        }
        guard let source = source(of: node, type) else { return nil }
        checkVerbs(of: node, source)
        let conversion = conversion(of: node, type, source) ?? .text
        let rule = FieldRule(
            name: name, slot: slot, source: source, time: time(of: node, conversion), conversion: conversion,
            trims: node["trim"]?.scalar != "false", steps: steps(of: node), unit: unit(of: node, name), codes: codes(of: node),
            lookup: lookup(of: node), reference: node.optionalText("reference"), currency: currency(of: node, name),
            onMiss: node["onMiss"]?.scalar.flatMap(FieldRule.Miss.init) ?? .reject,
            defaultValue: literal(node["default"], conversion, type),
            isRequired: node["required"]?.scalar == "true", line: line)
        mapped.insert(slot)
        return rule
    }

    /// A scalar alone is a selector, or a field of a parent record: `order.orderNumber`.
    mutating func plain(_ text: String, _ node: ConfigurationNode) -> FieldRule.Source? {
        let halves = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        if halves.count == 2, let kind = RecordKind(rawValue: halves[0]) { return parent(kind, halves[1], node) }
        return selector(node).map { .selector($0) }
    }

    private mutating func source(of node: ConfigurationNode, _ type: RecordField.FieldType?) -> FieldRule.Source? {
        let keys = ["at", "first", "concat", "constant", "feel", "rowNumber", "counter", "parent"].filter { node[$0] != nil }
        guard keys.count == 1, let key = keys.first, let value = node[key] else {
            let fact = keys.isEmpty ? "the rule says no source of the value" : "the rule says \(keys.joined(separator: " and "))"
            found(.mapRule, fact, node, hint: "give one of at, first, concat, constant, feel, rowNumber, counter")
            return nil
        }
        switch key {
        case "at": return value.scalar.flatMap { plain($0, value) }
        case "first": return .first(value.items.compactMap { selector($0) })
        case "concat":
            let parts = value.items.compactMap { part($0) }
            return .concat(parts, separator: node["separator"]?.scalar ?? "")
        case "constant":
            let conversion = conversion(of: node, type, nil) ?? .text
            return literal(value, conversion, type).map { .constant($0) }
        case "feel":
            guard let expression = expression(value, wanted: type?.valueType) else { return nil }
            return .feel(expression)
        case "rowNumber": return .rowNumber
        default:
            usesCounter = true
            return .counter
        }
    }

    private mutating func part(_ node: ConfigurationNode) -> FieldRule.ConcatPart? {
        guard let text = node.scalar else { return nil }
        if text.count >= 2, text.hasPrefix("'"), text.hasSuffix("'") { return .text(String(text.dropFirst().dropLast())) }
        return selector(node).map { .selector($0) }
    }

    // MARK: - Selectors and parents

    private mutating func selector(_ node: ConfigurationNode) -> Selector? { node.scalar.flatMap { selector($0, node) } }

    /// A selector whose text stands in a node, alone or as part of an expression.
    mutating func selector(_ text: String, _ node: ConfigurationNode) -> Selector? {
        do {
            let parsed = try SelectorParser.parse(text, format: reads.format, namespaces: reads.namespaces, symbols: &symbols)
            if case .column(let symbol) = parsed.target { checkColumn(symbols.names[Int(symbol)], node) }
            if case .element(let tag, _, _) = parsed.target { checkSegment(symbols.names[Int(tag)], node) }
            if case .pair(let tag, _, _) = parsed.target { checkSegment(symbols.names[Int(tag)], node) }
            for step in parsed.steps where reads.format.isEDI { checkSegment(symbols.names[Int(step.symbol)], node) }
            return selectors.fit(parsed)
        } catch {
            diagnostics.append(node.diagnostic(
                .mapSelector, "selector `\(text)`: \(error.fact)", inText: error.offset..<(error.offset + 1),
                hint: error.hint))
            return nil
        }
    }

    private mutating func checkColumn(_ name: String, _ node: ConfigurationNode) {
        let known = reads.header + reads.optionalColumns
        guard !known.isEmpty, !known.contains(name) else { return }
        found(
            .mapSelector, "column `\(name)` is not among the columns that the mapping reads", node,
            hint: NearestName.hint(name, known) ?? "add it to reads.header or reads.optional")
    }

    private mutating func checkSegment(_ tag: String, _ node: ConfigurationNode) {
        guard let segments, !segments.contains(tag) else { return }
        found(
            .mapSelector, "transaction set \(reads.transactionSet ?? "") has no EDI segment \(tag)", node,
            hint: NearestName.hint(tag, segments.sorted()) ?? "its segments are in Mappings/structures")
    }

    private mutating func parent(_ kind: RecordKind, _ field: String, _ node: ConfigurationNode) -> FieldRule.Source? {
        guard let index = parents.lastIndex(where: { $0?.kind == kind }) else {
            found(
                .mapParent, "no record \(kind.rawValue) of this mapping is made by a node around this one", node,
                hint: "a parent's `each` must enclose the `each` of this record")
            return nil
        }
        let definition = RecordCatalogue.definition(kind)
        guard let slot = definition.slot(field) else {
            found(
                .mapUnknownName, "record \(kind.rawValue) has no field `\(field)`", node,
                hint: NearestName.hint(field, definition.layout.names))
            return nil
        }
        guard parents[index]?.fieldNames.contains(field) == true else {
            found(.mapParent, "record \(kind.rawValue) of this mapping has no rule for \(field)", node, hint: nil)
            return nil
        }
        return .parent(record: index, slot: slot)
    }

    private mutating func parentFits(
        _ record: Int, _ slot: Int, _ type: RecordField.FieldType?, _ node: ConfigurationNode
    ) -> Bool {
        guard let kind = parents[record]?.kind else { return false }
        let field = RecordCatalogue.definition(kind).fields[slot]
        guard let type, field.type != type else { return true }
        found(.mapFieldType, "\(kind.rawValue).\(field.name) is \(field.type.rawValue); \(type.rawValue) is wanted", node, hint: nil)
        return false
    }

    // MARK: - Expressions

    /// An expression over the fields mapped so far and the source values.
    mutating func expression(
        _ node: ConfigurationNode, wanted: ValueType?, overSourceOnly: Bool = false, afterAllFields: Bool = false
    ) -> RuleExpression? {
        guard let text = node.scalar else { return nil }
        let layout = overSourceOnly ? expressions.sourceLayout : expressions.layout
        let compiled = FEEL.expression(text, layout: layout, at: node.textOrigin, profile: .strict)
        diagnostics += compiled.diagnostics
        guard let product = compiled.product else { return nil }
        if product.readsClock {
            found(.mapRule, "the expression reads the clock; what a mapping gives depends on the file alone", node, hint: nil)
        }
        if let wanted, !FieldCompiler.fits(product.type, wanted) {
            found(.mapFieldType, "the expression gives \(product.type); \(wanted) is wanted", node, hint: nil)
            return nil
        }
        for slot in product.slots where slot < expressions.fields.count && !mapped.contains(slot) {
            let name = expressions.fields.names[slot]
            let fact = afterAllFields ? "no rule of this record gives \(name)" : "\(name) has no value yet: no rule before this one gives it"
            found(.mapExpressionName, fact, node, hint: afterAllFields ? "add a rule for \(name)" : "move the rule for \(name) up")
        }
        return RuleExpression(product)
    }

    static func fits(_ type: ValueType, _ wanted: ValueType) -> Bool {
        type == wanted || type == .any || type == .null
    }

    // MARK: - Findings

    mutating func found(_ code: DiagnosticCode, _ fact: String, _ node: ConfigurationNode, hint: String?) {
        diagnostics.append(node.diagnostic(code, fact, hint: hint))
    }
}
