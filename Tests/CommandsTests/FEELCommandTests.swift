import Foundation
import Testing

struct FEELCommandTests {
    @Test func `an expression is answered exactly`() throws {
        #expect(try Command.run(["feel", "0.1 + 0.2 = 0.3"]).output == "true\n")
        #expect(try Command.run(["feel", "1.10"]).output == "1.10\n")
    }

    @Test(arguments: [
        "for i in 1..1000000000 return i",
        "{f: function(n) f(n + 1), r: f(1)}.r",
        "some x in 1..1000000 satisfies some y in 1..1000000 satisfies x + y < 0",
    ])
    func `what would not end ends in a finding`(expression: String) throws {
        let found = try Command.run(["feel", expression])
        #expect(found.status == 1)
        #expect(found.errors.contains("["), "\(found.errors)")
    }

    @Test func `a pattern that others try for years is answered`() throws {
        let text = String(repeating: "a", count: 56) + "!"
        #expect(try Command.run(["feel", "matches(\"\(text)\", \"^(a+)+$\")"]).output == "false\n")
    }

    @Test func `brackets ten thousand deep are refused`() throws {
        let deep = String(repeating: "(", count: 10_000) + "1" + String(repeating: ")", count: 10_000)
        let found = try Command.run(["feel", deep])
        #expect(found.status == 1)
        #expect(found.errors.contains("["))
    }
}
