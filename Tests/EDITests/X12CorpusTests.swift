import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct X12CorpusTests {
    @Test func `every X12 file reads alike at any chunk size, with every finding placed`() throws {
        guard let files = SharedFiles.files(under: "corpus/x12") else { return }
        #expect(files.count == 118)
        var sets = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = read(bytes)
            for chunk in [1, 7, 4096] {
                let piecewise = read(bytes, chunk: chunk)
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
        #expect(sets > 118)
    }

    @Test func `the bytes of every EDI segment begin with its tag`() throws {
        guard let files = SharedFiles.files(under: "corpus/x12") else { return }
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            for record in read(bytes).sink.records {
                let start = bytes[record.bytes].filter { $0 != 0x0A && $0 != 0x0D }.prefix(record.name.utf8.count)
                #expect(Array(start) == Array(record.name.utf8), "\(file.lastPathComponent) \(record.bytes)")
            }
        }
    }
}
