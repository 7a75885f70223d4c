import Archives
import ChangeControl
import Diagnostics
import Formats
import Glibc
import Records
import Store

/// Reads the rows of one archive one by one, in bounded memory, and digests what it reads.
final class HistoryArchiveCursor {
    let path: String
    /// Lines that do not begin with this are passed over; empty takes all.
    private let prefix: [UInt8]
    private let expected: ContentDigest?
    private let unpacker: Unpacker
    private var descriptor: Int32 = -1
    private var lines = Lines()
    private var isAtEnd = false
    /// Bytes of the file, and those that came out, so far.
    private(set) var packed = ContentHasher()
    var content: ContentHasher { lines.content }

    /// Bytes of the file that are read at once; what comes out of them is held.
    private static let blockBytes = 1 << 14

    /// - Parameter expected: the digest that the file has; another one is told at its end.
    init(path: String, prefix: [UInt8] = [], expecting expected: ContentDigest? = nil) {
        self.path = path
        self.prefix = prefix
        self.expected = expected
        unpacker = Unpacker(.gzip, file: path)
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The next row; nil at the end.
    func next() throws -> HistoryRow? {
        while true {
            while let line = lines.next() {
                if !prefix.isEmpty, !line.starts(with: prefix) { continue }
                guard let row = HistoryText.row(line) else { throw damaged("it has a line that is no row of a history") }
                return row
            }
            guard !isAtEnd else { return nil }
            try fill()
        }
    }

    /// Reads what is left without looking at it, for its digests.
    func readToEnd() throws {
        while !isAtEnd {
            lines.clear()
            try fill()
        }
    }

    private func fill() throws {
        if descriptor < 0 {
            descriptor = open(path, O_RDONLY | O_CLOEXEC)
            guard descriptor >= 0 else { throw PipelineFailure(errno: errno, subject: path, hint: "bring the archive back from a backup") }
        }
        try withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Self.blockBytes) { block in
            let count = read(descriptor, block.baseAddress, block.count)
            if count < 0 {
                if errno == EINTR { return }
                throw PipelineFailure(errno: errno, subject: path, hint: "check the disk")
            }
            let bytes = UnsafeBufferPointer(rebasing: UnsafeBufferPointer(block)[..<count])
            packed.add(UnsafeRawBufferPointer(bytes))
            if count > 0 { return unpacker.read(bytes, into: &lines) }
            unpacker.finish(into: &lines)
            isAtEnd = true
        }
        if let finding = lines.findings.first { throw damaged(finding.fact) }
        if isAtEnd, let expected, packed.digest != expected { throw damaged("it is not the archive that the log signs for") }
    }

    private func damaged(_ fact: String) -> PipelineFailure {
        PipelineFailure(subject: path, cause: fact, hint: "bring the archive back from a backup; `crossdock audit verify` says which bytes the log knows")
    }
}

/// Cuts what comes out of an archive into lines.
private struct Lines: DocumentReceiver {
    private var bytes: [UInt8] = []
    /// First byte that was not given out.
    private var at = 0
    private(set) var content = ContentHasher()
    private(set) var findings: [Diagnostic] = []

    mutating func next() -> ArraySlice<UInt8>? {
        guard let end = bytes[at...].firstIndex(of: UInt8(ascii: "\n")) else {
            bytes.removeFirst(at)
            at = 0
            return nil
        }
        defer { at = end + 1 }
        return bytes[at..<end]
    }

    mutating func clear() {
        bytes.removeAll(keepingCapacity: true)
        at = 0
    }

    mutating func began(_ name: String?) {}
    mutating func ended(isWhole: Bool) {}
    mutating func found(_ diagnostic: Diagnostic) { findings.append(diagnostic) }

    mutating func took(_ piece: UnsafeBufferPointer<UInt8>) {
        content.add(UnsafeRawBufferPointer(piece))
        bytes.append(contentsOf: piece)
    }
}
