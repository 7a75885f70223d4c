import Configurations
import Diagnostics
import EDI
import FEEL
import Formats
import Records
import Values

/// What expressions of a set know, and how its segments are cut.
private struct SetScope {
    let fields: Layout
    let layout: Layout
    let standard: EDIStandard

    /// The fields of the record, and behind them the names that a set adds.
    init(_ fields: Layout, _ standard: EDIStandard) {
        self.fields = fields
        self.standard = standard
        let row = ValueType.context(Dictionary(zip(fields.names, fields.types), uniquingKeysWith: { first, _ in first }))
        layout = Layout(Array(zip(fields.names, fields.types)) + OutboundSet.Name.allCases.map { ($0.name, $0 == .rows ? .list(row) : .number) })
    }
}

extension BundleReader {
    mutating func outboundSet(_ node: ConfigurationNode, file: String) -> OutboundSet? {
        let kinds = node.list("records").compactMap { kind($0) }
        guard let first = kinds.first, kinds.count == node.list("records").count, let writes = node["writes"] else { return nil }
        let fields = RecordCatalogue.definition(first).layout
        guard kinds.allSatisfy({ RecordCatalogue.definition($0).layout == fields }) else {
            found(.mapRule, "the kinds of record of one outbound set have the same fields", node["records"] ?? node)
            return nil
        }
        let standard: EDIStandard = writes.text("format") == "x12" ? .x12 : .edifact
        let scope = SetScope(fields, standard)
        guard let type = type(writes, standard) else { return nil }
        let per = node.list("per").compactMap { slot($0, scope) }
        let parts = parts(node.list("segments"), scope)
        if node.list("segments").isEmpty { found(.mapRule, "the outbound set has no segment", node) }
        let fileName = node.text("file")
        if fileName.contains("/") || fileName.hasPrefix(".") || !fileName.contains("{number}") {
            found(.mapRule, "`\(fileName)` is no name for interchanges: it holds {number}, no `/` and begins with no dot", node["file"] ?? node)
        }
        let identifier = standard == .x12 ? writes.optionalText("group") ?? X12FunctionalIdentifiers.identifier(of: type[0]) : ""
        guard let identifier else {
            found(.mapRule, "transaction set \(type[0]) has no functional group that is known; say `group`", writes)
            return nil
        }
        return OutboundSet(
            name: node.text("outboundSet"), file: file, kinds: kinds, standard: standard, type: type, functionalIdentifier: identifier,
            version: standard == .x12 ? writes.text("version") : "", implementation: writes.optionalText("implementation") ?? "",
            fileName: fileName, perSlots: per, parts: parts, fieldNames: fields.names)
    }

    /// ST01, or S009.
    private mutating func type(_ writes: ConfigurationNode, _ standard: EDIStandard) -> [String]? {
        let set = writes.text("transactionSet"), version = writes.text("version")
        if standard == .x12 {
            for key in ["agency", "association"] { if let node = writes[key] { found(.mapRule, "`\(key)` belongs to EDIFACT", node) } }
            return [set]
        }
        for key in ["group", "implementation"] { if let node = writes[key] { found(.mapRule, "`\(key)` belongs to X12", node) } }
        guard version.utf8.count >= 3, let letter = version.first else {
            found(.mapRule, "`\(version)` is no directory; write one such as D96A", writes["version"] ?? writes)
            return nil
        }
        return [set, String(letter), String(version.dropFirst()), writes.optionalText("agency") ?? "UN"]
            + (writes.optionalText("association").map { [$0] } ?? [])
    }

    // MARK: - Parts

    private mutating func parts(_ nodes: [ConfigurationNode], _ scope: SetScope) -> [OutboundSet.Part] {
        nodes.compactMap { node in
            if node.scalar != nil { return template(node, scope).map { .segment($0) } }
            let inner = parts(node.list("segments"), scope)
            switch (node["when"], node["each"]) {
            case (let condition?, nil): return expression(condition, scope.layout, .boolean).map { .when($0, inner) }
            case (nil, let each?):
                if each.scalar == "row" { return .each(nil, inner) }
                guard each.scalar == nil else {
                    found(.mapRule, "`each` says row, or the fields in which rows agree: [order]", each)
                    return nil
                }
                return .each(node.list("each").compactMap { slot($0, scope) }, inner)
            default:
                found(.mapRule, "a part is the text of an EDI segment, or has one of `when` and `each`, with `segments`", node)
                return nil
            }
        }
    }

    private mutating func template(_ node: ConfigurationNode, _ scope: SetScope) -> SegmentTemplate? {
        let text = node.scalar ?? ""
        var scanner = SegmentTemplateScanner(text, scope.standard)
        do throws(SegmentTemplateScanner.Failure) {
            let (tag, elements) = try scanner.scan()
            let compiled = elements.map { $0.map { $0.compactMap { piece($0, node, scope) } } }
            return SegmentTemplate(tag: tag, elements: compiled, source: text)
        } catch {
            found(.mapRule, "`\(text)`: \(error.fact)", node)
            return nil
        }
    }

    private mutating func piece(_ piece: SegmentTemplateScanner.Piece, _ node: ConfigurationNode, _ scope: SetScope) -> SegmentTemplate.Piece? {
        switch piece {
        case .text(let text): return .text(text)
        case .expression(let text, let form, let offset):
            var origin = node.textOrigin
            origin.column += offset
            guard let compiled = expression(text, at: origin, node, scope.layout, nil), let form = self.form(form, compiled.type, node) else { return nil }
            return .value(compiled, form)
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
            found(.mapRule, "`\(trimmed)` is no form: a date picture such as yyyyMMdd, .2 for decimals, or N2 for implied decimals", node)
            return nil
        }
        let wanted: [ValueType] = if case .picture = form { [.date, .dateTime, .null, .any] } else { [.number, .null, .any] }
        if !wanted.contains(type) { found(.mapRule, "`\(trimmed)` is no form of \(type)", node) }
        return form
    }

    private mutating func slot(_ node: ConfigurationNode, _ scope: SetScope) -> Int? {
        let name = node.scalar ?? ""
        if let slot = scope.fields.slot(of: name) { return slot }
        unknown(name, "field", node, scope.fields.names)
        return nil
    }
}
