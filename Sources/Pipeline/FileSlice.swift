import Glibc

/// A few bytes out of the middle of a file.
package enum FileSlice {
    /// The bytes of a range as text, control characters shown as `·`; nil where they cannot be read.
    package static func read(_ path: String, _ range: Range<Int>, limit: Int) -> String? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: min(range.count, limit))
        let count = pread(descriptor, &bytes, bytes.count, off_t(range.lowerBound))
        guard count > 0 else { return nil }
        let text = String(decoding: bytes[0..<count], as: UTF8.self)
        let shown = String(text.unicodeScalars.map { $0.value < 0x20 || $0.value == 0x7F ? "·" : Character($0) })
        return range.count > limit ? shown + "…" : shown
    }
}
