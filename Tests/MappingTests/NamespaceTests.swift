import Diagnostics
import Mapping
import Records
import Testing
import Values

/// Selectors by namespace URI, where a mapping declares prefixes.
@Suite struct NamespaceTests {
    private func compile(_ reads: String, each: String = "/o:Order/g:Line", item: String = "g:Item") -> (library: MappingLibrary?, facts: [String]) {
        let mapping = """
            mapping: xml/orders
            reads: \(reads)
            records:
              - record: orderLine
                each: \(each)
                fields:
                  orderNumber: /o:Order/o:ID
                  lineNumber: { counter: "true" }
                  item: \(item)
                  quantity: { constant: "1", as: decimal }
                  unitOfMeasure: { constant: PCE }
            """
        let feed = "feed: orders\nformat: xml\nmappings: [xml/orders]\nclient: NORDWIND\n"
        let compiled = MappingLibrary.compile([
            BundleFile(path: "Mappings/xml/orders.yaml", bytes: Array(mapping.utf8)),
            BundleFile(path: "Mappings/feeds/orders.yaml", bytes: Array(feed.utf8)),
        ])
        return (compiled.library, compiled.diagnostics.map(\.fact))
    }

    private static let declared = "{ format: xml, root: \"o:Order\", namespaces: { o: \"urn:order\", g: \"urn:goods\", s: \"urn:service\" } }"
    /// Prefixes of the document are its own: `g` of the mapping is `x` here, and `o` is the default.
    private static let document = """
        <Order xmlns="urn:order" xmlns:x="urn:goods" xmlns:o="urn:service">
          <o:ID>wrong</o:ID><ID>4711</ID>
          <x:Line><o:Item>wrong</o:Item><x:Item kind="a">NW-1</x:Item></x:Line>
          <o:Line><o:Item>service</o:Item></o:Line>
          <x:Line><x:Item kind="b">NW-2</x:Item></x:Line>
          <x:Line><o:Kind>b</o:Kind><x:Kind>a</x:Kind><x:Item>NW-3</x:Item></x:Line>
        </Order>
        """

    private func items(_ library: MappingLibrary, _ text: String) throws -> [String] {
        try readFeed("orders", Array(text.utf8), library: library).taken.records.map { "\($0["orderNumber"].text) \($0["item"].text)" }
    }

    @Test func `elements of one name are told apart by the URI behind the mapping's prefix`() throws {
        let (compiled, facts) = compile(Self.declared)
        let library = try #require(compiled, "\(facts)")
        #expect(try items(library, Self.document) == ["4711 NW-1", "4711 NW-2", "4711 NW-3"])
    }

    @Test func `conditions see namespaces too, and attributes are local`() throws {
        let (compiled, facts) = compile(Self.declared, each: "\"/o:Order/g:Line[g:Kind=a]\"")
        #expect(try items(try #require(compiled, "\(facts)"), Self.document) == ["4711 NW-3"])
        let (other, _) = compile(Self.declared, each: "\"/o:Order/g:Line\"", item: "\"g:Item[@kind=b]\"")
        let found = try items(try #require(other), Self.document)
        #expect(found.contains("4711 NW-2") && !found.contains("4711 NW-1") && !found.contains("4711 NW-3"), "\(found)")
    }

    @Test func `a root of another namespace is not the mapping's`() throws {
        let library = try #require(compile(Self.declared).library)
        let taken = try readFeed("orders", Array("<Order xmlns='urn:other'/>".utf8), library: library).taken
        #expect(taken.records.isEmpty)
        #expect(taken.findings.contains { $0.contains("reads root element Order of namespace urn:other") }, "\(taken.findings)")
    }

    @Test func `without declared namespaces a prefix says nothing`() throws {
        let (compiled, facts) = compile("{ format: xml, root: Order }")
        #expect(try items(try #require(compiled, "\(facts)"), Self.document).count == 4)
    }

    @Test func `a prefix that stands for nothing does not compile`() {
        #expect(compile("{ format: xml, root: Order, namespaces: { o: \"urn:order\" } }").facts.contains { $0.contains("prefix `g` stands for no namespace") })
        #expect(compile("{ format: xml, root: \"q:Order\", namespaces: { o: \"urn:order\", g: \"urn:goods\" } }").facts
            == ["prefix `q` stands for no namespace of `namespaces`"])
        #expect(compile("{ format: json, namespaces: { o: \"urn:order\" } }", each: "/json/item", item: "a").facts.contains("`namespaces` has no meaning for json"))
    }
}
