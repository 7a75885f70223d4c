/// What a table answers where several rules match (DMN 1.5 section 8.2.8).
package enum HitPolicy: Hashable, Sendable, CustomStringConvertible {
    /// At most one rule matches; two are a failure.
    case unique
    /// The first rule that matches, from the top.
    case first
    /// All rules that match, in order: their outputs as a list, or aggregated.
    case collect(Aggregation?)

    package enum Aggregation: Character, Hashable, Sendable, CaseIterable {
        case sum = "+"
        case minimum = "<"
        case maximum = ">"
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

    package static let all: [HitPolicy] = [.unique, .first, .collect(nil)] + Aggregation.allCases.map { .collect($0) }

    /// Names that ``init(_:)`` reads, each long form with its short one, for hints and schemas.
    package static var names: [String] { all.flatMap { [$0.description, $0.symbol] } }

    /// Reads `UNIQUE` or `U`, `FIRST` or `F`, `COLLECT` or `C`, `COLLECT SUM` or `C+`, and so on. Nil for other text.
    package init?(_ name: String) {
        guard let known = Self.all.first(where: { $0.description == name || $0.symbol == name }) else { return nil }
        self = known
    }

    package var description: String {
        switch self {
        case .unique: "UNIQUE"
        case .first: "FIRST"
        case .collect(let aggregation): aggregation.map { "COLLECT \($0.name)" } ?? "COLLECT"
        }
    }

    /// The form that DMN draws in the corner of a table: `U`, `F`, `C`, `C+`.
    package var symbol: String {
        switch self {
        case .unique: "U"
        case .first: "F"
        case .collect(let aggregation): aggregation.map { "C\($0.rawValue)" } ?? "C"
        }
    }
}
