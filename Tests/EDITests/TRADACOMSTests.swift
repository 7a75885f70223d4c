import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct TRADACOMSTests {
    private typealias F = TRADACOMSFixture

    @Test func `a clean transmission gives its tree, its parties and no finding`() {
        let (sink, summary) = read(F.clean, as: .tradacoms)
        #expect(sink.codes == [])
        #expect(summary.format == "tradacoms" && summary.interchanges == 1 && summary.groups == 0 && summary.transactionSets == 3)
        #expect(summary.segments == 17 && summary.bytes == F.clean.utf8.count)
        #expect(sink.lines.filter { $0.hasSuffix("{") }.map { $0.drop { $0 == " " } } == ["interchange {", "ORDHDR {", "ORDERS {", "ORDTLR {"])
        let header = sink.interchanges.first
        #expect(header?.standard == .tradacoms && header?.sender == "5012345000001" && header?.receiver == "5098765000001")
        #expect(header?.controlNumber == "000042" && header?.version == "ANA:1" && header?.date == "261121" && header?.time == "093800")
        #expect(sink.transactionSets.map(\.identifier) == ["ORDHDR", "ORDERS", "ORDTLR"])
        #expect(sink.transactionSets.map(\.version) == ["9", "9", "9"] && sink.transactionSets.map(\.controlNumber) == ["1", "2", "3"])
        #expect(sink.transactionSets[1].segments == 6 && sink.transactionSets[1].trailer?.isCountRight == true)
        #expect(sink.endedInterchanges.first?.trailer?.declaredCount == "3" && sink.endedInterchanges.first?.acceptedTransactionSets == 3)
    }

    @Test func `elements and components are told apart after the tag's own separator, with their bytes`() {
        let (sink, _) = read(F.transmission([F.message("X:1", 1, ["CLO=:89828:a=b+?'EAST? ??+?=1?+++Z"], newline: "")], newline: ""), as: .tradacoms)
        let start = F.stx.utf8.count + 1 + 10
        let line = sink.lines.first { $0.contains(" CLO ") }.map { String($0.drop { $0 == " " }) }
        #expect(line == "2 CLO 1.2=89828@\(start + 5) 1.3=a=b@\(start + 11) "
            + "2='EAST ?@\(start + 15) 3==1+@\(start + 26) 5=Z@\(start + 33) \(start..<(start + 34))")
    }

    @Test func `a sender without a code is known by name`() {
        let (sink, _) = read(F.clean.replacing("5012345000001:ALPHA SHOPS+", with: ":ALPHA SHOPS+"), as: .tradacoms)
        #expect(sink.interchanges.first?.sender == "ALPHA SHOPS")
    }

    private static let cases: [(code: String, text: String)] = [
        ("TRD-NOSTX", "hello"), ("TRD-NOSTX", F.clean.replacing("STX=", with: "STX+")),
        ("TRD-JUNK", "hello " + F.clean), ("TRD-BOM", "\u{FEFF}" + F.clean),
        ("TRD-STX", F.clean.replacing("ANA:1", with: "ANB:1")), ("TRD-STX", F.clean.replacing("+000042+", with: "++")),
        ("TRD-NOMESSAGES", F.transmission([])),
        ("TRD-OUTSIDE", F.clean.replacing("MHD=2+", with: "XYZ=1'\nMHD=2+")),
        ("TRD-NOMTR", F.clean.replacing("MTR=6'\nMHD=3", with: "MHD=3")),
        ("TRD-NOEOB", F.batched.replacing("EOB=3'\n", with: "")),
        ("TRD-NOEND", F.clean.replacing("END=3'\n", with: "")),
        ("TRD-MTR01", F.clean.replacing("MTR=3'", with: "MTR=4'")),
        ("TRD-EOB01", F.batched.replacing("EOB=3'", with: "EOB=2'")),
        ("TRD-END01", F.clean.replacing("END=3'", with: "END=4'")),
        ("TRD-MHD", F.clean.replacing("MHD=2+ORDERS:9", with: "MHD=2")),
        ("TRD-MHD01", F.clean.replacing("MHD=3+", with: "MHD=4+")),
        ("TRD-TAG", F.clean.replacing("ORD=70970", with: "ORD+70970")), ("TRD-TAG", F.clean.replacing("ORD=", with: "ORDER=")),
        ("TRD-EMPTY", F.clean.replacing("DIN=261128'", with: "DIN=261128''")),
        ("TRD-INDENT", F.clean.replacing("DIN=", with: "  DIN=")),
        ("TRD-CONTROL", F.clean.replacing("EAST DEPOT", with: "EAST\nDEPOT")),
        ("TRD-RSG", F.reconciled.replacing("RSG=000042", with: "RSG=000043")),
        ("TRD-RSG", F.reconciled.replacing("RSG=000042+5098765000001", with: "RSG=000042+5098765000002")),
        ("TRD-NORSG", F.clean.replacing("ANA:1", with: "ANAA:1")),
        ("TRD-CUT", F.clean.replacing("END=3'\n", with: "XYZ=1")),
    ]

    @Test(arguments: cases.indices)
    func `each defect has its code`(_ index: Int) {
        let (code, text) = Self.cases[index]
        let (sink, _) = read(text, as: .tradacoms)
        #expect(sink.codes == (code == "TRD-CUT" ? [code, "TRD-NOEND"] : [code]), "\(sink.diagnostics.map(\.text))")
    }

    @Test func `batches are functional groups, and reconciliation that agrees says nothing`() {
        let (sink, summary) = read(F.batched, as: .tradacoms)
        #expect(sink.codes == [] && summary.groups == 1 && summary.transactionSets == 3)
        #expect(sink.groups.first?.header.controlNumber == "7" && sink.groups.first?.trailer?.isCountRight == true)
        #expect(read(F.reconciled, as: .tradacoms).sink.codes == [])
    }

    @Test func `a message with a wrong count is rejected, and its siblings are kept`() {
        let (sink, _) = read(F.clean.replacing("MTR=6'\nMHD=3", with: "MTR=9'\nMHD=3"), as: .tradacoms)
        #expect(sink.transactionSets.map(\.accepted) == [true, false, true])
        #expect(sink.diagnostic(.tradacomsSegmentCount)?.fact == "MTR declares 9 EDI segments; 6 were read")
    }

    @Test func `the clean files of the corpus have no finding but what is known of them`() throws {
        guard let files = SharedFiles.files(under: "corpus/tradacoms") else { return }
        // Hand-made samples: a byte order mark, indented lines, counts that were not kept, a line whose first letter was lost.
        let expected = [
            "indice-co__tradacoms.Issue17.autogeneratedvalues.edi": ["TRD-END01"],
            "indice-co__tradacoms.utilitybill.edi": ["TRD-END01"], "indice-co__tradacoms.utilitybill.escape.edi": ["TRD-END01"],
            "indice-co__tradacoms.utilitybill.escape2.edi": ["TRD-MTR01", "TRD-END01"], "xlate__order.edi": [],
            "indice-co__tradacoms.order9.edi": ["TRD-BOM"], "xlate__order-extra-mhd-data.edi": [],
        ]
        for file in files {
            let (sink, _) = read([UInt8](try Data(contentsOf: file)), as: .tradacoms)
            guard let codes = expected[file.lastPathComponent] else { continue }
            #expect(sink.codes == codes, "\(file.lastPathComponent)")
        }
    }

    @Test func `a file is whole at its terminated END and at no byte before`() throws {
        func probe(_ text: String) -> Completeness {
            let bytes = Array(text.utf8)
            return TRADACOMSProbe().probe(head: Array(bytes.prefix(4096)), tail: Array(bytes.suffix(4096)))
        }
        let end = try #require(F.clean.range(of: "END=3'")).upperBound
        for index in F.clean.indices.dropFirst(4) {
            let answer = probe(String(F.clean[..<index]))
            if index < end {
                #expect(answer == .incomplete("END of the transmission is not there yet"), "\(F.clean[..<index].suffix(20))")
            } else {
                #expect(answer == .complete)
            }
        }
        #expect(probe("a;b\n") == .unknown && probe("") == .unknown)
        #expect(EDIReader.recognised(head: Array(F.clean.utf8)) == .tradacoms && EDIReader.recognised(head: Array("STX+".utf8)) == nil)
    }

    private static let structures = Result {
        TransactionStructures(try TransactionStructureTests.files("tradacoms/").map(TransactionStructureTests.structure))
    }

    @Test func `messages have loops by their structures, and what is wrong with their order is said`() throws {
        let structures = try Self.structures.get()
        func read(_ text: String) -> (tree: String, codes: [String], accepted: [Bool]) {
            let sink = EDITests.read(text, as: .tradacoms, structures: structures).sink
            return (TransactionStructureTests.tree(sink, "ORDERS"), sink.diagnostics.map(\.code.name), sink.transactionSets.map(\.accepted))
        }
        let clean = read(F.clean)
        #expect(clean.tree == "ORDERS(MHD CLO ORD DIN OLD(OLD) MTR)" && clean.codes == [] && clean.accepted == [true, true, true])
        let unlocated = read(F.transmission([F.messages[0], F.message("ORDERS:9", 2, Array(F.order.dropFirst())), F.messages[2]]))
        #expect(unlocated.codes == ["TRD-MISSING"] && unlocated.accepted == [true, false, true], "\(unlocated)")
        let late = read(F.clean.replacing("DIN=261128'\n", with: "").replacing("ROLLS:4 PACK'\n", with: "ROLLS:4 PACK'\nDIN=261128'\n"))
        #expect(late.codes == ["TRD-ORDER"] && late.accepted == [true, true, true])
        let utility = read(F.transmission([F.message("UTLBIL:3", 1, ["CLO=1"])]))
        #expect(utility.codes == ["TRD-NOSTRUCTURE"])
    }

    @Test func `messages of the corpus that have a structure keep to it`() throws {
        guard let files = SharedFiles.files(under: "corpus/tradacoms") else { return }
        let structures = try Self.structures.get()
        var messages = 0
        for file in files {
            let sink = read([UInt8](try Data(contentsOf: file)), as: .tradacoms, structures: structures).sink
            let order = sink.diagnostics.filter { ["TRD-UNDEFINED", "TRD-ORDER", "TRD-MISSING", "TRD-MISSINGLOOP", "TRD-MAXUSE", "TRD-MAXLOOP"].contains($0.code.name) }
            #expect(order.isEmpty, "\(file.lastPathComponent): \(order.map(\.text))")
            messages += sink.transactionSets.filter { ["ORDHDR", "ORDERS", "ORDTLR"].contains($0.identifier) }.count
        }
        #expect(messages >= 7)
    }
}
