import CLinux
import Glibc

/// Which file a name stands for and whether it was written to: two that are equal are the same unchanged file.
package struct FileIdentity: Hashable, Sendable, Codable {
    package var device: UInt64
    package var inode: UInt64
    package var size: Int
    /// Nanoseconds since 1970 of the last write, as the file system has it.
    package var modified: Int64

    package init(device: UInt64, inode: UInt64, size: Int, modified: Int64) {
        self.device = device
        self.inode = inode
        self.size = size
        self.modified = modified
    }

    init(_ status: crossdock_status) {
        self.init(
            device: status.device, inode: status.inode, size: Int(status.size),
            modified: Self.nanoseconds(status.modified_seconds, status.modified_nanoseconds))
    }

    /// File systems have times that nanoseconds since 1970 do not reach (before 1677, after 2262): those are the farthest that they do.
    static func nanoseconds(_ seconds: Int64, _ nanoseconds: Int64) -> Int64 {
        let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000), (sum, isPast) = whole.addingReportingOverflow(nanoseconds)
        return overflow || isPast ? (seconds < 0 ? .min : .max) : sum
    }

    /// The regular file of a name, or nil if nothing has that name. A symbolic link is not followed.
    package static func of(_ path: String) throws(IntakeFailure) -> FileIdentity? {
        var status = crossdock_status()
        let result = crossdock_status_at(path, &status)
        if result == -ENOENT || result == -ENOTDIR { return nil }
        guard result == 0 else { throw IntakeFailure("look at", path, .system(-result)) }
        guard crossdock_is_regular(&status) != 0 else { throw IntakeFailure("look at", path, .notRegular) }
        return FileIdentity(status)
    }
}
