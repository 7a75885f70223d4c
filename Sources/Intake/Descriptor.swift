import CLinux
import Glibc

/// An open file, which has one owner and is closed when that owner is done with it.
struct Descriptor: ~Copyable {
    let number: Int32
    let path: String

    init(_ path: String, _ flags: Int32, mode: mode_t = 0o640) throws(IntakeFailure) {
        let opened = crossdock_open(path, flags, mode)
        guard opened >= 0 else { throw IntakeFailure("open", path, .system(-opened)) }
        number = opened
        self.path = path
    }

    /// Takes over a descriptor that is open.
    init(taking number: Int32, _ path: String) {
        self.number = number
        self.path = path
    }

    deinit { close(number) }

    func status() throws(IntakeFailure) -> crossdock_status {
        var status = crossdock_status()
        let result = crossdock_status_of(number, &status)
        guard result == 0 else { throw IntakeFailure("look at", path, .system(-result)) }
        return status
    }

    func identity() throws(IntakeFailure) -> FileIdentity {
        var status = try self.status()
        guard crossdock_is_regular(&status) != 0 else { throw IntakeFailure("look at", path, .notRegular) }
        return FileIdentity(status)
    }

    /// Fills as much of `buffer` as there is; 0 at the end of the file.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(IntakeFailure) -> Int {
        while true {
            let count = Glibc.read(number, buffer.baseAddress, buffer.count)
            if count >= 0 { return count }
            let failure = errno
            if failure != EINTR { throw IntakeFailure("read", path, .system(failure)) }
        }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws(IntakeFailure) {
        var rest = bytes
        while !rest.isEmpty {
            let count = Glibc.write(number, rest.baseAddress, rest.count)
            if count >= 0 {
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
                continue
            }
            let failure = errno
            if failure != EINTR { throw IntakeFailure("write", path, .system(failure)) }
        }
    }

    /// Makes what was written durable.
    func sync() throws(IntakeFailure) {
        guard fsync(number) == 0 else { throw IntakeFailure("sync", path, .system(errno)) }
    }
}
