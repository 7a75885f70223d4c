import EDI
import Formats
import Testing

/// The digits by which a resend is told from a correction.
@Suite struct ContentHashTests {
    private func content(_ text: String) throws -> String { try #require(AcknowledgementDesk.reports(Array(text.utf8)).first).content }

    private func content(of segments: [String]) throws -> String { try content(Fixture.interchange(Fixture.group([Fixture.set(segments)]))) }

    @Test func `the same content in other bytes has the same digits`() throws {
        let text = Fixture.clean
        let other = text.replacing("~\n", with: "~").replacing("*", with: "|").replacing("~", with: "'").replacing("000000905", with: "000000906")
        #expect(try content(text) == content(other))
        let plain = EDIFACTFixture.interchange([EDIFACTFixture.message(EDIFACTFixture.order + ["FTX+AAI+++It is here"])])
        #expect(try content(plain) == content(plain.replacing("It is here", with: "It? is ?here")))
    }

    @Test func `whatever is changed, moved or cut changes the digits`() throws {
        let changed = [
            ["MSG*"], ["MSG*A"], ["MSG*B"], ["MSG**A"], ["MSG*A>"], ["MSG*>A"], ["MSG*A*B"], ["MSG*AB"], ["MSG*A", "MSG*B"], ["MSG*B", "MSG*A"],
            ["MSG*0"], ["MSG*00"], ["MSG*000"], ["MTX*A"], ["N9*A"], ["MSG*A", "N9*B"], ["MSG*A", "N9"], ["MSG", "N9*A"],
        ]
        let digits = try changed.map { try content(of: Fixture.order + $0) }
        for (place, one) in digits.enumerated() {
            for other in digits.indices where other < place && digits[other] == one { Issue.record("\(changed[place]) and \(changed[other])") }
        }
        #expect(digits.allSatisfy { $0.count == 18 && $0.hasPrefix("2:") })
    }

    @Test func `another place is not made up for by another text`() throws {
        var known: Set<String> = [], count = 0
        for separator in ["*", ">"] {
            for place in 1...5 {
                for text in ["A", "B", "C", "D", "E", "AA", "AB", "ABCD", "ABCE", "ABCDEFGH", "BBCDEFGH", "ABCDEFGHI", "ABCDEFGHJ"] {
                    known.insert(try content(of: ["MSG*" + String(repeating: separator, count: place) + text]))
                    count += 1
                }
            }
        }
        #expect(known.count == count)
    }

    @Test func `one letter at any place of a text of any length changes the digits`() throws {
        var known: Set<String> = [], count = 0
        for length in 1...40 {
            let text = String(repeating: "A", count: length)
            let texts = [text] + (0..<length).map { String(text.prefix($0)) + "B" + text.dropFirst($0 + 1) }
            for text in texts { known.insert(try content(of: ["MSG*\(text)"])) }
            count += texts.count
        }
        #expect(known.count == count)
    }

    @Test func `digits of another kind are compared with none`() throws {
        let report = try #require(AcknowledgementDesk.reports(Array(Fixture.clean.utf8)).first)
        #expect(report.hasContent(report.content) == true)
        #expect(report.hasContent("2:0000000000000000") == false)
        #expect(report.hasContent("cbf29ce484222325") == nil)
    }
}
