import Diagnostics
import EDI
import Formats
import Foundation
import Testing

/// Files of a folder that `CROSSDOCK_CORPUS` names, whatever they are, whole and broken: each is read as each standard.
@Suite struct UnseenFilesTests {
    private static func files() -> [URL] {
        guard let path = ProcessInfo.processInfo.environment["CROSSDOCK_CORPUS"] else {
            print("skipped: CROSSDOCK_CORPUS names no folder")
            return []
        }
        let found = FileManager.default.enumerator(at: URL(filePath: path), includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        #expect(!found.isEmpty, "\(path) has no files")
        return found.filter { !$0.hasDirectoryPath }.sorted { $0.path < $1.path }
    }

    /// Knuth's 64-bit congruential generator.
    private struct Generator {
        var state: UInt64
        mutating func below(_ limit: Int) -> Int {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return Int(state >> 33) % limit
        }
    }

    /// A file cut short, with some bytes changed, or with a line twice.
    private func broken(_ bytes: [UInt8], _ random: inout Generator) -> [UInt8] {
        guard bytes.count > 8 else { return bytes }
        var bytes = bytes
        switch random.below(3) {
        case 0: bytes.removeLast(1 + random.below(bytes.count - 1))
        case 1: for _ in 0..<(1 + random.below(8)) { bytes[random.below(bytes.count)] = UInt8(random.below(256)) }
        default:
            let lines = bytes.split(separator: random.below(2) == 0 ? 0x0A : 0x7E, omittingEmptySubsequences: false)
            let line = lines[random.below(lines.count)]
            bytes.insert(contentsOf: bytes[line.startIndex..<min(bytes.count, line.endIndex + 1)], at: line.startIndex)
        }
        return bytes
    }

    private func check(_ bytes: [UInt8], _ standard: EDIStandard, _ note: String) {
        let whole = read(bytes, as: standard)
        for chunk in bytes.count < 1 << 16 ? [1, 7, 4096] : [7, 4096] {
            let piecewise = read(bytes, as: standard, chunk: chunk)
            let unequal = zip(piecewise.sink.lines, whole.sink.lines).first { $0 != $1 }
            #expect(unequal == nil && piecewise.sink.lines.count == whole.sink.lines.count, "\(note) at \(chunk): \(unequal.map { "\($0)" } ?? "")")
            #expect(piecewise.summary == whole.summary, "\(note) at \(chunk)")
        }
        #expect(whole.summary.transactionSets > 0 || !whole.sink.diagnostics.isEmpty, "\(note): nothing read, nothing said")
        #expect(whole.sink.transactionSets.count == whole.summary.transactionSets, "\(note)")
        #expect(whole.sink.groups.count == whole.summary.groups, "\(note)")
        #expect(whole.sink.endedInterchanges.count == whole.summary.interchanges, "\(note)")
        #expect(whole.summary.bytes == bytes.count, "\(note)")
        #expect(whole.sink.diagnostics.allSatisfy { $0.position.bytes != nil && $0.position.line != nil }, "\(note)")
    }

    @Test(arguments: [EDIStandard.x12, .edifact, .tradacoms])
    func `a folder that the environment names reads alike at any chunk size`(_ standard: EDIStandard) throws {
        for (index, file) in Self.files().enumerated() {
            let bytes = [UInt8](try Data(contentsOf: file))
            check(bytes, standard, file.lastPathComponent)
            guard bytes.count < 1 << 16 else { continue }
            var random = Generator(state: UInt64(index))
            for round in 0..<4 { check(broken(bytes, &random), standard, "\(file.lastPathComponent), broken \(round)") }
        }
    }

    @Test(arguments: [EDIStandard.x12, .edifact, .tradacoms])
    func `what is read of it whole says the same after writing`(_ standard: EDIStandard) throws {
        var same = 0
        for file in Self.files() {
            let bytes = [UInt8](try Data(contentsOf: file))
            if RoundTripTests.isSame(bytes, standard, file.lastPathComponent) == true { same += 1 }
        }
        print("round trip: \(same) files as \(standard)")
    }
}
