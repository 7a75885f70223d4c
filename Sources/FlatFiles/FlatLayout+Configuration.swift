package import Configurations
package import Diagnostics
import FEEL
import Formats

extension FlatLayout {
    /// Deepest nesting of `holds`.
    package static let depthMax = 16
    /// Longest fixed record, in units.
    package static let recordLengthMax = 1 << 16

    /// What a layout file holds.
    package static let shape = ConfigurationShape.record([
        ConfigurationKey("layout", .text, required: true, "Name of the layout in the bundle, such as flat/vda-4913."),
        ConfigurationKey("form", .choice(Form.allCases.map(\.rawValue)), required: true, "Fields by position (fixed) or by cell (separated)."),
        ConfigurationKey("encoding", .choice(DeclaredEncoding.allCases.map(\.rawValue)), default: "utf-8, or UTF-16 where the bytes are", "How the bytes spell text."),
        ConfigurationKey("unit", .choice(Unit.allCases.map(\.rawValue)), default: "characters", "What positions of a fixed record count."),
        ConfigurationKey("recordLength", .integer(1...recordLengthMax), default: "a record is a line", "Fixed: length of each record, with line ends or without."),
        ConfigurationKey("tag", place, "Where the tag of a record stands: positions such as 1-3, or the number of a cell."),
        ConfigurationKey("separator", .text, default: ",", "Separated: one to eight ASCII characters between cells, or tab."),
        ConfigurationKey("quote", .text, default: "\"", "Separated: the character around cells, or none."),
        ConfigurationKey("comment", .text, "How a line begins that is no record."),
        ConfigurationKey("mark", .choice([".", ","]), default: ".", "Decimal mark of sums."),
        ConfigurationKey("records", .list(.lazy("record of a layout") { record }), required: true, "The kinds of record, in order."),
    ])

    private static let record: ConfigurationShape = .record([
        ConfigurationKey("record", .checkedText("a name of letters, digits, `-` and `_`") { text in
            isName(text) ? nil : "`\(text.prefix(40))` is no name: letters, digits, `-` and `_` are"
        }, required: true, "Name of the kind, as mappings call it."),
        ConfigurationKey("tag", .either([.text, .list(.text)]), "What stands at the tag's place."),
        ConfigurationKey("matches", .text, "A regular expression (XPath) that the record's text matches, where no tag tells it."),
        ConfigurationKey("required", .flag, default: "false", "Whether it must be there, once for each record that holds it."),
        ConfigurationKey("max", .integer(1...1_000_000_000), default: "any number", "How many there may be in what holds it."),
        ConfigurationKey("fields", .map(place), required: true, "Fields by name: positions such as 4-13, or the number of a cell."),
        ConfigurationKey("checks", .list(.record([
            ConfigurationKey("field", .text, required: true, "The field that says a count or a sum."),
            ConfigurationKey("counts", .either([.text, .list(.text)]), "Kinds of record whose number it is, within what holds this record."),
            ConfigurationKey("sums", .text, "The field whose sum it is, as record.field."),
        ])), "What a trailer says of the records before it."),
        ConfigurationKey("holds", .list(.lazy("record of a layout") { record }), "Kinds of record that stand within it."),
    ])

    /// Positions of a fixed record, or the number of a cell, from 1.
    package static let place = ConfigurationShape.checkedText("positions such as 4-13, or a number") { text in
        placeRange(text) == nil ? "`\(text.prefix(40))` is no position: write 4-13, or one number from 1 on" : nil
    }

    private static func isName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 60
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") }
    }

    /// `4-13` or `4` as a range from 0.
    package static func placeRange(_ text: String) -> Range<Int>? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count <= 2, let first = Int(parts[0]), first > 0, first <= recordLengthMax else { return nil }
        guard parts.count == 2 else { return first - 1..<first }
        guard let last = Int(parts[1]), last >= first, last <= recordLengthMax else { return nil }
        return first - 1..<last
    }

    /// Makes a layout of a file's root. There is none where a finding is an error.
    package static func decode(_ root: ConfigurationNode) -> (layout: FlatLayout?, diagnostics: [Diagnostic]) {
        let findings = shape.check(root)
        guard findings.allSatisfy({ $0.severity < .error }) else { return (nil, findings) }
        var reader = LayoutFileReader(root)
        let layout = reader.layout()
        let all = findings + reader.findings
        return (all.contains { $0.severity == .error } ? nil : layout, all)
    }
}

extension DiagnosticCode {
    /// A layout file is not sound: a record that nothing tells, a field twice, a check of a record that is not there. Mend the file.
    package static let layoutRule: DiagnosticCode = "LAYOUT-RULE"
}

/// Reads the records of a layout file whose shape has been checked.
private struct LayoutFileReader {
    let root: ConfigurationNode
    var findings: [Diagnostic] = []
    private var kinds: [FlatLayout.Kind] = []
    private var nodes: [ConfigurationNode] = []
    private let isFixed: Bool

    init(_ root: ConfigurationNode) {
        self.root = root
        isFixed = root.text("form") == FlatLayout.Form.fixed.rawValue
    }

    mutating func layout() -> FlatLayout {
        let roots = records(root.list("records"), parent: -1, depth: 1)
        for index in kinds.indices { kinds[index].checks = nodes[index].list("checks").compactMap { check($0, of: index) } }
        let separator = root.optionalText("separator").map { $0 == "tab" ? [0x09] : Array($0.utf8) } ?? [UInt8(ascii: ",")]
        if !(1...8).contains(separator.count) || !separator.allSatisfy({ $0 < 0x80 && $0 != 0x0A && $0 != 0x0D && $0 != 0x22 }) {
            found("a separator is one to eight ASCII characters", root["separator"] ?? root)
        }
        let quote = root.optionalText("quote") ?? "\""
        if quote != "none", quote.utf8.count != 1 || !(0x21..<0x7F).contains(quote.utf8.first ?? 0) {
            found("a quote is one ASCII character, or none", root["quote"] ?? root)
        }
        for key in ["separator", "quote"] where isFixed && root[key] != nil { found("`\(key)` has no meaning for fixed records", root[key] ?? root) }
        for key in ["unit", "recordLength"] where !isFixed && root[key] != nil { found("`\(key)` has no meaning for separated records", root[key] ?? root) }
        if kinds.contains(where: { !$0.tags.isEmpty }), root["tag"] == nil { found("records have tags, and `tag` does not say where they stand", root) }
        if kinds.count > 1, let loose = kinds.indices.first(where: { kinds[$0].tags.isEmpty && kinds[$0].pattern == nil }) {
            found("nothing tells record `\(kinds[loose].name)`: it has neither tag nor matches", nodes[loose])
        }
        return FlatLayout(
            name: root.text("layout"), form: isFixed ? .fixed : .separated,
            unit: root.optionalText("unit").flatMap(FlatLayout.Unit.init) ?? .characters,
            encoding: root.optionalText("encoding").flatMap(DeclaredEncoding.init), recordLength: root.integer("recordLength"),
            tag: root.optionalText("tag").flatMap(FlatLayout.placeRange), separator: separator,
            quote: quote == "none" ? nil : quote.utf8.first, comment: root.optionalText("comment").map { Array($0.utf8) },
            mark: root.optionalText("mark")?.utf8.first ?? UInt8(ascii: "."), kinds: kinds, roots: roots)
    }

    /// Adds the kinds of one level, and gives their numbers.
    private mutating func records(_ list: [ConfigurationNode], parent: Int, depth: Int) -> [Int] {
        guard depth <= FlatLayout.depthMax else {
            found("records hold each other more than \(FlatLayout.depthMax) deep", list.first ?? root)
            return []
        }
        var numbers: [Int] = []
        for node in list {
            let number = kinds.count
            if kinds.contains(where: { $0.name == node.text("record") && $0.parent == parent }) {
                found("record `\(node.text("record"))` is there twice", node)
            }
            kinds.append(FlatLayout.Kind(
                name: node.text("record"), tags: texts(node["tag"]).map { Array($0.utf8) }, pattern: pattern(node),
                isRequired: node.flag("required"), max: node.integer("max") ?? .max, fields: fields(node), parent: parent))
            nodes.append(node)
            numbers.append(number)
            kinds[number].children = records(node.list("holds"), parent: number, depth: depth + 1)
        }
        return numbers
    }

    private mutating func pattern(_ node: ConfigurationNode) -> TextPattern? {
        guard let text = node.optionalText("matches") else { return nil }
        do {
            return try TextPattern(text)
        } catch {
            found("`\(text.prefix(60))` is no regular expression: \(error.fact)", node["matches"] ?? node)
            return nil
        }
    }

    private mutating func fields(_ node: ConfigurationNode) -> [FlatLayout.Field] {
        var fields: [FlatLayout.Field] = []
        for entry in node.entries("fields") {
            guard let place = FlatLayout.placeRange(entry.value.scalar ?? "") else { continue }
            if !isFixed, place.count > 1 { found("`\(entry.name)` is one cell", entry.value) }
            if isFixed, let length = root.integer("recordLength"), place.upperBound > length {
                found("`\(entry.name)` ends behind the record, which has \(length)", entry.value)
            }
            fields.append(FlatLayout.Field(name: entry.name, place: place))
        }
        // In the order of the record, so that readers go through it once.
        return fields.sorted { $0.place.lowerBound < $1.place.lowerBound }
    }

    private mutating func check(_ node: ConfigurationNode, of kind: Int) -> FlatLayout.Check? {
        let name = node.text("field")
        guard let field = kinds[kind].fields.firstIndex(where: { $0.name == name }) else {
            found("record `\(kinds[kind].name)` has no field `\(name)`", node, hint(name, kinds[kind].fields.map(\.name)))
            return nil
        }
        let counted = texts(node["counts"])
        if node["sums"] == nil, !counted.isEmpty {
            let numbers = counted.flatMap { name -> [Int] in
                let found = kinds.indices.filter { kinds[$0].name == name }
                if found.isEmpty { self.found("there is no record `\(name)`", node, hint(name, kinds.map(\.name))) }
                return found
            }
            return FlatLayout.Check(field: field, control: .count(numbers), text: counted.joined(separator: ", "))
        }
        guard counted.isEmpty, let sum = node.optionalText("sums") else {
            found("a check says either counts or sums", node)
            return nil
        }
        let parts = sum.split(separator: ".").map(String.init)
        guard parts.count == 2, let summed = kinds.firstIndex(where: { $0.name == parts[0] }),
            let source = kinds[summed].fields.firstIndex(where: { $0.name == parts[1] })
        else {
            found("`\(sum)` is no record.field of the layout", node["sums"] ?? node)
            return nil
        }
        return FlatLayout.Check(field: field, control: .sum(kind: summed, field: source), text: sum)
    }

    private func hint(_ name: String, _ known: [String]) -> String {
        NearestName.of(name, in: known).map { "did you mean \($0)?" } ?? "known are \(known.joined(separator: ", "))"
    }

    private func texts(_ node: ConfigurationNode?) -> [String] {
        guard let node else { return [] }
        return node.scalar.map { [$0] } ?? node.items.compactMap(\.scalar)
    }

    private mutating func found(_ fact: String, _ node: ConfigurationNode, _ hint: String? = nil) {
        findings.append(node.diagnostic(.layoutRule, fact, hint: hint))
    }
}
