import Configurations
import Diagnostics
import FEEL
import Formats
import Records
import Values

/// What expressions of rows in turns know.
struct TurnScope {
    let fields: Layout
    /// The fields of the record, and behind them the names that turns add.
    let layout: Layout

    init(_ fields: Layout) {
        self.fields = fields
        let row = ValueType.context(Dictionary(zip(fields.names, fields.types), uniquingKeysWith: { first, _ in first }))
        layout = Layout(Array(zip(fields.names, fields.types)) + RowTurn.Name.allCases.map { ($0.name, $0 == .rows ? .list(row) : .number) })
    }
}

extension BundleReader {
    /// A piece whose expression is compiled.
    mutating func piece(_ piece: TemplateScanner.Piece, _ node: ConfigurationNode, _ layout: Layout) -> TemplatePiece? {
        switch piece {
        case .text(let text): return .text(text)
        case .expression(let text, let form, let offset):
            var origin = node.textOrigin
            origin.column += offset
            guard let compiled = expression(text, at: origin, node, layout, nil), let form = self.form(form, compiled.type, node) else { return nil }
            return .value(compiled, form)
        }
    }

    private mutating func form(_ text: String?, _ type: ValueType, _ node: ConfigurationNode) -> TemplatePiece.Form? {
        guard let text else { return .plain }
        let trimmed = text.split(separator: " ").joined(separator: " ")
        let form: TemplatePiece.Form?
        if trimmed.hasPrefix("."), let places = Int(trimmed.dropFirst()), (0...18).contains(places) {
            form = .decimals(places)
        } else if trimmed.hasPrefix("N"), let places = Int(trimmed.dropFirst()), (0...18).contains(places) {
            form = .implied(places)
        } else {
            form = DatePicture(trimmed).map { .picture($0) }
        }
        guard let form else {
            found(.mapRule, "`\(trimmed)` is no form: a date picture such as yyyyMMdd, .2 for decimals, or N2 for implied decimals", node)
            return nil
        }
        let wanted: [ValueType] = if case .picture = form { [.date, .dateTime, .null, .any] } else { [.number, .null, .any] }
        if !wanted.contains(type) { found(.mapRule, "`\(trimmed)` is no form of \(type)", node) }
        return form
    }
}
