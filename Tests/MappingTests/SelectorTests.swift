import Testing

@testable import Mapping

@Suite struct SelectorTests {
    private func parse(_ text: String, _ format: SourceFormat) throws(SelectorFailure) -> Selector {
        var symbols = SymbolTable()
        return try SelectorParser.parse(text, format: format, symbols: &symbols)
    }

    @Test(arguments: [
        "BEG03", "SVC01-2", "N1[N101=BY]/N104", "N1[N101=BY|ST]/N104", "PO1{VP}", "PO1{06=VP}", "./DTM[DTM01=002]/DTM02",
        "L11[L1102=PO]/L1101", "N1[2]/N104", "HL[HL03=O]/LIN[1]/LIN03",
    ])
    func `a selector of X12 is read`(text: String) throws { _ = try parse(text, .x12) }

    @Test(arguments: [
        "E1EDK01/BELNR", "E1EDKA1[PARVW=AG]/PARTN", "@SEGMENT", "../E1EDK01/BELNR", "../../@x", "text()", ".", "A/text()",
        "A/@b", "/ORDERS05/IDOC/E1EDK01/BELNR", "ns:A[@k='v w']/ns:B", "A[2]/B",
    ])
    func `a selector of XML is read`(text: String) throws { _ = try parse(text, .xml) }

    @Test(arguments: [
        ("", 0), ("N1", 1), ("BEG3", 3), ("BEG00", 4), ("N1[N101=BY", 9), ("N1[X=BY]/N104", 3), ("N1[]/N104", 3), ("PO1{}", 4), ("BEG03/", 5),
        ("N1[0]/N104", 3), ("N1//N104", 3),
    ])
    func `a selector that is none says where`(text: String, offset: Int) {
        do {
            _ = try parse(text, .x12)
            Issue.record("`\(text)` was read")
        } catch {
            #expect(error.offset == offset, "\(text): \(error.fact)")
        }
    }

    @Test func `a selector of the loop's own segment never leaves the loop`() throws {
        var symbols = SymbolTable()
        let po1 = SelectorStep(symbol: symbols.intern("PO1"), predicates: [])
        var scope = SelectorScope(format: .x12, each: .path(absolute: false, steps: [po1]))
        let own = scope.fit(try SelectorParser.parse("PO102", format: .x12, symbols: &symbols))
        let header = scope.fit(try SelectorParser.parse("BEG03", format: .x12, symbols: &symbols))
        #expect(own.scope == .here)
        #expect(header.scope == .outward)
        #expect(scope.kept == [symbols.intern("BEG")])
    }

    @Test func `an absolute path becomes steps up and down`() throws {
        var symbols = SymbolTable()
        let each = try SelectorParser.steps("/ORDERS05/IDOC/E1EDP01", format: .xml, symbols: &symbols)
        var scope = SelectorScope(format: .xml, each: .path(absolute: each.absolute, steps: each.steps))
        let header = scope.fit(try SelectorParser.parse("/ORDERS05/IDOC/E1EDK01/BELNR", format: .xml, symbols: &symbols))
        #expect(header.scope == .up(1))
        #expect(header.steps.count == 2)
    }

    @Test func `loop numbers do not matter`() {
        #expect(SymbolTable.withoutLoopSuffix("N1_2") == "N1")
        #expect(SymbolTable.withoutLoopSuffix("unit_price") == "unit_price")
        #expect(SymbolTable.withoutLoopSuffix("_1") == "_1")
    }
}
