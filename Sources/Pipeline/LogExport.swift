package import ChangeControl
import Glibc
import Intake
import Store

/// Writes the whole log to one file, which is verified with nothing else at hand (``LogFile``).
package struct LogExport: Sendable {
    package private(set) var entries = 0
    package private(set) var checkpoints = 0
    package private(set) var bytes = 0

    private static let blockBytes = 1 << 20

    /// Writes the log as it is now, of one snapshot; a file of that name is not replaced.
    package static func write(_ site: Site, to path: String) throws -> LogExport {
        var export = LogExport()
        let cut = path.lastIndex(of: "/"), folder = cut.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        let name = cut.map { String(path[path.index(after: $0)...]) } ?? path
        var file = try NewFile(in: folder)
        var buffer: [UInt8] = []
        try site.store.driver.read { session in
            var waiting = try Store.checkpoints(in: session)[...], keys: [VerifierKey] = []
            try Store.forEachEntry(in: session) { entry in
                guard LogFile.append(entry, to: &buffer) else {
                    throw PipelineFailure(subject: "log entry \(entry.position)", cause: "its body is not one line", hint: "`crossdock audit verify` says more")
                }
                export.entries += 1
                if entry.kind == .checkpointKey, let key = CheckpointVerification.key(in: entry.body) { keys.append(key) }
                while let next = waiting.first, next.size <= export.entries {
                    waiting.removeFirst()
                    buffer += try Self.line(next).utf8
                    buffer.append(10)
                    export.checkpoints += 1
                }
                if buffer.count >= blockBytes { try export.flush(&buffer, to: &file) }
                return true
            }
            buffer += LogFile.endLine(entries: export.entries, checkpoints: export.checkpoints, keys: keys).utf8
            buffer.append(10)
        }
        try export.flush(&buffer, to: &file)
        guard try file.keep(as: name) else { throw PipelineFailure(subject: path, cause: "it is there", hint: "name a file that is not there") }
        return export
    }

    private mutating func flush(_ buffer: inout [UInt8], to file: inout NewFile) throws {
        let failure = buffer.withUnsafeBytes { bytes -> IntakeFailure? in
            do throws(IntakeFailure) {
                try file.write(bytes)
                return nil
            } catch {
                return error
            }
        }
        if let failure { throw failure }
        bytes += buffer.count
        buffer.removeAll(keepingCapacity: true)
    }

    private static func line(_ stored: StoredCheckpoint) throws -> String {
        do throws(SignedNote.Unreadable) { return LogFile.line(try SignedCheckpoint(Array(stored.note.utf8))) } catch {
            throw PipelineFailure(subject: "the store's checkpoint of \(stored.size) entries", cause: error.fact, hint: "`crossdock audit verify` says more")
        }
    }
}

/// Reads an exported log from a file, block by block.
package enum LogFileReading {
    private static let blockBytes = 1 << 20

    /// Feeds all bytes of a file to a verification, and ends it. It stops at the first defect.
    package static func verify(_ path: String, _ verification: inout LogFileVerification) throws(PipelineFailure) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "check that it exists and may be read") }
        defer { close(descriptor) }
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockBytes, alignment: 16)
        defer { block.deallocate() }
        while true {
            let count = read(descriptor, block.baseAddress, block.count)
            if count < 0 {
                if errno == EINTR { continue }
                throw PipelineFailure(errno: errno, subject: path, hint: "check the disk")
            }
            if count == 0 { break }
            if verification.add(UnsafeRawBufferPointer(rebasing: block[..<count])) != nil { break }
        }
        _ = verification.finish()
    }
}
