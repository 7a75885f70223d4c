import Diagnostics
import EDI
import FlatFiles
import Formats
package import Mapping
import Records

/// Drafts a mapping from a sample.
package struct Drafter {
    let file: SampleFile
    let request: DraftRequest
    let structures: [BundleFile]
    let name: String
    var client: String { request.client ?? "UNNAMED" }

    /// What is known of the mapping before it is run over the sample.
    struct Parts {
        var folder: String
        var reads: String
        /// What the feed says besides its name, mapping and client.
        var feed: String
        var records: [DraftRecord]
        var head: [String]
        var unused: [String]
        /// The structures that the mapping needs.
        var structures: [BundleFile] = []
        var testInput: [UInt8]?
        var testEnding: String
    }

    /// - Parameters:
    ///   - format: what the sample's bytes were told to be.
    ///   - structures: the site's files under `Mappings/structures`.
    package static func draft(
        _ file: SampleFile, format: SourceFormat, request: DraftRequest, structures: [BundleFile]
    ) throws(DraftFailure) -> Draft {
        let drafter = Drafter(file: file, request: request, structures: structures, name: request.name ?? plainName(file.title))
        let parts = switch format {
        case .x12: try drafter.transactionSet(.x12)
        case .edifact: try drafter.transactionSet(.edifact)
        case .csv: try drafter.csv()
        case .xml: try drafter.tree(isJSON: false)
        case .json: try drafter.tree(isJSON: true)
        case .idoc: try drafter.flatIDoc()
        case .tradacoms, .flat: throw DraftFailure.notDrafted(format.rawValue)
        }
        return try drafter.finish(parts)
    }

    private init(file: SampleFile, request: DraftRequest, structures: [BundleFile], name: String) {
        self.file = file
        self.request = request
        self.structures = structures
        self.name = name
    }

    /// A file's title as the name of a mapping: letters, digits and dashes.
    static func plainName(_ title: String) -> String {
        var name = ""
        for letter in Letters.fold(title) {
            if letter.isASCII, letter.isLetter || letter.isNumber { name.append(letter) } else if name.last != "-", !name.isEmpty { name.append("-") }
        }
        while name.last == "-" { name.removeLast() }
        return name.isEmpty ? "sample" : String(name.prefix(60))
    }

    // MARK: - CSV

    private func csv() throws(DraftFailure) -> Parts {
        let form = CSVForm(file.bytes)
        let sample = CSVSample.read(file, form: form, rowsMax: request.rowsMax)
        guard sample.table.rows > 0 else { throw .nothingRead(sample.findings) }
        let draft = TableDraft(sample.table, asked: request.record, readsCSV: true, epoch: "1970-01-01")
        guard !draft.records.isEmpty else { throw .noKind(columns: sample.table.columns.map(\.name)) }
        let used = draft.used.sorted()
        var reads = "format: csv"
        if form.hasHeader {
            let names = sample.table.columns.enumerated().filter { !$0.element.selector.hasPrefix("#") }
            let must = names.filter { used.contains($0.offset) }.map { YAMLScalar.spell($0.element.name) }
            let may = names.filter { !used.contains($0.offset) }.map { YAMLScalar.spell($0.element.name) }
            reads += "\nheader: [\(must.joined(separator: ", "))]" + (may.isEmpty ? "" : "\noptional: [\(may.joined(separator: ", "))]")
        }
        var options = ["separator: \(form.separatorText == "tab" ? "tab" : YAMLScalar.quote(form.separatorText))"]
        if !form.hasHeader { options.append("header: false") }
        if form.linesSkipped > 0 { options.append("skipLines: \(form.linesSkipped)") }
        if let encoding = form.encoding { options.append("encoding: \(encoding.rawValue)") }
        var head = ["\(rowsText(sample.table)); separator \(form.separatorText), \(form.hasHeader ? "names in the first row" : "no header: columns by number"): \(Share.text(form.confidence))"]
        if let encoding = form.encoding { head.append("The bytes are no UTF-8: read as \(encoding.rawValue)") }
        let end = sample.rowEnds.last.map { file.bytes[$0...].firstIndex { $0 != 0x0A && $0 != 0x0D } ?? file.bytes.count }
        return Parts(
            folder: "csv", reads: reads, feed: "format: csv\ncomplete: { quiet: 5s }\ncsv: { \(options.joined(separator: ", ")) }\nonError: { structure: keep, record: report }\n",
            records: draft.records, head: head, unused: unusedColumns(sample.table, draft.used),
            testInput: end.map { Array(file.bytes[..<$0]) }, testEnding: file.ending.isEmpty ? ".csv" : file.ending)
    }

    private func rowsText(_ table: SampleTable) -> String {
        table.isCut ? "the first \(table.rows) rows of \(file.title)" : "\(table.rows) rows of \(file.title)"
    }

    private func unusedColumns(_ table: SampleTable, _ used: Set<Int>) -> [String] {
        table.columns.enumerated().filter { !used.contains($0.offset) && !$0.element.isInherited }.map { _, column in
            let missing = column.statistics.missing.map { "; \($0)" } ?? ""
            return "\(column.selector): \(column.type.name), \(column.statistics.example)\(missing)"
        }
    }

    // MARK: - XML and JSON

    private func tree(isJSON: Bool) throws(DraftFailure) -> Parts {
        let sample = TreeSample.read(file, isJSON: isJSON)
        if !isJSON, SetFacts("idoc/\(sample.root)") != nil { return try idoc(root: sample.root, feed: "format: xml\ncomplete: auto\n") }
        let tables = sample.tables.filter { table in table.rows > 0 && table.columns.contains { !$0.isInherited } }
        guard !tables.isEmpty else { throw .nothingRead(sample.findings) }
        var records: [DraftRecord] = [], unused: [String] = []
        var madeOf: [String: DraftRecord] = [:]
        for table in tables {
            // The kind that was asked for is made of the innermost rows that fit it.
            let asked = request.record.flatMap { kind in table.each == likeliest(tables, kind)?.each ? kind : nil }
            if request.record != nil, asked == nil { continue }
            let around = table.parent.flatMap { madeOf[sample.tables[$0].each] }
            let draft = TableDraft(table, asked: asked, around: around, readsCSV: false, epoch: "1970-01-01")
            records += draft.records
            madeOf[table.each] = draft.records.first ?? around
            unused += unusedColumns(table, draft.used).map { "\(table.each)/\($0)" }
        }
        guard !records.isEmpty else { throw .noKind(columns: tables.flatMap { $0.columns.map(\.name) }) }
        let hasDocumentType = !isJSON && String(decoding: file.bytes.prefix(4096), as: UTF8.self).contains("<!DOCTYPE")
        let external = hasDocumentType ? "externalDocumentType: ignore\n" : ""
        let format = isJSON ? "json" : "xml"
        return Parts(
            folder: format, reads: isJSON ? "format: json" : "format: xml\nroot: \(YAMLScalar.spell(localName(sample.root)))",
            feed: "format: \(format)\ncomplete: \(isJSON ? "{ quiet: 5s }" : "auto")\n\(external)onError: { structure: \(isJSON ? "keep" : "quarantine"), record: report }\n",
            records: records, head: ["\(file.title): " + tables.map { "\($0.rows) of \($0.each)" }.joined(separator: ", ")], unused: unused,
            testInput: isJSON ? SampleCut.json(file) : SampleCut.whole(file), testEnding: file.ending.isEmpty ? ".\(format)" : file.ending)
    }

    private func likeliest(_ tables: [SampleTable], _ kind: RecordKind) -> SampleTable? {
        tables.max { KindMatch($0, kind).score < KindMatch($1, kind).score }
    }

    private func localName(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }
}
