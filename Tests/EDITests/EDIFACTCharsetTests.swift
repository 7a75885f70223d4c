import Diagnostics
import EDI
import Formats
import Testing

@Suite struct EDIFACTCharsetTests {
    /// Declared set, bytes of a name, what they are read as, and whether that is what was declared.
    static let cases: [(syntax: String, bytes: [UInt8], text: String, isDeclared: Bool)] = [
        ("UNOC:3", [0x4D, 0xFC, 0x6C], "Mül", true),
        ("UNOC:3", [0x80], "€", false),
        ("UNOC:3", [0x4D, 0xC3, 0xBC, 0x6C], "Mül", false),
        ("UNOA:2", [0x4D, 0xFC, 0x6C], "Mül", false),
        ("UNOA:2", [0xC3, 0xBC], "ü", false),
        ("UNOD:3", [0xB3, 0xF3, 0xB1], "łóą", true),
        ("UNOE:3", [0xBC, 0xD8, 0xE0], "Мир", true),
        ("UNOF:3", [0xC1, 0xE8], "Αθ", true),
        ("UNOG:3", [0xA1], "Ħ", true),
        ("UNOH:3", [0xE1], "á", true),
        ("UNOI:3", [0xC7], "ا", true),
        ("UNOI:3", [0xFF], "ÿ", false),
        ("UNOJ:3", [0xE0], "א", true),
        ("UNOK:3", [0xFD], "ı", true),
        ("UNOY:4", [0xE2, 0x82, 0xAC], "€", true),
        ("UNOY:4", [0xFC], "ü", false),
    ]

    @Test(arguments: cases.indices)
    func `text is read in the set that is declared, unless its bytes show another`(_ index: Int) {
        let (syntax, bytes, text, isDeclared) = Self.cases[index]
        let frame = EDIFACTFixture.interchange([EDIFACTFixture.message(["NAD+BY+++NAME"])], syntax: syntax)
        let parts = frame.split(separator: "NAME")
        let (sink, _) = readEDIFACT(Array(parts[0].utf8) + bytes + Array(parts[1].utf8))
        #expect(sink.lines.contains { $0.contains(" 4=\(text)@") }, "\(sink.lines.filter { $0.contains("NAD") })")
        #expect(sink.codes == (isDeclared ? [] : ["EDF-CHARSET"]))
    }

    @Test func `a byte after a release character is looked at like any other`() {
        let message = EDIFACTFixture.message(["NAD+BY+++NAME"], newline: "")
        let frame = EDIFACTFixture.interchange([message], syntax: "UNOA:4", count: 2, newline: "")
        let parts = frame.split(separator: "NAME")
        let (sink, _) = readEDIFACT(Array(parts[0].utf8) + [0x4D, 0x3F, 0x9E, 0x3F, 0x0A, 0x3F, 0x01] + Array(parts[1].utf8))
        #expect(sink.lines.contains { $0.contains(" 4=M\u{17E}\n\u{1}@") }, "\(sink.lines.filter { $0.contains("NAD") })")
        #expect(sink.codes.prefix(2).sorted() == ["EDF-CHARSET", "EDF-CONTROL"], "\(sink.codes)")
        // The line break counts: the trailer, whose count is wrong, stands in the second line.
        #expect(sink.diagnostics.last?.position.line == 2, "\(sink.diagnostics.map(\.text))")
    }
}
