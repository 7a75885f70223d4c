import EDI
import Formats
import Foundation
import Testing

/// The answers that pyx12 expects to its own test files, envelope by envelope. It has maps of health care there, and this project has
/// not, so that AK3 and AK4, and what hangs on them (code 5, who is accepted), are left out.
@Suite struct PeerAcknowledgementTests {
    /// Files whose answers differ, and why.
    private static let excused = [
        "837miss": "its group has no GE, and pyx12 counts no set of it as received",
        "ele": "ISA10 is no time of a day, and ST02 ends with a blank: neither is looked at here",
        "trailer_errors": "both numbers of IEA are wrong: pyx12 says 018, of the number; this is 021, the first of the two",
    ]

    /// AK1, AK2, codes 2, 3, 4, 6 and 7 of AK5, AK902, AK903 and AK905 on, TA1 without its verdict, which is policy.
    private static func envelopes(_ segments: [[String]]) -> [String] {
        segments.compactMap { segment in
            let tail = segment.dropFirst()
            switch segment[0] {
            case "AK1", "AK2": return segment.prefix(3).joined(separator: "*")
            case "AK5", "IK5": return (["AK5"] + tail.dropFirst().filter { "23467".contains($0) }).joined(separator: "*")
            case "AK9": return ([segment[0], segment[2], segment[3]] + segment.dropFirst(5)).joined(separator: "*")
            case "TA1": return (segment.prefix(4) + segment.dropFirst(5)).joined(separator: "*")
            default: return nil
            }
        }.sorted()
    }

    private static func segments(_ text: String) -> [[String]] {
        text.split(separator: "~").map { line in
            line.trimmingCharacters(in: .whitespacesAndNewlines).split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        }.filter { $0 != [""] }
    }

    @Test func `envelopes are answered as pyx12 answers them`() throws {
        guard let files = SharedFiles.files(under: "corpus/x12"), let expected = SharedFiles.files(under: "corpus/peer_expected/azoner+pyx12")
        else { return }
        var compared = 0
        for file in files {
            guard let name = file.lastPathComponent.split(separator: ".py_").dropFirst().first.map(String.init),
                let answer = expected.first(where: { [name + ".res997.txt", name + ".resAck.txt"].contains($0.lastPathComponent) })
            else { continue }
            let theirs = Self.envelopes(Self.segments(try String(contentsOf: answer, encoding: .utf8)))
            let lines = AcknowledgementDesk.answer([UInt8](try Data(contentsOf: file)))
            let ours = Self.envelopes(lines.map { $0.split(separator: "*", omittingEmptySubsequences: false).map(String.init) })
            compared += 1
            if Self.excused[name] == nil { #expect(ours == theirs, "\(name)") } else { #expect(ours != theirs, "\(name) does not differ any more") }
        }
        print("pyx12: \(compared) answers compared, \(Self.excused.count) of them differ for reasons that are told")
        #expect(compared == 13)
    }
}
