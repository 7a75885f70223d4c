import DecisionTables
import Diagnostics
package import FEEL

/// Carries a table from one form to another, without loss or not at all.
package enum TableConversion {
    /// Reads a table in its canonical form.
    /// - Parameters:
    ///   - decision: which decision of a model; nil where it has one with a table.
    ///   - places: whether cells keep their places in the file, which findings name and which take part in equality.
    package static func read(
        _ bytes: [UInt8], as form: TableForm, file: String, decision: String? = nil, places: Bool = false
    ) -> Compilation<TableDocument> {
        let read: Compilation<TableDocument>
        switch form {
        case .text:
            guard let text = String(validating: bytes, as: UTF8.self) else {
                return Compilation(product: nil, diagnostics: [Diagnostic(
                    .tableConversion, .error, "the file is no UTF-8 text", at: SourcePosition(file: file))])
            }
            read = TableDocument.read(text: text, file: file)
        case .model:
            let (model, found) = DecisionModel.read(bytes, file: file)
            guard let model, !found.contains(where: { $0.severity == .error }) else { return Compilation(product: nil, diagnostics: found) }
            let taken = TableDocument.read(model, decision: decision)
            read = Compilation(product: taken.product, diagnostics: found + taken.diagnostics)
        case .csv:
            var reader = TableSheetReader(bytes, file: file)
            read = reader.read()
        }
        guard var document = read.product else { return read }
        if document.name.isEmpty { document.name = stem(file) }
        return Compilation(product: places ? document.settled : document.canonical, diagnostics: read.diagnostics)
    }

    /// The file's name without folder and ending, for a table that has no name.
    private static func stem(_ file: String) -> String {
        let name = file.split(separator: "/").last.map(String.init) ?? "table"
        return name.split(separator: ".").first.map(String.init) ?? name
    }

    /// The bytes of a table in a form. They are read again: where that does not give the same table there are no bytes, and a
    /// finding says so.
    package static func write(_ document: TableDocument, as form: TableForm) -> Compilation<[UInt8]> {
        let document = document.canonical
        let bytes: [UInt8]
        switch form {
        case .text:
            guard let text = document.text() else { return refused(document, form, "a header or cell has a quote that does not close, or \\| within it") }
            bytes = Array(text.utf8)
        case .model:
            var writer = TableModelWriter(document)
            bytes = Array(writer.text().utf8)
        case .csv: bytes = TableSheet.write(document)
        }
        let again = read(bytes, as: form, file: "-", decision: form == .model ? document.name : nil)
        guard let product = again.product else {
            return refused(document, form, again.diagnostics.first { $0.severity == .error }?.fact ?? "what is written cannot be read")
        }
        guard product == document else {
            return refused(document, form, "\(difference(document, product)) is read otherwise than it was written")
        }
        return Compilation(product: bytes, diagnostics: [])
    }

    /// What of two tables differs first, for people.
    private static func difference(_ left: TableDocument, _ right: TableDocument) -> String {
        if left.fields != right.fields { return "a field" }
        if left.table.rules.count != right.table.rules.count { return "the number of rules" }
        for (number, pair) in zip(left.table.rules, right.table.rules).enumerated() where pair.0 != pair.1 { return "rule \(number + 1)" }
        let columns = [(left.table.inputs, right.table.inputs), (left.table.outputs, right.table.outputs), (left.table.annotations, right.table.annotations)]
        for (own, other) in columns {
            for pair in zip(own, other) where pair.0 != pair.1 { return "the column \"\(pair.0.header.text)\"" }
        }
        return "what is said of the table"
    }

    private static func refused(_ document: TableDocument, _ form: TableForm, _ cause: String) -> Compilation<[UInt8]> {
        Compilation(product: nil, diagnostics: [Diagnostic(
            .tableConversion, .error, "the table \"\(document.name)\" cannot be written as \(form.rawValue) without loss: \(cause)")])
    }
}
