import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct EDIFACTCorpusTests {
    @Test func `every EDIFACT file reads alike at any chunk size, with every finding placed`() throws {
        guard let files = SharedFiles.files(under: "corpus/edifact") else { return }
        var sets = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = readEDIFACT(bytes)
            for chunk in [1, 7, 4096] {
                let piecewise = readEDIFACT(bytes, chunk: chunk)
                #expect(piecewise.sink.lines == whole.sink.lines, "\(file.lastPathComponent) at \(chunk)")
                #expect(piecewise.summary == whole.summary, "\(file.lastPathComponent) at \(chunk)")
            }
            for diagnostic in whole.sink.diagnostics {
                #expect(diagnostic.position.bytes != nil && diagnostic.position.line != nil, "\(file.lastPathComponent): \(diagnostic.text)")
            }
            if whole.summary.transactionSets == 0 {
                #expect(!whole.sink.diagnostics.isEmpty, "\(file.lastPathComponent): nothing read, nothing said")
            }
            #expect(whole.summary.transactionSets == whole.sink.transactionSets.count)
            #expect(whole.summary.bytes == bytes.count)
            sets += whole.summary.transactionSets
            if ProcessInfo.processInfo.environment["SHOW_CORPUS"] != nil {
                print("##", file.path.suffix(60), whole.summary.transactionSets, whole.sink.codes.joined(separator: " "))
            }
        }
        #expect(sets > files.count / 2)
    }

    @Test func `the bytes of every EDI segment begin with its tag`() throws {
        guard let files = SharedFiles.files(under: "corpus/edifact") else { return }
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            for record in readEDIFACT(bytes).sink.records {
                let start = bytes[record.bytes].filter { $0 != 0x0A && $0 != 0x0D }.prefix(record.name.utf8.count)
                #expect(Array(start) == Array(record.name.utf8), "\(file.lastPathComponent) \(record.bytes)")
            }
        }
    }

    @Test(arguments: 0..<200)
    func `broken files are read alike at any chunk size, and every message that began ends`(_ seed: Int) {
        var state = UInt64(seed) &* 7919 &+ 42
        func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
        var bytes = Array((EDIFACTFixture.clean + "\r\n" + EDIFACTFixture.clean.replacing("UNOC:3", with: "UNOC:4")).utf8)
        let tokens = ["'", "+", "?", "??", "\n", "UNB+UNOC:3+", "UNZ+1+1'", "UNH+1+ORDERS'", "UNT+1+1'", "UNG+'", "\u{0}", "\u{E9}", "*:", "UNA:+.? '"]
        for _ in 0..<(1 + below(6)) {
            let at = below(bytes.count)
            switch below(4) {
            case 0: bytes[at] = UInt8(below(256))
            case 1: bytes.insert(contentsOf: tokens[below(tokens.count)].utf8, at: at)
            case 2: bytes.removeSubrange(at..<min(bytes.count, at + 1 + below(40)))
            default: bytes.removeLast(below(min(bytes.count - 1, 60)))
            }
        }
        var limits = ReadLimits()
        limits.recordBytes = 200
        let whole = readEDIFACT(bytes, limits: limits)
        for chunk in [1, 3, 64] {
            #expect(readEDIFACT(bytes, chunk: chunk, limits: limits).sink.lines == whole.sink.lines, "seed \(seed), chunk \(chunk)")
        }
        #expect(whole.sink.transactionSets.count == whole.summary.transactionSets)
        #expect(whole.sink.diagnostics.allSatisfy { $0.position.bytes != nil })
    }
}
