import CLinux
import Glibc

/// Folders: made durable, listed, read at both ends of their files.
package enum Folder {
    /// Makes a folder with all that leads to it, and makes the names durable.
    package static func make(_ path: String) throws(IntakeFailure) {
        if mkdir(path, 0o750) == 0 {
            try sync(parent(of: path))
            return
        }
        let failure = errno
        switch failure {
        case EEXIST:
            return
        case ENOENT:
            let above = parent(of: path)
            guard above != path else { throw IntakeFailure("make folder", path, .system(failure)) }
            try make(above)
            // What leads to it is there now. Where that is a link to what is not mounted, it still cannot be made.
            guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw IntakeFailure("make folder", path, .system(errno)) }
            try sync(above)
        default:
            throw IntakeFailure("make folder", path, .system(failure))
        }
    }

    /// Makes the names in a folder durable.
    package static func sync(_ path: String) throws(IntakeFailure) {
        let result = crossdock_fsync_folder(path)
        guard result == 0 else { throw IntakeFailure("sync folder", path, .system(-result)) }
    }

    /// The regular files of a folder that may be input, by name. Hidden and temporary names, folders, links and
    /// devices are left out; so is a file that is gone by the time it is looked at.
    package static func scan(_ path: String) throws(IntakeFailure) -> [Sighting] {
        guard let stream = opendir(path) else { throw IntakeFailure("list", path, .system(errno)) }
        defer { closedir(stream) }
        var sightings: [Sighting] = []
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let failure = errno
                guard failure == 0 else { throw IntakeFailure("list", path, .system(failure)) }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            guard Sighting.isCandidate(name) else { continue }
            var status = crossdock_status()
            let result = crossdock_status_at(path + "/" + name, &status)
            if result == -ENOENT { continue }
            guard result == 0 else { throw IntakeFailure("look at", path + "/" + name, .system(-result)) }
            if crossdock_is_regular(&status) != 0 {
                sightings.append(Sighting(name: name, identity: FileIdentity(status)))
            }
        }
        return sightings.sorted { $0.name < $1.name }
    }

    /// The first and the last `window` bytes of a file, for a probe of its completeness.
    package static func ends(of path: String, window: Int) throws(IntakeFailure) -> (head: [UInt8], tail: [UInt8]) {
        let file = try Descriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let size = try file.identity().size
        let head = try bytes(file, from: 0, count: min(window, size))
        if size <= window { return (head, head) }
        return (head, try bytes(file, from: size - window, count: window))
    }

    private static func bytes(
        _ file: borrowing Descriptor, from start: Int, count: Int
    ) throws(IntakeFailure) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let got = bytes.withUnsafeMutableBytes { pread(file.number, $0.baseAddress, count, off_t(start)) }
        guard got >= 0 else { throw IntakeFailure("read", file.path, .system(errno)) }
        bytes.removeLast(count - got)
        return bytes
    }

    static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return path }
        return String(path[path.index(after: slash)...])
    }
}

/// One file as a scan of its folder saw it.
package struct Sighting: Hashable, Sendable {
    package var name: String
    package var identity: FileIdentity

    package init(name: String, identity: FileIdentity) {
        self.name = name
        self.identity = identity
    }

    /// Hidden names and those of files that are still being transferred are no input.
    package static func isCandidate(_ name: String) -> Bool {
        if name.hasPrefix(".") || name.hasSuffix("~") { return false }
        let lowered = name.lowercased()
        return ![".tmp", ".part", ".filepart", ".crdownload"].contains { lowered.hasSuffix($0) }
    }
}
