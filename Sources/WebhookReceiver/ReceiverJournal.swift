import CLinux
import Glibc

/// The file to which accepted webhooks are appended, one line each, each line in one write.
struct ReceiverJournal: ~Copyable {
    private let path: String
    private let descriptor: Int32

    init(path: String) throws(ReceiverFailure) {
        self.path = path
        descriptor = crossdock_open(path, O_WRONLY | O_CREAT | O_APPEND, 0o640)
        guard descriptor >= 0 else { throw ReceiverJournal.failure(path, -descriptor) }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    borrowing func append(_ line: String) throws(ReceiverFailure) {
        var text = line + "\n"
        let failure = text.withUTF8 { bytes -> Int32 in
            var written = 0
            while written < bytes.count {
                let count = write(descriptor, bytes.baseAddress.map { $0 + written }, bytes.count - written)
                if count < 0 {
                    if errno == EINTR { continue }
                    return errno
                }
                written += count
            }
            return 0
        }
        guard failure == 0 else { throw ReceiverJournal.failure(path, failure) }
    }

    private static func failure(_ path: String, _ number: Int32) -> ReceiverFailure {
        ReceiverFailure(path: path, errno: number, description: "\(path): the journal cannot be written: \(String(cString: strerror(number)))")
    }
}
