import Diagnostics
import FEEL
import Mapping
import Testing
import Values

@Suite struct OutboundFormTests {
    private func compile(_ writes: String, _ columns: String) -> (outbound: OutboundMapping?, facts: [String]) {
        let text = """
            outbound: picks
            values: { order: text, quantity: number, due: date, rush: boolean }
            writes: \(writes)
            file: "picks-{digest}.txt"
            columns:
            \(columns)
            """
        let compiled = MappingLibrary.compile([BundleFile(path: "Mappings/outbound/picks.yaml", bytes: Array(text.utf8))])
        return (compiled.library?.outbound("picks"), compiled.diagnostics.map(\.fact))
    }

    private func render(_ outbound: OutboundMapping, _ rows: [[String: Value]]) -> (text: String, facts: [String]) {
        let file = outbound.render(rows.map { outbound.row($0) }, Project.context)
        return (String(decoding: file.bytes, as: UTF8.self), file.diagnostics.map(\.fact))
    }

    private func number(_ text: String) throws -> Value { .number(try #require(ExactDecimal(text))) }

    @Test func `fixed width stands at its positions, numbers with implied decimals`() throws {
        let (compiled, facts) = compile("{ format: fixed, recordLength: 30 }", """
              - { name: QTY,   at: 12-18, from: quantity, decimals: 2, mark: none, align: right, fill: "0" }
              - { name: TAG,   at: 1,     constant: L }
              - { name: ORDER, at: 2-9,   from: order }
              - { name: DUE,   at: 20-27, from: due, picture: ddMMyyyy }
            """)
        let outbound = try #require(compiled, "\(facts)")
        #expect(outbound.contentType == "text/plain")
        let due = Value.date(try #require(CalendarDate("2035-03-12")))
        let file = render(outbound, [
            ["order": .string("DO-1"), "quantity": try number("12.5"), "due": due], ["order": .string("DO-2"), "quantity": try number("-3")], [:],
        ])
        #expect(file.text == "LDO-1      0001250 12032035   \r\nLDO-2      -000300            \r\nL                             \r\n")
        #expect(file.facts == [])
    }

    @Test func `what is too long for its place is an error and never cut unasked`() throws {
        let (compiled, facts) = compile("{ format: fixed, lineEnd: lf, encoding: windows-1252 }", """
              - { name: ORDER, at: 1-4, from: order }
              - { name: NOTE,  at: 5-8, from: order, cut: true }
            """)
        let outbound = try #require(compiled, "\(facts)")
        #expect(outbound.contentType == "text/plain; charset=windows-1252")
        let file = render(outbound, [["order": .string("12345")], ["order": .string("Łódź")]])
        #expect(file.text == "    1234\n        \n")
        #expect(file.facts == [
            "picks, row 1, ORDER: `12345` has 5 characters; positions 1-4 hold 4", "picks, row 2, ORDER: `Ł` cannot be written in windows-1252",
            "picks, row 2, NOTE: `Ł` cannot be written in windows-1252",
        ])
        let spelt = outbound.render([outbound.row(["order": .string("Zoë")])], Project.context)
        #expect(spelt.bytes == [0x5A, 0x6F, 0xEB, 0x20, 0x5A, 0x6F, 0xEB, 0x20, 0x0A])
    }

    @Test func `JSON lines keep the types of values`() throws {
        let (compiled, facts) = compile("{ format: jsonl }", """
              - { name: order, from: order }
              - { name: quantity, from: quantity, decimals: 1 }
              - { name: due, from: due }
              - { name: rush, from: rush }
              - { name: source, constant: crossdock }
            """)
        let outbound = try #require(compiled, "\(facts)")
        #expect(outbound.contentType == "application/x-ndjson")
        let due = Value.date(try #require(CalendarDate("2035-03-12")))
        let file = render(outbound, [
            ["order": .string("a\"b"), "quantity": try number("12.25"), "due": due, "rush": .boolean(false)], ["order": .string("2")],
        ])
        #expect(file.text == """
            {"order":"a\\"b","quantity":12.2,"due":"2035-03-12","rush":false,"source":"crossdock"}
            {"order":"2","quantity":null,"due":null,"rush":null,"source":"crossdock"}

            """)
    }

    @Test func `XML has an element for each record`() throws {
        let (compiled, facts) = compile("{ format: xml, root: Picks, record: Pick, namespace: \"urn:picks\" }", """
              - { name: line, attribute: true, from: quantity }
              - { name: Order, from: order }
              - { name: Due, from: due }
            """)
        let outbound = try #require(compiled, "\(facts)")
        let file = render(outbound, [["order": .string("A&B"), "quantity": try number("1")], ["order": .string("x\u{1}")]])
        #expect(file.text == """
            <?xml version="1.0" encoding="UTF-8"?>
            <Picks xmlns="urn:picks">
            <Pick line="1"><Order>A&amp;B</Order></Pick>
            <Pick></Pick>
            </Picks>

            """)
        #expect(file.facts == ["picks, row 2, Order: U+1 cannot be written in XML"])
    }

    @Test func `CSV has a decimal comma, another line end and another encoding where they are said`() throws {
        let (compiled, facts) = compile("{ format: csv, separator: \";\", lineEnd: lf, encoding: iso-8859-15 }", """
              - { name: Menge, from: quantity, decimals: 2, mark: "," }
              - { name: Auftrag, from: order }
            """)
        let outbound = try #require(compiled, "\(facts)")
        let file = outbound.render([outbound.row(["order": .string("5 €"), "quantity": try number("1.5")])], Project.context)
        #expect(file.bytes == Array("Menge;Auftrag\n1,50;5 ".utf8) + [0xA4, 0x0A])
        #expect(outbound.contentType == "text/csv; charset=iso-8859-15")
    }

    @Test(arguments: [
        ("{ format: fixed }", "  - { name: A, from: order }", "column `A` does not say `at` which positions it stands"),
        ("{ format: fixed }", "  - { name: A, at: 1-4, from: order }\n  - { name: B, at: 4-6, from: order }", "`B` begins within `A`"),
        ("{ format: fixed, recordLength: 5 }", "  - { name: A, at: 4-6, from: order }", "`A` ends behind the 5 characters of a record"),
        ("{ format: fixed }", "  - { name: A, at: 1-2, constant: abc }", "`abc` has 3 characters; positions 1-2 hold 2"),
        ("{ format: csv, recordLength: 5 }", "  - { name: A, from: order }", "`recordLength` has no meaning for csv"),
        ("{ format: jsonl, encoding: utf-8 }", "  - { name: A, from: order }", "`encoding` has no meaning for jsonl"),
        ("{ format: jsonl }", "  - { name: A, from: order, align: right }", "`align` has no meaning for jsonl"),
        ("{ format: jsonl }", "  - { name: A, from: order }\n  - { name: A, from: due }", "two columns are named `A`"),
        ("{ format: csv, lineEnd: none }", "  - { name: A, from: order }", "rows of CSV end with a line end"),
        ("{ format: csv, encoding: iso-8859-1 }", "  - { name: \"€\", from: order }", "`€` cannot be written in iso-8859-1"),
        ("{ format: csv, encoding: iso-8859-1 }", "  - { name: A, constant: \"€\" }", "`€` cannot be written in iso-8859-1"),
        ("{ format: xml, root: A }", "  - { name: A, from: order }", "a file of XML says the names of its `root` and of the element of a `record`"),
        ("{ format: xml, root: A, record: B }", "  - { name: unit price, from: order }",
         "`unit price` is no name of XML: it begins with a letter or `_`, and holds letters, digits, `_`, `-` and `.`"),
        ("{ format: parquet }", "  - { name: A, from: order }", "\"parquet\" is not allowed here"),
    ]) func `what contradicts itself does not compile`(_ writes: String, _ columns: String, _ fact: String) {
        let (outbound, facts) = compile(writes, columns)
        #expect(outbound == nil)
        #expect(facts.contains(fact), "\(facts)")
    }
}
