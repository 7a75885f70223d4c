package import Diagnostics
package import FEEL
import FlatFiles
import Formats
import Markup
package import Values

extension OutboundMapping {
    /// The bytes of a file with one row for each row of values, the same for the same rows.
    ///
    /// - Parameters:
    ///   - rows: one value a slot of ``layout``.
    ///   - context: its zone is the business zone.
    /// - Returns: the bytes, and a finding for each cell that could not be written, which is left empty.
    package func render(_ rows: some Sequence<[Value]>, _ context: EvaluationContext) -> (bytes: [UInt8], diagnostics: [Diagnostic]) {
        switch form {
        case .csv(let separator, let hasHeader, let lineEnd):
            var writer = CSVWriter(header: hasHeader ? columnNames : nil, separator: separator, lineEnd: lineEnd)
            let findings = write(rows, context) { cells in
                writer.write(cells.map(\.text))
                return []
            }
            return (encoding.spell(writer.take()), findings)
        case .fixed(let places, let length, let lineEnd):
            var writer = FixedWriter(places: places, length: length, lineEnd: lineEnd)
            let findings = write(rows, context) { writer.write($0.map(\.text)) }
            return (encoding.spell(writer.take()), findings)
        case .jsonLines:
            var writer = JSONLinesWriter(names: columnNames)
            let findings = write(rows, context) { cells in
                writer.write(cells)
                return []
            }
            return (writer.take(), findings)
        case .xml(let root, let record, let namespace, let cells):
            var writer = XMLRecordWriter(root: root, record: record, namespace: namespace, cells: cells)
            let findings = write(rows, context) { cells in
                writer.write(cells.map { $0 == .null ? nil : $0.text })
                return []
            }
            return (writer.finish(), findings)
        case .xmlTree(let template):
            return template.render(Array(rows), context, name: name, file: file)
        }
    }

    /// Gives each row to a writer, and collects what could not be written.
    private func write(
        _ rows: some Sequence<[Value]>, _ context: EvaluationContext, _ write: ([Value]) -> [FixedWriter.Refusal]
    ) -> [Diagnostic] {
        var diagnostics: [Diagnostic] = []
        for (number, row) in rows.enumerated() {
            precondition(row.count >= layout.count, "a row has one value a slot")
            func report(_ column: Int, _ fact: String) {
                diagnostics.append(Diagnostic(
                    .mapOutboundCell, .error, "\(name), row \(number + 1), \(columns[column].name): \(fact)", at: SourcePosition(file: file)))
            }
            let cells = columns.indices.map { index in
                do throws(CellFailure) {
                    return try cell(columns[index], row, context)
                } catch {
                    report(index, error.fact)
                    return .null
                }
            }
            for refusal in write(cells) { report(refusal.cell, refusal.fact) }
        }
        return diagnostics
    }

    private struct CellFailure: Error { let fact: String }

    /// What a column writes of a row: text where the column says how, the value itself where it does not.
    private func cell(_ column: Column, _ row: [Value], _ context: EvaluationContext) throws(CellFailure) -> Value {
        let written = try form(of: try value(column, row, context), column, context)
        let medium: String, unfit: Unicode.Scalar?
        if case .xml = form {
            (medium, unfit) = ("XML", XMLRecordWriter.unfit(written.text))
        } else {
            (medium, unfit) = (encoding.rawValue, encoding.unfit(written.text))
        }
        guard let unfit else { return written }
        let shown = unfit.value < 0x20 ? "U+\(String(unfit.value, radix: 16, uppercase: true))" : "`\(unfit)`"
        throw CellFailure(fact: "\(shown) cannot be written in \(medium)")
    }

    private func value(_ column: Column, _ row: [Value], _ context: EvaluationContext) throws(CellFailure) -> Value {
        switch column.source {
        case .constant(let text): return .string(text)
        case .slot(let slot): return row[slot]
        case .feel(let expression):
            do {
                return try expression.evaluate(row, context)
            } catch {
                throw CellFailure(fact: error.diagnostic.fact)
            }
        }
    }

    private func form(of value: Value, _ column: Column, _ context: EvaluationContext) throws(CellFailure) -> Value {
        switch value {
        case .number(let number):
            let number = column.decimals.map { number.rounded(scale: $0, .halfEven) } ?? number
            switch column.mark {
            case .point: return .number(number)
            case .comma: return .string(number.description.replacing(".", with: ","))
            case .none: return .string(number.description.replacing(".", with: ""))
            }
        case .date(let date):
            guard let picture = column.picture else { return value }
            guard let text = picture.format(date, nil) else { throw CellFailure(fact: "\(date) has no form `\(picture)`") }
            return .string(text)
        case .dateTime(let moment):
            guard let picture = column.picture else { return value }
            let zone = column.zone == .utc ? ZoneRules.utc : context.zone
            let local = moment.instant(in: context.zone).dateTime(in: zone)
            guard let text = picture.format(local.date, local.time) else { throw CellFailure(fact: "\(moment) has no form `\(picture)`") }
            return .string(text)
        default:
            return value
        }
    }
}
