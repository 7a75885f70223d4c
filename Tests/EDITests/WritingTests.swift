import Diagnostics
import EDI
import Formats
import Testing
import Values

@Suite struct WritingTests {
    private func text(_ segments: [EDISegment], _ standard: InterchangeHeader.Standard = .x12, _ punctuation: EDIPunctuation? = nil) -> String {
        var writer = EDIWriter(standard, punctuation: punctuation)
        for segment in segments { writer.write(segment) }
        #expect(writer.diagnostics.total == 0)
        return String(decoding: writer.bytes, as: UTF8.self)
    }

    @Test func `empty elements, components and repetitions at the end are left out`() {
        var element = EDIElement(components: ["A", "", ""])
        #expect(text([EDISegment("N1", "BY", "", element, "", "")]) == "N1*BY**A~")
        element = EDIElement(components: ["", "B"])
        #expect(text([EDISegment("SV1", element, "", "1")]) == "SV1*:B**1~")
        #expect(text([EDISegment("LE", "", "")]) == "LE~")
    }

    @Test func `EDIFACT releases what would divide, and X12 refuses it with its place`() {
        #expect(text([EDISegment("FTX", "AAI", "What's 1+1? a:b")], .edifact) == "FTX+AAI+What?'s 1?+1?? a?:b'")
        var writer = EDIWriter(.x12)
        writer.write(EDISegment("ST", "850", "0007"))
        writer.write(EDISegment("MSG", "5*3 is fifteen"))
        #expect(writer.diagnostics.kept.map(\.text) == ["""
            <input>: error[EDI-DELIMITER]: The value holds *, which is a delimiter of the interchange
              at transaction set 0007, segment 2 MSG, element 1
              hint: another value, other delimiters or another character set; nothing of this is to be sent
            """])
        var policy = WritePolicy()
        policy.delimiters = .replace(UInt8(ascii: "x"))
        writer = EDIWriter(.x12, policy: policy)
        writer.write(EDISegment("MSG", "5*3~"))
        #expect(String(decoding: writer.bytes, as: UTF8.self) == "MSG*5x3x~")
        #expect(writer.diagnostics.kept.map(\.severity) == [.warning, .warning])
    }

    @Test func `a character that the set of UNB lacks is said, and one that it has is encoded`() {
        var writer = EDIWriter(.edifact)
        writer.write(EDISegment("UNB", EDIElement(components: ["UNOE", "3"]), "A", "B", EDIElement(components: ["261128", "1200"]), "1"))
        writer.write(EDISegment("FTX", "ЖУК"))
        #expect(writer.bytes.suffix(8) == [0x46, 0x54, 0x58, 0x2B, 0xB6, 0xC3, 0xBA, 0x27])
        #expect(writer.diagnostics.total == 0)
        writer.write(EDISegment("FTX", "€"))
        #expect(writer.diagnostics.kept.map(\.code) == [.ediValueCharset])
        #expect(writer.diagnostics.kept.first?.fact == "U+20AC is not in the character set ISO 8859-5")
    }

    @Test func `a release character is released also where it was encoded`() {
        // 0x3F is the release character; no other character of an 8-bit set has this byte.
        #expect(text([EDISegment("FTX", "?")], .edifact) == "FTX+??'")
    }

    @Test func `repetitions are written with the separator, and refused without one`() {
        let source = "UNA:+.?*'UNB+UNOC:4+A+B+20261128:1200+1'UNH+1+ORDERS:D:96A:UN'RFF+a:b*c:?*d'UNT+3+1'UNZ+1+1'"
        let rewritten = rewrite(Array(source.utf8))
        #expect(rewritten.map { String(decoding: $0.bytes, as: UTF8.self) } == source)
        var plain = EDIPunctuation.edifact
        plain.component = nil
        var writer = EDIWriter(.edifact, punctuation: plain)
        writer.write(EDISegment("RFF", EDIElement(components: ["a", "b"])))
        #expect(writer.diagnostics.kept.map(\.code) == [.ediValueSeparator])
    }

    @Test func `ISA is padded to 106 bytes and tells the delimiters`() {
        var punctuation = EDIPunctuation.x12
        punctuation.element = UInt8(ascii: "|")
        let envelope = InterchangeEnvelope(
            .x12, from: "DEPOT", "ZZ", to: "ACME", "01", writtenAt: Self.noon, controlNumber: 42, version: "00501", isTest: true)
        var writer = InterchangeWriter(envelope, punctuation: punctuation)
        writer.beginGroup(GroupEnvelope("FA", from: "DEPOT", to: "ACME", controlNumber: 7, version: "005010X231A1"))
        writer.beginTransactionSet(["999"], control: "0001", implementation: "005010X231A1")
        writer.write(EDISegment("AK1", "PO", "1"))
        writer.endTransactionSet()
        writer.endGroup()
        let bytes = writer.endInterchange()
        #expect(String(decoding: bytes, as: UTF8.self) == """
            ISA|00|          |00|          |ZZ|DEPOT          |01|ACME           |261128|1205|^|00501|000000042|0|T|:~\
            GS|FA|DEPOT|ACME|20261128|1205|7|X|005010X231A1~ST|999|0001|005010X231A1~AK1|PO|1~SE|3|0001~GE|1|7~IEA|1|000000042~
            """)
        #expect(writer.diagnostics.total == 0)
        #expect(content(of: bytes, .x12).diagnostics.filter { $0.severity > .note }.isEmpty)
    }

    static let noon = DateTime("2026-11-28T12:05:00").unsafelyUnwrapped

    @Test(arguments: ["U", "1", " ", ">"])
    func `ISA11 that separates nothing stays as it is`(_ standards: String) throws {
        // `>` separates components, and cannot separate repetitions too.
        let source = Array(Fixture.clean.replacing("*U*00401*", with: "*\(standards)*00501*").utf8)
        let rewritten = try #require(rewrite(source))
        #expect(content(of: rewritten.bytes, .x12).lines == content(of: source, .x12).lines)
    }

    @Test func `UNB and UNZ are written with the counts of what is between`() {
        let envelope = InterchangeEnvelope(
            .edifact, from: "4098765000001", "14", to: "4012345000001", "14", writtenAt: Self.noon, controlNumber: 9)
        var writer = InterchangeWriter(envelope)
        for control in ["1", "2"] {
            writer.beginTransactionSet(["CONTRL", "D", "3", "UN"], control: control)
            writer.write(EDISegment("UCI", "REF1"))
            writer.endTransactionSet()
        }
        let bytes = writer.endInterchange()
        #expect(String(decoding: bytes, as: UTF8.self) == """
            UNB+UNOC:3+4098765000001:14+4012345000001:14+261128:1205+9'UNH+1+CONTRL:D:3:UN'UCI+REF1'UNT+3+1'\
            UNH+2+CONTRL:D:3:UN'UCI+REF1'UNT+3+2'UNZ+2+9'
            """)
        #expect(content(of: bytes, .edifact).diagnostics.filter { $0.severity > .note }.isEmpty)
    }

    @Test func `an identifier wider than ISA has room for is refused`() {
        let envelope = InterchangeEnvelope(
            .x12, from: "A-SENDER-OF-18-LET", "ZZ", to: "ACME", "01", writtenAt: Self.noon, controlNumber: 42)
        let writer = InterchangeWriter(envelope)
        #expect(writer.diagnostics.kept.map(\.fact) == ["ISA06 has 18 bytes; ISA has room for 15"])
    }

    @Test func `UNA is written where the separators need it`() {
        var punctuation = EDIPunctuation.edifact
        punctuation.decimalMark = UInt8(ascii: ",")
        let unb = EDISegment("UNB", EDIElement(components: ["UNOC", "3"]), "A", "B", EDIElement(components: ["261128", "1200"]), "1")
        #expect(text([unb], .edifact, punctuation) == "UNA:+,? 'UNB+UNOC:3+A+B+261128:1200+1'")
        punctuation = .edifact
        punctuation.terminator = [0x0A]
        #expect(text([unb], .edifact, punctuation) == "UNA:+.? \nUNB+UNOC:3+A+B+261128:1200+1\n")
        #expect(text([unb], .edifact) == "UNB+UNOC:3+A+B+261128:1200+1'")
    }

    @Test func `counts and control numbers are mended where that is asked for`() throws {
        let wrong = Fixture.clean.replacing("SE*6*0001", with: "SE*9*0004").replacing("GE*1*1", with: "GE*3*2")
        let kept = try #require(rewrite(Array(wrong.utf8)))
        #expect(String(decoding: kept.bytes, as: UTF8.self) == wrong)
        let mended = try #require(rewrite(Array(wrong.utf8), recounts: true))
        #expect(String(decoding: mended.bytes, as: UTF8.self) == Fixture.clean)
    }

    @Test func `other delimiters and line breaks say the same`() throws {
        var punctuation = EDIPunctuation.x12
        punctuation.element = UInt8(ascii: "|")
        punctuation.terminator = [0x0D]
        let rewritten = try #require(rewrite(Array(Fixture.clean.utf8), punctuation: punctuation))
        #expect(content(of: rewritten.bytes, .x12).segments.dropFirst() == content(of: Array(Fixture.clean.utf8), .x12).segments.dropFirst())
    }

    /// The separators of a partner, by the letters of what they are.
    private static func separators(_ edit: (inout EDISeparators) -> Void) -> EDISeparators {
        var separators = EDISeparators()
        edit(&separators)
        return separators
    }

    @Test func `a partner chooses delimiters, and ISA tells them by its version`() {
        let chosen = Self.separators {
            ($0.element, $0.component, $0.repetition, $0.terminator, $0.lineBreak) = (0x7C, 0x3E, 0x25, 0x0A, .crlf)
        }
        func written(_ version: String) -> String {
            let envelope = InterchangeEnvelope(
                .x12, from: "DEPOT", "ZZ", to: "ACME", "ZZ", writtenAt: AcknowledgementDesk.moment, controlNumber: 7, version: version)
            var writer = InterchangeWriter(envelope, punctuation: chosen.punctuation(.x12))
            writer.write(EDISegment("REF", "DP", EDIElement(components: ["a%", "b"])))
            let bytes = writer.endInterchange()
            #expect(writer.diagnostics.errors == (version == "00501" ? 1 : 0))
            return String(decoding: bytes, as: UTF8.self)
        }
        // Before 00402 nothing separates repetitions, so that % is a character like any other.
        #expect(written("00401").contains("|U|00401|000000007|0|P|>\nREF|DP|a%>b\n"))
        #expect(written("00501").contains("|%|00501|000000007|0|P|>\nREF|DP|a >b\n"))
    }

    @Test func `UNA is written where it is wanted or needed, with what a partner chose`() {
        func written(_ version: String, _ edit: (inout EDISeparators) -> Void) -> String {
            let envelope = InterchangeEnvelope(
                .edifact, from: "DEPOT", "", to: "ACME", "", writtenAt: AcknowledgementDesk.moment, controlNumber: 7, version: version)
            var writer = InterchangeWriter(envelope, punctuation: Self.separators(edit).punctuation(.edifact))
            writer.write(EDISegment("FTX", "AAI", EDIElement(components: ["1|2", "3:4*"])))
            return String(decoding: writer.endInterchange(), as: UTF8.self)
        }
        #expect(written("3") { _ in }.hasPrefix("UNB+UNOC:3+"))
        #expect(written("3") { $0.hasUNA = true }.hasPrefix("UNA:+.? 'UNB+UNOC:3+"))
        let own = written("3") { ($0.element, $0.decimalMark, $0.lineBreak) = (0x7C, 0x2C, .lf) }
        #expect(own.hasPrefix("UNA:|,? '\nUNB|UNOC:3|") && own.contains("FTX|AAI|1?|2:3?:4*'\n"))
        // From syntax 4 on * separates repetitions, and is released.
        #expect(written("4") { _ in }.contains("FTX+AAI+1|2:3?:4?*'"))
    }

    @Test func `separators that cannot be are refused, by standard`() {
        #expect(Self.separators { $0.element = 0x7E }.defects(.x12) == ["element and terminator are both ~ in x12"])
        #expect(Self.separators { $0.element = 0x7E }.defects(.edifact) == [])
        #expect(Self.separators { $0.component = 0x41 }.defects(.x12) == ["component is A; letters, digits, blanks and bytes beyond ASCII separate nothing"])
        #expect(Self.separators { $0.element = 0x0A }.defects(.x12).first?.contains("line breaks") == true)
        #expect(Self.separators { $0.terminator = 0x0A }.defects(.x12) == [])
        #expect(Self.separators { ($0.release, $0.hasUNA) = (0x5C, true) }.defects(.x12) == ["X12 has no release", "X12 has no UNA"])
        #expect(Self.separators { ($0.element, $0.hasUNA) = (0x7C, false) }.defects(.edifact) == ["separators other than those of the standard need a UNA"])
        #expect(Self.separators { $0.decimalMark = 0x3F }.defects(.edifact) == ["release and decimalMark are both ? in edifact"])
    }

    @Test func `an answer is written with the partner's delimiters, and leaves out a value that holds one`() throws {
        let chosen = Self.separators { ($0.element, $0.terminator, $0.lineBreak) = (0x7C, 0x21, .lf) }
        for (value, expected) in [("9,95", "AK4|4|212|6|9,95"), ("9|95", "AK4|4|212|6"), ("9*5", nil)] as [(String, String?)] {
            let bytes = AcknowledgementDesk.order(("9.95", value))
            let report = try #require(AcknowledgementDesk.reports(bytes).first)
            let draft = try #require(AcknowledgementDraft(report, punctuation: chosen.punctuation(.x12)))
            let (written, findings) = draft.write(at: AcknowledgementDesk.moment, interchangeNumber: 1, groupNumbers: [1])
            let lines = String(decoding: written, as: UTF8.self).split(separator: "!\n").map(String.init)
            #expect(findings.total == 0 && lines.first?.hasSuffix("|U|00401|000000001|0|P|:") == true)
            if let expected { #expect(lines.contains(expected), "\(lines)") }
        }
    }
}
