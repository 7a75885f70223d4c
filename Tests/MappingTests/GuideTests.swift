import Diagnostics
import Formats
import Mapping
import Records
import Testing
import Values

/// A partner's guide in the bundle: its loops have names that mappings select.
@Suite struct GuideTests {
    private static let guide = """
        guide: edifact-buyer-orders
        over: edifact/d96a/orders
        partners: [edifact-buyer]
        segments: |
          NAD M 1 loop where 01 = BY as buyer
          NAD M 1 loop where 01 = DP as shipTo
          NAD X
        """

    private static func compile(_ guide: String) throws -> (library: MappingLibrary?, diagnostics: [Diagnostic]) {
        let files = EDIFACTTests.files.map { file in
            let text = String(decoding: file.bytes, as: UTF8.self)
                .replacing("\"NAD[NAD01=BY]/NAD02-1\"", with: "buyer/NAD02-1").replacing("\"NAD[NAD01=DP]/NAD02-1\"", with: "shipTo/NAD02-1")
            return BundleFile(path: file.path, bytes: Array(text.utf8))
        }
        return MappingLibrary.compile(
            try Project.bundle() + files + [BundleFile(path: "Mappings/guides/edifact-buyer-orders.yaml", bytes: Array(guide.utf8))])
    }

    @Test func `a mapping selects loops by the names that the sender's guide gives`() throws {
        let compiled = try Self.compile(Self.guide)
        let library = try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
        let taken = try readFeed("edifact-orders", Array(EDIFACTTests.order.utf8), library: library).taken
        let order = try #require(taken.of(.order).first)
        #expect(order["customer"].text == "4012345000018" && order["shipTo"].text == "4012345000025" && taken.findings == [])
        let without = EDIFACTTests.order.replacing("NAD+DP+4012345000025::9'\n", with: "NAD+SU+1'\n")
        let findings = try readFeed("edifact-orders", Array(without.utf8), library: library).taken.findings
        #expect(findings.contains { $0.contains("EDF-NOTUSED") } && findings.contains { $0.contains("Mandatory loop shipTo is missing") })
    }

    @Test(arguments: [
        ("over: edifact/d96a/orders", "over: edifact/d96a/order", "edifact/d96a/order"), ("[edifact-buyer]", "[nobody]", "nobody"),
        ("NAD M 1 loop where 01 = BY", "NAD M 100 loop where 01 = BY", "the guide contradicts edifact/d96a/orders: buyer may be used 100 times"),
        ("NAD M 1 loop where 01 = BY as buyer", "NAD M 1 loop where 01 = BY as buyer ; 12 M", "NAD12: NAD has 9 elements"),
        ("NAD M 1 loop where 01 = BY as buyer", "NAD M 1 loop where 01 = BY as buyer ; 02-3 = 9999", "NAD02-3 cannot be 9999: it has 1 to 3 characters"),
    ])
    func `a guide of nothing, of nobody or against its structure is an error`(_ change: (from: String, to: String, fact: String)) throws {
        let compiled = try Self.compile(Self.guide.replacing(change.from, with: change.to))
        #expect(compiled.library == nil && compiled.diagnostics.contains { $0.fact.contains(change.fact) }, "\(compiled.diagnostics.map(\.fact))")
    }
}
