import FEEL
import Foundation
import Testing

/// Holds docs/feel.md to the code: every example of it is run.
@Suite struct DocumentTests {
    private static let page: String = {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        return (try? String(contentsOf: root.appendingPathComponent("docs/feel.md"), encoding: .utf8)) ?? ""
    }()

    /// The rows of tables with the header `| expression | answer |`.
    private static let examples: [(String, String)] = {
        var found: [(String, String)] = []
        var isExample = false
        for line in page.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "| expression | answer |" { isExample = true; continue }
            if !line.hasPrefix("|") { isExample = false; continue }
            if !isExample || line.hasPrefix("|---") { continue }
            let parts = line.components(separatedBy: "` | `")
            guard parts.count == 2 else { continue }
            found.append((String(parts[0].dropFirst(3)), String(parts[1].dropLast(3))))
        }
        return found
    }()

    @Test func `every example of the page gives the answer that it shows, in both profiles`() {
        #expect(Self.examples.count > 120)
        for (text, answer) in Self.examples {
            #expect(Fixture.answer(text) == answer, "\(text)")
            #expect(Fixture.answer(text, profile: .standard) == answer, "\(text)")
        }
    }

    @Test func `every built-in function has an example on the page`() {
        for name in FEEL.builtInNames {
            #expect(Self.examples.contains { $0.0.contains("\(name)(") }, "\(name)")
        }
    }
}
