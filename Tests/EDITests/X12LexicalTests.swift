import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct X12LexicalTests {
    private func record(_ name: String, in sink: RecordingSink) -> String? {
        sink.lines.lazy.map { $0.drop { $0 == " " } }.first { $0.split(separator: " ").dropFirst().first == Substring(name) }.map(String.init)
    }

    /// A clean interchange whose ISA11, ISA12 and order are replaced.
    private func interchange(repetition: String, version: String, _ order: [String]) -> String {
        Fixture.interchange(Fixture.group([Fixture.set(order)])).replacing("*U*00401*", with: "*\(repetition)*\(version)*")
    }

    @Test func `elements, components and repetitions are told apart with their bytes`() {
        let text = interchange(repetition: "^", version: "00501", ["BEG*00**A>B>>D^E*X^Y>Z"])
        let (sink, _) = read(text)
        let start = text.utf8.count - Array(text[text.range(of: "BEG")!.lowerBound...].utf8).count
        #expect(record("BEG", in: sink) == "2 BEG 1=00@\(start + 4) 3.1=A@\(start + 8) 3.2=B@\(start + 10) 3.4=D@\(start + 13) "
            + "3^2=E@\(start + 15) 4=X@\(start + 17) 4.1^2=Y@\(start + 19) 4.2^2=Z@\(start + 21) \(start..<(start + 22))")
    }

    @Test func `lines are counted alike wherever a buffer ends, also between the two bytes of a line break`() {
        for text in [Fixture.clean.replacing("IEA*1*", with: "IEA*3*"), EDIFACTFixture.clean.replacing("UNZ+1+", with: "UNZ+3+")] {
            let text = text.replacing("\n", with: "\r\n"), standard: EDIStandard = text.hasPrefix("ISA") ? .x12 : .edifact
            let whole = read(text, as: standard).sink
            #expect(whole.diagnostics.last?.position.line == text.utf8.count { $0 == 0x0A })
            for chunk in 1..<64 { #expect(read(text, as: standard, chunk: chunk).sink.lines == whole.lines, "chunk \(chunk)") }
        }
    }

    @Test func `an ISA that no header can be made of is told alike wherever a buffer ends`() {
        let text = "ISA*1~GS*PO*ACME*DEPOT*20261121*0938*1*X*004010~" + String(repeating: "REF*ZZ*1~", count: 12) + Fixture.clean
        let whole = read(text).sink
        #expect(whole.diagnostics.first?.position.bytes == 0..<106)
        for chunk in 1..<140 { #expect(read(text, chunk: chunk).sink.lines == whole.lines, "chunk \(chunk)") }
    }

    @Test(arguments: [("U", "00501"), ("^", "00401"), (" ", "00501"), ("1", "00501")])
    func `ISA11 separates repetitions only from version 00402 on, and never as a letter, digit or space`(
        _ header: (repetition: String, version: String)
    ) {
        let (sink, _) = read(interchange(repetition: header.repetition, version: header.version, ["BEG*A^BU1 C"]))
        #expect(record("BEG", in: sink)?.contains("1=A^BU1 C@") == true)
    }

    @Test(arguments: ["~", "~\r\n", "\n", "\r\n", "\r", "\u{15}", "|\n", "\u{2026}\n", "!", "}\n\n"])
    func `any byte ends an EDI segment, and line breaks after it are skipped`(_ terminator: String) {
        let text = Fixture.clean.replacing("~\n", with: terminator)
        for chunk in [0, 1, 3] {
            let (sink, summary) = read(text, chunk: chunk)
            #expect(sink.codes == (terminator.hasPrefix("\u{2026}") ? ["X12-TERMINATOR"] : []))
            #expect(summary.segments == 10)
            #expect(record("CTT", in: sink)?.hasPrefix("5 CTT 1=1@") == true)
        }
    }

    @Test func `a typographic quote does not end a segment that ends in an ellipsis`() {
        let text = Fixture.clean.replacing("~\n", with: "\u{2026}").replacing("Beta GmbH", with: "Beta \u{201C}X\u{201D}")
        #expect(record("N1", in: read(text).sink)?.contains("2=Beta \u{201C}X\u{201D}@") == true)
    }

    @Test func `an ISA of the wrong width is read by its separators`() {
        let narrow = Fixture.clean.replacing("ACME           ", with: "ACME")
        let (sink, summary) = read(narrow)
        #expect(sink.codes == ["X12-ISA-WIDTH"])
        #expect(sink.diagnostics.first?.fact == "ISA is 95 bytes wide; 106 were expected (ISA06)")
        #expect(summary.transactionSets == 1)
        #expect(sink.interchanges.first?.sender == "ACME")
    }

    @Test(arguments: [
        ("*U*00401*", "*00401*", 15), ("*0*P*>~", "*0*P~", 15), ("*0*P*>~", "*0*P*>*X~", 17), ("*0*P*>~\n", "*0*P*~", 16),
    ])
    func `an ISA with elements too few or too many is said, and what follows is still read`(
        _ change: (from: String, to: String, count: Int)
    ) {
        let text = Fixture.clean.replacing(change.from, with: change.to)
        for chunk in [0, 1, 50] {
            let (sink, summary) = read(text, chunk: chunk)
            let code = change.count == 16 ? "X12-ISA-WIDTH" : "X12-ISA-ELEMENTS"
            #expect(sink.codes.first == code)
            #expect(summary.transactionSets == 1 && summary.segments == 10)
        }
    }

    @Test func `an ISA without an end is no interchange`() {
        let (sink, summary) = read("ISA*00*" + String(repeating: "x", count: 2000))
        #expect(sink.codes == ["X12-ISA-ELEMENTS", "X12-NOISA"])
        #expect(summary.interchanges == 0)
    }

    @Test func `delimiters that are the same are an error`() {
        #expect(read(Fixture.clean.replacing("*P*>~", with: "*P*~~")).sink.codes.first == "X12-DELIMITERS")
    }

    @Test func `lines that were broken at 80 columns are joined`() {
        let flat = Fixture.clean.replacing("\n", with: "")
        var wrapped = "", column = 0
        for character in flat {
            if column == 80 { wrapped += "\n"; column = 0 }
            wrapped.append(character)
            column += 1
        }
        let (sink, summary) = read(wrapped)
        #expect(sink.codes == ["X12-WRAPPED"])
        #expect(summary.segments == 10)
        #expect(record("PO1", in: sink)?.contains("4=9.95@") == true)
        #expect(record("PO1", in: sink)?.contains("7=A-1@") == true)
    }

    @Test func `bytes that are not UTF-8 are read as Windows-1252 and said once`() {
        var bytes = Array(Fixture.clean.replacing("Beta GmbH", with: "B#ta").replacing("A-1", with: "A#1").utf8)
        for index in bytes.indices where bytes[index] == 0x23 { bytes[index] = bytes[..<index].contains(0xE4) ? 0x80 : 0xE4 }
        let (sink, _) = read(bytes)
        #expect(sink.codes == ["X12-CHARSET"])
        #expect(record("N1", in: sink)?.contains("2=B\u{E4}ta@") == true)
        #expect(record("PO1", in: sink)?.contains("7=A\u{20AC}1@") == true)
        #expect(read(Fixture.clean.replacing("Beta", with: "B\u{E4}ta")).sink.codes == [])
    }

    @Test func `binary data are taken by their length`() {
        let (sink, summary) = read(Fixture.interchange(Fixture.group([
            Fixture.set(["BIN*8*a~b*c\n~d", "BDS*ASC*3*~~~", "CTT*1"])
        ])))
        #expect(sink.codes == [])
        #expect(summary.segments == 9)
        #expect(record("BIN", in: sink)?.contains("2=a~b*c\n~d@") == true)
        #expect(record("BDS", in: sink)?.contains("3=~~~@") == true)
    }

    @Test(arguments: ["BIN*5*ab", "BIN*x*ab", "BIN*1*ab"])
    func `binary data whose length is wrong are read up to the next terminator`(_ segment: String) {
        let text = Fixture.interchange(Fixture.group([Fixture.set([segment, "CTT*1"])]))
        for chunk in [0, 1, 7] {
            let (sink, summary) = read(text, chunk: chunk)
            #expect(sink.codes == ["X12-BINARY"])
            #expect(summary.segments == 8)
            #expect(sink.transactionSets.map(\.accepted) == [false])
        }
    }

    @Test func `an EDI segment over the limit is left out, and the next one is read`() {
        var limits = ReadLimits()
        limits.recordBytes = 120
        let text = Fixture.interchange(Fixture.group([
            Fixture.set(["MSG*" + String(repeating: "x", count: 200), "CTT*1"]),
            Fixture.set(["BIN*300*" + String(repeating: "~", count: 300), "CTT*1"], control: "0002"),
            Fixture.set(Fixture.order, control: "0003"),
        ]))
        let whole = read(text, limits: limits)
        #expect(whole.sink.codes == ["X12-LONG", "X12-LONG"])
        #expect(whole.sink.diagnostic(.x12SegmentSize)?.fact == "The EDI segment has 204 bytes, more than 120; it was left out")
        #expect(whole.sink.transactionSets.map(\.accepted) == [false, false, true])
        for chunk in [1, 7, 64] { #expect(read(text, chunk: chunk, limits: limits).sink.lines == whole.sink.lines) }
    }

    @Test func `fields and bytes over the limit are said`() {
        var limits = ReadLimits()
        limits.fields = 3
        #expect(read(Fixture.interchange(Fixture.group([Fixture.set(["BEG*1*2*3*4", "CTT*1"])])), limits: limits).sink.codes
            .contains("X12-FIELDS"))
        limits = ReadLimits()
        limits.documentBytes = 200
        let whole = read(Fixture.clean, limits: limits)
        #expect(whole.sink.codes.prefix(2) == ["X12-CUT", "X12-SIZE"] && whole.summary.bytes == 200)
        #expect(read(Fixture.clean, chunk: 7, limits: limits).sink.lines == whole.sink.lines)
    }

    @Test func `passwords in ISA are masked in findings`() {
        let text = Fixture.clean.replacing("*00*          *ZZ*ACME           ", with: "*01*SECRETPASS*ZZ*ACME")
        let found = read(text).sink.diagnostic(.x12HeaderWidth)
        #expect(found?.excerpt?.text.contains("xxxxxxxxxx") == true)
        #expect(found?.text.contains("SECRET") == false)
    }

    @Test func `a sink that discards each set leaves nothing behind but the open nodes`() {
        var sink = RecordingSink()
        sink.discards = true
        var reader = EDIReader(.x12)
        let sets = (1...50).map { Fixture.set(Fixture.order, control: "\($0)") }
        let text = Fixture.interchange(Fixture.group(sets)).replacing("IEA*1*000000905~\n", with: "")
        Array(text.utf8).withUnsafeBufferPointer { reader.read($0, into: &sink) }
        #expect(sink.transactionSets.count == 50)
        #expect(reader.arena.nodes.count <= 5)
        _ = reader.finish(into: &sink)
    }
}
