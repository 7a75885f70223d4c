import Configurations
import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct SegmentElementsTests {
    static func elements(_ name: String = "x12/elements-004010") throws -> SegmentElements {
        let url = SharedFiles.packageRoot.appending(path: "Mappings/structures/\(name).yaml")
        let (root, findings) = ConfigurationText.parse(try String(contentsOf: url, encoding: .utf8), file: url.lastPathComponent)
        #expect(findings.isEmpty)
        let (elements, diagnostics) = SegmentElements.decode(try #require(root))
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(elements)
    }

    static let tables = Result { TransactionStructures(elements: [try elements()]) }

    /// A segment within an order, the codes that it gives, and the element that each points to.
    static let cases: [(segment: String, codes: [String], elements: [Int])] = [
        ("BEG*00*SA*4711**20261121", [], []),
        ("BEG*00*SA**", ["X12-ELEM-MISSING", "X12-ELEM-MISSING"], [3, 5]),
        ("BEG*00*SA*4711**20261131", ["X12-ELEM-DATE"], [5]),
        ("BEG*00*SA*4711**20270229", ["X12-ELEM-DATE"], [5]),
        ("BEG*00*SA*4711**261121", ["X12-ELEM-SHORT"], [5]),
        ("BEG*0*SA*4711**20261121", ["X12-ELEM-SHORT"], [1]),
        ("BEG*00*SA*12345678901234567890123**20261121", ["X12-ELEM-LONG"], [3]),
        ("DTM*002*20261121*2460", ["X12-ELEM-TIME"], [3]),
        ("DTM*002*20261121*0938", [], []),
        ("DTM*002", ["X12-ELEM-CONDITION"], [2]),
        ("PO1*1*10*EA*9,95", ["X12-ELEM-CHARACTER"], [4]),
        ("PO1*1*-10*EA*-9.95", [], []),
        ("PO1*1*1234567890123456*EA", ["X12-ELEM-LONG"], [2]),
        ("PO1*1*10*EA*9.95**VN", ["X12-ELEM-CONDITION"], [7]),
        ("CTT*1.5", ["X12-ELEM-CHARACTER"], [1]),
        ("N3*A*B*C", ["X12-ELEM-MANY"], [3]),
        ("REF*DP", ["X12-ELEM-CONDITION"], [2]),
        ("N1*BY", ["X12-ELEM-CONDITION"], [2]),
        ("N1*BY*X*92", ["X12-ELEM-CONDITION"], [4]),
        ("ZZZ*1*2", [], []),
    ]

    @Test(arguments: cases.indices)
    func `each element is checked by its table`(_ index: Int) throws {
        let (segment, codes, elements) = Self.cases[index]
        let text = Fixture.interchange(Fixture.group([Fixture.set([segment])]))
        let sink = read(text, structures: try Self.tables.get()).sink
        #expect(sink.codes == codes, "\(sink.diagnostics.map(\.text))")
        let found = sink.diagnostics.compactMap { diagnostic -> Int? in
            guard case .edi(let address) = diagnostic.position.place, diagnostic.code.name.contains("ELEM") else { return nil }
            return address.element
        }
        #expect(found == elements)
        #expect(sink.transactionSets.map(\.accepted) == [true])
    }

    @Test func `characters are counted, not bytes, and another version is not looked at`() throws {
        let tables = try Self.tables.get()
        let name = String(repeating: "\u{FC}", count: 60)
        let text = Fixture.interchange(Fixture.group([Fixture.set(["N1*BY*\(name)"])]))
        #expect(read(text, structures: tables).sink.codes == [])
        let other = Fixture.interchange(Fixture.group([Fixture.set(["BEG*0"])], version: "005010"))
        #expect(read(other, structures: tables).sink.codes == [])
    }

    @Test func `the table equals the facts it was taken from`() throws {
        guard let shared = SharedFiles.folder else { return print("skipped: ../shared is absent") }
        let facts = try String(contentsOf: shared.appending(path: "standards/x12_004010/_segments.tsv"), encoding: .utf8)
        let url = SharedFiles.packageRoot.appending(path: "Mappings/structures/x12/elements-004010.yaml")
        let root = ConfigurationText.parse(try String(contentsOf: url, encoding: .utf8), file: "elements").root
        var lines: [String: [Substring]] = [:]
        for line in try #require(root?["segments"]?.scalar).split(separator: "\n") {
            let space = try #require(line.firstIndex(of: " "))
            if line.hasPrefix("MEA ") { #expect(line.hasSuffix("; R03050608 C0504 C0604 L07030506 E0803")) }
            if line.hasPrefix("REF ") { #expect(line.hasSuffix("; R0203")) }
            lines[String(line[..<space])] = line[space...].prefix { $0 != ";" }.split(separator: ",")
        }
        var count = 0
        for row in facts.split(separator: "\n").dropFirst() {
            let cells = row.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            let words = try #require(lines[cells[0]])[Int(cells[1])! - 1].split(separator: " ").map(String.init)
            #expect(words[0].hasPrefix(cells[3]) && words[1] == cells[4], "\(row)")
            if cells[4] != "COMP" { #expect(Array(words[2...]) == [cells[5], cells[6]], "\(row)") }
            count += 1
        }
        #expect(count > 2000 && lines.count > 250)
    }

    @Test(arguments: ["BEG M353 ID 2", "beg M353 ID 2 2", "BEG X353 ID 2 2", "BEG M353 QQ 2 2", "BEG M353 ID 3 2", "BEG M353 ID 2 2 ; P0109", "BEG"])
    func `a line that is none is an error with its place`(_ line: String) {
        let text = "elements: x12/e\nversions: [\"004010\"]\nsegments: |\n  DTM M374 ID 3 3\n  \(line)\n"
        let (elements, diagnostics) = SegmentElements.decode(ConfigurationText.parse(text, file: "e.yaml").root!)
        #expect(elements == nil && diagnostics.map(\.code.name) == ["ELEMENTS-LINE"] && diagnostics.first?.position.line == 5)
    }
}
