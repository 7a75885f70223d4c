import Configurations
import Diagnostics
import EDI
import FEEL
import Formats
import Records
import Values

/// Reads an outbound set from a file whose shape has been checked.
struct OutboundSetReader {
    private(set) var diagnostics: [Diagnostic] = []
    private var layout = Layout.empty
    private var standard = EDIStandard.x12
    private var asksForRows = false
    private var fieldCount = 0

    mutating func read(_ node: ConfigurationNode, file: String) -> OutboundSet? {
        let kinds = node.list("records").compactMap { kind($0) }
        guard let first = kinds.first, kinds.count == node.list("records").count, let writes = node["writes"] else { return nil }
        let fields = RecordCatalogue.definition(first).layout
        guard kinds.allSatisfy({ RecordCatalogue.definition($0).layout == fields }) else {
            found("the kinds of record of one outbound set have the same fields", node["records"] ?? node)
            return nil
        }
        fieldCount = fields.count
        layout = Self.layout(over: fields)
        standard = writes.text("format") == "x12" ? .x12 : .edifact
        guard let type = type(writes) else { return nil }
        let per = node.list("per").compactMap { slot($0) }
        let parts = parts(node.list("segments"))
        if node.list("segments").isEmpty { found("the outbound set has no segment", node) }
        let fileName = node.text("file")
        if fileName.contains("/") || fileName.hasPrefix(".") || !fileName.contains("{number}") {
            found("`\(fileName)` is no name for interchanges: it holds {number}, no `/` and begins with no dot", node["file"] ?? node)
        }
        let identifier = standard == .x12 ? writes.optionalText("group") ?? X12FunctionalIdentifiers.identifier(of: type[0]) : ""
        guard let identifier else {
            found("transaction set \(type[0]) has no functional group that is known; say `group`", writes)
            return nil
        }
        return OutboundSet(
            name: node.text("outboundSet"), file: file, kinds: kinds, standard: standard, type: type, functionalIdentifier: identifier,
            version: standard == .x12 ? writes.text("version") : "", implementation: writes.optionalText("implementation") ?? "",
            fileName: fileName, perSlots: per, parts: parts, fieldCount: fieldCount, fieldNames: fields.names, asksForRows: asksForRows)
    }

    /// The fields of the record, and the names that a set adds to them.
    static func layout(over fields: Layout) -> Layout {
        let row = ValueType.context(Dictionary(zip(fields.names, fields.types), uniquingKeysWith: { first, _ in first }))
        return Layout(Array(zip(fields.names, fields.types)) + OutboundSet.Name.allCases.map { ($0.name, $0 == .rows ? .list(row) : .number) })
    }

    /// ST01, or S009.
    private mutating func type(_ writes: ConfigurationNode) -> [String]? {
        let set = writes.text("transactionSet"), version = writes.text("version")
        if standard == .x12 {
            for key in ["agency", "association"] { if let node = writes[key] { found("`\(key)` belongs to EDIFACT", node) } }
            return [set]
        }
        for key in ["group", "implementation"] { if let node = writes[key] { found("`\(key)` belongs to X12", node) } }
        guard version.utf8.count >= 3, let letter = version.first else {
            found("`\(version)` is no directory; write one such as D96A", writes["version"] ?? writes)
            return nil
        }
        return [set, String(letter), String(version.dropFirst()), writes.optionalText("agency") ?? "UN"]
            + (writes.optionalText("association").map { [$0] } ?? [])
    }

    // MARK: - Parts

    private mutating func parts(_ nodes: [ConfigurationNode]) -> [OutboundSet.Part] {
        nodes.compactMap { node in
            if node.scalar != nil { return template(node).map { .segment($0) } }
            let inner = parts(node.list("segments"))
            switch (node["when"], node["each"]) {
            case (let condition?, nil): return expression(condition, .boolean).map { .when($0, inner) }
            case (nil, let each?):
                if each.scalar == "row" { return .each(nil, inner) }
                guard each.scalar == nil else {
                    found("`each` says row, or the fields in which rows agree: [order]", each)
                    return nil
                }
                return .each(node.list("each").compactMap { slot($0) }, inner)
            default:
                found("a part is the text of an EDI segment, or has one of `when` and `each`, with `segments`", node)
                return nil
            }
        }
    }

    private mutating func template(_ node: ConfigurationNode) -> SegmentTemplate? {
        let text = node.scalar ?? ""
        var scanner = SegmentTemplateScanner(text, standard)
        do throws(SegmentTemplateScanner.Failure) {
            let (tag, elements) = try scanner.scan()
            let compiled = elements.map { $0.map { $0.compactMap { piece($0, node) } } }
            return SegmentTemplate(tag: tag, elements: compiled, source: text)
        } catch {
            found("`\(text)`: \(error.fact)", node)
            return nil
        }
    }

    private mutating func piece(_ piece: SegmentTemplateScanner.Piece, _ node: ConfigurationNode) -> SegmentTemplate.Piece? {
        switch piece {
        case .text(let text): return .text(text)
        case .expression(let text, let form, let offset):
            var origin = node.textOrigin
            origin.column += offset
            let compiled = FEEL.expression(text, layout: layout, at: origin, profile: .strict)
            diagnostics += compiled.diagnostics
            guard let product = compiled.product, check(product, node), let form = self.form(form, product.type, node) else { return nil }
            return .value(product, form)
        }
    }

    private mutating func form(_ text: String?, _ type: ValueType, _ node: ConfigurationNode) -> SegmentTemplate.Form? {
        guard let text else { return .plain }
        let trimmed = text.split(separator: " ").joined(separator: " ")
        let form: SegmentTemplate.Form?
        if trimmed.hasPrefix("."), let places = Int(trimmed.dropFirst()), (0...18).contains(places) {
            form = .decimals(places)
        } else if trimmed.hasPrefix("N"), let places = Int(trimmed.dropFirst()), (0...18).contains(places) {
            form = .implied(places)
        } else {
            form = DatePicture(trimmed).map { .picture($0) }
        }
        guard let form else {
            found("`\(trimmed)` is no form: a date picture such as yyyyMMdd, .2 for decimals, or N2 for implied decimals", node)
            return nil
        }
        let wanted: [ValueType] = if case .picture = form { [.date, .dateTime, .null, .any] } else { [.number, .null, .any] }
        if !wanted.contains(type) { found("`\(trimmed)` is no form of \(type)", node) }
        return form
    }

    private mutating func expression(_ node: ConfigurationNode, _ wanted: ValueType) -> CompiledExpression? {
        let compiled = FEEL.expression(node.scalar ?? "", layout: layout, at: node.textOrigin, profile: .strict)
        diagnostics += compiled.diagnostics
        guard let product = compiled.product, check(product, node) else { return nil }
        if !FieldCompiler.fits(product.type, wanted) { found("the expression gives \(product.type); \(wanted) is wanted", node, .mapFieldType) }
        return product
    }

    private mutating func check(_ expression: CompiledExpression, _ node: ConfigurationNode) -> Bool {
        if expression.slots.contains(fieldCount + OutboundSet.Name.rows.rawValue) { asksForRows = true }
        if expression.readsClock { found("the expression reads the clock; what goes out depends on the record alone", node) }
        return !expression.readsClock
    }

    private mutating func slot(_ node: ConfigurationNode) -> Int? {
        let name = node.scalar ?? ""
        if let slot = layout.slot(of: name), slot < fieldCount { return slot }
        let known = Array(layout.names.prefix(fieldCount))
        diagnostics.append(node.diagnostic(
            .mapUnknownName, "there is no field `\(name)`", hint: NearestName.hint(name, known) ?? "known are \(known.joined(separator: ", "))"))
        return nil
    }

    private mutating func kind(_ node: ConfigurationNode) -> RecordKind? {
        let name = node.scalar ?? ""
        if let kind = RecordKind(rawValue: name) { return kind }
        let known = RecordKind.allCases.map(\.rawValue)
        diagnostics.append(node.diagnostic(
            .mapUnknownName, "the catalogue has no record `\(name)`",
            hint: NearestName.hint(name, known) ?? "known are \(known.joined(separator: ", "))"))
        return nil
    }

    private mutating func found(_ fact: String, _ node: ConfigurationNode, _ code: DiagnosticCode = .mapRule) {
        diagnostics.append(node.diagnostic(code, fact))
    }
}
