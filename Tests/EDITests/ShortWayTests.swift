import EDI
import Formats
import Testing

/// What is told by tables that were worked out beforehand, and by masks of 64 bytes, is what a closer look tells.
@Suite struct ShortWayTests {
    /// Variants that no EDI segment is: their loops and the transaction set are never left without a closer look.
    private static let counted = [
        "N1 O 200 loop where 01 = NEVER as never", "REF O 5 where 01 = NEVER", "PO1 M 100000 loop",
        "  PID O 1000 loop where 01 = NEVER as neverHere", "  REF O 5 where 01 = NEVER",
    ]

    private static let tags = [
        "BEG", "CUR", "REF", "PER", "DTM", "N9", "MSG", "N1", "N3", "N4", "REF", "PO1", "PO1", "PID", "PO4", "SCH", "N1", "CTT", "AMT", "ZZZ",
    ]

    @Test func `loops and findings are those of a closer look, for transaction sets of any order`() throws {
        let standard = try TransactionStructureTests.structures()
        let counted = try StructureGuideTests.structures(Self.counted, senders: [DefectSender(qualifier: "ZZ", id: "ACME")])
        var state: UInt64 = 7, found = 0
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        for round in 0..<400 {
            // Half of them in the order of the list, so that not all is wrong.
            var places = (0..<(2 + below(40))).map { _ in below(Self.tags.count) }
            if round % 2 == 0 { places.sort() }
            let text = Fixture.interchange(Fixture.group([Fixture.set(places.map { Self.tags[$0] + "*01*\($0)" })]))
            let short = read(text, structures: standard).sink, close = read(text, structures: counted).sink
            #expect(short.lines == close.lines, "\(places.map { Self.tags[$0] })")
            found += short.codes.count
        }
        #expect(found > 400)
    }

    @Test func `a terminator that is a letter is one where an EDI segment would begin`() {
        let text = "UNA:+.?*FUNB+UNOA:4+A+B+250322:1+1FFUNZ+0+1F"
        let whole = read(text, as: .edifact).sink
        #expect(whole.codes.contains("EDF-EMPTY") && !whole.codes.contains("EDF-TAG"), "\(whole.codes)")
        for chunk in [1, 7] { #expect(read(text, as: .edifact, chunk: chunk).sink.lines == whole.lines) }
    }

    @Test func `a release character of more than 7 bits within a character leaves no broken text`() {
        let text = Array("UNA:+.".utf8) + [0xBF] + Array(" 'UNB+UNOA:4+A+B+250322:1+1'UNG+x".utf8) + [0xEF, 0xBB, 0xBF] + Array("y'UNZ+0+1'".utf8)
        let lines = read(text, as: .edifact).sink.lines
        // What is left when it is undone is no UTF-8, so the bytes are read one by one.
        #expect(lines.contains { $0.contains("ï»y") }, "\(lines)")
    }

    /// The same interchange with everything moved by some bytes, so that delimiters stand at each place of a block. With a byte that is
    /// not plain in the segment it is split one byte after the other.
    @Test(arguments: [(EDIStandard.x12, ""), (.x12, "\u{E9}"), (.edifact, ""), (.edifact, "?'"), (.edifact, "\u{E9}")])
    func `elements and components are found wherever they stand`(_ standard: EDIStandard, _ odd: String) {
        let (element, component) = standard == .x12 ? ("*", ">") : ("+", ":")
        for pad in 0..<140 {
            let parts = [String(repeating: "p", count: pad) + odd, "", "b", "c1\(component)\(component)c3", "", "\(component)d2", "e"]
            let segment = (["AAA"] + parts).joined(separator: element)
            let text = standard == .x12
                ? Fixture.interchange(Fixture.group([Fixture.set([segment, "BB\(element)1", "CCC"])]))
                : EDIFACTFixture.interchange([EDIFACTFixture.message([segment, "BBB\(element)1", "CCC"])])
            let lines = read(Array(text.utf8), as: standard).sink.lines
            var at = Self.start(of: segment, in: text) + 4, expected: [String] = []
            for (number, part) in parts.enumerated() {
                let components = part.split(separator: Character(component), omittingEmptySubsequences: false)
                for (place, text) in components.enumerated() {
                    let name = "\(number + 1)" + (components.count > 1 ? ".\(place + 1)" : "")
                    if !text.isEmpty { expected.append("\(name)=\(text.replacing("?'", with: "'"))@\(at)") }
                    at += text.utf8.count + 1
                }
            }
            let line = lines.first { $0.first == " " && $0.contains(" AAA ") }.map { $0.split(separator: " ").dropFirst(2).dropLast().joined(separator: " ") }
            #expect(line == expected.joined(separator: " "), "\(pad)")
            #expect(lines.contains { $0.contains(" CCC ") })
        }
    }

    private static func start(of part: String, in text: String) -> Int {
        let part = Array(part.utf8), text = Array(text.utf8)
        return (0...(text.count - part.count)).first { text[$0...].starts(with: part) } ?? -1
    }
}
