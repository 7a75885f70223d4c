import Glibc

/// Bytes to a descriptor, whole.
enum FileHandleText {
    static func standardError(_ text: String) { write(Array(text.utf8), to: STDERR_FILENO) }
    static func standardOutput(_ bytes: [UInt8]) { write(bytes, to: STDOUT_FILENO) }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) {
        var start = 0
        while start < bytes.count {
            let count = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count <= 0 { return }
            start += count
        }
    }
}
