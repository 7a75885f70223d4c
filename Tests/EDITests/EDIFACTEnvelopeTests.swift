import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct EDIFACTEnvelopeTests {
    private typealias F = EDIFACTFixture

    @Test func `a clean interchange gives its tree, its parties and no finding`() {
        let (sink, summary) = readEDIFACT(F.clean)
        #expect(sink.codes == [])
        #expect(summary.format == "edifact" && summary.interchanges == 1 && summary.transactionSets == 1)
        #expect(summary.segments == 11 && summary.bytes == F.clean.utf8.count)
        #expect(sink.lines.filter { $0.hasSuffix("{") }.map { $0.drop { $0 == " " } } == ["interchange {", "ORDERS {"])
        let message = sink.transactionSets.first
        #expect(message?.identifier == "ORDERS" && message?.version == "D96A" && message?.controlNumber == "1")
        #expect(sink.transactionSets.count == 1 && message?.segments == 9 && message?.accepted == true)
        let header = sink.interchanges.first
        #expect(header?.standard == .edifact && header?.sender == "4012345000001" && header?.senderQualifier == "14")
        #expect(header?.receiver == "4098765000001" && header?.controlNumber == "REF1" && header?.isTest == false)
    }

    @Test func `components, repetitions and releases are fields with their own bytes`() {
        let text = F.interchange(
            [F.message(["FTX+AAI+++a?+b:c??d?'e*f"])], syntax: "UNOC:4", una: "UNA:+.?*'", newline: "")
        let (sink, _) = readEDIFACT(text)
        #expect(sink.codes == [])
        let start = text.utf8.distance(from: text.startIndex, to: text.range(of: "a?+b")!.lowerBound)
        let line = sink.lines.first { $0.contains(" FTX ") }
        #expect(line?.contains("4.1=a+b@\(start) 4.2=c?d'e@\(start + 5) 4^2=f@\(start + 13)") == true, "\(line ?? "")")
    }

    @Test func `an association code is part of the version, so that EANCOM can be told from its directory`() {
        let (sink, _) = readEDIFACT(F.interchange([F.message(F.order, type: "ORDERS:D:96A:UN:EAN008")]))
        #expect(sink.transactionSets.map(\.version) == ["D96A/EAN008"])
    }

    @Test func `a wrong segment count is said with its bytes and rejects its message only`() throws {
        let text = F.interchange([
            F.message(F.order).replacing("UNT+9+", with: "UNT+12+"), F.message(F.order, reference: "2"),
        ])
        let (sink, _) = readEDIFACT(text)
        let start = text.utf8.distance(from: text.startIndex, to: try #require(text.range(of: "UNT+12")).lowerBound) + 4
        #expect(sink.diagnostics.first { $0.code == .edifactSegmentCount }?.text == """
            a.edi:11:5: error[EDF-UNT01]: UNT declares 12 EDI segments; 9 were read
              at interchange REF1, transaction set 1, segment 9 UNT, element 1 (bytes \(start)..<\(start + 2))
              | UNT+12+1'
              |     ^^
              hint: ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other messages
            """)
        #expect(sink.codes == ["EDF-UNT01"])
        #expect(sink.transactionSets.map(\.accepted) == [false, true])
    }

    /// Each code with the interchange that gives it, and nothing else.
    static let cases: [(code: String, text: String)] = [
        ("EDF-NOUNB", "hello"),
        ("EDF-NOUNB", ""),
        ("EDF-JUNK", "hello\n" + F.clean),
        ("EDF-BOM", "\u{FEFF}" + F.clean),
        ("EDF-UNA", F.clean.replacing("UNA:+.? '\n", with: "").replacing("'", with: "~")),
        ("EDF-UNA", F.clean.replacing("UNA:+.? '\n", with: "").replacing("'\n", with: "\n")),
        ("EDF-SYNTAX", F.clean.replacing("UNOC:3", with: "UNOQ:3")),
        ("EDF-UNB", F.clean.replacing("+261121:0938+", with: "++")),
        ("EDF-NOMESSAGES", F.interchange([])),
        ("EDF-OUTSIDE", F.clean.replacing("UNH+", with: "BGM+1'\nUNH+")),
        ("EDF-UNT02", F.clean.replacing("UNT+9+1'", with: "UNT+9+2'")),
        ("EDF-UNZ01", F.clean.replacing("UNZ+1+", with: "UNZ+2+")),
        ("EDF-UNZ02", F.clean.replacing("UNZ+1+REF1", with: "UNZ+1+REF2")),
        ("EDF-UNH", F.clean.replacing("UNH+1+ORDERS:D:96A:UN", with: "UNH+1+")),
        ("EDF-TAG", F.clean.replacing("BGM+220", with: "bgm+220")),
        ("EDF-EMPTY", F.clean.replacing("UNS+S'", with: "UNS+S''")),
        ("EDF-INDENT", F.clean.replacing("BGM+220", with: "  BGM+220")),
        ("EDF-CONTROL", F.clean.replacing("Beta GmbH", with: "Beta\nGmbH")),
        ("EDF-CHARSET", F.clean.replacing("Beta", with: "Béta")),
        ("EDF-CUT", String(F.clean.dropLast(8)).replacing("UNZ", with: "FOO")),
        ("EDF-UNE01", grouped.replacing("UNE+1+", with: "UNE+2+")),
        ("EDF-UNE02", grouped.replacing("UNE+1+7", with: "UNE+1+8")),
    ]

    private static var grouped: String {
        F.interchange([
            "UNG+ORDERS+4012345000001:14+4098765000001:14+261121:0938+7+UN+D:96A'\n" + F.message(F.order) + "UNE+1+7'\n",
        ])
    }

    @Test(arguments: cases.indices)
    func `each defect has its code`(_ index: Int) {
        let (code, text) = Self.cases[index]
        let (sink, _) = readEDIFACT(text)
        var expected = [code]
        // What is cut off lacks its trailer too.
        if code == "EDF-CUT" { expected.append("EDF-NOUNZ") }
        #expect(sink.codes == expected, "\(sink.diagnostics.map(\.text))")
    }

    @Test func `headers, findings, EDI segments and verdicts come in one order, with what CONTRL gives back`() {
        let text = Self.grouped.replacing("UNT+9+1", with: "UNT+8+1").replacing("UNH+1+ORDERS:D:96A:UN", with: "UNH+1+ORDERS:D:96A:UN:EAN008+REF")
        let (sink, _) = readEDIFACT(text)
        let order = ["BGM", "DTM", "NAD", "LIN", "QTY", "UNS", "CNT"]
        #expect(sink.events == ["+interchange", "UNB", "+group", "UNG", "+set", "UNH"] + order
            + ["EDF-UNT01", "UNT", "-set", "UNE", "-group", "UNZ", "-interchange"])
        let message = sink.transactionSets[0], group = sink.groups[0], interchange = sink.endedInterchanges[0]
        #expect(message.header.message == MessageIdentifier(type: "ORDERS", version: "D", release: "96A", agency: "UN", association: "EAN008"))
        #expect(message.version == "D96A/EAN008" && message.header.reference == "REF" && message.trailer?.isCountRight == false)
        #expect(group.header.identifier == "ORDERS" && group.header.sender == "4012345000001" && group.header.version == "D96A")
        #expect(group.header.agency == "UN" && group.acceptedTransactionSets == 0 && group.transactionSets == 1)
        #expect(interchange.groups == 1 && interchange.header.version == "UNOC:3" && interchange.trailer?.isControlNumberRight == true)
    }

    @Test func `a functional group is a node, and UNZ counts it`() {
        let (sink, summary) = readEDIFACT(Self.grouped)
        #expect(sink.codes == [] && summary.groups == 1)
        #expect(sink.lines.contains(" functionalGroup {"))
    }

    @Test func `missing trailers are said where their envelopes begin, and what was read is kept`() {
        let text = Self.grouped.replacing("UNT+9+1'\n", with: "").replacing("UNE+1+7'\n", with: "").replacing("UNZ+1+REF1'\n", with: "")
        let (sink, _) = readEDIFACT(text)
        #expect(sink.codes == ["EDF-NOUNT", "EDF-NOUNE", "EDF-NOUNZ"])
        #expect(sink.diagnostics.filter { $0.code.name != "EDF-NOSTRUCTURE" }.map(\.position.line) == [4, 3, 2])
    }

    @Test func `limits cut what is too long, too many and too large, and reading goes on`() {
        var limits = ReadLimits()
        limits.recordBytes = 40
        let long = readEDIFACT(F.interchange([F.message(["FTX+AAI+++" + String(repeating: "x", count: 100), "BGM+220"])]), limits: limits)
        #expect(long.sink.codes.contains("EDF-LONG") && long.sink.lines.contains { $0.contains(" BGM ") })
        limits = ReadLimits()
        limits.fields = 12
        let many = readEDIFACT(F.interchange([F.message(["FTX" + String(repeating: "+a", count: 20), "BGM+220"])]), limits: limits)
        #expect(many.sink.codes == ["EDF-FIELDS"])
        limits = ReadLimits()
        limits.documentBytes = 120
        let large = readEDIFACT(F.clean, limits: limits)
        #expect(large.sink.codes.contains("EDF-SIZE") && large.summary.bytes == 120)
    }

    @Test func `level B without UNA has its own separators and no release character`() {
        let text = "UNB\u{1D}UNOB\u{1F}1\u{1D}A\u{1D}B\u{1D}261121\u{1F}0938\u{1D}R\u{1C}UNH\u{1D}1\u{1D}ORDERS\u{1F}2\u{1F}912\u{1F}UN\u{1C}"
            + "BGM\u{1D}what?\u{1C}UNT\u{1D}3\u{1D}1\u{1C}UNZ\u{1D}1\u{1D}R\u{1C}"
        let (sink, _) = readEDIFACT(text)
        #expect(sink.codes == [])
        #expect(sink.lines.contains { $0.contains("BGM 1=what?@") })
        #expect(sink.transactionSets.map(\.version) == ["2912"])
    }

    @Test func `several interchanges in a file, each with its own separators`() {
        let other = "UNA|*.\\ ~UNB*UNOC|3*A*B*261121|0938*R~UNH*1*ORDERS|D|96A|UN~BGM*it's + \\*~UNT*3*1~UNZ*1*R~"
        let (sink, summary) = readEDIFACT(F.clean + "\r\n" + other)
        #expect(sink.codes == [])
        #expect(summary.interchanges == 2 && summary.transactionSets == 2)
        #expect(sink.lines.contains { $0.contains("BGM 1=it's + *@") })
    }

    @Test func `separators that are the same byte are an error`() {
        let (sink, _) = readEDIFACT(F.clean.replacing("UNA:+.? '", with: "UNA:+.: '"))
        #expect(sink.codes.contains("EDF-DELIMITERS"))
    }
}
