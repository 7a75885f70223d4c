import Attributes
import Configurations
import DecisionTables
import Diagnostics
import Microsegments
import Records
import Values

/// A scheme of 30 rules, and the attributes of entities yesterday and today. The same for a number of rows on every machine.
struct AssignmentWork {
    let scheme: Scheme
    /// The same with another answer of the fifth rule.
    let changed: Scheme
    /// Units of each attribute, an entity each: four numbers (the first two with two digits after the point), and two texts by their place.
    private(set) var former: [[Int32]] = []
    private(set) var present: [[Int32]] = []
    /// The rule of a row in SQL, over columns c0 to c5.
    let sql: String
    private let rows: Int

    private static let texts = [["north", "south", "east", "west", "centre"], ["gold", "silver", "bronze", "none"]]
    private static let greatest = [100_000, 50_000, 500, 90, 4, 3]

    init(rows: Int) {
        self.rows = rows
        var state: UInt64 = 11
        // SplitMix64 (Steele, Lea and Flood 2014).
        func below(_ bound: Int) -> Int {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = state
            mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
        }
        former = Self.greatest.map { greatest in (0..<rows).map { _ in Int32(below(greatest + 1)) } }
        present = former
        // One entity in eight has another value of one attribute today.
        for row in 0..<rows where below(8) == 0 {
            let column = below(6)
            present[column][row] = Int32(below(Self.greatest[column] + 1))
        }
        var lines: [String] = [], conditions: [String] = []
        for rule in 0..<29 {
            var cells = [String](repeating: "-", count: 6), sql: [String] = []
            var chosen: Set<Int> = []
            while chosen.count < 2 + rule % 2 { chosen.insert(below(6)) }
            for column in chosen.sorted() {
                if column < 4 {
                    let bound = below(Self.greatest[column]), isLess = below(2) == 0
                    let text = column < 2 ? ExactDecimal(coefficient: Int64(bound), scale: 2).description : "\(bound)"
                    cells[column] = isLess ? "< \(text)" : ">= \(text)"
                    sql.append("c\(column) \(isLess ? "<" : ">=") \(bound)")
                } else {
                    let place = below(Self.texts[column - 4].count)
                    cells[column] = "\"\(Self.texts[column - 4][place])\""
                    sql.append("c\(column) = \(place)")
                }
            }
            lines.append("    | \(cells.joined(separator: " | ")) || \"M\(rule % 8)\" |")
            conditions.append("WHEN \(sql.joined(separator: " AND ")) THEN \(rule % 8)")
        }
        lines.append("    | - | - | - | - | - | - || \"M7\" |")
        sql = "CASE \(conditions.joined(separator: " ")) ELSE 7 END"
        scheme = Self.scheme(lines)
        changed = Self.scheme(lines.enumerated().map { $0 == 4 ? $1.replacing("\"M4\"", with: "\"M6\"") : $1 })
    }

    private static func scheme(_ lines: [String]) -> Scheme {
        let attributes = """
            attributes: customer
            entity: customer
            values:
              revenue: { sum: salesLine, by: customer, of: amount, scale: 2 }
              price:   { mean: salesLine, by: customer, of: unitPrice, scale: 2 }
              lines:   { count: salesLine, by: customer }
              days:    { since: salesLine, by: customer, at: soldAt }
              region:  { last: salesLine, by: customer, of: country, at: soldAt }
              tier:    { last: salesLine, by: customer, of: invoice, at: soldAt }
            """
        let rules = """
            scheme: value
            entity: customer
            cadence: daily
            rules:
              hitPolicy: FIRST
              table: |
                | revenue | price | lines | days | region | tier || microsegment |
            \(lines.map { "    " + $0 }.joined(separator: "\n").replacingIndent)
            stability: { confirmations: 2, confirmAfter: 1d, minimumDwell: 7d }
            microsegments: { \((0..<8).map { "M\($0): { level: \($0) }" }.joined(separator: ", ")) }
            """
        guard let root = ConfigurationText.parse(attributes, file: "attributes").0, case let (plan?, _) = AttributePlanReader.read(root),
            let node = ConfigurationText.parse(rules, file: "scheme").0
        else { preconditionFailure("the attributes are right") }
        let (scheme, findings) = SchemeReader.scheme(node, plans: [.customer: plan], models: [:], fingerprint: "f")
        guard let scheme else { preconditionFailure("\(findings.map(\.text))") }
        return scheme
    }

    func batch(_ columns: [[Int32]]) -> ColumnBatch {
        ColumnBatch(columns.enumerated().map { number, units in
            number < 4
                ? .numbers(units.map { Int64($0) }, scale: number < 2 ? 2 : 0)
                : .strings(codes: units.map { UInt32($0) }, dictionary: Self.texts[number - 4])
        }, count: rows)
    }

    func entity(_ row: Int) -> EntityKey { EntityKey(.customer, client: "ACME", id: "C\(row)") }
}

extension String {
    /// Lines of a table stand four places in.
    fileprivate var replacingIndent: String {
        split(separator: "\n").map { "    " + $0.drop { $0 == " " } }.joined(separator: "\n")
    }
}
