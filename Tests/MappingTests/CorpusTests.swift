import Diagnostics
import Foundation
import Mapping
import Testing

/// Real files of others through the project's own mappings: what becomes of them is told, and nothing crashes.
@Suite struct CorpusTests {
    private func files(_ folder: String) -> [URL] {
        let root = Project.shared.appendingPathComponent("corpus/\(folder)")
        let paths = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
        return paths.sorted().map { root.appendingPathComponent($0) }.filter { !$0.hasDirectoryPath }
    }

    /// The bundle with one more feed that takes anything of a format.
    private func library(_ format: String, _ mappings: String) throws -> MappingLibrary {
        let feed = "feed: any\nformat: \(format)\nmappings: [\(mappings)]\nclient: ANY\n"
        let compiled = MappingLibrary.compile(
            try Project.bundle() + [BundleFile(path: "Mappings/feeds/any.yaml", bytes: Array(feed.utf8))])
        return try #require(compiled.library)
    }

    @Test(arguments: [
        ("x12", "x12", "x12/850-orders, x12/846-inventory, x12/214-carrier-status, x12/940-warehouse-orders"),
        ("idoc", "xml", "xml/idoc-orders05"),
        ("xml", "xml", "xml/idoc-orders05"),
        ("csv", "csv", "csv/order-history, csv/item-master, csv/customers"),
    ])
    func `every file of the corpus ends in records or findings`(folder: String, format: String, mappings: String) throws {
        let files = files(folder)
        guard !files.isEmpty else {
            print("skipped: ../shared is absent")
            return
        }
        let library = try library(format, mappings)
        var mapped = 0
        for file in files {
            guard let data = try? Data(contentsOf: file) else { continue }
            let (_, outcome, taken) = try readFeed("any", Array(data), file: file.lastPathComponent, library: library)
            #expect(outcome.read == outcome.accepted + outcome.reported, "\(file.lastPathComponent)")
            #expect(!taken.records.isEmpty || !taken.findings.isEmpty, "\(file.lastPathComponent)")
            for finding in taken.rejected.flatMap(\.diagnostics) {
                #expect(finding.position.bytes != nil, "\(file.lastPathComponent): \(finding.text)")
            }
            if !taken.records.isEmpty { mapped += 1 }
        }
        print("\(folder): \(files.count) files, \(mapped) gave records")
        if folder == "x12" || folder == "idoc" { #expect(mapped > 0) }
    }
}
