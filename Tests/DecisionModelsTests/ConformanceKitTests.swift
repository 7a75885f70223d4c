import DecisionModels
import Diagnostics
import FEEL
import Foundation
import Testing
import Values

@Suite struct ConformanceKitTests {
    /// `../shared/tck` beside the package, or nil.
    private static let kit: String? = {
        guard let real = realpath(#filePath, nil) else { return nil }
        defer { free(real) }
        let root = URL(fileURLWithPath: String(cString: real)).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let path = root.deletingLastPathComponent().appendingPathComponent("shared/tck").path
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()

    @Test func `each case of level 2 passes`() throws {
        guard let kit = Self.kit else { return print("skipped: ../shared/tck is absent") }
        let level = kit + "/compliance-level-2"
        var count = 0
        for name in try FileManager.default.contentsOfDirectory(atPath: level).sorted() {
            let files = try FileManager.default.contentsOfDirectory(atPath: "\(level)/\(name)")
            func bytes(_ ending: String) throws -> [UInt8] {
                let file = try #require(files.first { $0.hasSuffix(ending) })
                return [UInt8](try Data(contentsOf: URL(fileURLWithPath: "\(level)/\(name)/\(file)")))
            }
            let model = try #require(DecisionModel.read(bytes(".dmn"), file: name).model)
            let compiled = try #require(CompiledModel.compile(model).product)
            let suite = try #require(try ConformanceReader.read(bytes(".xml"), file: name).suite)
            for testCase in suite.cases {
                for verdict in testCase.verdicts(on: compiled, ModelFixture.context) {
                    count += 1
                    #expect(verdict.outcome == .passed, "\(name) \(testCase.id) \(verdict.node): \(verdict.detail)")
                }
            }
        }
        #expect(count > 50)
    }
}
