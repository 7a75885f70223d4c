import Diagnostics
import Mapping
import Records
import Testing
import Values

/// XML with elements in elements.
@Suite struct XMLTemplateTests {
    private static let text = """
        outbound: orders
        records: [orderLine]
        writes: { format: xml, root: Orders, namespace: "urn:o", namespaces: { c: "urn:c&d" } }
        file: "orders-{digest}.xml"
        elements:
          - "@count = {count(rows)}"
          - in: Order
            each: [orderNumber]
            elements:
              - "@no = {orderNumber}"
              - "c:Number = {orderNumber}"
              - in: Sum
                when: count(rows) > 1
                elements: ["text() = {sum(rows.quantity)|.2}"]
              - in: Line
                each: row
                elements:
                  - "@id = {serial}-{parentSerial}-{index}"
                  - "Item = {item}"
                  - in: Quantity
                    elements: ["@unit = {unitOfMeasure}", "text() = {quantity}"]
                  - in: Extra
                    elements: ["Price = {unitPrice}"]
                  - "Fixed = yes"

        """

    private func compile(_ text: String) -> (library: MappingLibrary?, findings: [Diagnostic]) {
        let compiled = MappingLibrary.compile([BundleFile(path: "Mappings/outbound/orders.yaml", bytes: Array(text.utf8))])
        return (compiled.library, compiled.diagnostics.filter { $0.severity == .error })
    }

    private func row(_ order: String, _ item: String?, _ quantity: Int, unit: String?) -> [Value] {
        let definition = RecordCatalogue.definition(.orderLine)
        var row = [Value](repeating: .null, count: definition.fields.count)
        func set(_ name: String, _ value: Value?) { if let slot = definition.slot(name), let value { row[slot] = value } }
        set("orderNumber", .string(order))
        set("item", item.map(Value.string))
        set("quantity", .integer(quantity))
        set("unitOfMeasure", unit.map(Value.string))
        return row
    }

    @Test func `rows become elements in elements, and what got no value is left out`() throws {
        let compiled = compile(Self.text)
        let outbound = try #require(compiled.library?.outbound("orders"), "\(compiled.findings.map(\.text))")
        let (bytes, diagnostics) = outbound.render([row("A<1", "x&y", 2, unit: "EA"), row("B", nil, 1, unit: nil), row("A<1", "z", 3, unit: nil)], Project.context)
        #expect(diagnostics.isEmpty)
        #expect(String(decoding: bytes, as: UTF8.self) == """
            <?xml version="1.0" encoding="UTF-8"?>
            <Orders xmlns="urn:o" xmlns:c="urn:c&amp;d" count="3">
            <Order no="A&lt;1"><c:Number>A&lt;1</c:Number>
            <Sum>5.00</Sum>
            <Line id="2-1-1"><Item>x&amp;y</Item>
            <Quantity unit="EA">2</Quantity><Fixed>yes</Fixed></Line>
            <Line id="3-1-2"><Item>z</Item>
            <Quantity>3</Quantity><Fixed>yes</Fixed></Line></Order>
            <Order no="B"><c:Number>B</c:Number>
            <Line id="5-4-1">
            <Quantity>1</Quantity><Fixed>yes</Fixed></Line></Order></Orders>

            """)
        #expect(outbound.contentType == "application/xml")
        let unfit = outbound.render([row("A", "\u{1}", 1, unit: nil)], Project.context)
        #expect(unfit.diagnostics.map(\.fact) == ["orders, Item: U+1 cannot be written in XML"])
        #expect(String(decoding: outbound.render([], Project.context).bytes, as: UTF8.self).hasSuffix("<Orders/>\n"))
    }

    @Test(arguments: [
        ("c:Number = {orderNumber}", "x:Number = {orderNumber}", "prefix `x` stands for no namespace of `namespaces`"),
        ("Item = {item}", "Item: {item}", "`Item: {item}` is no line such as `BELNR = {orderNumber}`"),
        ("Item = {item}", "1tem = {item}", "`1tem` is no name of XML: it begins with a letter or `_`, and holds letters, digits, `_`, `-` and `.`"),
        ("Item = {item}", "Item = {item", "`Item = {item`: `{` is not closed"),
        ("{sum(rows.quantity)|.2}", "{item|.2}", "`.2` is no form of string"),
        ("each: [orderNumber]", "each: [orderNo]", "there is no field `orderNo`"),
        ("format: xml, root: Orders,", "format: xml,", "a file of XML says the name of its `root`"),
        ("elements:\n  - \"@count", "columns: [{ name: A, from: item }]\nelements:\n  - \"@count", "the outbound mapping has either `columns` or, in XML, `elements`"),
        ("format: xml, root: Orders, namespace: \"urn:o\", namespaces: { c: \"urn:c&d\" }", "format: jsonl", "`elements` has no meaning for jsonl"),
    ])
    func `a template that cannot work is told`(old: String, new: String, fact: String) {
        let findings = compile(Self.text.replacing(old, with: new)).findings
        #expect(findings.contains { $0.fact == fact && $0.position.line != nil }, "\(findings.map(\.text))")
    }
}
