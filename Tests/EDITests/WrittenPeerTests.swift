import Foundation
import Formats
import Testing

/// What Crossdock writes, given to other parsers: they find nothing wrong with it that they do not find wrong with the file itself.
@Suite struct WrittenPeerTests {
    private func compare(_ peer: String, _ folder: String, _ standard: InterchangeHeader.Standard, cleanAtLeast: Int) throws {
        guard let cases = try RoundTripTests.files(folder, standard)?.filter(\.isClean) else { return }
        let place = FileManager.default.temporaryDirectory.appending(path: "crossdock-written-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: place) }
        var written: [URL] = []
        for (number, file) in cases.enumerated() {
            let target = place.appending(path: "\(number).edi")
            try Data(rewrite(file.bytes)?.bytes ?? []).write(to: target)
            written.append(target)
        }
        guard let after = try PeerProgram.findings(peer, written), let before = try PeerProgram.findings(peer, cases.map(\.file))
        else { return }
        var accepted = 0
        for (index, file) in cases.enumerated() {
            #expect(after[index].count <= before[index].count, "\(file.file.lastPathComponent): \(after[index])")
            if after[index].isEmpty { accepted += 1 }
        }
        print("\(peer): \(accepted) of \(cases.count) written files of \(folder) without a finding")
        #expect(accepted >= cleanAtLeast)
    }

    @Test func `pyx12 reads what is written in X12`() throws { try compare("pyx12", "corpus/x12", .x12, cleanAtLeast: 57) }
    @Test func `pydifact reads what is written in EDIFACT`() throws { try compare("pydifact", "corpus/edifact", .edifact, cleanAtLeast: 15) }
    @Test func `mock-edi reads what is written in X12`() throws { try compare("mockedi", "corpus/x12", .x12, cleanAtLeast: 48) }
    @Test func `mock-edi reads what is written in EDIFACT`() throws { try compare("mockedi", "corpus/edifact", .edifact, cleanAtLeast: 9) }
}
