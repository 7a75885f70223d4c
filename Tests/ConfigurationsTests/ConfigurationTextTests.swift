import Configurations
import Diagnostics
import Testing

/// The root of a sound file.
func root(_ text: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> ConfigurationNode {
    let parsed = ConfigurationText.parse(text, file: "t.yaml")
    #expect(parsed.diagnostics.isEmpty, "\(parsed.diagnostics.map(\.text))", sourceLocation: sourceLocation)
    return try #require(parsed.root, sourceLocation: sourceLocation)
}

/// `line:column` of a position.
func place(_ position: SourcePosition?) -> String { "\(position?.line ?? 0):\(position?.column ?? 0)" }

/// Each finding as `code line:column fact`.
func findings(_ text: String) -> [String] {
    ConfigurationText.parse(text, file: "t.yaml").diagnostics.map { "\($0.code) \(place($0.position)) \($0.fact)" }
}

@Suite struct ConfigurationTextTests {
    @Test func `scalars stay what was written`() throws {
        let node = try root("a: NO\nb: 1.10\nc: 08:30\nd: ~\ne: 0x1F\nf: \"yes\"\ng: 2026-11-21\nh:\n")
        #expect(node.entries.map(\.value.scalar) == ["NO", "1.10", "08:30", "~", "0x1F", "yes", "2026-11-21", ""])
    }

    @Test func `every key and value has its line, byte column and path`() throws {
        let node = try root("""
            # a comment
            feed: acme
            records:
              - record: order
                fields: { orderNumber: BEG03, "x y": 'q' }
              - record: orderLine
            """)
        #expect(place(node.position) == "2:1")
        #expect(node.position.file == "t.yaml")
        #expect(place(node["feed"]?.position) == "2:7")
        let records = try #require(node["records"])
        #expect(place(records.position) == "4:3")
        #expect(place(records.items[0].position) == "4:5")
        let fields = try #require(records.items[0]["fields"])
        #expect(place(fields.position) == "5:13")
        #expect(fields.entries.map { place($0.key.position) } == ["5:15", "5:35"])
        #expect(fields.entries.map { place($0.value.position) } == ["5:28", "5:42"])
        #expect(fields.entries[0].value.position.place == .key("records[1].fields.orderNumber"))
        #expect(place(records.items[1]["record"]?.position) == "6:13")
    }

    @Test func `columns count bytes also behind letters of two`() throws {
        let node = try root("größe: { ä: 1, b: 2 }\n")
        #expect(node["größe"]?.entries.map { place($0.key.position) } == ["1:12", "1:19"])
        let finding = try #require(node["größe"]?["b"]).diagnostic("X", "found")
        #expect(finding.excerpt == Excerpt(text: "größe: { ä: 1, b: 2 }", start: 18, length: 1))
    }

    @Test(arguments: ["\r\n", "\r", "\n"]) func `lines end as editors count`(end: String) throws {
        let node = try root("a: 1\(end)\(end)b: |\(end)  x\(end)  y\(end)c: \"p\u{2028}q\"\(end)d: 2\(end)")
        #expect(node.entries.map { place($0.key.position) } == ["1:1", "3:1", "6:1", "7:1"])
        #expect(node["b"]?.scalar == "x\ny\n")
        #expect(place(node["b"]?.position(inText: 1, column: 0)) == "5:3")
    }

    @Test func `a byte order mark does not move the first line`() throws {
        #expect(place(try root("\u{FEFF}a: 1\n")["a"]?.position) == "1:4")
    }

    @Test func `an empty value stands behind its colon`() throws {
        let node = try root("a:\nb: {}\n")
        #expect(place(node["a"]?.position) == "1:3")
        #expect(node["a"]?.isEmpty == true)
        #expect(node["b"]?.entries.isEmpty == true)
    }

    @Test func `an excerpt of a long line shows the part around the place`() throws {
        let node = try root("a: [" + String(repeating: "x, ", count: 500) + "HERE, " + String(repeating: "y, ", count: 500) + "z]\n")
        let excerpt = try #require(node["a"]?.items[500].diagnostic("X", "found").excerpt)
        #expect(excerpt.text.count <= 162)
        #expect(String(excerpt.text.dropFirst(excerpt.start).prefix(excerpt.length)) == "HERE")
    }
}
