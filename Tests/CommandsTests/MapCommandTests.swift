import Foundation
import Testing

/// `crossdock map run|test|coverage` on a small site; `replay` needs a live state and is driven with the whole house.
@Suite struct MapCommandTests {
    private static let mapping = """
        mapping: csv/returns
        reads: { format: csv, header: [credit, item, qty], optional: [note] }
        records:
          - record: returnLine
            each: row
            fields:
              invoice: credit
              lineNumber: { rowNumber: true }
              item: { at: item, codes: { A: alpha }, onMiss: keep }
              quantity: { at: qty, as: decimal }

        """

    /// A site of one feed, one mapping and one case of it.
    private func site(_ mapping: String = mapping) throws -> ScratchFolder {
        let folder = try ScratchFolder(["crossdock.yaml": "site: trial\ntargets: { wms: { folder: wms } }\n"])
        let files = [
            "Schemes/calendar.yaml": "calendar: site\ntimeZone: Europe/Vienna\n",
            "Mappings/csv/returns.yaml": mapping,
            "Mappings/csv/returns.tests/plain.csv": "credit,item,qty\nC1,A,2\nC2,B,3\n",
            "Mappings/feeds/returns.yaml": "feed: returns\nformat: csv\nmappings: [csv/returns]\nclient: ACME\n",
            "returns.csv": "credit,item,qty,note\nC1,A,2,torn\nC2,B,3,\n",
        ]
        for (path, text) in files {
            let file = folder.url.appendingPathComponent(path)
            try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(text.utf8).write(to: file)
        }
        return folder
    }

    @Test func `a case fails until somebody says what it expects, and then passes`() throws {
        let folder = try site()
        let fresh = try Command.run(["map", "test"], in: folder.url)
        #expect(fresh.status == 1)
        #expect(fresh.output == "0 passed, 1 failed\n")
        #expect(fresh.errors.contains("nothing says yet which records are expected; run it with --update"))
        let written = try Command.run(["map", "test", "--update"], in: folder.url)
        #expect(written.status == 0 && written.output == "1 cases written\n")
        #expect(try folder.text("Mappings/csv/returns.tests/plain.records.jsonl").hasPrefix(#"{"record":"returnLine","fields":{"client":"TEST","invoice":"C1","lineNumber":"1","item":"alpha","quantity":2}}"#))
        #expect(try Command.run(["map", "test", "csv/"], in: folder.url).output == "1 passed, 0 failed\n")
        let check = try Command.run(["check"], in: folder.url)
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test func `a changed mapping fails its case by record and field`() throws {
        let folder = try site()
        #expect(try Command.run(["map", "test", "--update"], in: folder.url).status == 0)
        try Data(Self.mapping.replacingOccurrences(of: "as: decimal", with: "as: decimal, decimals: 1").utf8).write(to: folder.url.appendingPathComponent("Mappings/csv/returns.yaml"))
        let found = try Command.run(["map", "test", "csv/returns", "--format", "json"], in: folder.url)
        #expect(found.status == 1)
        #expect(found.errors.contains("record 1, returnLine.quantity: 2 is expected, 0.2 was made"))
        #expect((try found.json()["failed"] as? [Any])?.count == 1)
        let other = try Command.run(["map", "test", "csv/return"], in: folder.url)
        #expect(other.status == 2 && other.errors.contains("did you mean csv/returns?"))
    }

    @Test func `check refuses a mapping without a test`() throws {
        let folder = try site()
        try FileManager.default.removeItem(at: folder.url.appendingPathComponent("Mappings/csv/returns.tests"))
        let check = try Command.run(["check"], in: folder.url)
        #expect(check.status == 1)
        #expect(check.errors.contains("MAP-C14"))
    }

    @Test func `coverage tells what is not mapped, and run maps as before`() throws {
        let folder = try site()
        let coverage = try Command.run(["map", "coverage", "returns", "returns.csv"], in: folder.url)
        #expect(coverage.status == 0, "\(coverage.errors)")
        #expect(coverage.output.hasPrefix("1 files, 7 values, 6 of them mapped\n"))
        #expect(coverage.output.contains("note  1x, such as `torn` (returns.csv, byte 28)"))
        #expect(coverage.output.contains("returnLine.item: code list  1x, such as `B`"))
        #expect(coverage.output.contains("returnLine: customer, unitPrice, returnedAt"))
        for arguments in [["map", "returns.csv", "--feed", "returns"], ["map", "run", "returns.csv", "--feed", "returns"]] {
            let mapped = try Command.run(arguments, in: folder.url)
            #expect(mapped.status == 0 && mapped.output.split(separator: "\n").count == 2, "\(mapped.errors)")
        }
        #expect(try Command.run(["map", "coverage", "return"], in: folder.url).errors.contains("did you mean returns?"))
    }
}
