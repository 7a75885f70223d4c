import FEEL
import Values

/// A part of a text to be written: as it stands, or what an expression gives.
enum TemplatePiece: Sendable {
    /// How a value is spelt.
    enum Form: Hashable, Sendable {
        case plain
        case picture(DatePicture)
        case decimals(Int)
        case implied(Int)

        /// The text of a value, nil where it has none in this form. A dateTime is told in the zone of the context.
        func text(_ value: Value, _ context: EvaluationContext) -> String? {
            switch (self, value) {
            case (.plain, .number(let number)): return number.normalized.description
            case (.plain, _): return value.text
            case (.decimals(let places), .number(let number)): return number.rounded(scale: places, .halfEven).description
            case (.implied(let places), .number(let number)):
                let scaled = number.rounded(scale: places, .halfEven).description
                let digits = scaled.filter { $0 != "." && $0 != "-" }.drop { $0 == "0" }
                return (scaled.hasPrefix("-") && !digits.isEmpty ? "-" : "") + (digits.isEmpty ? "0" : digits)
            case (.picture(let picture), .date(let date)): return picture.format(date, nil)
            case (.picture(let picture), .dateTime(let moment)):
                let local = moment.instant(in: context.zone).dateTime(in: context.zone)
                return picture.format(local.date, local.time)
            default: return nil
            }
        }
    }

    case text(String)
    case value(CompiledExpression, Form)

    var expression: CompiledExpression? { if case .value(let expression, _) = self { expression } else { nil } }
}
