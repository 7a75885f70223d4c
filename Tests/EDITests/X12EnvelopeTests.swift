import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct X12EnvelopeTests {
    @Test func `a clean interchange gives its tree and no finding`() {
        let (sink, summary) = read(Fixture.clean)
        #expect(sink.codes == [])
        #expect(summary.interchanges == 1 && summary.groups == 1 && summary.transactionSets == 1)
        #expect(summary.segments == 10 && summary.bytes == Fixture.clean.utf8.count)
        #expect(sink.lines.filter { $0.hasSuffix("{") }.map { $0.drop { $0 == " " } } == [
            "interchange {", "functionalGroup {", "850 {",
        ])
        let set = sink.transactionSets.first
        #expect(set?.identifier == "850" && set?.version == "004010" && set?.controlNumber == "0001")
        #expect(sink.transactionSets.count == 1 && set?.segments == 6 && set?.accepted == true)
        #expect(sink.interchanges.first?.sender == "ACME" && sink.interchanges.first?.receiverQualifier == "ZZ")
        #expect(sink.interchanges.first?.controlNumber == "000000905" && sink.interchanges.first?.isTest == false)
    }

    @Test func `a wrong segment count is said with its bytes, caret and hint, and rejects its set only`() throws {
        let bad = Fixture.set(Fixture.order).replacing("SE*6*", with: "SE*12*")
        let text = Fixture.interchange(Fixture.group([bad, Fixture.set(Fixture.order, control: "0002")]))
        let (sink, _) = read(text)
        #expect(sink.codes == ["X12-SE01"])
        let start = try #require(text.range(of: "SE*12")).lowerBound
        let offset = text.utf8.distance(from: text.startIndex, to: start) + 3
        #expect(sink.diagnostics.last { $0.code == .x12SegmentCount }?.text == """
            a.edi:8:4: error[X12-SE01]: SE01 declares 12 EDI segments; 6 were read
              at interchange 000000905, group 1, transaction set 0001, segment 6 SE, element 1 (bytes \(offset)..<\(offset + 2))
              | SE*12*0001~
              |    ^^
              hint: ask the sender to regenerate; onError: { structure: keep } in the feed keeps the other transaction sets
            """)
        #expect(sink.transactionSets.map(\.accepted) == [false, true])
    }

    @Test func `headers, findings, EDI segments and verdicts come in one order`() {
        let bad = Fixture.set(Fixture.order).replacing("SE*6*", with: "SE*12*").replacing("ST*850*0001", with: "ST*850*0001*4010X")
        let good = Fixture.set(Fixture.order, control: "0002")
        let (sink, _) = read(Fixture.interchange(Fixture.group([bad, good], identifier: "IN").replacing("GE*2*1", with: "GE*2*7")))
        let order = ["BEG", "N1", "PO1", "CTT"]
        #expect(sink.events == ["+interchange", "ISA", "+group", "GS", "+set", "X12-GS01", "ST"] + order
            + ["X12-SE01", "SE", "-set", "+set", "X12-GS01", "ST"] + order + ["SE", "-set"]
            + ["X12-GE02", "GE", "-group", "IEA", "-interchange"])
        let set = sink.transactionSets[0], group = sink.groups[0], interchange = sink.endedInterchanges[0]
        #expect(set.header.reference == "4010X" && set.header.message == nil && !set.accepted)
        #expect(set.trailer?.declaredCount == "12" && set.trailer?.isCountRight == false && set.trailer?.isControlNumberRight == true)
        #expect(group.header.identifier == "IN" && group.header.agency == "X" && group.header.receiver == "DEPOT")
        #expect(group.transactionSets == 2 && group.acceptedTransactionSets == 1 && group.accepted)
        #expect(group.trailer?.isCountRight == true && group.trailer?.controlNumber == "7" && group.trailer?.isControlNumberRight == false)
        #expect(interchange.groups == 1 && interchange.transactionSets == 2 && interchange.acceptedTransactionSets == 1)
        #expect(interchange.header.version == "00401" && interchange.header.date == "261121" && interchange.header.time == "0938")
        #expect(interchange.header.requestsAcknowledgement == false && interchange.trailer?.controlNumber == "000000905")
    }

    @Test func `what has no trailer ends all the same, innermost first`() {
        let (sink, _) = read(Fixture.clean.replacing("SE*6*0001~\nGE*1*1~\nIEA*1*000000905~\n", with: ""))
        #expect(sink.events.suffix(6) == ["X12-NOSE", "-set", "X12-NOGE", "-group", "X12-NOIEA", "-interchange"])
        #expect(sink.transactionSets[0].trailer == nil && sink.groups[0].trailer == nil && sink.endedInterchanges[0].trailer == nil)
        #expect(sink.groups[0].acceptedTransactionSets == 0)
    }

    @Test func `a sender's own policy holds for its interchanges alone`() {
        let bad = Fixture.group([Fixture.set(Fixture.order).replacing("SE*6*", with: "SE*5*")])
        let text = Fixture.interchange(bad) + Fixture.interchange(bad).replacing("*ZZ*ACME ", with: "*ZZ*ACMF ")
        var sink = RecordingSink()
        var reader = EDIReader(.x12, senders: [
            DefectSender(qualifier: "ZZ", id: "ACME"): DefectPolicy.standard.overriding([.x12SegmentCount: .accept]),
        ])
        Array(text.utf8).withUnsafeBufferPointer { reader.read($0, into: &sink) }
        _ = reader.finish(into: &sink)
        #expect(sink.codes == ["X12-SE01"] && sink.transactionSets.map(\.accepted) == [true, false])
    }

    @Test func `each setting of a defect does what it says`() {
        let bad = Fixture.interchange(Fixture.group([Fixture.set(Fixture.order)]), control: "000000906")
        func read(_ setting: DefectSetting) -> (severities: [Severity], accepted: [Bool]) {
            let sink = EDITests.read(bad, policy: DefectPolicy.standard.overriding([.x12InterchangeControl: setting])).sink
            return (sink.diagnostics.filter { $0.code == .x12InterchangeControl }.map(\.severity), sink.transactionSets.map(\.accepted))
        }
        #expect(read(.accept).severities == [] && read(.note).severities == [.note] && read(.warning).severities == [.warning])
        #expect(read(.reject).severities == [.error])
        // The transaction set had ended before the defect was found.
        #expect(read(.reject).accepted == [true])
    }

    @Test func `a policy turns a wrong count into a warning that rejects nothing`() {
        let bad = Fixture.interchange(Fixture.group([Fixture.set(Fixture.order).replacing("SE*6*", with: "SE*5*")]))
        let policy = DefectPolicy.standard.overriding(.x12SegmentCount, with: DefectRule(.warning))
        let (sink, _) = read(bad, policy: policy)
        #expect(sink.diagnostic(.x12SegmentCount)?.severity == .warning)
        #expect(sink.transactionSets.map(\.accepted) == [true])
    }

    @Test(arguments: [
        ("SE*6*0001", "SE*6*0009", "X12-SE02", "SE02 is 0009; ST02 is 0001"),
        ("GE*1*1", "GE*2*1", "X12-GE01", "GE01 declares 2 transaction sets; 1 were read"),
        ("GE*1*1", "GE*1*7", "X12-GE02", "GE02 is 7; GS06 is 1"),
        ("IEA*1*000000905", "IEA*3*000000905", "X12-IEA01", "IEA01 declares 3 functional groups; 1 were read"),
        ("IEA*1*000000905", "IEA*1*000000906", "X12-IEA02", "IEA02 is 000000906; ISA13 is 000000905"),
        ("GS*PO*", "GS*IN*", "X12-GS01", "ST01 is 850, which belongs in a group PO; GS01 is IN"),
        ("ST*850*0001", "ST*850*", "X12-ST", "ST02 is empty; a transaction set control number was expected"),
        ("CTT*1~", "CTT*1~~", "X12-EMPTY", "A terminator stands where an EDI segment was expected"),
        ("CTT*1~", "NOTAG*1~", "X12-TAG", "A segment tag is two or three capital letters and digits; NOTAG was found"),
        ("CTT*1~", "*1~", "X12-TAG", "A segment tag is two or three capital letters and digits; nothing was found"),
        ("CTT*1~", "CTT*1\u{7}2~", "X12-CONTROL", "A control character stands inside an element"),
        ("Beta GmbH", "Beta\nGmbH", "X12-CONTROL", "A line break stands inside an element"),
        ("ST*850", "  ST*850", "X12-INDENT", "Spaces or tabs stand before a segment tag; here and further on they were skipped"),
    ])
    func `each defect has its own code and fact`(_ defect: (from: String, to: String, code: String, fact: String)) {
        let text = Fixture.clean.replacing(defect.from, with: defect.to)
        #expect(text != Fixture.clean)
        let (sink, _) = read(text)
        let found = sink.diagnostics.first { $0.code.name == defect.code }
        #expect(found?.fact == defect.fact, "\(sink.diagnostics.map(\.text))")
        #expect(found?.position.bytes != nil && found?.position.line != nil)
    }

    @Test func `numbers of groups and interchanges may differ in leading zeros`() {
        #expect(read(Fixture.clean.replacing("IEA*1*000000905", with: "IEA*1*905")).sink.codes == [])
        #expect(read(Fixture.clean.replacing("GE*1*1", with: "GE*1*0001")).sink.codes == [])
    }

    @Test func `missing trailers are found where the next envelope begins, and reading goes on`() {
        let cutSet = Fixture.set(Fixture.order).replacing("SE*6*0001~\n", with: "")
        let whole = Fixture.set(Fixture.order, control: "0002")
        let (sink, summary) = read(Fixture.interchange(Fixture.group([cutSet, whole])))
        #expect(sink.codes == ["X12-NOSE"])
        #expect(sink.diagnostic(.x12MissingSE)?.position.line == 3)
        #expect(sink.transactionSets.map(\.accepted) == [false, true])
        #expect(summary.transactionSets == 2)

        let twoGroups = Fixture.group([whole]).replacing("GE*1*1~\n", with: "") + Fixture.group([whole], number: "2")
        #expect(read(Fixture.interchange(twoGroups, groups: 2)).sink.codes == ["X12-NOGE"])

        let noIEA = Fixture.clean.replacing("IEA*1*000000905~\n", with: "")
        #expect(read(noIEA + Fixture.clean).sink.codes == ["X12-NOIEA"])
        #expect(read(noIEA + Fixture.clean).summary.interchanges == 2)
    }

    @Test func `a file that is cut off keeps the sets before the cut and says what is missing`() throws {
        let body = Fixture.group([Fixture.set(Fixture.order), Fixture.set(Fixture.order, control: "0002")])
        let text = Fixture.interchange(body)
        let second = try #require(text.range(of: "ST*850*0002"))
        let cut = String(text[..<text.index(second.upperBound, offsetBy: 20)])
        let (sink, _) = read(cut)
        #expect(sink.codes == ["X12-CUT", "X12-NOSE", "X12-NOGE", "X12-NOIEA"])
        #expect(sink.transactionSets.map(\.accepted) == [true, false])
        #expect(sink.diagnostics.allSatisfy { $0.severity == .note || $0.hint == "the file is cut off: ask the sender to send it again" })
    }

    @Test func `a last IEA without terminator is taken as it stands`() {
        #expect(read(String(Fixture.clean.dropLast(2))).sink.codes == [])
    }

    @Test func `EDI segments outside their envelope are kept and said`() {
        let set = Fixture.set(Fixture.order)
        #expect(read(Fixture.interchange(Fixture.group([set, "N1*BY*Lost~\n"]).replacing("GE*2", with: "GE*1"))).sink.codes == ["X12-OUTSIDE"])
        let noGroup = read(Fixture.interchange(set, groups: 0))
        #expect(noGroup.sink.codes == ["X12-OUTSIDE"])
        #expect(noGroup.sink.transactionSets.map(\.accepted) == [false])
        #expect(read(Fixture.interchange("SE*2*1~\nGE*1*1~\n", groups: 0)).sink.codes == ["X12-OUTSIDE", "X12-OUTSIDE", "X12-NOSETS"])
    }

    @Test func `TA1 stands outside groups, and an interchange of nothing else is a note`() {
        let text = Fixture.interchange("TA1*000000001*261121*0938*A*000~\n", groups: 0)
        let (sink, _) = read(text)
        #expect(sink.codes == ["X12-NOSETS"])
        #expect(sink.diagnostics.map(\.severity) == [.note])
        #expect(read(Fixture.interchange("", groups: 0)).sink.diagnostics.map(\.severity) == [.warning])
    }

    @Test func `several interchanges with other delimiters each, and junk between, are read`() {
        let other = Fixture.clean.replacing("*", with: "|").replacing("~\n", with: "\r\n")
        let (sink, summary) = read("﻿\n" + Fixture.clean + "-- page 2 --\n" + other + "\u{1A}")
        #expect(sink.codes == ["X12-BOM", "X12-JUNK"])
        #expect(sink.diagnostic(.x12Junk)?.fact == "12 bytes belong to no interchange and were skipped")
        #expect(sink.diagnostic(.x12Junk)?.position.column == 1)
        #expect(summary.interchanges == 2 && summary.transactionSets == 2 && summary.segments == 20)
    }

    @Test func `a file that is not X12 is an error with its bytes`() {
        for text in ["", "UNA:+.? 'UNB+UNOC:3+A+B'", "order;item\n1;2\n", "ISABELLA*1*2"] {
            let (sink, summary) = read(text)
            #expect(sink.diagnostics.map(\.code.name) == ["X12-NOISA"])
            #expect(sink.diagnostics.first?.position.bytes == 0..<text.utf8.count)
            #expect(summary.interchanges == 0)
        }
        #expect(read([0xC9, 0xE2, 0xC1, 0x5C]).sink.diagnostics.first?.hint?.contains("EBCDIC") == true)
    }

    @Test func `X12 is recognised by its first bytes`() {
        #expect(EDIReader.recognised(head: Array(Fixture.clean.utf8)) == .x12)
        #expect(EDIReader.recognised(head: Array("\u{FEFF}\r\n ISA*00*".utf8)) == .x12)
        for text in ["", "ISA", "ISABELLA", "GS*PO", "UNB+UNOC:3", "<ISA*/>"] {
            #expect(EDIReader.recognised(head: Array(text.utf8)) != .x12, "\(text)")
        }
    }
}
