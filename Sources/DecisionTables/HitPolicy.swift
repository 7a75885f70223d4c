/// What a table answers where several rules match (DMN 1.5 section 8.2.8).
package enum HitPolicy: Hashable, Sendable, CustomStringConvertible {
    /// At most one rule matches; two are a failure.
    case unique
    /// Several rules may match, and all give the same outputs; else it is a failure.
    case any
    /// Of the rules that match, the one whose outputs stand first among the output values.
    case priority
    /// The first rule that matches, from the top.
    case first
    /// All rules that match, as a list from the top.
    case ruleOrder
    /// All rules that match, as a list in the order of the output values.
    case outputOrder
    /// All rules that match: their outputs as a list from the top (the standard leaves the order open), or aggregated.
    case collect(Aggregation?)

    package enum Aggregation: Character, Hashable, Sendable, CaseIterable {
        case sum = "+"
        case minimum = "<"
        case maximum = ">"
        /// How many outputs there are, equal ones counted each.
        case count = "#"

        var name: String {
            switch self {
            case .sum: "SUM"
            case .minimum: "MIN"
            case .maximum: "MAX"
            case .count: "COUNT"
            }
        }
    }

    package static let all: [HitPolicy] =
        [.unique, .any, .priority, .first, .ruleOrder, .outputOrder, .collect(nil)] + Aggregation.allCases.map { .collect($0) }

    /// Names that ``init(_:)`` reads, each long form with its short one, for hints and schemas.
    package static var names: [String] { all.flatMap { [$0.description, $0.symbol] } }

    /// Reads `UNIQUE` or `U`, `RULE ORDER` or `R`, `COLLECT SUM` or `C+`, and so on. Nil for other text.
    package init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.description == name || $0.symbol == name }) else { return nil }
        self = known
    }

    package var description: String {
        switch self {
        case .unique: "UNIQUE"
        case .any: "ANY"
        case .priority: "PRIORITY"
        case .first: "FIRST"
        case .ruleOrder: "RULE ORDER"
        case .outputOrder: "OUTPUT ORDER"
        case .collect(let aggregation): aggregation.map { "COLLECT \($0.name)" } ?? "COLLECT"
        }
    }

    /// The form that DMN draws in the corner of a table: `U`, `F`, `C`, `C+`.
    package var symbol: String {
        switch self {
        case .unique: "U"
        case .any: "A"
        case .priority: "P"
        case .first: "F"
        case .ruleOrder: "R"
        case .outputOrder: "O"
        case .collect(let aggregation): aggregation.map { "C\($0.rawValue)" } ?? "C"
        }
    }

    /// Whether at most one rule decides, so that each output is one value of that rule.
    package var isSingle: Bool {
        switch self {
        case .unique, .any, .priority, .first: true
        case .ruleOrder, .outputOrder, .collect: false
        }
    }

    /// Whether the order of the output values decides.
    package var isByOutputValues: Bool { self == .priority || self == .outputOrder }

    /// Whether all that matched is answered, as a list.
    var givesList: Bool {
        switch self {
        case .ruleOrder, .outputOrder, .collect(nil): true
        default: false
        }
    }
}
