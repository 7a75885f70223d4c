import Configurations
import Diagnostics
import EDI
import Formats
import Foundation
import Testing

/// Elements and components of EDIFACT against the table of their directory.
@Suite struct ConstituentTests {
    static let tables = Result { TransactionStructures(elements: [try SegmentElementsTests.elements("edifact/d96a/elements")]) }

    /// A segment of a D96A message, the codes that it gives, and the element and component that each points to.
    static let cases: [(segment: String, codes: [String], places: [String])] = [
        ("DTM+137:20261121:102", [], []),
        ("DTM", ["MISSING"], ["1"]),
        ("DTM+:20261121:102", ["MISSING"], ["1.1"]),
        ("DTM+137", [], []),
        ("DTM+137:20261121:102:9", ["MANY"], ["1.4"]),
        ("DTM+137:20261121:102:9:8", ["MANY"], ["1.4"]),
        ("DTM+137:20261121:102+1", ["MANY"], ["2"]),
        ("DTM+1370:20261121:102", ["LONG"], ["1.1"]),
        ("NAD+BY", [], []),
        ("NAD++4012345000001::9", ["MISSING"], ["1"]),
        ("NAD+BY+:160:9", ["MISSING"], ["2.1"]),
        ("NAD+BY:SU", ["MANY"], ["1.2"]),
        ("NAD+BY+++:Halle 3+:2", ["MISSING", "MISSING"], ["4.1", "5.1"]),
        ("QTY+21:12:PCE", [], []),
        ("QTY+21:-12,5", [], []),
        ("QTY+21", ["MISSING"], ["1.2"]),
        ("QTY+21:12A", ["CHARACTER"], ["1.2"]),
        ("QTY+21:-", ["CHARACTER"], ["1.2"]),
        ("QTY+21:1-2", ["CHARACTER"], ["1.2"]),
        ("QTY+21:1.2.3", ["DECIMAL"], ["1.2"]),
        ("QTY+21:1,2.3", ["DECIMAL"], ["1.2"]),
        ("QTY+21:12.", ["DECIMAL"], ["1.2"]),
        ("QTY+21:.5", ["DIGIT"], ["1.2"]),
        ("QTY+21:-,5", ["DIGIT"], ["1.2"]),
        ("QTY+21:-12345678901234.5", [], []),
        ("QTY+21:1234567890123456", ["LONG"], ["1.2"]),
        ("TMP+2+123:CEL", [], []),
        ("TMP+2+12:CEL", ["SHORT"], ["2.1"]),
        ("UNS+S", [], []),
        ("UNS+SD", ["LONG"], ["1"]),
        ("UNS+1", ["CHARACTER"], ["1"]),
        ("RFF+ON:" + String(repeating: "a", count: 34) + "??", [], []),
        ("RFF+ON:" + String(repeating: "a", count: 35) + "??", ["LONG"], ["1.2"]),
        ("RFF+ON:" + String(repeating: "a", count: 36), ["LONG"], ["1.2"]),
        ("DTM+1?'70:20261121", ["LONG"], ["1.1"]),
        ("ZZZ+1:2:3+4", [], []),
    ]

    @Test(arguments: cases.indices)
    func `each element and component is checked by its table`(_ index: Int) throws {
        let (segment, codes, places) = Self.cases[index]
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message([segment])])
        let sink = read(text, as: .edifact, structures: try Self.tables.get()).sink
        #expect(sink.codes == codes.map { "EDF-ELEM-" + $0 }, "\(sink.diagnostics.map(\.text))")
        let found = sink.diagnostics.compactMap { diagnostic -> String? in
            guard case .edi(let address) = diagnostic.position.place, diagnostic.code.name.contains("ELEM") else { return nil }
            return "\(address.element ?? 0)" + (address.component.map { ".\($0)" } ?? "")
        }
        #expect(found == places)
        #expect(sink.transactionSets.map(\.accepted) == [true])
    }

    @Test func `findings name the number in the directory, and what was expected`() throws {
        func fact(_ segment: String) throws -> String? {
            let text = EDIFACTFixture.interchange([EDIFACTFixture.message([segment])])
            return read(text, as: .edifact, structures: try Self.tables.get()).sink.diagnostics.first { $0.severity > .note }?.fact
        }
        #expect(try fact("NAD+BY+:160:9") == "Component 1 of element 2 of NAD (3039) is mandatory and empty")
        #expect(try fact("NAD") == "Element 1 of NAD (3035) is mandatory and empty")
        #expect(try fact("NAD+BYER") == "Element 1 of NAD (3035) has 4 characters; at most 3 were expected")
        #expect(try fact("QTY+21:1234567890123456") == "Component 2 of element 1 of QTY (6060) has 16 digits; at most 15 were expected")
        #expect(try fact("NAD+BY:SU") == "Element 1 of NAD (3035) has 1 components; component 2 was found")
    }

    @Test func `a rejected component is left out, and its siblings are kept`() throws {
        let text = EDIFACTFixture.interchange([EDIFACTFixture.message(["QTY+21:x:PCE"])])
        let policy = DefectPolicy.standard.overriding([.edifactElementCharacter: .rejectElement])
        let (sink, summary) = read(text, as: .edifact, policy: policy, structures: try Self.tables.get())
        #expect(sink.lines.contains { $0.contains(" QTY 1.1=21@") && $0.contains("1.3=PCE@") && !$0.contains("1.2=") })
        #expect(summary.elementsLeftOut == 1)
    }

    @Test func `repetitions of syntax 4 are counted`() throws {
        let tables = TransactionStructures(elements: [try SegmentElementsTests.elements("edifact/d01b/elements")])
        func codes(_ segment: String) -> [String] {
            let text = EDIFACTFixture.interchange([EDIFACTFixture.message([segment], type: "ORDERS:D:01B:UN")], syntax: "UNOC:4", una: "UNA:+.?*'")
            return read(text, as: .edifact, structures: tables).sink.codes
        }
        // C076 of COM three times at most.
        #expect(codes("COM+1:TE*2:FX*3:EM") == [])
        #expect(codes("COM+1:TE*2:FX*3:EM*4:TE*5:TE") == ["EDF-ELEM-REPETITION"])
        #expect(codes("COM+1:TE*2") == ["EDF-ELEM-MISSING"])
    }

    @Test func `a directory without a table is held against the nearest, with notes that reject nothing`() throws {
        let tables = TransactionStructures(elements: [try SegmentElementsTests.elements("edifact/d96a/elements")])
        func found(_ type: String) -> (codes: [String], severities: Set<Severity>, accepted: [Bool]) {
            let text = EDIFACTFixture.interchange([EDIFACTFixture.message(["DTM+1379:20261121:102"], type: type)])
            let policy = DefectPolicy.standard.overriding([.edifactElementLong: .reject])
            let sink = read(text, as: .edifact, policy: policy, structures: tables).sink
            return (sink.codes, Set(sink.diagnostics.filter { $0.code == .edifactElementLong }.map(\.severity)), sink.transactionSets.map(\.accepted))
        }
        #expect(found("ORDERS:D:96A:UN") == (["EDF-ELEM-LONG"], [.error], [false]))
        #expect(found("ORDERS:D:95B:UN") == (["EDF-ELEM-LONG"], [.note], [true]))
        #expect(found("ORDERS:D:97A:UN") == ([], [], [true]))
    }

    @Test(arguments: ["D93A", "D96A", "D97A", "D98B", "D99B", "D00B", "D01B", "D07A", "D16B", "D21B"])
    func `every EDI segment of every message has a line in the table of its directory`(_ directory: String) throws {
        let folder = SharedFiles.packageRoot.appending(path: "Mappings/structures/edifact/\(directory.lowercased())")
        let text = try String(contentsOf: folder.appending(path: "elements.yaml"), encoding: .utf8)
        let table = try SegmentElementsTests.elements("edifact/\(directory.lowercased())/elements")
        #expect(table.versions == [directory])
        let known = Set(text.split(separator: "\n").filter { $0.hasPrefix("  ") }.compactMap { $0.split(separator: " ").first })
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) where name != "elements.yaml" {
            for line in try String(contentsOf: folder.appending(path: name), encoding: .utf8).split(separator: "\n") where line.hasPrefix("  ") {
                let tag = line.split(separator: " ")[0]
                #expect(known.contains(tag), "\(name): \(tag)")
            }
        }
    }

    @Test(arguments: ["DTM MC507 [M2005 an..3", "DTM MC507 []", "DTM M2005 x..3", "DTM M2005 an..0", "DTM M2005 an..3 x0", "DTM MC507 [M2005 an..3] y", "DTM M2005 an..3, M353 ID 2 2"])
    func `a line that is none is an error with its place`(_ line: String) throws {
        let text = "elements: edifact/x/elements\nversions: [D96A]\nsegments: |\n  BGM M1004 an..35\n  \(line)\n"
        let decoded = SegmentElements.decode(try #require(ConfigurationText.parse(text, file: "x.yaml").root))
        #expect(decoded.elements == nil && decoded.diagnostics.map(\.code.name) == ["ELEMENTS-LINE"] && decoded.diagnostics.first?.position.line == 5)
    }
}
