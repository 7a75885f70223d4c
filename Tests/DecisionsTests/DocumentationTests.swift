import Attributes
import Configurations
import Decisions
import Diagnostics
import Foundation
import Microsegments
import Testing

/// The pages for planners are held to the code.
struct DocumentationTests {
    private static let shapes: [(kind: String, shape: ConfigurationShape)] = [
        ("attributes", AttributeFile.shape), ("scheme", SchemeFile.scheme), ("override", SchemeFile.override),
        ("calendar", SchemeFile.calendar), ("action", ActionFile.shape), ("access", AccessScope.shape),
    ]

    private func names(_ shape: ConfigurationShape) -> [String] {
        switch shape {
        case .record(let keys): keys.flatMap { [$0.name] + names($0.shape) }
        case .map(let value), .list(let value), .keyed(_, _, let value): names(value)
        case .either(let shapes): shapes.flatMap(names)
        default: []
        }
    }

    @Test func `every code is documented, and none that is not`() throws {
        var declared: Set<String> = []
        for file in ["Attributes/AttributeCodes", "Microsegments/SchemeCodes", "Decisions/ActionCodes", "Pipeline/PipelineCodes"] {
            for match in try Desk.text("Sources/\(file).swift").matches(of: /DiagnosticCode = "([A-Z0-9-]+)"/) { declared.insert(String(match.1)) }
        }
        // What becomes of files has a page of its own.
        let ofFiles = declared.filter { code in ["DUPLICATE-", "ACK-", "INBOX-"].contains { code.hasPrefix($0) } }
        #expect(declared.count > 15 && ofFiles.count > 5)
        #expect(try declared.subtracting(ofFiles) == documented(in: "segmentation"))
        #expect(try ofFiles == documented(in: "files"))
    }

    /// The codes that have a row on a page of diagnostics.
    private func documented(in page: String) throws -> Set<String> {
        Set(try Desk.text("docs/diagnostics/\(page).md").matches(of: /(?m)^\| `([A-Z0-9-]+)`/).map { String($0.1) })
    }

    @Test func `every key is documented`() throws {
        let page = try Desk.text("docs/schemes.md")
        for (kind, shape) in Self.shapes {
            for name in names(shape) {
                // As a key of an example or a row, or named in a sentence.
                let isThere = page.contains("`\(name)`") || page.contains("`\(name):") || page.contains("\(name): ")
                #expect(isThere, "\(kind): \(name)")
            }
        }
    }

    @Test func `the examples are sound files`() throws {
        let blocks = try Desk.text("docs/schemes.md").matches(of: /(?s)```yaml\n(.*?)```/).map { String($0.1) }
        var kinds: Set<String> = []
        for block in blocks where !block.hasPrefix(" ") {
            let (root, problems) = ConfigurationText.parse(block, file: "docs/schemes.md")
            #expect(problems.isEmpty, "\(problems.map(\.text))")
            let known = Self.shapes.first { $0.kind == root?.entries.first?.name }
            let node = try #require(root), shape = try #require(known, "\(block)")
            #expect(shape.shape.check(node).isEmpty, "\(shape.shape.check(node).map(\.text))")
            if shape.kind == "attributes" { #expect(AttributePlanReader.read(node).diagnostics.isEmpty) }
            kinds.insert(shape.kind)
        }
        #expect(kinds == Set(Self.shapes.map(\.kind)))
    }
}
