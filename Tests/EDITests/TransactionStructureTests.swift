import Configurations
import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct TransactionStructureTests {
    /// Every EDI structure of the project: `x12/850`, `edifact/d96a/orders`.
    static let names = files("x12/") + files("edifact/")

    static func files(_ kind: String) -> [String] {
        let folder = SharedFiles.packageRoot.appending(path: "Mappings/structures").path
        let paths = FileManager.default.enumerator(atPath: folder)?.compactMap { $0 as? String } ?? []
        return paths.filter { $0.hasSuffix(".yaml") && $0.hasPrefix(kind) && !$0.contains("elements") }.map { String($0.dropLast(5)) }.sorted()
    }

    static func structure(_ name: String) throws -> TransactionStructure {
        let url = SharedFiles.packageRoot.appending(path: "Mappings/structures/\(name).yaml")
        let text = try String(contentsOf: url, encoding: .utf8)
        let (root, findings) = ConfigurationText.parse(text, file: url.lastPathComponent)
        #expect(findings.isEmpty)
        let (structure, diagnostics) = TransactionStructure.decode(try #require(root))
        #expect(diagnostics.isEmpty, "\(diagnostics.map(\.text))")
        return try #require(structure)
    }

    static func structures() throws -> TransactionStructures {
        TransactionStructures(try ["x12/214", "x12/846", "x12/850", "x12/856", "x12/940"].map(structure))
    }

    /// The nodes of the transaction set as one line: `214(ST B10 LX(LX AT7(AT7 MS1)) SE)`.
    static func tree(_ sink: RecordingSink, _ identifier: String) -> String {
        var text = "", isInside = false
        for line in sink.lines where line.first == " " {
            let words = line.split(separator: " ")
            if words == [Substring(identifier), "{"] { isInside = true }
            guard isInside else { continue }
            if words.last == "{" {
                text += (text.isEmpty || text.last == "(" ? "" : " ") + words[0] + "("
            } else if words[0] == "}" {
                text += ")"
                if words[1] == Substring(identifier) { break }
            } else {
                text += (text.last == "(" ? "" : " ") + words[1]
            }
        }
        return text
    }

    static func read(_ segments: [String], _ identifier: String, _ group: String, version: String = "004010") throws
        -> (tree: String, sink: RecordingSink) {
        let text = Fixture.interchange(Fixture.group(
            [Fixture.set(segments, identifier: identifier)], identifier: group, version: version))
        let sink = EDITests.read(text, structures: try structures()).sink
        return (tree(sink, identifier), sink)
    }

    @Test func `a structure may be split by qualifiers itself`() throws {
        let lines = ["BEG M 1", "N1 M 1 loop where 01 = ST as shipTo", "  N4 M 1", "N1 O 2 loop where 01 = BY|BT as buyer ; 03 M", "PO1 M 9 loop"]
        let text = "structure: x12/850\ntransactionSet: \"850\"\nversions: [\"004010\"]\nsegments: |\n" + lines.map { "  \($0)\n" }.joined()
        let root = try #require(ConfigurationText.parse(text, file: "850.yaml").root)
        let decoded = TransactionStructure.decode(root)
        let structures = TransactionStructures([try #require(decoded.structure, "\(decoded.diagnostics.map(\.text))")])
        func read(_ segments: [String]) -> (tree: String, codes: [String]) {
            let sink = EDITests.read(Fixture.interchange(Fixture.group([Fixture.set(segments)])), structures: structures).sink
            return (Self.tree(sink, "850"), sink.codes)
        }
        let (tree, codes) = read(["BEG*00", "N1*BT*B*9*1", "N1*ST*S", "N4*Town", "PO1*1"])
        #expect(tree == "850(ST BEG buyer(N1) shipTo(N1 N4) PO1(PO1) SE)" && codes == [])
        #expect(read(["BEG*00", "N1*BY*B", "N1*VN*V", "PO1*1"]).codes == ["X12-ELEM-MISSING", "X12-NOTUSED", "X12-MISSINGLOOP"])
    }

    @Test func `the structures of whole standards are there`() {
        #expect(Self.names.filter { $0.hasPrefix("x12/") }.count == 29)
        #expect(Self.names.filter { $0.hasPrefix("edifact/") }.count == 192)
    }

    @Test(arguments: names)
    func `each structure file equals the table of facts it was taken from`(_ name: String) throws {
        _ = try Self.structure(name)
        guard let shared = SharedFiles.folder else { return print("skipped: ../shared is absent") }
        let parts = name.split(separator: "/").map(String.init)
        let isX12 = parts[0] == "x12"
        let file = isX12 ? "x12_004010/\(parts[1])" : "edifact_tables/\(parts[1])/\(parts[2].uppercased())"
        let table = try String(contentsOf: shared.appending(path: "standards/\(file).tsv"), encoding: .utf8)
        var expected: [String] = [], isHead = false
        for row in table.split(separator: "\n").dropFirst() {
            let cells = row.split(separator: "\t", omittingEmptySubsequences: false)
            if isHead {
                // A loop is named by its first EDI segment.
                isHead = false
                expected[expected.count - 1].replace("#", with: cells[2])
                continue
            }
            if ["UNH", "UNT"].contains(cells[2]) { continue }
            isHead = cells[1] != "SEG"
            let most = cells[4] == "999999" && isX12 ? ">1" : cells[4]
            expected.append(String(repeating: "  ", count: Int(cells[0])!) + "\(isHead ? "#" : cells[2]) \(cells[3] == "M" ? "M" : "O") \(most)")
        }
        let url = SharedFiles.packageRoot.appending(path: "Mappings/structures/\(name).yaml")
        let root = ConfigurationText.parse(try String(contentsOf: url, encoding: .utf8), file: name).root
        let lines = try #require(root?["segments"]?.scalar).split(separator: "\n")
            .map { $0.replacing(" loop", with: "").replacing(" nested", with: "") }
        if table.contains("\tGROUP\t") || table.contains("\tLOOP\t") || isX12 { return #expect(lines.map(String.init) == expected) }
        // The tables of D93A have no groups: the order of all, and what is asked of those that head none.
        #expect(lines.map { $0.drop { $0 == " " }.prefix(3) } == expected.map { $0.prefix(3) })
        let heads = try #require(root?["segments"]?.scalar).split(separator: "\n").map { $0.hasSuffix(" loop") }
        for (place, isHead) in heads.enumerated() where !isHead { #expect(lines[place].drop { $0 == " " } == expected[place]) }
    }

    @Test func `a loop that is repeated too often is said once in its place, and rejects each time`() throws {
        let lines = ["BEG*00"] + (1...4).flatMap { ["N9*L1*\($0)"] } + ["PO1*1", "PO1*2"]
        let (root, _) = ConfigurationText.parse(
            "structure: x12/850\ntransactionSet: \"850\"\nversions: [\"004010\"]\nsegments: |\n  BEG M 1\n  N9 O 1 loop\n  PO1 M 1 loop\n", file: "x")
        let node = try #require(root)
        let structures = TransactionStructures([try #require(TransactionStructure.decode(node).structure)])
        let text = Fixture.interchange(Fixture.group([Fixture.set(lines), Fixture.set(lines, control: "0002")]))
        let sink = EDITests.read(text, policy: .standard.overriding([.x12LoopUse: .rejectLoop]), structures: structures).sink
        #expect(sink.codes == ["X12-MAXLOOP", "X12-MAXLOOP", "X12-MAXLOOP", "X12-MAXLOOP"])
        #expect(sink.aside.count == 8 && sink.transactionSets.map(\.accepted) == [true, true])
    }

    @Test func `segment groups of a message are loops named by their first EDI segment, and UNS ends the lines`() throws {
        let structures = TransactionStructures([try Self.structure("edifact/d96a/orders")])
        func tree(_ segments: [String], type: String = "ORDERS:D:96A:UN") -> (String, RecordingSink) {
            let text = EDIFACTFixture.interchange([EDIFACTFixture.message(segments, type: type)])
            let sink = readEDIFACT(Array(text.utf8), structures: structures).sink
            return (Self.tree(sink, "ORDERS"), sink)
        }
        let (lines, sink) = tree([
            "BGM+220+1", "DTM+137:20261121:102", "RFF+CT:1", "DTM+171:20261101:102", "NAD+BY+1::9", "CTA+OC", "COM+1:TE", "NAD+SU+2::9",
            "LIN+1", "PIA+1+A:IN", "QTY+21:1", "DTM+2:20261122:102", "PRI+AAA:1", "LIN+2", "QTY+21:2", "UNS+S", "MOA+86:1", "CNT+2:2",
        ])
        #expect(sink.codes == [])
        #expect(lines == "ORDERS(UNH BGM DTM RFF(RFF DTM) NAD(NAD CTA(CTA COM)) NAD(NAD) LIN(LIN PIA QTY DTM PRI(PRI)) LIN(LIN QTY) UNS MOA CNT UNT)")
        #expect(tree(["DTM+137:20261121:102", "UNS+S"]).1.codes == ["EDF-MISSING"])
        #expect(tree(["BGM+220+1", "DTM+137:20261121:102", "FOO+1", "UNS+S"]).1.codes == ["EDF-UNDEFINED"])
        let near = tree(["DTM+137:20261121:102", "UNS+S"], type: "ORDERS:D:95B:UN").1
        #expect(near.codes == ["EDF-NEARSTRUCTURE", "EDF-MISSING"] && near.transactionSets.map(\.accepted) == [true])
    }

    @Test func `an order's loops hold their EDI segments`() throws {
        let (tree, sink) = try Self.read([
            "BEG*00*SA*4711**20261121", "REF*DP*1", "N9*L1*X", "MSG*HI", "N1*BY*B*92*1", "N3*S", "N4*C", "REF*AA*2", "N1*ST*S*92*2",
            "PO1*1*10*EA*9.95", "PID*F****BOLT", "PO4*1", "SCH*1*EA", "N1*ST*S", "N3*X", "PO1*2*1*EA*1", "CTT*2", "AMT*TT*5",
        ], "850", "PO")
        #expect(sink.codes == [])
        #expect(tree == "850(ST BEG REF N9(N9 MSG) N1(N1 N3 N4 REF) N1(N1) PO1(PO1 PID(PID) PO4 SCH(SCH) N1(N1 N3)) PO1(PO1) CTT(CTT AMT) SE)")
    }

    @Test func `a ship notice nests by HL02`() throws {
        let (tree, sink) = try Self.read([
            "BSN*00*1*20261121*0938", "HL*1**S", "TD1*CTN*5", "N1*ST*X", "N3*Y", "HL*2*1*O", "PRF*1", "HL*3*2*I", "LIN**VN*A", "SN1**1*EA",
            "HL*4*2*I", "LIN**VN*B", "HL*5*1*O", "PRF*2", "HL*6*5*I", "LIN**VN*C", "CTT*6",
        ], "856", "SH")
        #expect(sink.codes == [])
        #expect(tree == "856(ST BSN HL(HL TD1 N1(N1 N3) HL(HL PRF HL(HL LIN SN1) HL(HL LIN)) HL(HL PRF HL(HL LIN))) CTT SE)")
    }

    @Test func `HL loops without parents nest by level, and a wrong parent is said`() throws {
        let (tree, sink) = try Self.read(
            ["BSN*00*1*20261121*0938", "HL*1**S", "HL*2**O", "HL*3**I", "HL*4**I", "HL*5**O"], "856", "SH")
        #expect(tree == "856(ST BSN HL(HL HL(HL HL(HL) HL(HL)) HL(HL)) SE)")
        #expect(sink.codes == ["X12-HL02", "X12-HL02", "X12-HL02", "X12-HL02"])
        let wrong = try Self.read(["BSN*00*1*20261121*0938", "HL*1**S", "HL*2*9*O"], "856", "SH")
        #expect(wrong.tree == "856(ST BSN HL(HL HL(HL)) SE)")
        #expect(wrong.sink.diagnostic(.x12Hierarchy)?.fact == "HL02 names 9, which is no open HL loop; the loop was placed by its level")
    }

    @Test func `LX of order lines and LX of packs are told apart by LS`() throws {
        let (plain, sink) = try Self.read(
            ["W05*N*1", "LX*1", "W01*1*EA", "N9*IA*1", "LX*2", "W01*2*EA", "W76*3"], "940", "OW")
        #expect(sink.codes == [])
        #expect(plain == "940(ST W05 LX(LX W01(W01 N9)) LX(LX W01(W01)) W76 SE)")
        let packs = try Self.read(
            ["W05*N*1", "LX*1", "W01*1*EA", "LS*X", "LX*1", "N9*IA*1", "LX*2", "LE*X", "LX*2", "W01*1*EA"], "940", "OW")
        #expect(packs.sink.codes == [])
        #expect(packs.tree == "940(ST W05 LX(LX W01(W01 LS LX(LX N9) LX(LX) LE)) LX(LX W01(W01)) SE)")
    }

    @Test func `carrier status and inventory form their loops`() throws {
        let status = try Self.read(
            ["B10*1*2*SCAC", "L11*1*PO", "N1*SH*A", "N3*B", "LX*1", "AT7*X1*NS", "MS1*C*D", "MS2*S*1", "L11*9*BM", "LX*2", "AT7*D1*NS"],
            "214", "QM")
        #expect(status.sink.codes == [])
        #expect(status.tree == "214(ST B10 L11 N1(N1 N3) LX(LX AT7(AT7 MS1 MS2) L11) LX(LX AT7(AT7)) SE)")
        let stock = try Self.read(
            ["BIA*00*DD*1*20261121", "N1*WH*A", "LIN*1*VN*A", "PID*F****X", "QTY*33*5*EA", "QTY*17*1*EA", "LIN*2*VN*B", "QTY*33*6*EA", "CTT*2"],
            "846", "IB")
        #expect(stock.sink.codes == [])
        #expect(stock.tree == "846(ST BIA N1(N1) LIN(LIN PID QTY(QTY) QTY(QTY)) LIN(LIN QTY(QTY)) CTT SE)")
    }

    @Test(arguments: [
        (["PO1*1*1*EA*1"], "X12-MISSING", "Mandatory EDI segment BEG is missing in transaction set 850", "3", false),
        (["BEG*00*SA*1**20261121", "CTT*0"], "X12-MISSINGLOOP", "Mandatory loop PO1 is missing in transaction set 850", "3", false),
        (["BEG*00*SA*1**20261121"], "X12-MISSINGLOOP", "Mandatory loop PO1 is missing in transaction set 850", "3", false),
        (["BEG*00*SA*1**20261121", "ZZZ*1", "PO1*1*1*EA*1"], "X12-UNDEFINED", "ZZZ is no EDI segment of transaction set 850", "6", true),
        (["BEG*00*SA*1**20261121", "N3*X", "PO1*1*1*EA*1"], "X12-ORDER", "N3 does not belong here in transaction set 850", "7", true),
        (["BEG*00*SA*1**20261121", "PO1*1*1*EA*1", "PO4*1", "PID*F"], "X12-ORDER", "PID does not belong here in loop PO1", "7", true),
        (["BEG*00*SA*1**20261121", "CUR*BY*USD", "CUR*BY*EUR", "PO1*1*1*EA*1"], "X12-MAXUSE",
            "CUR is used more than 1 times in transaction set 850", "5", true),
        (["BEG*00*SA*1**20261121", "PO1*1*1*EA*1", "CTT*1", "CTT*1"], "X12-MAXLOOP",
            "Loop CTT is repeated more than 1 times in transaction set 850", "4", true),
    ])
    func `each breach of a structure has its own code and the code of AK304`(
        _ breach: (segments: [String], code: String, fact: String, acknowledgement: String, accepted: Bool)
    ) throws {
        let (_, sink) = try Self.read(breach.segments, "850", "PO")
        #expect(sink.codes == [breach.code])
        #expect(sink.diagnostics.first?.fact == breach.fact)
        #expect(sink.diagnostics.first.flatMap { X12Fault.of($0.code, element: nil, tag: nil) }?.code == breach.acknowledgement)
        #expect(sink.transactionSets.map(\.accepted) == [breach.accepted])
        #expect(sink.records.count == breach.segments.count + 6)
    }

    @Test func `another version forms the same loops, and what deviates is a note`() throws {
        let (tree, sink) = try Self.read(["BEG*00*SA*1**20261121", "ZZZ*1", "PO1*1*1*EA*1"], "850", "PO", version: "005010X")
        #expect(tree == "850(ST BEG ZZZ PO1(PO1) SE)")
        #expect(sink.codes == ["X12-NEARSTRUCTURE", "X12-UNDEFINED"])
        #expect(sink.diagnostics.allSatisfy { $0.severity == .note })
        #expect(sink.transactionSets.map(\.accepted) == [true])
    }

    @Test func `an unknown transaction set is read flat with one note an interchange`() throws {
        let set = Fixture.set(["ZZZ*1"], identifier: "999")
        let text = Fixture.interchange(Fixture.group([set, set.replacing("0001", with: "0002")], identifier: "FA"))
        let sink = EDITests.read(text, structures: try Self.structures()).sink
        #expect(sink.diagnostics.map(\.code.name) == ["X12-NOSTRUCTURE"])
        #expect(sink.diagnostics.first?.severity == .note)
        #expect(sink.transactionSets.map(\.accepted) == [true, true])
    }

    @Test func `HL loops are not nested past the limit`() throws {
        var limits = ReadLimits()
        limits.depth = 4
        let levels = (1...8).map { "HL*\($0)*\($0 == 1 ? "" : "\($0 - 1)")*\($0)" }
        let text = Fixture.interchange(Fixture.group([Fixture.set(["BSN*00*1*20261121*0938"] + levels, identifier: "856")], identifier: "SH"))
        let sink = EDITests.read(text, limits: limits, structures: try Self.structures()).sink
        #expect(sink.codes.contains("X12-DEPTH"))
        #expect(sink.lines.filter { $0.hasSuffix("HL {") }.map { $0.prefix { $0 == " " }.count }.max() == 6)
    }

    @Test func `every corpus file reads alike with structures at any chunk size`() throws {
        guard let files = SharedFiles.files(under: "corpus/x12") else { return }
        let structures = try Self.structures()
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = EDITests.read(bytes, structures: structures)
            let flat = EDITests.read(bytes)
            #expect(EDITests.read(bytes, chunk: 7, structures: structures).sink.lines == whole.sink.lines)
            #expect(whole.sink.records.map(\.bytes) == flat.sink.records.map(\.bytes), "\(file.lastPathComponent)")
            if ProcessInfo.processInfo.environment["SHOW_CORPUS"] != nil {
                for finding in whole.sink.diagnostics where finding.severity > .note && !flat.sink.diagnostics.contains(finding) {
                    print("##", file.lastPathComponent, finding.text)
                }
            }
        }
    }

    @Test(arguments: [
        ("BEG M", "`BEG M` is not a tag, M or O, most uses, and perhaps loop or nested, `where 01 = A|B` and `as name`", 5, 3),
        ("BEG X 1", "`BEG X 1` is not a tag, M or O, most uses, and perhaps loop or nested, `where 01 = A|B` and `as name`", 5, 3),
        ("BEG M 0", "`BEG M 0` is not a tag, M or O, most uses, and perhaps loop or nested, `where 01 = A|B` and `as name`", 5, 3),
        ("BEG M 1 nested", "`BEG M 1 nested` is not a tag, M or O, most uses, and perhaps loop or nested, `where 01 = A|B` and `as name`", 5, 3),
        ("BEG M 1\n    CUR O 1", "the line is indented by 2; at most 0, two a loop, was expected", 6, 5),
    ])
    func `a wrong line of a structure file is named by line and column`(
        _ line: (text: String, fact: String, line: Int, column: Int)
    ) throws {
        let text = "structure: x12/850\ntransactionSet: \"850\"\nversions: [\"004010\"]\nsegments: |\n  \(line.text)\n"
        let root = try #require(ConfigurationText.parse(text, file: "s.yaml").root)
        let (structure, diagnostics) = TransactionStructure.decode(root)
        #expect(structure == nil)
        #expect(diagnostics.map(\.fact) == [line.fact])
        #expect(diagnostics.first?.position.line == line.line && diagnostics.first?.position.column == line.column)
    }
}
