import CLinux
import Glibc

/// The files below a folder, in the order of the bytes of their paths: two walks over trees of the same files meet them in the same order.
package struct FolderTree {
    package enum PassedOver: Hashable, Sendable {
        /// A link, a device or a socket.
        case irregular
        /// Its name is not UTF-8.
        case name
    }

    private let root: String
    /// Whether hidden names are looked at.
    private let hidden: Bool
    /// Whether links to folders are followed.
    private let follows: Bool
    private static let depthMax = 64

    package init(_ root: String, hidden: Bool, follows: Bool) {
        self.root = root
        self.hidden = hidden
        self.follows = follows
    }

    /// Gives each regular file by its path below the root, and what is passed over. A folder that is gone by the time it is looked into has no files.
    package func forEachFile(_ body: (String) throws -> Void, passedOver: (String, PassedOver) -> Void) throws {
        try walk("", [], body, passedOver)
    }

    /// - Parameter above: the folders that lead here: a link back to one of them is passed over.
    private func walk(_ below: String, _ above: [FileIdentity], _ body: (String) throws -> Void, _ passedOver: (String, PassedOver) -> Void) throws {
        let folder = below.isEmpty ? root : "\(root)/\(below)"
        guard above.count <= Self.depthMax else { throw IntakeFailure("list", folder, .system(ELOOP)) }
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return }
            throw IntakeFailure("list", folder, .system(errno))
        }
        var names: [(key: String, isFolder: Bool)] = [], status = crossdock_status()
        do {
            defer { closedir(stream) }
            let looked = crossdock_status_of(dirfd(stream), &status)
            guard looked == 0 else { throw IntakeFailure("look at", folder, .system(-looked)) }
            let own = FileIdentity(status)
            if above.contains(where: { $0.device == own.device && $0.inode == own.inode }) { return passedOver(below, .irregular) }
            while true {
                errno = 0
                guard let entry = readdir(stream) else {
                    let failure = errno
                    guard failure == 0 else { throw IntakeFailure("list", folder, .system(failure)) }
                    break
                }
                let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }
                if bytes == [0x2E] || bytes == [0x2E, 0x2E] || (!hidden && bytes.first == 0x2E) { continue }
                guard let name = String(validating: bytes, as: UTF8.self) else {
                    passedOver("\(below.isEmpty ? "" : below + "/")\(String(decoding: bytes, as: UTF8.self))", .name)
                    continue
                }
                switch try kind(of: "\(folder)/\(name)", entry.pointee.d_type) {
                case .file: names.append((name, false))
                case .folder: names.append((name + "/", true))
                case .other: passedOver(below.isEmpty ? name : "\(below)/\(name)", .irregular)
                case .gone: break
                }
            }
        }
        // A folder sorts as the paths below it do.
        names.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for (key, isFolder) in names {
            let name = isFolder ? String(key.dropLast()) : key, path = below.isEmpty ? name : "\(below)/\(name)"
            if isFolder { try walk(path, above + [FileIdentity(status)], body, passedOver) } else { try body(path) }
        }
    }

    private enum Kind { case file, folder, other, gone }

    private func kind(of path: String, _ type: UInt8) throws(IntakeFailure) -> Kind {
        switch Int(type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_LNK), Int(DT_UNKNOWN): break
        default: return .other
        }
        var status = crossdock_status()
        let result = crossdock_status_at(path, &status)
        if result == -ENOENT { return .gone }
        guard result == 0 else { throw IntakeFailure("look at", path, .system(-result)) }
        if crossdock_is_regular(&status) != 0 { return .file }
        if crossdock_is_folder(&status) != 0 { return .folder }
        guard follows else { return .other }
        // A link leads to a folder where it can be opened as one.
        let opened = crossdock_open(path, O_RDONLY | O_DIRECTORY, 0)
        guard opened >= 0 else { return .other }
        close(opened)
        return .folder
    }
}
