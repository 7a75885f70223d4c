import Diagnostics
import EDI
import Formats
import Foundation
import Testing

@Suite struct CorpusTests {
    static let folders: [(standard: EDIStandard, path: String, files: Int)] = [
        (.x12, "corpus/x12", 118), (.edifact, "corpus/edifact", 0), (.tradacoms, "corpus/tradacoms", 8),
    ]

    @Test(arguments: folders.indices)
    func `every file reads alike at any chunk size, with every finding placed`(_ index: Int) throws {
        let (standard, path, count) = Self.folders[index]
        guard let files = SharedFiles.files(under: path) else { return }
        if count > 0 { #expect(files.count == count) }
        var sets = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            let whole = read(bytes, as: standard)
            for chunk in [1, 7, 4096] {
                let piecewise = read(bytes, as: standard, chunk: chunk)
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

    @Test(arguments: folders.indices)
    func `the bytes of every EDI segment begin with its tag`(_ index: Int) throws {
        let (standard, path, _) = Self.folders[index]
        guard let files = SharedFiles.files(under: path) else { return }
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            for record in read(bytes, as: standard).sink.records {
                let start = bytes[record.bytes].filter { $0 != 0x0A && $0 != 0x0D }.prefix(record.name.utf8.count)
                #expect(Array(start) == Array(record.name.utf8), "\(file.lastPathComponent) \(record.bytes)")
            }
        }
    }

    @Test func `a file whose envelopes add up by a plain count has no envelope error`() throws {
        guard let files = SharedFiles.files(under: "corpus/x12") else { return }
        var clean = 0
        for file in files {
            let bytes = [UInt8](try Data(contentsOf: file))
            guard Self.isClean(bytes) else { continue }
            clean += 1
            let (sink, _) = read(bytes)
            // What is inside the envelopes is another matter.
            let inside: Set<DiagnosticCode> = [.x12ControlCharacter, .x12FunctionalIdentifier, .x12BinaryLength]
            let errors = sink.diagnostics.filter { $0.severity > .note && !inside.contains($0.code) }
            #expect(errors.isEmpty, "\(file.lastPathComponent): \(errors.map(\.text))")
        }
        #expect(clean > 50, "only \(clean) clean files")
    }

    /// The plainest reading there is: a 106-byte ISA, a split at its terminator, sums by tag.
    private static func isClean(_ bytes: [UInt8]) -> Bool {
        guard bytes.count > 106, bytes.starts(with: "ISA*".utf8) else { return false }
        let terminator = bytes[105]
        guard terminator < 0x80, terminator != 0x2A else { return false }
        let segments = bytes.split(separator: terminator)
            .map { $0.filter { $0 != 0x0A && $0 != 0x0D }.split(separator: 0x2A, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) } }
            .filter { $0 != [""] }
        var groups = 0, sets = 0, count = 0, isa = "", gs = "", st = ""
        for segment in segments {
            guard segment.count > 1, !segment[0].contains(" ") else { return false }
            count += 1
            switch segment[0] {
            case "ISA":
                guard segment.count == 17 else { return false }
                (groups, isa) = (0, segment[13])
            case "GS": (groups, sets, gs) = (groups + 1, 0, segment.count > 6 ? segment[6] : "?")
            case "ST": (sets, count, st) = (sets + 1, 1, segment.count > 2 ? segment[2] : "?")
            case "SE": guard segment.count == 3, segment[1] == "\(count)", segment[2] == st else { return false }
            case "GE": guard segment.count == 3, segment[1] == "\(sets)", segment[2] == gs else { return false }
            case "IEA": guard segment.count == 3, segment[1] == "\(groups)", segment[2] == isa else { return false }
            default: break
            }
        }
        return segments.last?[0] == "IEA"
    }
}
