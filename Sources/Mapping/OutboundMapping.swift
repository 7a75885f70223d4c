package import Diagnostics
package import FEEL
import FlatFiles
package import Records
package import Values

/// How rows of values become the bytes of a file for somebody else: columns, texts, separators.
package struct OutboundMapping: Sendable {
    struct Column: Sendable {
        enum Source: Sendable {
            case slot(Int)
            case feel(CompiledExpression)
            case constant(String)
        }
        let name: String
        let source: Source
        let picture: DatePicture?
        let decimals: Int?
        let zone: ZoneChoice
    }

    package let name: String
    package let file: String
    /// The kinds of record that it writes; empty where it writes named values.
    package let kinds: [RecordKind]
    /// Names and types of the values of a row.
    package let layout: Layout
    /// Template of the file's name, such as `wms-{digest}.csv`.
    package let fileName: String
    let separator: UInt8
    let hasHeader: Bool
    let columns: [Column]

    package var columnNames: [String] { columns.map(\.name) }

    /// The bytes of a file with one row for each row of values, the same for the same rows.
    ///
    /// - Parameters:
    ///   - rows: one value a slot of ``layout``.
    ///   - context: its zone is the business zone.
    /// - Returns: the bytes, and a finding for each cell that could not be written, which is left empty.
    package func render(_ rows: some Sequence<[Value]>, _ context: EvaluationContext) -> (bytes: [UInt8], diagnostics: [Diagnostic]) {
        var writer = CSVWriter(header: hasHeader ? columnNames : nil, separator: separator, lineEnd: .crlf)
        var diagnostics: [Diagnostic] = []
        for (number, row) in rows.enumerated() {
            precondition(row.count >= layout.count, "a row has one value a slot")
            writer.write(columns.map { column in
                do throws(CellFailure) {
                    return try cell(column, row, context)
                } catch {
                    diagnostics.append(Diagnostic(
                        .mapOutboundCell, .error, "\(name), row \(number + 1), \(column.name): \(error.fact)",
                        at: SourcePosition(file: file)))
                    return ""
                }
            })
        }
        return (writer.take(), diagnostics)
    }

    /// A row of values by name, in the order of the layout; names that the layout lacks are left out.
    package func row(_ values: [String: Value]) -> [Value] { layout.names.map { values[$0] ?? .null } }

    /// The file's name with `{key}` filled in.
    package func fileName(_ values: [String: String]) -> String {
        var name = fileName
        for (key, value) in values { name = name.replacing("{\(key)}", with: value) }
        return name
    }

    private struct CellFailure: Error { let fact: String }

    private func cell(_ column: Column, _ row: [Value], _ context: EvaluationContext) throws(CellFailure) -> String {
        let value: Value
        switch column.source {
        case .constant(let text): return text
        case .slot(let slot): value = row[slot]
        case .feel(let expression):
            do {
                value = try expression.evaluate(row, context)
            } catch {
                throw CellFailure(fact: error.diagnostic.fact)
            }
        }
        return try text(of: value, column, context)
    }

    private func text(of value: Value, _ column: Column, _ context: EvaluationContext) throws(CellFailure) -> String {
        switch value {
        case .number(let number):
            guard let decimals = column.decimals else { return number.description }
            return number.rounded(scale: decimals, .halfEven).description
        case .date(let date):
            guard let picture = column.picture else { return date.description }
            guard let text = picture.format(date, nil) else { throw CellFailure(fact: "\(date) has no form `\(picture)`") }
            return text
        case .dateTime(let moment):
            guard let picture = column.picture else { return moment.description }
            let zone = column.zone == .utc ? ZoneRules.utc : context.zone
            let local = moment.instant(in: context.zone).dateTime(in: zone)
            guard let text = picture.format(local.date, local.time) else { throw CellFailure(fact: "\(moment) has no form `\(picture)`") }
            return text
        default:
            return value.text
        }
    }
}
