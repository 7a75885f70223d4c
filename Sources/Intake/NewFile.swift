import CLinux
import Glibc

/// A file that comes into being whole and durable, or not at all: it is written under a temporary name in the same folder, synced, linked to its own
/// name without replacing what is there, and its folder is synced. What was begun and not kept is removed.
package struct NewFile: ~Copyable {
    private let file: Descriptor
    private let folder: String
    private var isKept: Bool

    /// - Parameters:
    ///   - folder: made if it is not there.
    ///   - isSecret: only the user of this process may read it.
    package init(in folder: String, isSecret: Bool = false) throws(IntakeFailure) {
        try Folder.make(folder)
        file = try Descriptor(Spool.temporaryPath(in: folder) + Self.ending, O_WRONLY | O_CREAT | O_EXCL, mode: isSecret ? 0o600 : 0o640)
        self.folder = folder
        isKept = false
    }

    deinit { if !isKept { crossdock_unlink(file.path) } }

    private static let ending = ".tmp"

    package func write(_ bytes: UnsafeRawBufferPointer) throws(IntakeFailure) { try file.write(bytes) }

    /// Gives the file its name; false where the name is taken, by whatever bytes: nothing was replaced, and nothing of this file is left.
    package mutating func keep(as name: String) throws(IntakeFailure) -> Bool {
        precondition(!isKept, "the file has its name")
        try file.sync()
        let outcome = try Naming.link(file.path, to: "\(folder)/\(name)")
        isKept = true
        try Folder.sync(folder)
        return outcome == .done
    }

    /// Removes what interrupted processes left in a folder. To be called where nobody else writes there.
    package static func removeLeftovers(in folder: String) throws(IntakeFailure) {
        guard let stream = opendir(folder) else {
            if errno == ENOENT { return }
            throw IntakeFailure("list", folder, .system(errno))
        }
        defer { closedir(stream) }
        while let entry = readdir(stream) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            guard name.hasSuffix(ending) else { continue }
            let result = crossdock_unlink("\(folder)/\(name)")
            guard result == 0 || result == -ENOENT else { throw IntakeFailure("remove", "\(folder)/\(name)", .system(-result)) }
        }
    }
}
