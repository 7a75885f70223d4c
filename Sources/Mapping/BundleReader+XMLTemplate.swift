import Configurations
import Diagnostics
import FEEL
import Markup
import Records
import Values

extension BundleReader {
    /// `elements` of an outbound mapping that writes XML with elements in elements.
    mutating func xmlTemplate(_ node: ConfigurationNode, _ writes: ConfigurationNode, _ layout: Layout) -> XMLTemplate? {
        guard let root = writes["root"] else {
            found(.mapRule, "a file of XML says the name of its `root`", writes)
            return nil
        }
        if let record = writes["record"] { found(.mapRule, "`record` goes with `columns`; `elements` say themselves what is written for a row", record) }
        let prefixes = (writes["namespaces"]?.entries ?? []).map { (prefix: $0.name, uri: $0.value.scalar ?? "") }
        checkName(root.scalar ?? "", prefixes.map(\.prefix), root)
        let parts = parts(node.list("elements"), TurnScope(layout), prefixes.map(\.prefix))
        return XMLTemplate(
            root: root.scalar ?? "", namespace: writes.optionalText("namespace"), prefixes: prefixes, parts: parts, fieldNames: layout.names)
    }

    private mutating func parts(_ nodes: [ConfigurationNode], _ scope: TurnScope, _ prefixes: [String]) -> [XMLTemplate.Part] {
        nodes.compactMap { node in
            if let text = node.scalar { return line(text, node, scope, prefixes) }
            guard let name = node["in"] else {
                found(.mapRule, "a part is a line such as `BELNR = {orderNumber}`, or has `in` and `elements`", node)
                return nil
            }
            checkName(name.scalar ?? "", prefixes, name)
            return .element(XMLTemplate.Element(
                name: name.scalar ?? "", each: each(node["each"], scope),
                condition: node["when"].flatMap { expression($0, scope.layout, .boolean) }, parts: parts(node.list("elements"), scope, prefixes)))
        }
    }

    private mutating func each(_ node: ConfigurationNode?, _ scope: TurnScope) -> [Int]?? {
        guard let node else { return nil }
        if node.scalar == "row" { return .some(nil) }
        return .some(node.items.compactMap { slot($0, scope) })
    }

    /// `NAME = text`, `@NAME = text`, `text() = text`.
    private mutating func line(_ text: String, _ node: ConfigurationNode, _ scope: TurnScope, _ prefixes: [String]) -> XMLTemplate.Part? {
        guard let sign = text.firstRange(of: " = ") else {
            found(.mapRule, "`\(text.prefix(60))` is no line such as `BELNR = {orderNumber}`", node)
            return nil
        }
        let name = String(text[..<sign.lowerBound]), start = text.utf8.distance(from: text.startIndex, to: sign.upperBound)
        var scanner = TemplateScanner(text, from: start)
        let pieces: [TemplatePiece]
        do throws(TemplateScanner.Failure) {
            pieces = try scanner.pieces().compactMap { piece($0, node, scope.layout) }
        } catch {
            found(.mapRule, "`\(text)`: \(error.fact)", node)
            return nil
        }
        if name == "text()" { return .text(nil, pieces) }
        let plain = name.hasPrefix("@") ? String(name.dropFirst()) : name
        checkName(plain, prefixes, node)
        return name.hasPrefix("@") ? .attribute(plain, pieces) : .text(plain, pieces)
    }

    /// A name of XML, with a prefix that is declared or with none.
    private mutating func checkName(_ name: String, _ prefixes: [String], _ node: ConfigurationNode) {
        let halves = name.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        if halves.count == 2, !prefixes.contains(halves[0]) {
            found(.mapRule, "prefix `\(halves[0])` stands for no namespace of `namespaces`", node)
        }
        if !halves.allSatisfy(XMLRecordWriter.isName) {
            found(.mapRule, "`\(name)` is no name of XML: it begins with a letter or `_`, and holds letters, digits, `_`, `-` and `.`", node)
        }
    }
}
