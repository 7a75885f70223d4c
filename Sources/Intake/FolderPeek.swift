import Glibc

/// How much lies in a folder of which nobody takes files, and which folders do: read to its end whatever number of files there is, and nothing of it is opened.
///
/// Hidden and temporary names are left out, links are neither files nor folders, and names that are no UTF-8 count as others do.
package struct FolderPeek: Sendable {
    /// Regular files.
    package private(set) var files = 0
    /// Whether there are more than were to be counted; then it was not read to its end.
    package private(set) var isMore = false
    /// Folders in no order, ``foldersMax`` at most.
    package private(set) var folders: [RawPath] = []

    /// Folders that are remembered.
    package static let foldersMax = 10_000

    /// - Parameters:
    ///   - ignored: a name that does not count.
    ///   - filesMax: files after which it is read no further.
    package init(_ folder: RawPath, ignored: String? = nil, filesMax: Int = .max) throws(IntakeFailure) {
        guard let stream = opendir(folder.terminated) else { throw IntakeFailure("list", folder.shown, .system(errno)) }
        defer { closedir(stream) }
        while true {
            errno = 0
            guard let entry = readdir(stream) else {
                let failure = errno
                guard failure == 0 else { throw IntakeFailure("list", folder.shown, .system(failure)) }
                return
            }
            let bytes = withUnsafeBytes(of: &entry.pointee.d_name) { Array($0.prefix { $0 != 0 }) }, name = String(decoding: bytes, as: UTF8.self)
            guard Sighting.isCandidate(name), name != ignored else { continue }
            switch Self.kind(of: bytes, entry.pointee.d_type, in: folder) {
            case .file:
                if files >= filesMax {
                    isMore = true
                    return
                }
                files += 1
            case .folder: if folders.count < Self.foldersMax { folders.append(folder.appending(bytes)) }
            case .link, .other, nil: break
            }
        }
    }

    /// As the folder itself says; where it does not, as the entry is. One that is gone by then, or cannot be looked at, is nothing.
    private static func kind(of name: [UInt8], _ type: UInt8, in folder: RawPath) -> RawPath.Kind? {
        switch Int(type) {
        case Int(DT_REG): return .file
        case Int(DT_DIR): return .folder
        case Int(DT_UNKNOWN):
            do { return try folder.appending(name).kind() } catch { return nil }
        default: return .other
        }
    }
}
