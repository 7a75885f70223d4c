import Foundation
import Pipeline
import Testing

/// Files that change while a command reads them. Those of a feed are copied into the spool first, and refused there (`SpoolTests`).
@Suite struct ChangingFileTests {
    /// Reads a file of a megabyte, on which something is done once its first block has come.
    private func read(_ change: (FileHandle) throws -> Void) throws -> (failure: PipelineFailure?, bytes: Int) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("crossdock-changing-\(UUID().uuidString)").path
        try Data(repeating: 0x31, count: 1 << 20).write(to: URL(fileURLWithPath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let handle = try #require(FileHandle(forUpdatingAtPath: path))
        defer { try? handle.close() }
        var bytes = 0
        do {
            try Loader.forEachBlock(of: path) { block in
                if bytes == 0 { try change(handle) }
                bytes += block.count
            }
        } catch let failure as PipelineFailure {
            return (failure, bytes)
        }
        return (nil, bytes)
    }

    @Test func `a file that nobody touches is read whole`() throws {
        let (failure, bytes) = try read { _ in }
        #expect(failure == nil && bytes == 1 << 20)
    }

    @Test func `a file that shrinks while it is read is a failure that says so`() throws {
        let (failure, bytes) = try read { try $0.truncate(atOffset: 1000) }
        #expect(bytes < 1 << 20)
        #expect(failure?.cause == "it changed while it was read: 1048576 bytes at first, \(bytes) read, 1000 at the end")
        #expect(failure?.isRetriable == true)
    }

    @Test func `so is one that grows, and one that is written over`() throws {
        let grown = try read {
            try $0.seekToEnd()
            try $0.write(contentsOf: Data("more".utf8))
        }
        #expect(grown.failure?.cause == "it changed while it was read: 1048576 bytes at first, 1048580 read, 1048580 at the end")
        let rewritten = try read {
            try $0.seek(toOffset: 0)
            try $0.write(contentsOf: Data("0".utf8))
        }
        #expect(rewritten.failure?.cause == "it changed while it was read: 1048576 bytes at first, 1048576 read, 1048576 at the end")
    }
}
