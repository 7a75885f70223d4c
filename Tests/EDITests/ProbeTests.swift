import EDI
import Formats
import Foundation
import Testing

@Suite struct ProbeTests {
    private func x12(_ text: String) -> Completeness { probe(X12Probe(), Array(text.utf8)) }
    private func edifact(_ text: String) -> Completeness { probe(EDIFACTProbe(), Array(text.utf8)) }

    private func probe(_ probe: some CompletenessProbe, _ bytes: [UInt8]) -> Completeness {
        probe.probe(head: Array(bytes.prefix(4096)), tail: Array(bytes.suffix(4096)))
    }

    private func isIncomplete(_ answer: Completeness) -> Bool {
        if case .incomplete = answer { true } else { false }
    }

    @Test func `an X12 file is whole at its IEA and at no byte before`() {
        let text = Fixture.clean
        let trailerEnd = text.range(of: "IEA*1*000000905")!.upperBound
        for index in text.indices.dropFirst(5) {
            let answer = x12(String(text[..<index]))
            if index < trailerEnd {
                #expect(isIncomplete(answer), "\(text[..<index].suffix(20)): \(answer)")
            } else {
                #expect(answer == .complete)
            }
        }
        #expect(x12(text + "\r\n\u{1A}") == .complete)
    }

    @Test func `the second interchange must be whole too`() {
        let second = Fixture.clean.replacing("000000905", with: "000000906")
        #expect(x12(Fixture.clean + second) == .complete)
        #expect(x12(Fixture.clean + second.dropLast(20)) == .incomplete("IEA of interchange 000000906 is not there yet"))
        #expect(x12(Fixture.clean + second.prefix(60)) != .complete)
        #expect(x12(Fixture.clean + second.replacing("IEA*1*000000906", with: "IEA*1*7")) == .unknown)
    }

    @Test func `a file longer than both windows is judged by its ends`() {
        let sets = (1...200).map { Fixture.set(Fixture.order, control: "\($0)") }
        let long = Fixture.interchange(Fixture.group(sets))
        let other = long.replacing("000000905", with: "000000906")
        #expect(long.utf8.count > 10_000)
        #expect(x12(long) == .complete)
        #expect(isIncomplete(x12(String(long.dropLast(30)))))
        #expect(x12(long + other) == .complete)
        #expect(isIncomplete(x12(long + other.dropLast(30))))
    }

    @Test(arguments: ["\n", "\r\n", "\u{15}", "\u{2026}\n"])
    func `other terminators are found`(_ terminator: String) {
        let text = Fixture.clean.replacing("~\n", with: terminator)
        #expect(x12(text) == .complete)
        #expect(isIncomplete(x12(String(text.dropLast(10)))))
    }

    @Test func `what is not X12 or EDIFACT is unknown`() {
        #expect(x12("a;b\n1;2\n") == .unknown)
        #expect(x12("") == .unknown)
        #expect(edifact(Fixture.clean) == .unknown)
        #expect(edifact("") == .unknown)
    }

    static let message = "UNB+UNOC:3+ACME:14+DEPOT:14+261121:0938+REF?'7'\nUNH+1+ORDERS:D:96A:UN'\nBGM+220+4711+9'\nUNT+3+1'\nUNZ+1+REF?'7'\n"

    @Test func `an EDIFACT file is whole at its UNZ and at no byte before`() {
        let text = Self.message
        let end = text.range(of: "UNZ+1+REF?'7")!.upperBound
        for index in text.indices.dropFirst(8) {
            let answer = edifact(String(text[..<index]))
            if index < end { #expect(isIncomplete(answer), "\(text[..<index].suffix(20)): \(answer)") } else { #expect(answer == .complete) }
        }
    }

    @Test func `UNA's separators count`() {
        let text = "UNA|*.! ~" + Self.message.replacing("+", with: "*").replacing(":", with: "|").replacing("'\n", with: "~").replacing("?'", with: "!~")
        #expect(edifact(text) == .complete)
        #expect(isIncomplete(edifact(String(text.dropLast(6)))))
        #expect(edifact(Self.message.replacing("UNZ+1+REF?'7'", with: "UNZ+1+REF8'")) == .unknown)
    }

    @Test func `every clean corpus file that ends in IEA is whole`() throws {
        guard let files = SharedFiles.files(under: "corpus/x12") else { return }
        var whole = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let codes = Set(read(bytes).sink.codes)
            let answer = probe(X12Probe(), bytes)
            if codes.contains("X12-NOISA") || codes.contains("X12-IEA02") {
                #expect(answer == .unknown, "\(file.lastPathComponent)")
            } else if codes.contains("X12-NOIEA") {
                #expect(isIncomplete(answer), "\(file.lastPathComponent)")
            } else {
                #expect(answer == .complete, "\(file.lastPathComponent)")
                whole += 1
            }
        }
        #expect(whole > 90)
    }
}
