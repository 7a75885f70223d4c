import Diagnostics
import EDI
import FEEL
import Mapping
import Records
import Testing
import Values

/// Records as transaction sets and messages: the project's bundle with an outbound set more.
@Suite struct OutboundSetTests {
    static let forwarding = """
        outboundSet: edi/940
        records: [warehouseInstructionLine]
        writes: { format: x12, transactionSet: "940", version: "004010" }
        file: "940-{number}.edi"
        per: [instruction]
        segments:
          - W05*N*{instruction}
          - N1*ST**91*{shipTo}
          - G62*10*{shipOn|yyyyMMdd}
          - W66*PP*M********{carrier}
          - each: row
            segments:
              - LX*{index}
              - W01*{quantity}*{unitOfMeasure}**VN*{item}
          - W76*{sum(for r in rows return r.quantity)}
        """

    private static func compile(_ text: String, _ name: String = "edi/940", more: [(String, String)] = []) throws -> MappingLibrary {
        let files = try Project.bundle() + ([("outbound/\(name)", text)] + more).map {
            BundleFile(path: "Mappings/\($0.0).yaml", bytes: Array($0.1.utf8))
        }
        let compiled = MappingLibrary.compile(files)
        return try #require(compiled.library, "\(compiled.diagnostics.map(\.text))")
    }

    private static func findings(_ text: String) throws -> [String] {
        MappingLibrary.compile(try Project.bundle() + [BundleFile(path: "Mappings/outbound/edi/940.yaml", bytes: Array(text.utf8))]).diagnostics.map(\.fact)
    }

    private static func lines() throws -> [[Value]] {
        let bytes = try Project.bytes("Samples/warehouse-orders/940-nordwind-0911.edi")
        return try readFeed("warehouse-orders", bytes).taken.records.filter { $0.kind == .warehouseInstructionLine }.map(\.values)
    }

    private static func text(_ segment: EDISegment) -> String {
        ([segment.tag] + segment.elements.map { $0.repetitions.map { $0.joined(separator: ":") }.joined(separator: "^") }).joined(separator: "*")
    }

    private static let partner = """
        partner: subcontractor
        client: NORDWIND
        identifiers: [{ qualifier: ZZ, id: SUBCON }]
        send: { as: { qualifier: ZZ, id: DOCKYARD }, test: true, acknowledgedWithin: 4h }
        """

    @Test func `rows that agree in a field are one set, with a loop for each row`() throws {
        let set = try #require(try Self.compile(Self.forwarding).outboundSet("edi/940"))
        let rendered = set.render(try Self.lines(), Project.context)
        #expect(rendered.map { $0.segments.map(Self.text) } == [
            [
                "W05*N*DO-30011", "N1*ST**91*BPO-02", "G62*10*20261109", "W66*PP*M********PLFL", "LX*1", "W01*3*EA**VN*NW-1002", "LX*2",
                "W01*6*CT**VN*NW-1006", "W76*9",
            ],
            [
                "W05*N*DO-30012", "N1*ST**91*AM-DC1", "G62*10*20261104", "W66*PP*M********ALPX", "LX*1", "W01*40*EA**VN*NW-1005", "LX*2",
                "W01*24*EA**VN*NW-1011", "W76*64",
            ],
        ])
        #expect(rendered.map(\.rows) == [[0, 1], [2, 3]])
        #expect(rendered.allSatisfy { $0.isSendable })
    }

    @Test func `an interchange is what its receiver reads without a finding`() throws {
        let library = try Self.compile(Self.forwarding, more: [("partners/subcontractor", Self.partner)])
        let set = try #require(library.outboundSet("edi/940"))
        let policy = try #require(library.partners.partner(named: "subcontractor")?.send)
        let moment = try #require(DateTime("2026-11-28T10:05:00"))
        let sets = set.render(try Self.lines(), Project.context)
        let written = policy.write(sets, of: set, at: moment, interchangeNumber: 7, groupNumber: 9, structures: library.structures)
        #expect(written.diagnostics.map(\.text) == [])
        let lines = String(decoding: written.payload, as: UTF8.self).split(separator: "~").map(String.init)
        #expect(lines[0] == "ISA*00*          *00*          *ZZ*DOCKYARD       *ZZ*SUBCON         *261128*1005*U*00401*000000007*0*T*:")
        #expect(lines[1] == "GS*OW*DOCKYARD*SUBCON*20261128*1005*9*X*004010")
        #expect(lines.suffix(3) == ["SE*11*0002", "GE*2*9", "IEA*1*000000007"])
        #expect(written.controls == ["0001", "0002"])
    }

    @Test func `a set that its receiver would reject says so`() throws {
        let text = Self.forwarding.replacing("  - W05*N*{instruction}\n", with: "")
        let library = try Self.compile(text, more: [("partners/subcontractor", Self.partner)])
        let set = try #require(library.outboundSet("edi/940"))
        let policy = try #require(library.partners.partner(named: "subcontractor")?.send)
        let moment = try #require(DateTime("2026-11-28T10:05:00"))
        let written = policy.write(
            set.render(try Self.lines(), Project.context), of: set, at: moment, interchangeNumber: 7, groupNumber: 9, structures: library.structures)
        #expect(!written.isSendable)
        #expect(written.diagnostics.contains { $0.fact.contains("W05") })
    }

    @Test func `levels nest, and HL numbers itself`() throws {
        let text = """
            outboundSet: edi/940
            records: [warehouseInstructionLine]
            writes: { format: x12, transactionSet: "856", version: "004010" }
            file: "856-{number}.edi"
            segments:
              - each: [carrier]
                segments:
                  - HL*{serial}*{parentSerial}*S
                  - each: [instruction]
                    segments:
                      - HL*{serial}*{parentSerial}*O
                      - PRF*{instruction}
                      - each: row
                        segments:
                          - HL*{serial}*{parentSerial}*I
                          - SN1**{quantity|.2}*{unitOfMeasure}
              - CTT*{count(rows)}
            """
        let set = try #require(try Self.compile(text).outboundSet("edi/940"))
        let rendered = set.render(try Self.lines(), Project.context)
        #expect(rendered.count == 1)
        #expect(rendered[0].segments.filter { $0.tag == "HL" }.map(Self.text) == [
            "HL*1**S", "HL*2*1*O", "HL*3*2*I", "HL*4*2*I", "HL*5**S", "HL*6*5*O", "HL*7*6*I", "HL*8*6*I",
        ])
        #expect(rendered[0].segments.first { $0.tag == "SN1" }.map(Self.text) == "SN1**3.00*EA")
        #expect(rendered[0].segments.last.map(Self.text) == "CTT*4")
    }

    @Test func `a message of EDIFACT has components, releases and implied forms`() throws {
        let text = """
            outboundSet: edi/940
            records: [warehouseInstructionLine]
            writes: { format: edifact, transactionSet: INSDES, version: D96A, association: EAN001 }
            file: "{number}.edi"
            segments:
              - BGM+221+{instruction}+9
              - DTM+2:{shipOn|yyyyMMdd}:102
              - FTX+AAI+++what?+ever:{"it's " + item}
              - when: carrier = "PLFL"
                segments: [ "TDT+20++30" ]
              - QTY+21:{quantity|N2}:PCE
              - RFF+ON:{null}
            """
        let set = try #require(try Self.compile(text).outboundSet("edi/940"))
        #expect(set.type == ["INSDES", "D", "96A", "UN", "EAN001"])
        let rendered = set.render([try Self.lines()[0]], Project.context)
        #expect(rendered[0].segments.map { $0.tag } == ["BGM", "DTM", "FTX", "TDT", "QTY"])
        #expect(rendered[0].segments[2].text(4) == "what+ever" && rendered[0].segments[2].text(4, 2) == "it's NW-1002")
        #expect(rendered[0].segments[4].text(1, 2) == "300")
    }

    @Test(arguments: [
        ("- W05*N*{instruction}", "- W05*N*{instructoin}", "instructoin"), ("- G62*10*{shipOn|yyyyMMdd}", "- G62*10*{shipOn|qq}", "`qq` is no form"),
        ("- G62*10*{shipOn|yyyyMMdd}", "- G62*10*{quantity|yyyyMMdd}", "is no form of number"), ("- LX*{index}", "- lx*{index}", "no tag of an EDI segment"),
        ("- LX*{index}", "- LX*{index", "is not closed"), ("each: row", "each: line", "\"line\" is not allowed"), ("per: [instruction]", "per: [order number]", "there is no field"),
        ("file: \"940-{number}.edi\"", "file: a.edi", "no name for interchanges"), ("transactionSet: \"940\"", "transactionSet: \"999999\"", "functional group"),
        ("W76*{sum(for r in rows return r.quantity)}", "W76*{now()}", "clock"),
    ])
    func `what is wrong in the file is said where it is`(_ old: String, _ new: String, _ fact: String) throws {
        precondition(Self.forwarding.contains(old))
        let found = try Self.findings(Self.forwarding.replacing(old, with: new))
        #expect(found.contains { $0.contains(fact) }, "\(found)")
    }

    @Test func `a route of an outbound set says a partner that is sent to`() throws {
        func found(_ route: String) throws -> [String] {
            MappingLibrary.compile(try Project.bundle() + [("outbound/edi/940", Self.forwarding), ("partners/subcontractor", Self.partner), ("routes/forward", route)].map {
                BundleFile(path: "Mappings/\($0.0).yaml", bytes: Array($0.1.utf8))
            }).diagnostics.map(\.fact)
        }
        let route = "route: forward\nfrom: warehouseInstructionLine\noutbound: edi/940\ntarget: x\n"
        #expect(try found(route + "partner: subcontractor\n") == [])
        #expect(try found(route) == ["a route of an outbound set says its `partner`"])
        #expect(try found(route + "partner: dockyard\n") == ["partner `dockyard` has no `send`"])
        #expect(try found(route.replacing("edi/940", with: "wms-shipping") + "partner: dockyard\n") == ["`partner` belongs to a route of an outbound set"])
    }

    private static let route = """
        route: forward
        from: warehouseInstructionLine
        outbound: edi/940
        partner: subcontractor
        target: subcontractor-edi
        """

    private static func partnerFacts(_ separators: String, acknowledge: String? = nil) throws -> [String] {
        var text = partner.replacing("test: true,", with: separators.isEmpty ? "test: true," : "separators: { \(separators) },")
        if let acknowledge { text += "\nacknowledge: { target: subcontractor-edi, \(acknowledge) }" }
        let files = [("outbound/edi/940", forwarding), ("partners/subcontractor", text), ("routes/forward", route)].map {
            BundleFile(path: "Mappings/\($0.0).yaml", bytes: Array($0.1.utf8))
        }
        return MappingLibrary.compile(try Project.bundle() + files).diagnostics.filter { $0.severity == .error }.map(\.fact)
    }

    @Test(arguments: [
        ("element: \"~\"", "nothing can be sent with the separators of partner `subcontractor`: element and terminator are both ~ in x12"),
        ("release: \"?\"", "nothing can be sent with the separators of partner `subcontractor`: X12 has no release"),
        ("component: a", "component is a; letters, digits, blanks and bytes beyond ASCII separate nothing"),
        ("element: \"0x1\"", "`0x1` is not one ASCII character, `tab`, `newline` or a code such as 0x1D"),
    ])
    func `separators that nothing can be written with are an error of the bundle`(_ defect: (separators: String, fact: String)) throws {
        #expect(try Self.partnerFacts("") == [] && Self.partnerFacts("element: \"|\", terminator: newline, component: \"0x1F\"") == [])
        let facts = try Self.partnerFacts(defect.separators)
        #expect(facts.contains { $0.hasSuffix(defect.fact) }, "\(facts)")
    }

    @Test func `separators of answers are held against the standards that are answered`() throws {
        #expect(try Self.partnerFacts("", acknowledge: "separators: { element: \"+\" }") == [])
        #expect(try Self.partnerFacts("", acknowledge: "separators: { terminator: \"+\" }") == ["element and terminator are both + in edifact"])
        #expect(try Self.partnerFacts("", acknowledge: "kind: 997, separators: { terminator: \"+\" }") == [])
        #expect(try Self.partnerFacts("", acknowledge: "kind: 997, separators: { una: true }") == ["X12 has no UNA"])
        #expect(try Self.partnerFacts("", acknowledge: "separators: { una: true, lineBreak: lf }") == [])
    }

    @Test func `a set leaves with the delimiters of its receiver, and one that holds a delimiter stays`() throws {
        let wanted = Self.partner.replacing("test: true,", with: "version: \"00501\", separators: { element: \"|\", component: \">\", repetition: \"!\", terminator: newline },")
        let library = try Self.compile(Self.forwarding, more: [("partners/subcontractor", wanted)])
        let set = try #require(library.outboundSet("edi/940")), policy = try #require(library.partners.partner(named: "subcontractor")?.send)
        let moment = try #require(DateTime("2026-11-28T10:05:00"))
        func written(_ lines: [[Value]]) -> SendingPolicy.Interchange {
            policy.write(set.render(lines, Project.context), of: set, at: moment, interchangeNumber: 7, groupNumber: 9, structures: library.structures)
        }
        let lines = try Self.lines()
        let text = String(decoding: written(lines).payload, as: UTF8.self)
        #expect(text.hasPrefix("ISA|00|          |00|          |ZZ|DOCKYARD       |ZZ|SUBCON         |261128|1005|!|00501|000000007|0|P|>\nGS|OW|"))
        #expect(text.contains("\nW01|3|EA||VN|NW-1002\n") && written(lines).isSendable)
        let odd = lines.map { $0.map { $0 == .string("NW-1002") ? .string("NW|1002") : $0 } }
        #expect(!written(odd).isSendable && written(odd).diagnostics.contains { $0.code.name == "EDI-DELIMITER" })
    }
}
