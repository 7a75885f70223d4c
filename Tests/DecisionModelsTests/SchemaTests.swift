import DecisionModels
import DecisionTables
import Diagnostics
import FEEL
import Foundation
import Testing
import Values

/// What is written holds to the standard's own schema. Skipped, aloud, where xmllint or `../shared` is not there.
@Suite struct SchemaTests {
    private static let root: URL? = {
        guard let real = realpath(#filePath, nil) else { return nil }
        defer { free(real) }
        return URL(fileURLWithPath: String(cString: real)).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    }()

    /// What xmllint says against a model; nil where it cannot be asked.
    private func defects(of model: URL) throws -> String? {
        guard let schema = Self.root?.deletingLastPathComponent().appendingPathComponent("shared/tck/DMN15.xsd"),
            FileManager.default.fileExists(atPath: schema.path), FileManager.default.fileExists(atPath: "/usr/bin/xmllint")
        else {
            print("skipped: xmllint or ../shared/tck/DMN15.xsd is absent")
            return nil
        }
        let process = Process(), errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/xmllint")
        process.arguments = ["--nonet", "--noout", "--schema", schema.path, model.path]
        process.standardError = errors
        try process.run()
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return process.terminationStatus == 0 ? "" : said
    }

    @Test func `the sample model holds to the schema of the standard, is in its canonical form and has no finding`() throws {
        let sample = try #require(Self.root?.appendingPathComponent("Schemes/item-value.dmn"))
        if let said = try defects(of: sample) { #expect(said == "") }
        let bytes = [UInt8](try Data(contentsOf: sample))
        let read = TableConversion.read(bytes, as: .model, file: "Schemes/item-value.dmn")
        #expect(read.diagnostics.isEmpty)
        #expect(TableConversion.write(try #require(read.product), as: .model).product == bytes)
        #expect(CompiledModel.compile(try #require(DecisionModel.read(bytes, file: nil).model), profile: .strict).diagnostics.isEmpty)
    }

    @Test func `a written model holds to the schema of the standard`() throws {
        let id = TableIdentity(id: "t", label: "a label", description: "of two\nlines")
        let table = DecisionTable(
            hitPolicy: .collect(.sum),
            inputs: [
                TableColumn(
                    header: TableCell("tier", id: "e"), type: .string, typeName: "tTier", values: TableCell("\"a\", \"b\"", id: "v"),
                    identity: TableIdentity(id: "model_c")),
                TableColumn(header: TableCell("count(orders)"), type: .number),
            ],
            outputs: [TableColumn(header: TableCell(""), type: .number, defaultEntry: TableCell("0", id: "f"), identity: TableIdentity(label: "points"))],
            annotations: [TableColumn(header: TableCell("")), TableColumn(header: TableCell("why"))],
            rules: [TableRule(
                inputs: [TableCell("\"a\"", id: "i"), TableCell("< 3")], outputs: [TableCell("1")], annotations: [TableCell("<&>"), TableCell("")],
                identity: TableIdentity(id: "r", description: "d"))],
            identity: id, outputLabel: "points")
        let document = TableDocument(name: "Points & more", about: "x", fields: [TableField(name: "orders", type: .list(.number))], table: table)
        let written = TableConversion.write(document, as: .model)
        let bytes = try #require(written.product, "\(written.diagnostics.map(\.fact))")
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-model-\(UUID().uuidString).dmn")
        try Data(bytes).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        if let said = try defects(of: file) { #expect(said == "") }
    }
}
