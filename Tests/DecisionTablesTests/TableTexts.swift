import DecisionTables
import Diagnostics
import FEEL
import Testing
import Values

let orderLayout = Layout([
    ("customer tier", .string), ("hours to promise", .number), ("fragile", .boolean), ("due", .date), ("lines", .list(.number)),
])

let priorityText = """
    | customer tier | hours to promise | fragile || microsegment |
    | "gold"        | < 24             | -       || "rush"       |
    | -             | -                | true    || "careful"    |
    | -             | -                | -       || "standard"   |
    """

/// Where a table stands in the file of a scheme: line 7, indented by four.
let schemeOrigin = TextOrigin(file: "Schemes/order-priority.yaml", line: 7, column: 5, indentation: 4)

let noon = EvaluationContext(now: Instant(seconds: 1_795_262_400))

func order(_ tier: String?, _ hours: Int?, _ fragile: Bool? = nil) -> [Value] {
    [tier.map { .string($0) } ?? .null, hours.map { .integer($0) } ?? .null, fragile.map { .boolean($0) } ?? .null, .null, .null]
}

func parse(_ text: String, _ policy: HitPolicy = .first) -> Compilation<DecisionTable> {
    TableText.parse(text, hitPolicy: policy, at: schemeOrigin)
}

/// - Parameters:
///   - values: what each output lists, from the one that counts most.
///   - defaults: what each output gives where no rule matches.
func compile(
    _ text: String, _ policy: HitPolicy = .first, layout: Layout = orderLayout, profile: FEELProfile = .strict,
    values: [String] = [], defaults: [String] = []
) throws -> CompiledTable {
    let parsed = parse(text, policy)
    var table = try #require(parsed.product, "\(parsed.diagnostics.map(\.text).joined(separator: "\n"))")
    for (column, text) in values.enumerated() where !text.isEmpty { table.outputs[column].values = TableCell(text) }
    for (column, text) in defaults.enumerated() where !text.isEmpty { table.outputs[column].defaultEntry = TableCell(text) }
    let compiled = CompiledTable.compile(table, layout: layout, profile: profile)
    return try #require(compiled.product, "\(compiled.diagnostics.map(\.text).joined(separator: "\n"))")
}

/// `line:column CODE fact` for each finding of reading and compiling.
func findings(
    _ text: String, _ policy: HitPolicy = .first, layout: Layout = orderLayout, values: [String] = []
) -> [String] {
    let parsed = parse(text, policy)
    var found = parsed.diagnostics
    if var table = parsed.product {
        for (column, text) in values.enumerated() { table.outputs[column].values = TableCell(text, at: schemeOrigin) }
        found += CompiledTable.compile(table, layout: layout).diagnostics
    }
    return found.map { "\($0.position.line ?? 0):\($0.position.column ?? 0) \($0.code) \($0.fact)" }
}
