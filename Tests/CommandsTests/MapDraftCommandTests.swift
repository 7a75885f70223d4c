import Foundation
import Testing

/// The command as an analyst runs it: a sample in, a site that is sound out.
struct MapDraftCommandTests {
    /// A copy of the project's site without what lies in its store.
    private func site() throws -> ScratchFolder {
        let folder = try ScratchFolder()
        for name in ["Mappings", "Schemes", "Overrides", "Governance", "crossdock.yaml"] {
            try FileManager.default.copyItem(at: Command.project.appendingPathComponent(name), to: folder.url.appendingPathComponent(name))
        }
        return folder
    }

    private static let samples = [
        ("sample.csv", "PO No;SKU;Qty;UOM;ETA\n4711;A-100;12,5;PCE;01.12.2026\n4711;B-200;3;KGM;02.12.2026\n", "csv"),
        ("sample.xml", "<orders><order id=\"1\"><line><no>1</no><sku>A</sku><qty>5</qty></line><line><no>2</no><sku>B</sku><qty>5</qty></line></order></orders>", "xml"),
        ("sample.jsonl", "{\"orderNumber\":\"1\",\"lines\":[{\"sku\":\"A\",\"quantity\":5},{\"sku\":\"B\",\"quantity\":6}]}\n", "json"),
    ]

    @Test func `a draft that was written is sound, tested, and not written twice`() throws {
        let site = try site()
        var files = try Self.samples.map { name, text, folder in
            let url = site.url.appendingPathComponent(name)
            try Data(text.utf8).write(to: url)
            return (url.path, folder)
        }
        let samples = Command.project.appendingPathComponent("Samples")
        files += [
            ("x12-orders/850-alpenmarkt-0042.edi", "x12"), ("idoc-orders/orders05-0000204711.xml", "xml"),
            ("idoc-flat-orders/orders05-0000204711.dat", "xml"), ("item-master/items-2026-09.csv", "csv"),
        ].map { (samples.appendingPathComponent($0.0).path, $0.1) }
        for (index, (path, folder)) in files.enumerated() {
            let drafted = try site.run("map", "draft", path, "--name", "drafted-\(index)", "--client", "TEST", "--write")
            #expect(drafted.status == 0, "\(path): \(drafted.errors)")
            #expect(drafted.output.contains("wrote Mappings/\(folder)/drafted-\(index).yaml"))
            #expect(drafted.output.contains("drafted-\(index).tests/sample.records.jsonl"))
            let tested = try site.run("map", "test", "\(folder)/drafted-\(index)")
            #expect(tested.status == 0, "\(path): \(tested.errors)")
        }
        let checked = try site.run("check")
        #expect(checked.output.contains("sound"), "\(checked.errors)")
        let again = try site.run("map", "draft", files[0].0, "--name", "drafted-0", "--write")
        #expect(again.status == 1 && again.errors.contains("is there already"))
    }

    @Test func `a draft is printed as two files, or as JSON`() throws {
        let folder = try ScratchFolder(["stock.csv": Self.samples[0].1])
        let printed = try folder.run("map", "draft", "stock.csv", "--record", "orderLine")
        #expect(printed.status == 0, "\(printed.errors)")
        #expect(printed.output.hasPrefix("# Mappings/csv/stock.yaml\n"))
        #expect(printed.output.contains("\n# Mappings/feeds/stock.yaml\nfeed: stock\n"))
        #expect(printed.output.contains("WHOSE GOODS THESE ARE"))
        #expect(printed.errors.contains("that nothing speaks for"))
        let object = try folder.run("map", "draft", "stock.csv", "--format", "json").json()
        #expect(object["mapping"] as? String == "csv/stock")
        #expect(try folder.run("map", "draft", "stock.csv", "--record", "orderline").status == 2)
        #expect(try folder.run("map", "draft", "absent.csv").status == 1)
    }
}
