import FEEL
import FlatFiles
import Formats
import Markup
package import Records
package import Values

/// How rows of values become the bytes of a file for somebody else: columns, texts, and the form of the file.
package struct OutboundMapping: Sendable {
    /// How the file is written.
    enum Form: Sendable {
        case csv(separator: UInt8, hasHeader: Bool, lineEnd: CSVWriter.LineEnd)
        /// One place for each column.
        case fixed(places: [FixedWriter.Place], length: Int?, lineEnd: [UInt8])
        case jsonLines
        /// One cell for each column.
        case xml(root: String, record: String, namespace: String?, cells: [XMLRecordWriter.Cell])
        /// Elements in elements; it has no columns.
        case xmlTree(XMLTemplate)
    }
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
        let mark: DecimalMark
    }

    /// How the fraction of a number is set off.
    enum DecimalMark: String, Sendable, CaseIterable {
        case point = "."
        case comma = ","
        /// The decimals are implied.
        case none
    }

    package let name: String
    package let file: String
    /// The kinds of record that it writes; empty where it writes named values.
    package let kinds: [RecordKind]
    /// Names and types of the values of a row.
    package let layout: Layout
    /// Template of the file's name, such as `wms-{digest}.csv`.
    package let fileName: String
    let form: Form
    let encoding: TextEncoding
    let columns: [Column]
    /// Fields in which the rows of one file agree; none: all rows are one file.
    let perSlots: [Int]
    /// The mapping that reads what this writes.
    let inverse: String?

    package var columnNames: [String] { columns.map(\.name) }

    /// The media type of the file, with the character set where it is not UTF-8.
    package var contentType: String {
        let type = switch form {
        case .csv: "text/csv"
        case .fixed: "text/plain"
        case .jsonLines: "application/x-ndjson"
        case .xml, .xmlTree: "application/xml"
        }
        return encoding == .utf8 ? type : "\(type); charset=\(encoding.rawValue)"
    }

    /// The rows of each file, in the order in which their first ones come.
    package func files(_ rows: [[Value]]) -> [[Int]] {
        perSlots.isEmpty ? [Array(rows.indices)] : RowTurns.groups(Array(rows.indices), by: perSlots, rows)
    }

    /// A row of values by name, in the order of the layout; names that the layout lacks are left out.
    package func row(_ values: [String: Value]) -> [Value] { layout.names.map { values[$0] ?? .null } }

    /// The file's name with `{key}` filled in.
    package func fileName(_ values: [String: String]) -> String { fileName.filled(values) }
}
