import Diagnostics
import Glibc

/// An operation on a file or folder that could not be done.
package struct IntakeFailure: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Cause: Hashable, Sendable {
        /// A system call failed with this errno.
        case system(Int32)
        /// The file changed while it was read, or another one took its name.
        case changed
        /// The name is not that of a regular file.
        case notRegular
        /// The file is larger than the limit, in bytes.
        case tooLarge(limit: Int)
        /// What is stored under a digest has not that digest.
        case corrupt
        /// Every name that was tried is taken by another file.
        case noFreeName
    }

    /// What was being done, as a verb: `open`, `write`, `rename`.
    package var operation: String
    package var path: String
    /// Where it was to go, of what was to have another name: either of the two folders may be what is in the way.
    package var destination: String?
    package var cause: Cause

    package init(_ operation: String, _ path: String, to destination: String? = nil, _ cause: Cause) {
        self.operation = operation
        self.path = path
        self.destination = destination
        self.cause = cause
    }

    /// The same operation may work later without anybody changing what was asked for.
    package var isRetriable: Bool {
        switch cause {
        case .system(let number):
            [EINTR, EAGAIN, EBUSY, ENOSPC, EDQUOT, EIO, ESTALE, ENFILE, EMFILE, ENOMEM, ETIMEDOUT, ENETDOWN, ENOTCONN,
             EHOSTDOWN, EHOSTUNREACH, ETXTBSY].contains(number)
        case .changed: true
        case .notRegular, .tooLarge, .corrupt, .noFreeName: false
        }
    }

    package var hint: String? {
        switch cause {
        case .system(ENOSPC), .system(EDQUOT): "free some space; it is tried again"
        case .system(EACCES), .system(EPERM): "give the user of the daemon the right to read, write and rename there"
        case .system(EROFS): "the file system is mounted read-only"
        case .system(ESTALE), .system(EIO): "look at the disk or the network share; it is tried again"
        case .system(EMFILE), .system(ENFILE): "raise the limit of open files"
        case .system(ENOENT): "somebody moved or removed it"
        case .changed: "its writer is not done; it is taken when it is quiet"
        case .tooLarge: "ask the sender to split the file"
        case .corrupt: "the disk gave other bytes than were written to it; restore the file from its archive"
        default: nil
        }
    }

    /// What was being done and why it could not be, without the hint: for who tells that apart.
    package var fact: String {
        let reason = switch cause {
        case .system(let number): String(cString: strerror(number))
        case .changed: "the file changed while it was read"
        case .notRegular: "not a regular file"
        case .tooLarge(let limit): "larger than \(limit) bytes"
        case .corrupt: "the bytes are not those that were stored"
        case .noFreeName: "every name that was tried is taken"
        }
        return "\(operation) \(LineText.name(path))" + (destination.map { " to \(LineText.name($0))" } ?? "") + ": \(reason)"
    }

    package var description: String { fact + (hint.map { " (\($0))" } ?? "") }
}
