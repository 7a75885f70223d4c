import Configurations
import Diagnostics
import FEEL
import FlatFiles
import Formats
import Markup
import Records
import Values

extension BundleReader {
    /// Keys of `writes` and of columns that belong to some formats alone.
    private static let formatsOfKeys: [String: Set<String>] = [
        "separator": ["csv"], "header": ["csv"], "lineEnd": ["csv", "fixed"], "encoding": ["csv", "fixed"], "recordLength": ["fixed"],
        "root": ["xml"], "record": ["xml"], "namespace": ["xml"], "namespaces": ["xml"], "at": ["fixed"], "align": ["fixed"], "fill": ["fixed"], "cut": ["fixed"],
        "attribute": ["xml"],
    ]

    mutating func outbound(_ node: ConfigurationNode, file: String) -> OutboundMapping? {
        guard let (kinds, layout) = rows(node), let writes = node["writes"] else { return nil }
        let nodes = node.list("columns"), format = writes.text("format")
        let isTree = node["elements"] != nil
        if nodes.isEmpty != isTree { found(.mapRule, "the outbound mapping has either `columns` or, in XML, `elements`", node) }
        if isTree, format != "xml" { found(.mapRule, "`elements` has no meaning for \(format)", node["elements"] ?? node) }
        if let prefixes = writes["namespaces"], !isTree { found(.mapRule, "`namespaces` goes with `elements`", prefixes) }
        for holder in [writes] + nodes {
            for entry in holder.entries where Self.formatsOfKeys[entry.name].map({ !$0.contains(format) }) ?? false {
                found(.mapRule, "`\(entry.name)` has no meaning for \(format)", entry.key)
            }
        }
        let fileName = node.text("file")
        if fileName.contains("/") || fileName.hasPrefix(".") {
            found(.mapRule, "`\(fileName)` is no file name: it holds `/` or begins with a dot", node["file"] ?? node)
        }
        // Records of fixed width are written in the order of their places.
        let ordered = format == "fixed" ? placed(nodes, writes) : nodes
        let columns = ordered.compactMap { column($0, layout) }
        let tree = isTree ? xmlTemplate(node, writes, layout).map { OutboundMapping.Form.xmlTree($0) } : nil
        guard columns.count == nodes.count, let form = isTree ? tree : form(format, writes, ordered) else { return nil }
        let encoding = writes.optionalText("encoding").flatMap(TextEncoding.init) ?? .utf8
        checkTexts(ordered, columns, form, encoding)
        return OutboundMapping(
            name: node.text("outbound"), file: file, kinds: kinds, layout: layout, fileName: fileName, form: form, encoding: encoding,
            columns: columns, perSlots: perSlots(node, kinds, layout), inverse: node.optionalText("inverse"))
    }

    private mutating func perSlots(_ node: ConfigurationNode, _ kinds: [RecordKind], _ layout: Layout) -> [Int] {
        guard let per = node["per"] else { return [] }
        if kinds.isEmpty { found(.mapRule, "`per` goes with `records`", per) }
        if !node.text("file").contains("{effect}") { found(.mapRule, "with `per` the name of the file holds {effect}, so that each has its own", node["file"] ?? node) }
        let scope = TurnScope(layout)
        return per.items.compactMap { slot($0, scope) }
    }

    // MARK: - Forms

    private mutating func form(_ format: String, _ writes: ConfigurationNode, _ nodes: [ConfigurationNode]) -> OutboundMapping.Form? {
        let lineEnd = writes.optionalText("lineEnd") ?? "crlf"
        switch format {
        case "fixed":
            let places = nodes.compactMap { place($0) }
            guard places.count == nodes.count, !places.isEmpty else { return nil }
            let ends: [String: [UInt8]] = ["crlf": [0x0D, 0x0A], "lf": [0x0A]]
            return .fixed(places: places, length: writes.integer("recordLength"), lineEnd: ends[lineEnd] ?? [])
        case "jsonl":
            checkNames(nodes)
            return .jsonLines
        case "xml":
            return xml(writes, nodes)
        default:
            if lineEnd == "none" { found(.mapRule, "rows of CSV end with a line end", writes["lineEnd"] ?? writes) }
            return .csv(
                separator: writes.optionalText("separator").flatMap(MappingShapes.separatorByte) ?? UInt8(ascii: ","),
                hasHeader: writes.flag("header", default: true), lineEnd: lineEnd == "lf" ? .lf : .crlf)
        }
    }

    /// The columns of fixed width by their positions, which must not overlap and lie within the record. None where one has no place.
    private mutating func placed(_ nodes: [ConfigurationNode], _ writes: ConfigurationNode) -> [ConfigurationNode] {
        var places: [(node: ConfigurationNode, range: Range<Int>)] = []
        for node in nodes {
            guard let range = node.optionalText("at").flatMap(FlatLayout.placeRange) else {
                found(.mapRule, "column `\(node.text("name"))` does not say `at` which positions it stands", node)
                continue
            }
            places.append((node, range))
        }
        guard places.count == nodes.count else { return [] }
        places.sort { $0.range.lowerBound < $1.range.lowerBound }
        for (first, second) in zip(places, places.dropFirst()) where first.range.upperBound > second.range.lowerBound {
            found(.mapRule, "`\(second.node.text("name"))` begins within `\(first.node.text("name"))`", second.node["at"] ?? second.node)
        }
        if let length = writes.integer("recordLength"), let last = places.last, last.range.upperBound > length {
            found(.mapRule, "`\(last.node.text("name"))` ends behind the \(length) characters of a record", last.node["at"] ?? last.node)
        }
        return diagnostics.contains { $0.severity == .error } ? [] : places.map(\.node)
    }

    private func place(_ node: ConfigurationNode) -> FixedWriter.Place? {
        guard let range = node.optionalText("at").flatMap(FlatLayout.placeRange) else { return nil }
        return FixedWriter.Place(
            range: range, alignment: node.optionalText("align").flatMap(FixedWriter.Alignment.init) ?? .left,
            fill: node.optionalText("fill")?.utf8.first ?? 0x20, isCut: node.flag("cut"))
    }

    private mutating func xml(_ writes: ConfigurationNode, _ nodes: [ConfigurationNode]) -> OutboundMapping.Form? {
        guard let root = writes["root"], let record = writes["record"] else {
            found(.mapRule, "a file of XML says the names of its `root` and of the element of a `record`", writes)
            return nil
        }
        for name in [root, record] + nodes.compactMap({ $0["name"] }) where !XMLRecordWriter.isName(name.scalar ?? "") {
            found(.mapRule, "`\(name.scalar ?? "")` is no name of XML: it begins with a letter or `_`, and holds letters, digits, `_`, `-` and `.`", name)
        }
        checkNames(nodes.filter { $0.flag("attribute") })
        guard !diagnostics.contains(where: { $0.severity == .error }) else { return nil }
        return .xml(
            root: root.scalar ?? "", record: record.scalar ?? "", namespace: writes.optionalText("namespace"),
            cells: nodes.map { $0.flag("attribute") ? .attribute($0.text("name")) : .element($0.text("name")) })
    }

    /// Members of an object and attributes of an element have names of their own.
    private mutating func checkNames(_ nodes: [ConfigurationNode]) {
        var seen: Set<String> = []
        for node in nodes where !seen.insert(node.text("name")).inserted {
            found(.mapRule, "two columns are named `\(node.text("name"))`", node["name"] ?? node)
        }
    }

    /// What stands in every row must fit, so that it is not found out with the first one.
    private mutating func checkTexts(
        _ nodes: [ConfigurationNode], _ columns: [OutboundMapping.Column], _ form: OutboundMapping.Form, _ encoding: TextEncoding
    ) {
        for (index, node) in nodes.enumerated() {
            if case .csv(_, true, _) = form, let unfit = encoding.unfit(columns[index].name) {
                found(.mapRule, "`\(unfit)` cannot be written in \(encoding.rawValue)", node["name"] ?? node)
            }
            guard case .constant(let text) = columns[index].source else { continue }
            if let unfit = encoding.unfit(text) {
                found(.mapRule, "`\(unfit)` cannot be written in \(encoding.rawValue)", node["constant"] ?? node)
            }
            guard case .fixed(let places, _, _) = form else { continue }
            var writer = FixedWriter(places: [places[index]])
            for refusal in writer.write([text]) { found(.mapRule, refusal.fact, node["constant"] ?? node) }
        }
    }

    // MARK: - Rows and columns

    /// What a row is: a record of one of some kinds with the same fields, or named values.
    mutating func rows(_ node: ConfigurationNode) -> ([RecordKind], Layout)? {
        let kinds = node.list("records").compactMap { kind($0) }
        guard kinds.count == node.list("records").count else { return nil }
        let values = node["values"]?.entries ?? []
        guard kinds.isEmpty != values.isEmpty else {
            found(.mapRule, "what goes out is either `records` or `values`", node)
            return nil
        }
        guard let first = kinds.first else {
            return ([], Layout(values.map { ($0.name, RecordField.FieldType(rawValue: $0.value.scalar ?? "")?.valueType ?? .any) }))
        }
        guard kinds.allSatisfy({ RecordCatalogue.definition($0).layout == RecordCatalogue.definition(first).layout }) else {
            found(.mapRule, "kinds of record that go out together have the same fields", node["records"] ?? node)
            return nil
        }
        return (kinds, RecordCatalogue.definition(first).layout)
    }

    private mutating func column(_ node: ConfigurationNode, _ layout: Layout) -> OutboundMapping.Column? {
        let keys = ["from", "feel", "constant"].filter { node[$0] != nil }
        guard keys.count == 1, let value = node[keys[0]] else {
            found(.mapRule, "a column says one of from, feel and constant", node)
            return nil
        }
        var picture: DatePicture?
        if let text = node["picture"], let written = text.scalar {
            picture = DatePicture(written)
            if picture == nil { found(.mapPicture, "`\(written)` is no date picture", text) }
        }
        guard let source = source(keys[0], value, layout) else { return nil }
        return OutboundMapping.Column(
            name: node.text("name"), source: source, picture: picture, decimals: node.integer("decimals"),
            zone: node.optionalText("zone").flatMap(ZoneChoice.init) ?? .business,
            mark: node.optionalText("mark").flatMap(OutboundMapping.DecimalMark.init) ?? .point)
    }

    private mutating func source(
        _ key: String, _ value: ConfigurationNode, _ layout: Layout
    ) -> OutboundMapping.Column.Source? {
        let text = value.scalar ?? ""
        switch key {
        case "constant": return .constant(text)
        case "feel": return expression(value, layout, nil).map { .feel($0) }
        default:
            if let slot = layout.slot(of: text) { return .slot(slot) }
            unknown(text, "field or value", value, layout.names)
            return nil
        }
    }
}
