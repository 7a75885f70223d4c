import Diagnostics
import Mapping
import Testing

/// Defects of the bundle: each is found with its file, line and column, and with what was probably meant.
@Suite struct ConfigurationDefectTests {
    /// A mapping with one line replaced.
    private func compile(_ lines: [String], also others: [BundleFile] = []) -> [Diagnostic] {
        let text = lines.joined(separator: "\n") + "\n"
        return MappingLibrary.compile([BundleFile(path: "Mappings/x12/test.yaml", bytes: Array(text.utf8))] + others).diagnostics
    }

    private static let sound = [
        "mapping: x12/test",                                                     // 1
        "reads: { format: x12, transactionSet: \"850\", versions: [\"004010\"] }", // 2
        "records:",                                                              // 3
        "  - record: order",                                                     // 4
        "    each: transactionSet",                                              // 5
        "    fields:",                                                           // 6
        "      orderNumber: BEG03",                                              // 7
        "      orderedOn: { at: BEG05, as: date, picture: yyyyMMdd }",           // 8
        "  - record: orderLine",                                                 // 9
        "    each: PO1",                                                         // 10
        "    fields:",                                                           // 11
        "      orderNumber: order.orderNumber",                                  // 12
        "      lineNumber: PO101",                                               // 13
        "      quantity: { at: PO102, as: decimal }",                            // 14
        "    checks:",                                                           // 15
        "      - { that: \"quantity > 0\", code: ORDER-QTY, severity: error }",  // 16
    ]

    private func defect(line: Int, _ text: String) -> [Diagnostic] {
        var lines = Self.sound
        lines[line - 1] = text
        return compile(lines)
    }

    private func expect(
        _ found: [Diagnostic], _ code: DiagnosticCode, line: Int, column: Int, hint: String? = nil,
        _ location: SourceLocation = #_sourceLocation
    ) {
        #expect(found.count == 1, "\(found.map(\.text))", sourceLocation: location)
        guard let first = found.first else { return }
        #expect(first.code == code, "\(first.text)", sourceLocation: location)
        #expect(first.position.file == "Mappings/x12/test.yaml", sourceLocation: location)
        #expect(first.position.line == line, "\(first.text)", sourceLocation: location)
        #expect(first.position.column == column, "\(first.text)", sourceLocation: location)
        if let hint { #expect(first.hint?.contains(hint) == true, "\(first.text)", sourceLocation: location) }
    }

    @Test func `the sound mapping compiles`() {
        let found = compile(Self.sound)
        #expect(found.isEmpty, "\(found.map(\.text))")
    }

    @Test func `an unknown key is refused with the nearest one`() {
        expect(defect(line: 8, "      orderedOn: { at: BEG05, as: date, pictur: yyyyMMdd }"), "CONF-KEY", line: 8, column: 41, hint: "picture")
    }

    @Test func `an unknown kind of record is refused with the nearest one`() {
        expect(defect(line: 4, "  - record: ordr"), .mapUnknownName, line: 4, column: 13, hint: "order")
    }

    @Test func `an unknown field is refused with the nearest one`() {
        expect(defect(line: 8, "      orderdOn: { at: BEG05, as: date }"), .mapUnknownName, line: 8, column: 7, hint: "orderedOn")
    }

    @Test func `a field of another type is refused`() {
        expect(defect(line: 8, "      orderedOn: { at: BEG05, as: decimal }"), .mapFieldType, line: 8, column: 35)
    }

    @Test func `an expression of another type is refused`() {
        expect(defect(line: 8, "      orderedOn: { feel: 'BEG05' }"), .mapFieldType, line: 8, column: 26)
    }

    @Test func `a selector that cannot be read is refused at its character`() {
        expect(defect(line: 8, "      orderedOn: DTM[DTM01=002/DTM02"), .mapSelector, line: 8, column: 36)
    }

    @Test func `a selector that ends in no element is refused`() {
        expect(defect(line: 8, "      orderedOn: { at: DTM }"), .mapSelector, line: 8, column: 26, hint: "element address")
    }

    @Test func `an EDI segment that the transaction set does not have is refused`() {
        let structure = """
            structure: x12/850
            transactionSet: "850"
            versions: ["004010"]
            segments: |
              BEG M 1
              DTM O 10
              PO1 M >1 loop

            """
        var lines = Self.sound
        lines[7] = "      orderedOn: DTN02"
        let file = BundleFile(path: "Mappings/structures/x12/850.yaml", bytes: Array(structure.utf8))
        expect(compile(lines, also: [file]), .mapSelector, line: 8, column: 18, hint: "DTM")
        lines[7] = "      priority: { feel: 'BEQ02' }"
        expect(compile(lines, also: [file]), .mapSelector, line: 8, column: 25, hint: "BEG")
    }

    @Test func `an unknown lookup is refused`() {
        let table = BundleFile(path: "Mappings/lookups/buyers.csv", bytes: Array("code,customer\nA,B\n".utf8))
        var lines = Self.sound
        lines[7] = "      customer: { at: BEG03, lookup: buyer }"
        expect(compile(lines, also: [table]), .mapUnknownReference, line: 8, column: 38, hint: "buyers")
    }

    @Test func `a picture that cannot be read is refused`() {
        expect(defect(line: 8, "      orderedOn: { at: BEG05, picture: yyyyQQ }"), .mapPicture, line: 8, column: 40)
    }

    @Test func `two sources of one value are refused`() {
        expect(defect(line: 8, "      orderedOn: { at: BEG05, constant: 2026-01-01 }"), .mapRule, line: 8, column: 18)
    }

    @Test func `a parent that encloses nothing is refused`() {
        expect(defect(line: 12, "      orderNumber: salesLine.invoice"), .mapParent, line: 12, column: 20)
    }

    @Test func `a record cannot be its own parent`() {
        let found = defect(line: 12, "      orderNumber: orderLine.item")
        #expect(found.contains { $0.code == .mapParent && $0.position.line == 12 }, "\(found.map(\.text))")
    }

    @Test func `a field that the parent does not map is refused`() {
        expect(defect(line: 12, "      orderNumber: order.customer"), .mapParent, line: 12, column: 20)
    }

    @Test func `a field used before it has a value is refused`() {
        let found = defect(line: 13, "      lineNumber: { feel: 'string(quantity)' }")
        expect(found, .mapExpressionName, line: 13, column: 27, hint: "move")
    }

    @Test func `a check on a field without a rule is refused`() {
        expect(
            defect(line: 16, "      - { that: \"unitPrice > 0\", code: ORDER-PRICE, severity: error }"), .mapExpressionName,
            line: 16, column: 17, hint: "add a rule")
    }

    @Test func `an unknown name in an expression is refused with its column`() {
        let found = defect(line: 16, "      - { that: \"quantty > 0\", code: ORDER-QTY, severity: error }")
        #expect(found.first?.position.line == 16 && found.first?.position.column == 18, "\(found.map(\.text))")
        #expect(found.first?.hint?.contains("quantity") == true)
    }

    @Test func `a mapping that reads the clock is refused`() {
        let found = defect(line: 8, "      orderedOn: { feel: 'date(now())' }")
        #expect(found.contains { $0.code == .mapRule && $0.fact.contains("clock") }, "\(found.map(\.text))")
    }

    @Test func `a required field without a rule is refused`() {
        let found = defect(line: 13, "      item: \"PO1{VP}\"")
        expect(found, .mapRequiredField, line: 12, column: 7, hint: "lineNumber")
    }

    @Test func `a key of another format is refused`() {
        expect(defect(line: 2, "reads: { format: x12, transactionSet: \"850\", root: ORDERS05 }"), .mapRule, line: 2, column: 52)
    }

    @Test func `a file of no known kind is refused`() {
        let found = MappingLibrary.compile([BundleFile(path: "Mappings/x.yaml", bytes: Array("maping: x\n".utf8))]).diagnostics
        #expect(found.map(\.code) == [.mapFileKind])
        #expect(found.first?.hint?.contains("mapping") == true)
    }

    @Test func `a column that the mapping does not read is refused`() {
        let text = """
            mapping: csv/test
            reads: { format: csv, header: [invoice, qty] }
            records:
              - record: returnLine
                each: row
                fields:
                  invoice: invoce
                  lineNumber: { rowNumber: true }

            """
        let found = MappingLibrary.compile([BundleFile(path: "Mappings/csv/test.yaml", bytes: Array(text.utf8))]).diagnostics
        #expect(found.map(\.code) == [.mapSelector])
        #expect(found.first?.hint?.contains("invoice") == true)
        #expect(found.first?.position.line == 7)
    }

    @Test func `a feed that names no mapping, partner or format of the bundle is refused`() {
        let feed = """
            feed: orders
            format: csv
            mappings: [x12/test, x12/tset]
            partner: nobody

            """
        let found = compile(Self.sound, also: [BundleFile(path: "Mappings/feeds/orders.yaml", bytes: Array(feed.utf8))])
        #expect(found.map(\.code) == [.mapRule, .mapUnknownReference, .mapUnknownReference], "\(found.map(\.text))")
        #expect(found.map(\.position.line) == [3, 3, 4])
        #expect(found.dropFirst().first?.hint?.contains("x12/test") == true)
    }

    @Test func `a route to an outbound of another record is refused`() {
        let route = "route: r\nfrom: order\noutbound: o\ntarget: wms\n"
        let outbound = """
            outbound: o
            records: [orderLine]
            writes: { format: csv }
            file: "o-{digest}.csv"
            columns: [{ name: A, from: itm }]

            """
        let found = MappingLibrary.compile([
            BundleFile(path: "Mappings/routes/r.yaml", bytes: Array(route.utf8)),
            BundleFile(path: "Mappings/outbound/o.yaml", bytes: Array(outbound.utf8)),
        ]).diagnostics
        #expect(Set(found.map(\.code)) == [.mapUnknownName, .mapRule], "\(found.map(\.text))")
    }

    @Test func `one identifier of two partners is refused`() {
        func partner(_ name: String) -> BundleFile {
            let text = "partner: \(name)\nclient: C\nidentifiers: [{ qualifier: ZZ, id: SAME }]\n"
            return BundleFile(path: "Mappings/partners/\(name).yaml", bytes: Array(text.utf8))
        }
        let found = MappingLibrary.compile([partner("a"), partner("b")]).diagnostics
        #expect(found.map(\.code) == [.mapDuplicate])
        #expect(found.first?.position.file == "Mappings/partners/b.yaml")
    }

    @Test func `a ragged lookup is refused`() {
        let found = MappingLibrary.compile([
            BundleFile(path: "Mappings/lookups/t.csv", bytes: Array("a,b\n1,2\n3\n".utf8)),
        ]).diagnostics
        #expect(found.map(\.code) == [.mapLookupFile])
        #expect(found.first?.position.line == 3)
    }

    @Test func `the project's own bundle has no finding`() throws {
        let found = MappingLibrary.compile(try Project.bundle()).diagnostics
        #expect(found.isEmpty, "\(found.map(\.text))")
    }
}
