import Configurations
import Diagnostics
import EDI
import FEEL
import Formats
import Records
import Values

extension BundleReader {
    mutating func outboundSet(_ node: ConfigurationNode, file: String) -> OutboundSet? {
        guard let (kinds, fields) = rows(node), let writes = node["writes"] else { return nil }
        let standard: EDIStandard = writes.text("format") == "x12" ? .x12 : .edifact
        let scope = TurnScope(fields)
        guard let type = type(writes, standard) else { return nil }
        let per = node.list("per").compactMap { slot($0, scope) }
        let parts = parts(node.list("segments"), scope, standard)
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
            fileName: fileName, perSlots: per, parts: parts, fields: fields, inverse: node.optionalText("inverse"))
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

    private mutating func parts(_ nodes: [ConfigurationNode], _ scope: TurnScope, _ standard: EDIStandard) -> [OutboundSet.Part] {
        nodes.compactMap { node in
            if node.scalar != nil { return template(node, scope, standard).map { .segment($0) } }
            let inner = parts(node.list("segments"), scope, standard)
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

    private mutating func template(_ node: ConfigurationNode, _ scope: TurnScope, _ standard: EDIStandard) -> SegmentTemplate? {
        let text = node.scalar ?? ""
        var scanner = TemplateScanner(text, standard)
        do throws(TemplateScanner.Failure) {
            let (tag, elements) = try scanner.scan()
            let compiled = elements.map { $0.map { $0.compactMap { piece($0, node, scope.layout) } } }
            return SegmentTemplate(tag: tag, elements: compiled, source: text)
        } catch {
            found(.mapRule, "`\(text)`: \(error.fact)", node)
            return nil
        }
    }

    mutating func slot(_ node: ConfigurationNode, _ scope: TurnScope) -> Int? {
        let name = node.scalar ?? ""
        if let slot = scope.fields.slot(of: name) { return slot }
        unknown(name, "field", node, scope.fields.names)
        return nil
    }
}
