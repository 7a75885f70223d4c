/// What a case came to.
indirect enum Answer: Equatable {
    case none
    case number(Double)
    case text(String)
    case flag(Bool)
    case list([Answer])
    /// By name. Names that nobody expects are not looked at, unless the object is whole: then it may have no others.
    case object([String: Answer], isWhole: Bool = false)
    /// Labels whose names do not matter, but for those that are kept (-1, noise).
    case partition([Int], kept: Set<Int> = [])
    /// One of these, where a shape can be meant in two ways.
    case either([Answer])

    static func integer(_ integer: Int) -> Answer { .number(Double(integer)) }
    static func numbers(_ numbers: [Double]) -> Answer { .list(numbers.map(Answer.number)) }
    static func integers(_ integers: [Int]) -> Answer { .list(integers.map(Answer.integer)) }
    static func texts(_ texts: [String]) -> Answer { .list(texts.map(Answer.text)) }
    static func rows(_ rows: [[Double]]) -> Answer { .list(rows.map(Answer.numbers)) }
    /// Nothing where there is no number.
    static func optional(_ number: Double?) -> Answer { number.map(Answer.number) ?? .none }

    /// Short, for a line of the report.
    var told: String {
        switch self {
        case .none: "null"
        case .number(let number): "\(number)"
        case .text(let text): "\"\(text)\""
        case .flag(let flag): "\(flag)"
        case .list(let list): "\(list.count) values"
        case .object(let entries, _): "{\(entries.keys.sorted().joined(separator: ", "))}"
        case .partition(let labels, _): "labels \(labels)"
        case .either(let answers): answers.map(\.told).joined(separator: " or ")
        }
    }
}
