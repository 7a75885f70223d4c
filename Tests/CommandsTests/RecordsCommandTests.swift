import Foundation
import Testing

struct RecordsCommandTests {
    @Test func `the page of records is what the program prints`() throws {
        let page = try String(contentsOf: Command.project.appendingPathComponent("docs/records.md"), encoding: .utf8)
        #expect(try Command.run(["records", "--format", "markdown"]).output == page)
    }

    @Test func `one kind is told with its key and its required fields`() throws {
        let text = try Command.run(["records", "orderLine"]).output
        #expect(text.contains("key: client, orderNumber, lineNumber"))
        let found = try Command.run(["records", "orderline"])
        #expect(found.status == 2)
        #expect(found.errors.contains("did you mean orderLine?"))
    }

    @Test func `every field of every kind is in the JSON`() throws {
        let output = try Command.run(["records", "--format", "json"]).output
        let kinds = try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [[String: Any]])
        #expect(kinds.count == 26)
        for kind in kinds {
            let fields = try #require(kind["fields"] as? [[String: Any]])
            #expect(fields.first?["name"] as? String == "client")
            let names = Set(fields.compactMap { $0["name"] as? String })
            #expect(names.count == fields.count)
            #expect(Set(kind["key"] as? [String] ?? []).isSubset(of: names))
        }
    }
}
