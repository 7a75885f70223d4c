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

    /// Makes a folder with all that leads to it; durable once its file system is synced.
    package static func makeUnsynced(_ path: String) throws(IntakeFailure) {
        if mkdir(path, 0o750) == 0 || errno == EEXIST { return }
        let failure = errno, above = parent(of: path)
        guard failure == ENOENT, above != path else { throw IntakeFailure("make folder", path, .system(failure)) }
        try makeUnsynced(above)
        guard mkdir(path, 0o750) == 0 || errno == EEXIST else { throw IntakeFailure("make folder", path, .system(errno)) }
    }

    /// Makes all that was written to the file system of a folder durable.
    package static func syncFileSystem(_ path: String) throws(IntakeFailure) {
        let result = crossdock_sync_file_system(path)
        guard result == 0 else { throw IntakeFailure("sync the file system of", path, .system(-result)) }
    }

    /// Makes the names in a folder durable.
    package static func sync(_ path: String) throws(IntakeFailure) {
        let result = crossdock_fsync_folder(path)
        guard result == 0 else { throw IntakeFailure("sync folder", path, .system(-result)) }
    }

    /// The regular files of a folder that may be input, by name. See ``list(_:depth:)``.
    package static func scan(_ path: String, depth: Int = 0) throws(IntakeFailure) -> [Sighting] { try list(path, depth: depth).files }

    /// What lies in a folder, and in those below it down to a depth: 0 is the folder alone.
    ///
    /// Hidden and temporary names, links and devices are left out; so is what is gone by the time it is looked at.
    package static func list(_ path: String, depth: Int = 0) throws(IntakeFailure) -> FolderListing {
        var listing = FolderListing()
        try list(path, below: "", depth, &listing)
        listing.files.sort { FileName($0.name) < FileName($1.name) }
        return listing
    }

    /// - Parameter prefix: of the names, with a slash at its end; empty for the folder itself.
    private static func list(_ root: String, below prefix: String, _ depth: Int, _ listing: inout FolderListing) throws(IntakeFailure) {
        let path = prefix.isEmpty ? root : "\(root)/\(prefix.dropLast())"
        guard let stream = opendir(path) else { throw IntakeFailure("list", path, .system(errno)) }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let failure = errno
                guard failure == 0 else { throw IntakeFailure("list", path, .system(failure)) }
                break
            }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) }
            guard let name else {
                let shown = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
                listing.passedOver.append(.init(name: prefix + shown, reason: "its name is no UTF-8"))
                continue
            }
            guard Sighting.isCandidate(name) else { continue }
            var status = crossdock_status()
            let result = crossdock_status_at(path + "/" + name, &status)
            if result == -ENOENT { continue }
            guard result == 0 else { throw IntakeFailure("look at", path + "/" + name, .system(-result)) }
            if crossdock_is_regular(&status) != 0 {
                listing.files.append(Sighting(name: prefix + name, status))
            } else if crossdock_is_folder(&status) != 0 {
                if depth > 0 {
                    try descend(root, prefix + name, depth, &listing)
                } else if holdsInput(path + "/" + name) {
                    listing.passedOver.append(.init(name: prefix + name, reason: "it is a folder that is not empty, and the feed does not look so deep (`subfolders`)"))
                }
            }
        }
    }

    /// A folder below that cannot be looked into keeps nobody else's files waiting.
    private static func descend(_ root: String, _ name: String, _ depth: Int, _ listing: inout FolderListing) throws(IntakeFailure) {
        guard listing.folders.count < FolderListing.foldersMax else {
            listing.passedOver.append(.init(name: name, reason: "there are more than \(FolderListing.foldersMax) folders"))
            return
        }
        listing.folders.append(name)
        do throws(IntakeFailure) {
            try list(root, below: name + "/", depth - 1, &listing)
        } catch {
            if error.cause == .system(ENOENT) { return }
            listing.passedOver.append(.init(name: name, reason: "\(error)", failure: error))
        }
    }

    /// What people call the file system of a path where other machines write to it too, such as NFS; nil for disks of this machine.
    package static func sharedFileSystem(of path: String) -> String? {
        let magic = crossdock_file_system(path)
        return magic > 0 ? crossdock_remote_file_system(magic).map { String(cString: $0) } : nil
    }

    /// Whether a folder has anything in it that may be input or lead to it; no where it cannot be looked into.
    private static func holdsInput(_ path: String) -> Bool {
        guard let stream = opendir(path) else { return false }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if Sighting.isCandidate(name) { return true }
        }
        return false
    }

    /// Bytes that can still be written where a folder lies; nil where that cannot be told.
    package static func freeBytes(_ path: String) -> Int? {
        let bytes = crossdock_free_bytes(path)
        return bytes < 0 ? nil : Int(clamping: bytes)
    }

    /// Names of the folders in a folder that are looked into; none where it cannot be listed.
    static func folders(in path: String) -> [String] {
        guard let stream = opendir(path) else { return [] }
        defer { closedir(stream) }
        var names: [String] = []
        while let entry = readdir(stream) {
            guard [DT_DIR, DT_UNKNOWN].contains(Int(entry.pointee.d_type)) else { continue }
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in String(validating: bytes.prefix { $0 != 0 }, as: UTF8.self) }
            guard let name, Sighting.isCandidate(name) else { continue }
            var status = crossdock_status()
            if crossdock_status_at("\(path)/\(name)", &status) == 0, crossdock_is_folder(&status) != 0 { names.append(name) }
        }
        return names
    }

    /// A file as a probe of its completeness sees it.
    package struct Ends: Sendable {
        package var head: [UInt8]
        package var tail: [UInt8]
        /// Whether somebody has it open for writing; nil where that cannot be told.
        package var isOpen: Bool?
    }

    /// The first and the last `window` bytes of a file, and whether somebody has it open for writing.
    package static func ends(of path: String, window: Int) throws(IntakeFailure) -> Ends {
        let file = try Descriptor(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
        let size = try file.identity().size, isOpen = isOpenForWriting(file)
        let head = try bytes(file, from: 0, count: min(window, size))
        if size <= window { return Ends(head: head, tail: head, isOpen: isOpen) }
        return Ends(head: head, tail: try bytes(file, from: size - window, count: window), isOpen: isOpen)
    }

    /// A lease for reading (fcntl(2), F_SETLEASE) is had only where nobody has the file open for writing. It wants the owner of the file or CAP_LEASE; a file system
    /// that others write to answers for this machine alone.
    private static func isOpenForWriting(_ file: borrowing Descriptor) -> Bool? {
        guard crossdock_remote_file_system(crossdock_file_system_of(file.number)) == nil else { return nil }
        return switch crossdock_is_open_for_writing(file.number) {
        case 0: false
        case 1: true
        default: nil
        }
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
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    static func name(of path: String) -> String {
        guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return path }
        return String(path[path.utf8.index(after: slash)...])
    }

    /// What a path has behind that of a folder that it begins with, such as `/north`; empty for the folder itself.
    static func rest(of path: String, behind folder: String) -> String { String(decoding: path.utf8.dropFirst(folder.utf8.count), as: UTF8.self) }
}

/// What lies in a folder.
package struct FolderListing: Hashable, Sendable {
    /// What is there and cannot be used, though somebody may have meant it to be.
    package struct PassedOver: Hashable, Sendable {
        package var name: String
        package var reason: String
        /// Where it is a folder that could not be looked into.
        package var failure: IntakeFailure?

        package init(name: String, reason: String, failure: IntakeFailure? = nil) {
            self.name = name
            self.reason = reason
            self.failure = failure
        }
    }

    /// Files that may be input, by name.
    package var files: [Sighting] = []
    /// Folders below it, relative to it.
    package var folders: [String] = []
    package var passedOver: [PassedOver] = []

    /// Folders below a drop folder that are looked into.
    package static let foldersMax = 10_000
}

/// One file as a scan of its folder saw it.
package struct Sighting: Hashable, Sendable {
    /// Relative to the folder that was looked into: `a.edi`, `north/a.edi`.
    package var name: String
    package var identity: FileIdentity
    /// Nanoseconds since 1970 of the last change of anything about it. A writer that puts the time of the last write back, as some that copy do, cannot put this back.
    package var changed: Int64

    package init(name: String, identity: FileIdentity, changed: Int64 = 0) {
        self.name = name
        self.identity = identity
        self.changed = changed
    }

    init(name: String, _ status: crossdock_status) {
        self.init(
            name: name, identity: FileIdentity(status), changed: FileIdentity.nanoseconds(status.changed_seconds, status.changed_nanoseconds))
    }

    /// Hidden names and those of files that are still being transferred are no input.
    package static func isCandidate(_ name: String) -> Bool {
        if name.hasPrefix(".") || name.hasSuffix("~") { return false }
        let lowered = name.lowercased()
        return ![".tmp", ".part", ".filepart", ".crdownload"].contains { lowered.hasSuffix($0) }
    }
}
