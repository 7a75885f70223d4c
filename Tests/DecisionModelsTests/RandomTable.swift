import DecisionModels
import DecisionTables
import Values

/// Tables by chance, from a seed: what cells, names and remarks of planners and editors hold, and what trips writers of YAML, XML
/// and CSV.
struct RandomTable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// SplitMix64 (Steele, Lea and Flood, 2014).
    private mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    private mutating func number(_ range: ClosedRange<Int>) -> Int { range.lowerBound + Int(next() % UInt64(range.count)) }
    private mutating func pick<Item>(_ items: [Item]) -> Item { items[number(0...items.count - 1)] }
    private mutating func chance(_ percent: Int) -> Bool { number(1...100) <= percent }
    private mutating func maybe<Item>(_ percent: Int, _ item: (inout RandomTable) -> Item) -> Item? { chance(percent) ? item(&self) : nil }

    private static let tests = [
        "-", "< 24", "[1..5)", "\"gold\", \"silver\"", "not(\"a|b\")", "\"say \\\"hi\\\"\"", "-5", "=3", "@\"2026-11-28\"", "null", "\"ü €\"", "\"a\\\\b\"",
        "count(?) > 3 and \"x\" in ?", "/* why */ > 3", "> 1 // to the end\n", "\"line\u{2028}end\"", "1,\n    2", "\"<tag> & 'quote'\"", "> 1.10", "", "\"tab\there\"",
    ]
    private static let outputs = ["\"rush\"", "1", "-2.50", "a + b", "\"#1: yes, no\"", "{a: 1, b: [1, 2]}", "null", "-", "", "\"C:\\\\temp\"", "if x then 1 else 2"]
    private static let remarks = [
        "", "plain", "6\" pipe", "a | b", "=SUM(A1)", "+1", "-", "-x", "@home", "'quoted'", "two\nlines", "# no comment", "key: value", "trailing \\", "ünïcode 🚚", "a, b; c",
        "<b>&amp;</b>", "\\| bar", "~", "null",
    ]
    private static let names = ["customer tier", "hours to promise", "x", "Größe", "no_1", "count(orders)", "price * 1.1", "if a then b else c", "\"text\"", "a.b"]
    private static let texts = ["", "short", "with \"quotes\" and 'more'", "two\nlines: of text", "- dash", "tab\tin", "ends with blank ", "{brace}", "# hash", "ü"]
    private static let types: [ValueType?] = [nil, .number, .string, .boolean, .date, .dateTime, .dayTimeDuration, .list(.string), .any]

    private mutating func id() -> String { "_\(number(0...999_999))-\(pick(["a", "B", "9"]))" }

    private mutating func identity() -> TableIdentity {
        TableIdentity(id: maybe(40) { $0.id() }, label: maybe(20) { $0.pick(Self.texts) }, description: maybe(20) { $0.pick(Self.texts) })
    }

    private mutating func cell(_ texts: [String]) -> TableCell { TableCell(pick(texts), id: maybe(30) { $0.id() }) }

    private mutating func column(_ name: String, isOutput: Bool) -> TableColumn {
        let hasOwnType = chance(15)
        return TableColumn(
            header: TableCell(name, id: isOutput ? nil : maybe(30) { $0.id() }), type: hasOwnType ? .string : pick(Self.types),
            typeName: hasOwnType ? "tOwn" : nil, values: maybe(25) { $0.cell(["\"a\", \"b\"", "[1..9]", "> 0, null"]) },
            defaultEntry: isOutput ? maybe(30) { $0.cell(["\"none\"", "0"]) } : nil, identity: identity())
    }

    mutating func document() -> TableDocument {
        let inputs = (0..<number(0...4)).map { _ in column(pick(Self.names), isOutput: false) }
        let outputCount = number(1...3)
        let outputs = (0..<outputCount).map { column(outputCount == 1 && chance(40) ? "" : "out \($0)", isOutput: true) }
        let annotations = (0..<number(0...2)).map { _ in TableColumn(header: TableCell(pick(["", "why", "see also"]))) }
        let rules = (0..<number(1...6)).map { _ in
            TableRule(
                inputs: inputs.map { _ in cell(Self.tests) }, outputs: outputs.map { _ in cell(Self.outputs) },
                annotations: annotations.map { _ in TableCell(pick(Self.remarks)) }, identity: identity())
        }
        let table = DecisionTable(
            hitPolicy: pick(HitPolicy.all), inputs: inputs, outputs: outputs, annotations: annotations, rules: rules, identity: identity(),
            outputLabel: maybe(20) { $0.pick(Self.texts) })
        return TableDocument(
            name: pick(["Order priority", "Größe & <Co>", "x"]), id: maybe(50) { $0.id() }, about: maybe(40) { $0.pick(Self.texts) },
            modelName: maybe(30) { $0.pick(["model", "Order priority"]) }, namespace: maybe(30) { _ in "http://example.com/a&b" },
            fields: chance(30) ? [TableField(name: "orders", type: .list(.number)), TableField(name: "price")] : [], table: table)
    }
}
