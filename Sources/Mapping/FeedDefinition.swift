package import Diagnostics
package import EDI
package import FlatFiles
package import Values

/// One feed: a drop folder and how to read what falls into it.
package struct FeedDefinition: Sendable, Hashable {
    /// When a file is whole.
    package enum Completion: Sendable, Hashable {
        /// When the format's own end is there (`IEA`, the closed root); for CSV, quiet for five seconds.
        case automatic
        /// When it has not grown for so long.
        case quiet(DayTimeDuration)
        /// When a marker beside it appears; `{name}` stands for the file's name.
        case doneFile(String)
    }

    /// In which order files are taken that are whole: by name, by name with digits as the number that they write, by when they were written last, by when
    /// they were first seen.
    package enum Order: String, Sendable, CaseIterable { case name, number, oldest, seen }

    /// What to do with a second document of the same business key.
    package enum Duplicates: String, Sendable, CaseIterable { case reject, replace, accept }
    /// What a defect of the document's own structure does.
    package enum StructureDefect: String, Sendable, CaseIterable { case quarantine, keep }
    /// What a record that fails does: it alone is reported, or the whole file is quarantined.
    package enum RecordDefect: String, Sendable, CaseIterable { case report, quarantine }

    package let feed: String
    package let file: String
    package let format: SourceFormat
    /// Names of mappings, such as `x12/850-orders`, in the order in which they are tried.
    package let mappings: [String]
    /// Drop folder under `Inbox/`; the feed's own name unless said.
    package let folder: String
    package let completion: Completion
    /// After how long an incomplete file is given up and quarantined.
    package let giveUpAfter: DayTimeDuration
    /// How deep folders below the drop folder are looked into.
    package let subfolderDepth: Int
    package let order: Order
    /// No file is taken before those that come before it in the order.
    package let isInSequence: Bool
    package let duplicates: Duplicates
    package let onStructureDefect: StructureDefect
    package let onRecordDefect: RecordDefect
    /// The depositor of every record, unless a partner or the mapping says.
    package let client: String?
    /// The one partner who sends to this folder.
    package let partner: String?
    package let csv: CSVLayout
    /// Name of the layout of a flat feed.
    package let layout: String?
    /// How flat files, IDoc files and JSON spell text, where the feed says so.
    package let encoding: DeclaredEncoding?
    /// XML: a document type that names an external file is passed over instead of refused. It is fetched in no case.
    package let ignoresExternalDocumentType: Bool
    /// What defects of EDI weigh and reject, where it is not the common way.
    package let defects: [DiagnosticCode: DefectSetting]

    package static let subfolderDepthMax = 8

    /// The feed of a mapping that is tried out by itself: nothing is said but the format, and the client is `TEST`.
    static func plain(for mapping: CompiledMapping) -> FeedDefinition {
        FeedDefinition(
            feed: mapping.name, file: mapping.file, format: mapping.reads.format, mappings: [mapping.name], folder: mapping.name,
            completion: .automatic, giveUpAfter: DayTimeDuration(seconds: 600, nanoseconds: 0), subfolderDepth: 0, order: .name, isInSequence: false,
            duplicates: .reject,
            onStructureDefect: .quarantine, onRecordDefect: .report, client: "TEST", partner: nil,
            csv: CSVLayout(
                separator: nil, quote: UInt8(ascii: "\""), hasHeader: true, columns: [], encoding: nil, linesSkipped: 0, comment: nil),
            layout: mapping.reads.layout, encoding: nil, ignoresExternalDocumentType: false, defects: [:])
    }
}

/// How the rows of a CSV feed are written.
package struct CSVLayout: Sendable, Hashable {
    /// Some ASCII bytes; nil finds one from the first row.
    package let separator: [UInt8]?
    /// One ASCII byte; nil where no cell is quoted.
    package let quote: UInt8?
    /// False where there is no header row, and `columns` (or positions) say what is what.
    package let hasHeader: Bool
    package let columns: [String]
    /// Nil where the feed says nothing.
    package let encoding: DeclaredEncoding?
    /// Lines before the table.
    package let linesSkipped: Int
    /// How a line begins that is no row.
    package let comment: [UInt8]?
}
