import Foundation
import Testing

@Suite struct DocumentationTests {
    @Test func `every code of the room is documented, and none that is not`() throws {
        let sources = SharedFiles.packageRoot.appending(path: "Sources/EDI")
        var declared: Set<String> = []
        for name in try FileManager.default.subpathsOfDirectory(atPath: sources.path) where name.hasSuffix(".swift") {
            let text = try String(contentsOf: sources.appending(path: name), encoding: .utf8)
            for match in text.matches(of: /DiagnosticCode = "([A-Z0-9-]+)"/) { declared.insert(String(match.1)) }
        }
        let page = try String(contentsOf: SharedFiles.packageRoot.appending(path: "docs/diagnostics/edi.md"), encoding: .utf8)
        let documented = Set(page.matches(of: /(?m)^\| `([A-Z0-9-]+)`/).map { String($0.1) })
        #expect(declared.count > 30)
        #expect(declared == documented)
    }
}
