import Archives
import Diagnostics
import Glibc

/// A few bytes out of the middle of a file. Of a packed one, of what comes out of it, entries one after the other.
package enum FileSlice {
    /// The bytes of a range as text, control characters shown as `·`; nil where they cannot be read.
    package static func read(_ path: String, _ range: Range<Int>, limit: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        let wanted = range.lowerBound..<range.lowerBound + min(range.count, limit)
        var head = [UInt8](repeating: 0, count: ArchiveKind.headBytes)
        let found = pread(descriptor, &head, head.count, 0)
        let kind = found > 0 ? ArchiveKind.of(head[..<found]) : nil
        guard let bytes = kind.map({ unpacked($0, path, wanted) }) ?? plain(descriptor, wanted), !bytes.isEmpty else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        let shown = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "·" : Character($0) })
        return range.count > limit ? shown + "…" : shown
    }

    private static func plain(_ descriptor: Int32, _ range: Range<Int>) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: range.count)
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        return count > 0 ? Array(bytes[0..<count]) : nil
    }

    private static func unpacked(_ kind: ArchiveKind, _ path: String, _ range: Range<Int>) -> [UInt8]? {
        struct Enough: Error {}
        var window = SliceWindow(range: range)
        let unpacker = Unpacker(kind, file: path)
        do {
            try Loader.forEachBlock(of: path) { block in
                unpacker.read(block, into: &window)
                if window.at >= range.upperBound { throw Enough() }
            }
        } catch is Enough {} catch { return nil }
        return window.bytes
    }
}

/// Keeps the bytes of a range, counted through all documents.
private struct SliceWindow: DocumentReceiver {
    let range: Range<Int>
    var at = 0
    var bytes: [UInt8] = []

    init(range: Range<Int>) { self.range = range }

    mutating func began(_ name: String?) {}
    mutating func ended(isWhole: Bool) {}
    mutating func found(_ diagnostic: Diagnostic) {}

    mutating func took(_ piece: UnsafeBufferPointer<UInt8>) {
        let from = max(range.lowerBound - at, 0), to = min(range.upperBound - at, piece.count)
        if from < to { bytes.append(contentsOf: piece[from..<to]) }
        at += piece.count
    }
}
