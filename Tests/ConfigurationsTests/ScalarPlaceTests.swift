import Configurations
import Diagnostics
import Testing

@Suite struct ScalarPlaceTests {
    @Test(arguments: [
        // Text of the file, line and column (0-based) in the text of `k`, line:column in the file.
        ("k: |\n  ab\n  cd\n", 0, 0, "2:3"),
        ("k: |\n  ab\n  cd\n", 1, 1, "3:4"),
        ("k: |-\n  ab\n    cd\n", 1, 2, "3:5"),
        ("k: |+\n\n\n      ab\n      cd\n\n", 3, 0, "5:7"),
        ("k: |   # comment\n\n  ab\n", 1, 1, "3:4"),
        ("k: |2\n    ab\n  cd\n", 0, 2, "2:5"),
        ("k: |2-\n    ab\n  cd\n", 1, 0, "3:3"),
        ("k: |-4\n      ab\n", 0, 2, "2:7"),
        ("a:\n  b:\n    - k: |\n        ab\n        cd\n", 1, 0, "5:9"),
        ("a:\n  b:\n    - k: |2\n          ab\n", 0, 2, "4:11"),
        ("k:\n   |\n ab\n cd\n", 1, 1, "4:3"),
        ("k: |\n  größe x\n  b\n", 0, 8, "2:11"),
        ("k: |\n  ab\n \n  cd\n", 1, 0, "3:2"),
        ("k: 'ab cd'\n", 0, 3, "1:8"),
        ("k: \"ab\\tcd\"\n", 0, 3, "1:9"),
        ("k: plain\n", 0, 4, "1:8"),
        ("k: plain\n", 0, 99, "1:9"),
        ("k: |\n  ab\n  cd\n", 9, 0, "4:1"),
    ]) func `a line and column of the text give their place in the file`(text: String, line: Int, column: Int, expected: String) throws {
        let node = try #require(firstNode(named: "k", in: try root(text)))
        #expect(place(node.position(inText: line, column: column)) == expected)
    }

    @Test func `a block says where its content begins and what its lines have lost`() throws {
        let node = try root("a:\n  - k: |\n\n       x\n")
        guard case .scalar(_, .block(let line, let indentation)) = firstNode(named: "k", in: node)?.kind else {
            Issue.record("not a block")
            return
        }
        #expect(line == 3)
        #expect(indentation == 7)
        #expect(place(firstNode(named: "k", in: node)?.contentPosition) == "3:1")
    }

    // Each character that is no blank must stand in the file where the node says, in every style and layout.
    @Test(arguments: [
        "k: plain text\n", "k: plain text\n  goes on\n\n\n  and on\nl: x\n", "k: 'it''s one'\n", "k: 'it''s\n\n  two'\n",
        "k: \"a\\n\\u00e9b\\x41c \\U0001F600d\\_e\\Lf\"\n", "k: \"one \\\n   two\\\n\n   three\n   four\n\n   five\"\n",
        "k: |\n  one\n   two\n\n  three\n", "k: |1\n   one\n two\n", "k: >\n  one\n  two\n\n  three\n",
        "k: >\n  one\n    two\n    three\n\n  four\n  five\n\n\n    six\n\n  seven\n", "k: >-\n\n  one\n  two\n", "k: >2\n    one\n  two\n   three\n",
        "k: >\r\n  one\r\n  two\r\n\r\n  three\r\n", "k: 'one\r\n  two\r\n\r\n  three'\r\n", "- k: |\n    a\n    b\n- c\n",
        "[{k: 'x y'}, {z: \"k\"}]\n", "k: größe ä\n  ö ü\n", "k: |\n  größe\n  ä ö\n",
    ]) func `every character of a text is found in the file`(text: String) throws {
        let node = try #require(firstNode(named: "k", in: try root(text)))
        let file = lines(of: text), scalar = Array(try #require(node.scalar).utf8)
        for (offset, byte) in scalar.enumerated() where byte != 32 && byte != 10 {
            let position = node.position(ofOffset: offset)
            let line = try #require(position.line), column = try #require(position.column)
            let found = file[line - 1][column - 1]
            #expect(found == byte || found == UInt8(ascii: "\\"), "byte \(offset) of \(scalar.count) at \(line):\(column)")
            if found == UInt8(ascii: "\\") { #expect(byte >= 0x80 || byte == UInt8(ascii: "A")) }
        }
    }

    @Test func `a finding inside a block shows the line of the file`() throws {
        let node = try root("rules:\n  table: |\n    | a | b |\n    | 1 | oops |\n")
        let table = try #require(node["rules"]?["table"])
        let start = try #require(table.scalar?.utf8.count) - "oops |\n".utf8.count
        let finding = table.diagnostic("X-1", "no such word", inText: start..<(start + 4))
        #expect(finding.text == """
            t.yaml:4:11: error[X-1]: no such word
              at rules.table
              |     | 1 | oops |
              |           ^^^^
            """)
    }

    private func firstNode(named name: String, in node: ConfigurationNode) -> ConfigurationNode? {
        if let found = node[name] { return found }
        for child in node.items + node.entries.map(\.value) {
            if let found = firstNode(named: name, in: child) { return found }
        }
        return nil
    }

    private func lines(of text: String) -> [[UInt8]] {
        Array(text.utf8).split(separator: 10, omittingEmptySubsequences: false).map(Array.init)
    }
}
