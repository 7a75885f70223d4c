import Foundation
import Mapping
import Testing

/// Golden cases: a folder with `feed` (the feed's name), `input` or `input.path` (a file of the project), the expected
/// records and the expected findings. `UPDATE_EXPECTATIONS=1` rewrites what is expected, for review.
@Suite struct CaseTests {
    static let names: [String] = {
        let folder = Project.root.appendingPathComponent("Tests/MappingTests/Cases").path
        return ((try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []).filter { !$0.hasPrefix(".") }.sorted()
    }()

    @Test(arguments: names)
    func `a case gives its expected records and findings`(name: String) throws {
        let folder = Project.root.appendingPathComponent("Tests/MappingTests/Cases/\(name)")
        func text(_ file: String) -> String? { try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) }
        let feed = try #require(text("feed")).trimmingCharacters(in: .whitespacesAndNewlines)
        let path = text("input.path")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "Tests/MappingTests/Cases/\(name)/input"
        let bytes = try Project.bytes(path)
        let (_, outcome, taken) = try readFeed(feed, bytes, file: path)
        let records = taken.records.map { $0.line + "\n" }.joined()
        let findings = taken.findings.map { $0 + "\n" }.joined()
        #expect(outcome.read == outcome.accepted + outcome.reported)
        if ProcessInfo.processInfo.environment["UPDATE_EXPECTATIONS"] == "1" {
            try records.write(to: folder.appendingPathComponent("expected.records.jsonl"), atomically: true, encoding: .utf8)
            try findings.write(to: folder.appendingPathComponent("expected.diagnostics"), atomically: true, encoding: .utf8)
        }
        #expect(records == text("expected.records.jsonl"))
        #expect(findings == text("expected.diagnostics"))
    }

    @Test(arguments: names)
    func `a case gives the same however its bytes are cut`(name: String) throws {
        let folder = Project.root.appendingPathComponent("Tests/MappingTests/Cases/\(name)")
        func text(_ file: String) -> String? { try? String(contentsOf: folder.appendingPathComponent(file), encoding: .utf8) }
        let feed = try #require(text("feed")).trimmingCharacters(in: .whitespacesAndNewlines)
        let path = text("input.path")?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "Tests/MappingTests/Cases/\(name)/input"
        let bytes = try Project.bytes(path)
        let whole = try readFeed(feed, bytes, file: path)
        for piece in [1, 7, 113] {
            let cut = try readFeed(feed, bytes, file: path, piece: piece)
            #expect(cut.taken.records.map(\.line) == whole.taken.records.map(\.line), "pieces of \(piece)")
            #expect(cut.taken.findings == whole.taken.findings, "pieces of \(piece)")
            #expect(cut.outcome == whole.outcome, "pieces of \(piece)")
        }
    }

    @Test func `every sample has a case`() throws {
        let folder = Project.root.appendingPathComponent("Samples")
        let samples = (FileManager.default.enumerator(atPath: folder.path)?.compactMap { $0 as? String } ?? [])
        let covered = Set(CaseTests.names.compactMap { name in
            try? String(
                contentsOf: Project.root.appendingPathComponent("Tests/MappingTests/Cases/\(name)/input.path"), encoding: .utf8
            ).trimmingCharacters(in: .whitespacesAndNewlines)
        })
        for sample in samples where [".edi", ".csv", ".xml", ".dat", ".jsonl"].contains(where: sample.hasSuffix) {
            #expect(covered.contains("Samples/\(sample)"), "\(sample)")
        }
        #expect(!samples.isEmpty)
    }
}
