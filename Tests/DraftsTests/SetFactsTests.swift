import Diagnostics
import Mapping
import Testing
@testable import Drafts

@Suite struct SetFactsTests {
    @Test func `each set, message and IDoc that a partner is likely to send is known`() {
        let x12 = "850 855 856 860 810 846 852 830 862 940 943 944 945 947 204 990 214 210 861".split(separator: " ").map { "x12/\($0)" }
        let edifact = "ORDERS ORDRSP ORDCHG DESADV RECADV INVOIC INVRPT SLSRPT DELFOR IFTMIN IFTSTA IFTMBF".split(separator: " ").map { "edifact/\($0)" }
        #expect(Set(SetFacts.known) == Set(x12 + edifact + ["idoc/ORDERS05", "idoc/DELVRY07", "idoc/MATMAS05"]))
        #expect(SetFacts("idoc/ORDERS03") != nil && SetFacts("idoc/INVOIC02") == nil && SetFacts("x12/997") == nil)
    }

    /// Every selector of every fact, in one mapping: what the structure has no place for does not compile.
    @Test(arguments: SetFacts.known) func `what is known of a set fits its structure`(_ name: String) throws {
        let facts = try #require(SetFacts(name))
        let halves = name.split(separator: "/").map(String.init)
        let isIDoc = halves[0] == "idoc", folder = isIDoc ? "xml" : halves[0]
        var text = "mapping: \(folder)/all\nreads: { format: \(folder), \(isIDoc ? "root" : "transactionSet"): \"\(halves[1])\" }\nrecords:\n"
        for record in facts.records {
            for source in record.facts.flatMap(\.sources) {
                for selector in [source.selector, source.time].compactMap({ $0 }) {
                    text += "  - { record: location, each: \"\(record.each)\", fields: { location: \"\(selector)\" } }\n"
                }
            }
        }
        let compiled = MappingLibrary.compile(Project.structures + [BundleFile(path: "Mappings/\(folder)/all.yaml", bytes: Array(text.utf8))])
        let errors = compiled.diagnostics.filter { $0.severity == .error }
        #expect(errors.isEmpty, "\(errors.map(\.text).joined(separator: "\n"))")
    }
}
